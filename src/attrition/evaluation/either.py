"""One name for both hindcasts: of a recorded count, and of the claims of a dossier."""

from __future__ import annotations

from typing import Any, overload

from attrition.core._typing import Rng
from attrition.data.dossier import Dossier
from attrition.data.series import Series
from attrition.evaluation.claims import ClaimsHindcast, hindcast_claims
from attrition.evaluation.rolling import Hindcast
from attrition.evaluation.rolling import hindcast as hindcast_series


@overload
def hindcast(past: Series, /, *, rng: Rng, **options: Any) -> Hindcast: ...  # noqa: ANN401
@overload
def hindcast(past: Dossier, /, *, rng: Rng, **options: Any) -> ClaimsHindcast: ...  # noqa: ANN401
def hindcast(past: Series | Dossier, /, *, rng: Rng, **options: Any) -> Hindcast | ClaimsHindcast:
    """Forecast from past days, each with what was known then, and score what was said.

    Parameters
    ----------
    past : Series or Dossier
        A recorded count, of which the dates of round totals are forecast; or a dossier, of which
        every figure is predicted from the claims before it.
    rng : int or Generator
        Seed.
    **options
        Of a count, see :func:`hindcast_series`: ``every``, ``start``, ``thresholds``, ``prob``,
        ``baselines``, ``recalibrate``, ``prior``, ``progress``, ``workers``, ``checkpoint``,
        ``max_time``. Of a dossier, see
        :func:`hindcast_claims`: ``dated``, ``series``, ``prob``, ``progress``.

    Returns
    -------
    Hindcast or ClaimsHindcast

    Raises
    ------
    InputError
        If an argument is out of range or nothing can be forecast.

    Examples
    --------
    >>> import attrition as at
    >>> made = at.hindcast(at.read_dossier("russia-ukraine-2025-06"), rng=1)
    >>> made.summary().count
    2
    """
    if isinstance(past, Dossier):
        return hindcast_claims(past, rng=rng, **options)
    return hindcast_series(past, rng=rng, **options)
