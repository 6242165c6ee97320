"""Normal scores of a few probabilities, without the import of :mod:`scipy.special`.

That import takes longer than a dossier is read and checked; a claim needs three scores.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from attrition.core._typing import Floats
from attrition.core.late import special

# Rational approximations of Moshier (1989), "Methods and Programs for Mathematical Functions":
# the ones that scipy.special.ndtri compiles. Numerator and denominator, highest power first.
_MIDDLE = (
    (
        *(-5.99633501014107895267e1, 9.80010754185999661536e1, -5.66762857469070293439e1),
        *(1.39312609387279679503e1, -1.23916583867381258016e0),
    ),
    (
        *(1.0, 1.95448858338141759834e0, 4.67627912898881538453e0, 8.63602421390890590575e1),
        *(-2.25462687854119370527e2, 2.00260212380060660359e2, -8.20372256168333339912e1),
        *(1.59056225126211695515e1, -1.18331621121330003142e0),
    ),
)
_TAIL = (
    (
        *(4.05544892305962419923e0, 3.15251094599893866154e1, 5.71628192246421288162e1),
        *(4.40805073893200834700e1, 1.46849561928858024014e1, 2.18663306850790267539e0),
        *(-1.40256079171354495875e-1, -3.50424626827848203418e-2, -8.57456785154685413611e-4),
    ),
    (
        *(1.0, 1.57799883256466749731e1, 4.53907635128879210584e1, 4.13172038254672030440e1),
        *(1.50425385692907503408e1, 2.50464946208309415979e0, -1.42182922854787788574e-1),
        *(-3.80806407691578277194e-2, -9.33259480895457427372e-4),
    ),
)
_FAR = (
    (
        *(3.23774891776946035970e0, 6.91522889068984211695e0, 3.93881025292474443415e0),
        *(1.33303460815807542389e0, 2.01485389549179081538e-1, 1.23716634817820021358e-2),
        *(3.01581553508235416007e-4, 2.65806974686737550832e-6, 6.23974539184983293730e-9),
    ),
    (
        *(1.0, 6.02427039364742014255e0, 3.67983563856160859403e0, 1.37702099489081330271e0),
        *(2.16236993594496635890e-1, 1.34204006088543189037e-2, 3.28014464682127739104e-4),
        *(2.89247864745380683936e-6, 6.79019408009981274425e-9),
    ),
)
_OUTER = 0.13533528323661269189  # exp(-2), from where on the tails have their own formula
_ROOT = 2.50662827463100050242  # the root of 2 pi, to the digits that scipy has
_FEW = 16


def normal_score(probability: float) -> float:
    """Return the standard normal quantile of one probability in (0, 1).

    Infinite at 0 and 1, and not a number beyond.

    Examples
    --------
    >>> round(normal_score(0.95), 12)
    1.644853626951
    """
    if not 0 < probability < 1:
        ends = {0.0: -math.inf, 1.0: math.inf}
        return ends.get(probability, math.nan)
    upper = probability > 1 - _OUTER
    tail = 1 - probability if upper else probability
    if tail > _OUTER:
        away = tail - 0.5
        square = away * away
        return (away + away * _ratio(_MIDDLE, square)) * _ROOT
    reach = math.sqrt(-2 * math.log(tail))
    inverse = 1 / reach
    terms = _TAIL if reach < 8 else _FAR  # noqa: PLR2004 - where Moshier's table ends
    score = reach - math.log(reach) / reach - _ratio(terms, inverse)
    return score if upper else -score


def _ratio(terms: tuple[Sequence[float], Sequence[float]], x: float) -> float:
    """Return x times the ratio of two polynomials, multiplied in the order that scipy does."""
    over, under = 0.0, 0.0
    for term in terms[0]:
        over = over * x + term
    for term in terms[1]:
        under = under * x + term
    return x * over / under


def normal_scores(probability: ArrayLike) -> Floats:
    """Return standard normal quantiles, elementwise: a few in Python, more than 16 by scipy."""
    wanted = np.asarray(probability, dtype=float)
    if wanted.size <= _FEW:
        scores = [normal_score(p) for p in wanted.ravel().tolist()]
        return np.array(scores).reshape(wanted.shape)
    return np.asarray(special.ndtri(wanted))
