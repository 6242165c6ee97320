"""A picture of one claim: what the words leave open."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Unpack

import numpy as np

from attrition._version import __version__
from attrition.core._typing import HasCdf
from attrition.data.dossier import Claim, Dossier
from attrition.data.elicitation import elicit, quantile
from attrition.data.elicitation.distributions import parts
from attrition.plots.canvas import Look, canvas, source_of
from attrition.plots.look import BODY, LABEL, beneath, pen, room_of, say, width_of
from attrition.plots.sheet import even_ticks
from attrition.reporting import number, percent
from attrition.text import Reading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BINS = 160


def plot_claim(
    figure: Reading | Claim | HasCdf,
    ax: Axes | None = None,
    *,
    dossier: Dossier | None = None,
    prob: float = 0.9,
    title: str = "",
    unit: str = "",
    **look: Unpack[Look],
) -> Axes:
    """Draw what one figure leaves open: its distribution, median and interval.

    Parameters
    ----------
    figure : Reading, Claim or distribution
        As for :func:`attrition.elicit`; not a floor without a coverage.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    dossier : Dossier, optional
        The dossier of a claim.
    prob : float
        Probability of the equal-tailed interval below the curve.
    title, unit : str
        Heading and unit; of a reading or a claim the words and the unit are known.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If the figure is ambiguous, or a floor without a coverage.

    See Also
    --------
    attrition.elicit : the distribution.
    attrition.plots.reports : all of a total.

    Examples
    --------
    >>> import attrition as at
    >>> axes = at.plots.claim(at.parse("nearly 2,000")[0])
    >>> print(at.plots.text_alternative(axes))
    Distribution of what “nearly 2,000” leaves open: 90 % between 1,770 and 2,000; median 1,950.
    """
    distribution = elicit(figure, dossier=dossier)
    tail = (1 - prob) / 2
    lower, median, upper = (float(x) for x in quantile(distribution, [tail, 0.5, 1 - tail]))
    words, own_unit, source = _stated(figure, dossier, look)
    heading, unit = title or words, unit or own_unit
    inside = f", in {unit}" if unit else ""
    detail = f"What the words leave open{inside}, before any other error"
    with canvas(ax, 2.2, heading, detail, source, look) as axes:
        top = _curve(axes, distribution)
        axes.plot([lower, upper], [-0.09 * top] * 2, color=pen().ink, lw=2, solid_capstyle="butt")
        axes.plot([median], [-0.09 * top], "o", color=pen().ink, ms=6)
        low, mid, high = (_rounded(x, upper - lower, median) for x in (lower, median, upper))
        text = f"{percent(prob)} between {low} and {high}; median {mid}"
        if lower == upper:
            text = f"exactly {number(median)}"
        lines = beneath(axes, (lower + upper) / 2, -0.16 * top, text)
        axes.set_ylim(-(0.2 + 0.14 * lines) * top, 1.08 * top)
        axes.set_yticks([])
        amount_ticks(axes, whole=unit == "persons")
    what = heading if heading.startswith("“") else "a figure"
    return say(axes, f"Distribution of what {what} leaves open: {text}.")


def _stated(figure: object, dossier: Dossier | None, look: Look) -> tuple[str, str, str]:
    """Return a figure's words, its unit, and who says so and when; of words alone, who reads."""
    words, unit, source = "A figure", "", f"Read by attrition {__version__}."
    if isinstance(figure, Reading):
        words = f"“{figure.text.strip()}”"
        unit = figure.unit + (f" per {figure.per}" if figure.per else "")
    if isinstance(figure, Claim):
        words = f"“{figure.words}”" if figure.words else figure.quantity
        if dossier is not None:
            names = (dossier.sources[figure.source].name,)
            unit = dossier.quantities[figure.quantity].unit + " per day" * (figure.kind == "rate")
            source = source_of(names, figure.published.last, look.get("record"))
    return words, unit, source


def _rounded(value: float, width: float, middle: float) -> str:
    """Return a bound to about a twentieth of the width, in no more digits than words have."""
    step = 10.0 ** math.floor(math.log10(width / 10)) if width > 0 else 1.0
    if middle > 100:  # noqa: PLR2004 - people and metres, not shares
        step = max(step, 1.0)
    return number(float(f"{round(value / step) * step:.10g}"))


def _curve(axes: Axes, distribution: HasCdf) -> float:
    """Draw mass per bin, and atoms as stems of their own; return the height of the tallest."""
    ends = quantile(distribution, [0.002, 0.998])
    low, high = float(ends[0]), float(ends[1])
    middle = float(quantile(distribution, 0.5))
    if high - low <= 1e-9 * max(abs(high), 1.0):
        reach = max(0.02 * abs(middle), 1.0)
        axes.plot([middle, middle], [0.0, 1.0], color=pen().dated, lw=3, solid_capstyle="butt")
        axes.set_xlim(middle - reach, middle + reach)
        return 1.0
    spare = 0.04 * (high - low)
    start = low - spare if low < 0 else max(low - spare, 0.0)
    edges = np.linspace(start, high + spare, _BINS + 1)
    stems, mass = [], np.zeros(_BINS)
    for weight, part in parts(distribution):
        near = quantile(part, [0.001, 0.999])
        if near[0] == near[1]:
            stems.append((float(near[0]), weight))
        else:
            mass += weight * np.diff(np.asarray(part.cdf(edges), dtype=float))
    top = float(mass.max()) or 1.0
    centres = (edges[1:] + edges[:-1]) / 2
    axes.fill_between(centres, mass, color=pen().dated, alpha=0.35, lw=0)
    axes.plot(centres, mass, color=pen().dated, lw=1.5)
    for value, weight in stems:
        axes.plot([value] * 2, [0.0, top], color=pen().dated, lw=3, solid_capstyle="butt")
        axes.text(value, 1.02 * top, percent(weight), ha="center", va="bottom", fontsize=LABEL)
    axes.set_xlim(float(edges[0]), float(edges[-1]))
    return top


def amount_ticks(axes: Axes, *, whole: bool) -> None:
    """Label the horizontal axis by amounts, as many as can be read side by side.

    People stand at ``whole`` numbers alone.
    """
    width = width_of(amounts(max(axes.get_xlim()), None), BODY) + 0.25
    left, right = axes.get_xlim()
    room = room_of(axes)[0]
    for most in range(min(max(int(room / width) - 1, 1), 6), 0, -1):
        seen = [one for one in even_ticks(left, right, most) if not whole or one == round(one)]
        if len(seen) < 2 or (seen[1] - seen[0]) / (right - left) * room >= width:  # noqa: PLR2004
            break
    else:
        seen = seen[len(seen) // 2 :][:1]
    axes.set_xticks(seen, [amounts(place, None) for place in seen])
    axes.tick_params(axis="x", labelsize=BODY)


def people(value: float, _: object) -> str:
    """Return the label of a tick of people, of whom there are no halves."""
    return amounts(value, None) if value == round(value) else ""


def amounts(value: float, _: object) -> str:
    """Return the label of a tick: a number with thousands separated, none below 0."""
    return number(float(f"{value:.10g}")) if value >= 0 else ""
