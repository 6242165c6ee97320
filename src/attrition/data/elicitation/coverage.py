"""From a list of names to the number it stands for.

A list holds a share of what happened, its *coverage* c, between 0 and 1. The number it stands for
is the count divided by c. The *multiplier* 1/c is never an argument here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from attrition.core._typing import is_distribution
from attrition.core.distributions import FrozenVariable, Histogram
from attrition.core.errors import clip
from attrition.core.refusals import refusal
from attrition.core.scores import normal_score
from attrition.data.dossier import Coverage, check_coverage
from attrition.data.elicitation.distributions import Distribution, atom, quantile
from attrition.data.elicitation.shapes import exponential, from_interval
from attrition.text import Interval

_NODES = 400
_BINS = 8000


def elicit_list(
    count: float,
    *,
    coverage: float | Sequence[float],
    prob: float = 0.8,
    plus: Sequence[Distribution] = (),
) -> Distribution:
    """Return what a list of names says about the number of people it is a list of.

    Parameters
    ----------
    count : float
        Names on the list.
    coverage : float or sequence of float
        The share of all that the list holds, in (0, 1], or both ends of it. Not a multiplier:
        "41 % under-reported" is ``coverage=0.59``, and the number is then 69 % higher.
    prob : float
        Mass that both ends hold centrally, in (0, 1).
    plus : sequence of distribution
        Groups that the list leaves out altogether; independent, and added.

    Returns
    -------
    distribution
        Never below ``count``.

    Raises
    ------
    InputError
        If a coverage is not above 0 and at most 1; a multiplier is recognised and named.

    See Also
    --------
    attrition.elicit : any other figure.
    attrition.dossier.Coverage : the same, in a dossier.

    Notes
    -----
    The log odds of c are normal, so that count / c = count + count · exp(-logit c) is a lognormal
    that starts at the count. Where the upper end is 1, the excess is exponential instead.

    Examples
    --------
    >>> made = elicit_list(95_026, coverage=(0.45, 0.65))
    >>> [round(float(q)) for q in quantile(made, [0.1, 0.9])]
    [146194, 211169]
    """
    ends = _ends(coverage)
    if not (math.isfinite(count) and count >= 0 and ends[0] <= ends[1] and 0 < prob < 1):
        got = f"count={count:g}, coverage={ends} and prob={prob:g}"
        raise refusal("list of names", got, "elicit_list")
    for part in plus:
        if not is_distribution(part):
            raise refusal("component is a distribution", clip(part), "elicit_list, plus")
    return _added(_divided_by(float(count), ends, prob), plus)


def _ends(coverage: float | Sequence[float]) -> tuple[float, float]:
    ends = tuple(coverage) if isinstance(coverage, Sequence) else (coverage, coverage)
    if len(ends) != 2 or not all(isinstance(end, (int, float)) for end in ends):  # noqa: PLR2004
        raise refusal("coverage of two ends", clip(coverage), "elicit_list")
    low, high = (check_coverage(end, place="coverage") for end in ends)
    return low, high


def through(count: float, coverage: Coverage) -> Distribution:
    """Return the distribution of ``count`` seen through a coverage of the dossier."""
    plus = [
        atom(part.low)
        if part.low == part.high
        else from_interval(Interval(0.8, part.low, part.high), "range", None, 0.0, place="plus")
        for part in coverage.plus
    ]
    return elicit_list(count, coverage=(coverage.low, coverage.high), prob=coverage.prob, plus=plus)


def _divided_by(count: float, ends: tuple[float, float], prob: float) -> Distribution:
    low, high = ends
    if low == high or count == 0:
        return atom(count / low)
    if high == 1:
        return exponential(count, count / low, prob)
    first, last = (math.log(share / (1 - share)) for share in ends)
    spread = (last - first) / (2 * normal_score(0.5 + prob / 2))
    return FrozenVariable("lognormal", (math.log(count) - (first + last) / 2, spread, count))


def _added(first: Distribution, others: Sequence[Distribution]) -> Distribution:
    """Return the distribution of a sum of independent terms, on a fine grid of its values."""
    levels = (np.arange(_NODES) + 0.5) / _NODES
    for other in others:
        steps = quantile(other, levels)
        tails = [quantile(part, [1e-6, 1 - 1e-6]) for part in (first, other)]
        lowest, highest = (float(tails[0][end] + tails[1][end]) for end in (0, 1))
        if lowest == highest:
            first = atom(lowest)
            continue
        edges = np.linspace(lowest, highest, _BINS + 1)
        cdf = np.zeros(edges.size)
        for step in steps:
            cdf += np.asarray(first.cdf(edges - step), dtype=float)
        share = np.diff(cdf)
        first = Histogram(share, edges)
    return first
