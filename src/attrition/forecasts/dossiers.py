"""A forecast from a dossier: the laws of its totals from an information date to a horizon."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from attrition.core._typing import Rng
from attrition.core.days import day_from, days_from
from attrition.core.errors import InputError, clip
from attrition.core.laws import Law
from attrition.core.laws.reading import check_prob
from attrition.core.tasks import Workers, executor_of
from attrition.data.dossier import Dossier, check_threshold
from attrition.forecasts.ending import ending
from attrition.forecasts.models import Forecast, State
from attrition.forecasts.plan import Plan, lineage, run
from attrition.forecasts.question import numbers_of
from attrition.forecasts.reported import others_of, stocks_of
from attrition.models.trajectories import Limits, check_tolerance, seed_of

_LONGEST = 20  # years
_THRESHOLDS = 400
_EARLIEST, _LATEST = 1500, 2300


def forecast(  # noqa: PLR0913 - everything that a forecast fixes, by name
    dossier: Dossier,
    *,
    rng: Rng,
    quantities: Sequence[str] | None = None,
    basis: str | Sequence[str] | None = None,
    thresholds: Sequence[float] | None = None,
    on: Sequence[date | str] = (),
    as_of: date | str | None = None,
    horizon: date | str | None = None,
    prob: float = 0.9,
    tolerance: float | None = None,
    limits: Limits | None = None,
    end_hazard: float | None = None,
    workers: Workers = None,
) -> Forecast:
    """Forecast when the totals of a dossier pass their thresholds.

    Parameters
    ----------
    dossier : Dossier
    rng : int or Generator
        Seed; the same seed gives the same bytes.
    quantities : sequence of str, optional
        Ids; all of the dossier's when left out.
    basis : str or sequence of str, optional
        ``"latent"`` or the id of a source; each quantity's own list when left out.
    thresholds : sequence of float, optional
        Totals [unit]; the dossier's when left out. With several quantities they would be
        ambiguous and are refused.
    on : sequence of datetime.date, optional
        Days on which totals are to be read; the laws are made fine around them.
    as_of : datetime.date or str, optional
        Information date; the latest publication in the dossier when left out.
    horizon : datetime.date or str, optional
        Last day; two years after the information date when left out.
    prob : float
        Probability of the equal-tailed intervals whose ends are made accurate.
    tolerance : float, optional
        Largest Monte Carlo standard error of a reported date [day]; 1/50 of the unit in which
        it is printed when left out.
    limits : Limits, optional
        Largest size and time of a simulation.
    end_hazard : float, optional
        Probability per day that the fighting ends [1/day], for laws that allow for it beside
        those that do not; the dossier's own assumption when left out, which is 0 by default.
    workers : str, Executor or Client, optional
        Who shares the work of small tolerances: ``"threads"``, ``"processes:2"``, the address of
        a Dask scheduler, an Executor, or a ``dask.distributed`` client; this thread when left
        out. The laws are the same, byte for byte.

    Raises
    ------
    InputError
        On any argument out of range, or a quantity that cannot be forecast.

    Examples
    --------
    >>> import attrition as at
    >>> made = forecast(at.read_dossier(), rng=1, quantities=["russian-casualties"])
    >>> at.crossing(made.law("russian-casualties"), 1_000_000).median.state
    'date'
    """
    check_kind(dossier, Dossier, "Read it first: at.read_dossier(path)")
    check_prob(prob)
    check_tolerance(tolerance)
    seed = seed_of(rng)
    known = dossier.latest_published if as_of is None else day_from(as_of, "as_of")
    last = two_years_after(known) if horizon is None else day_from(horizon, "horizon")
    check_dates(known, last)
    chosen = chosen_of(dossier, quantities)
    asked = asked_of(dossier, chosen, thresholds)
    left_out: dict[str, str] = {}
    refused: list[InputError] = []
    laws: dict[tuple[str, str], Law] = {}
    offsets = tuple((day - known).days for day in days_from(on, "on") if known <= day <= last)
    states: dict[tuple[str, str], State] = {}
    groups = _groups(dossier, chosen, basis)
    with limits_with(limits, workers) as shared:
        plan = Plan(dossier, known, last, seed, prob, tolerance, shared, offsets)
        for target, members in groups.items():
            reasons: dict[str, InputError] = {}
            made = run(plan, target, members, asked, reasons)
            laws |= {key: law for key, (law, _) in made.items()}
            states |= {key: state for key, (_, state) in made.items()}
            for key, error in reasons.items():
                if quantities is not None:
                    raise error
                left_out[key] = str(error)
                refused.append(error)
    ordered = {
        (key, whose): laws[key, whose]
        for key in chosen
        for whose in bases_of(dossier, key, basis)
        if (key, whose) in laws
    }
    stocks = stocks_of(dossier, chosen, known, prob, left_out)
    if not ordered and not stocks:
        if len(set(left_out.values())) == 1 and refused:
            raise refused[0]  # one cause, with its own place and remedy
        reason = "; ".join(f"{key}: {why}" for key, why in left_out.items())
        raise InputError(
            "at least one quantity must be known on the information date",
            got=reason or "none",
            place=f"dossier '{dossier.id}', {known}",
            remedy="Choose a later information date or another basis",
        )
    others = others_of(dossier, ordered, known)
    return Forecast(
        dossier,
        known,
        last,
        prob,
        seed,
        ordered,
        asked,
        tuple(stocks),
        others,
        left_out,
        states,
        ending(dossier, ordered, end_hazard),
    )


@contextmanager
def limits_with(limits: Limits | None, workers: Workers) -> Iterator[Limits]:
    """Open the workers once for all simulations of a forecast."""
    limits = limits or Limits()
    asked = limits.workers if workers is None else workers
    with executor_of(asked) as (executor, _):
        yield dataclasses.replace(limits, workers=executor)


def two_years_after(day: date) -> date:
    """Return the default horizon; refuse an information date that no report can have."""
    if not _EARLIEST <= day.year <= _LATEST:
        raise InputError(
            f"the information date must lie between {_EARLIEST} and {_LATEST}",
            got=str(day),
            place="information date",
            remedy="Check the dates of publication, or give one",
        )
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 2, day=28 if leap_day else day.day)


def check_dates(known: date, last: date) -> None:
    """Refuse a horizon that is not later than the information date, or 20 years later."""
    if last <= known:
        raise InputError(
            "the horizon must be later than the information date",
            got=f"{last} and {known}",
            place="horizon",
            remedy="Choose a later horizon, or an earlier information date",
        )
    if (last - known).days > 366 * _LONGEST:
        raise InputError(
            f"the horizon must lie within {_LONGEST} years of the information date",
            got=f"{last} and {known}",
            place="horizon",
            remedy="Choose an earlier horizon",
        )


def chosen_of(dossier: Dossier, quantities: Sequence[str] | None) -> tuple[str, ...]:
    """Return the quantities that are asked about; refuse unknown ones."""
    if quantities is None:
        return tuple(dossier.quantities)
    for key in quantities:
        dossier.find_quantity(key, place="quantities")
    return tuple(dict.fromkeys(quantities))


def asked_of(
    dossier: Dossier, chosen: Sequence[str], thresholds: Sequence[float] | None
) -> dict[str, tuple[float, ...]]:
    """Return the thresholds that are asked about, of each total that is forecast."""
    totals = [key for key in chosen if dossier.quantities[key].cumulative]
    if thresholds is None:
        return {key: check_count(dossier.quantities[key].thresholds) for key in totals}
    if len(totals) != 1:
        raise InputError(
            "thresholds need exactly one quantity, because units and scales differ",
            got=f"{len(totals)} quantities",
            place="thresholds",
            remedy="Name one quantity that is forecast",
        )
    return {totals[0]: thresholds_from(thresholds)}


def thresholds_from(values: Iterable[float]) -> tuple[float, ...]:
    """Return thresholds as a user gave them, checked, in order and each once."""
    return check_count(tuple(check_threshold(v, place="thresholds") for v in numbers_of(values)))


def check_kind(value: object, kind: type, remedy: str) -> None:
    """Refuse a path or anything else in the place of what is read from it."""
    if not isinstance(value, kind):
        raise InputError(
            f"a forecast is made of a {kind.__name__}",
            got=clip(value),
            place="first argument",
            remedy=remedy,
        )


def check_count(thresholds: tuple[float, ...]) -> tuple[float, ...]:
    """Refuse more thresholds than the law of one total has memory for."""
    if len(thresholds) > _THRESHOLDS:
        raise InputError(
            f"one total may be asked about at most {_THRESHOLDS} thresholds",
            got=f"{len(thresholds):,}",
            place="thresholds",
            remedy="Ask about fewer: the law is read at any total between them",
        )
    return thresholds


def bases_of(dossier: Dossier, quantity: str, basis: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return whose counts of a quantity are asked about."""
    if basis is None:
        return dossier.quantities[quantity].bases
    names = [basis] if isinstance(basis, str) else basis
    return tuple(dossier.check_basis(name) for name in names)


def _groups(
    dossier: Dossier, chosen: Sequence[str], basis: str | Sequence[str] | None
) -> dict[tuple[str, str], list[str]]:
    """Group the chosen totals by the simulation that serves them: one a root and basis."""
    groups: dict[tuple[str, str], list[str]] = {}
    for key in chosen:
        if dossier.quantities[key].cumulative:
            root = lineage(dossier, key)[-1]
            for whose in bases_of(dossier, key, basis):
                groups.setdefault((root, whose), []).append(key)
    return groups
