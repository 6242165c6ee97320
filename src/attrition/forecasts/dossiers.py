"""A forecast: the laws of a dossier's totals from an information date to a horizon."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from attrition._typing import Floats, Rng
from attrition._version import __version__
from attrition.assimilation import (
    LATENT,
    ONE,
    Account,
    Factor,
    account,
    is_counted,
    share,
    source_error,
    stated,
)
from attrition.dossier import Claim, Dossier, check_threshold
from attrition.elicitation import elicit_claim, lexicon_of, quantile
from attrition.errors import InputError
from attrition.laws import Law, Provenance, probability_by, scaled, with_end
from attrition.laws.reading import check_prob
from attrition.laws.transforms import scaled_surface
from attrition.trajectories import (
    Limits,
    Question,
    Start,
    check_tolerance,
    draw_paths,
    grid_of_totals,
    seed_of,
    simulate,
)

if TYPE_CHECKING:
    import xarray as xr

MODEL = "random walk of the weekly log rate"

_GRID = 160  # thresholds of a law besides those asked for
_LONGEST = 20  # years


@dataclass(frozen=True, slots=True)
class Stock:
    """A strength on a day: reported with its interval, not forecast [unit]."""

    quantity: str
    title: str
    unit: str
    basis: str
    basis_name: str
    as_of: str
    quote: str
    prob: float
    lower: float
    median: float
    upper: float


@dataclass(frozen=True, slots=True)
class OtherForecast:
    """A forecast that somebody else published, next to our probability of the same event.

    Parameters
    ----------
    quantity, source, quote : str
        Of what, by whom, in which words.
    threshold : float
        The total that they expect to be passed [unit].
    by : datetime.date
        The last day of the span in which they expect it.
    basis : str
        Whose count our probability is about.
    probability : float
        P(T <= by) by our law.
    """

    quantity: str
    source: str
    quote: str
    threshold: float
    by: date
    basis: str
    probability: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """Laws of the totals of a dossier, with everything needed to cite them.

    Parameters
    ----------
    dossier : Dossier
    information_date, horizon : datetime.date
        Nothing later is known; last day of the laws.
    prob : float
        Probability of the intervals whose ends were made accurate.
    seed : int
    laws : mapping of (quantity, basis) to Law
    thresholds : mapping of quantity to tuple of float
        Thresholds asked about [unit].
    stocks : tuple of Stock
    others : tuple of OtherForecast
    left_out : mapping of str to str
        Quantities of the dossier that could not be forecast, and why.
    states : mapping of (quantity, basis) to State
        Where each law started, for :meth:`paths`.
    unconditional : mapping of (quantity, basis) to Law
        The same laws allowing for an end, where an end hazard is assumed.
    """

    dossier: Dossier
    information_date: date
    horizon: date
    prob: float
    seed: int
    laws: Mapping[tuple[str, str], Law]
    thresholds: Mapping[str, tuple[float, ...]]
    stocks: tuple[Stock, ...] = ()
    others: tuple[OtherForecast, ...] = ()
    left_out: Mapping[str, str] = dataclasses.field(default_factory=dict)
    states: Mapping[tuple[str, str], State] = dataclasses.field(default_factory=dict, repr=False)
    unconditional: Mapping[tuple[str, str], Law] = dataclasses.field(default_factory=dict)

    def law(self, quantity: str, basis: str | None = None) -> Law:
        """Return the law of one total.

        Parameters
        ----------
        quantity : str
            Id of a cumulative quantity.
        basis : str, optional
            ``"latent"`` or the id of a source; the first that was forecast when left out.

        Raises
        ------
        InputError
            If no such law was computed.
        """
        self.dossier.find_quantity(quantity)
        for (key, whose), law in self.laws.items():
            if key == quantity and basis in (None, whose):
                return law
        raise InputError(
            "a law must have been forecast to be read",
            got=f"'{quantity}' with basis {basis!r}",
            place="Forecast.law",
            remedy=self.left_out.get(
                quantity, f"Known: {', '.join(f'{q} ({b})' for q, b in self.laws)}"
            ),
        )

    def paths(
        self,
        quantity: str,
        basis: str | None = None,
        *,
        draws: int,
        rng: Rng,
        dtype: type[np.floating[Any]] = np.float64,
        threads: int | None = None,
    ) -> xr.DataArray:
        """Return whole daily paths of one total.

        Parameters
        ----------
        quantity, basis : str
            As in :meth:`law`.
        draws : int
            Number of paths.
        rng : int or Generator
            Seed; streams belong to fixed blocks of 8,192 draws, so that the result does not depend
            on the number of threads.
        dtype : numpy.float64 or numpy.float32
            Of the totals.
        threads : int, optional
            Workers; as many as there are cores when left out.

        Returns
        -------
        xarray.DataArray, dims (draw, time)
            Totals at the end of each day [unit], from the information date to the horizon.

        Raises
        ------
        InputError
            If no such law was forecast, or ``draws`` or ``dtype`` is out of range.
        """
        import xarray as xr

        law = self.law(quantity, basis)
        state = self.states.get((quantity, law.provenance.basis))
        if state is None:
            raise InputError(
                "whole paths are drawn of the totals of a dossier",
                got=f"a law of {law.provenance.model}",
                place="Forecast.paths",
                remedy="For a recorded count draw futures of its pace: at.fit_pace(series).draw",
            )
        seed = seed_of(rng)
        days = (self.horizon - self.information_date).days
        totals = draw_paths(state.start, days, draws, rng=seed, dtype=dtype, threads=threads)
        if state.factor is not ONE:
            totals *= state.factor.draw(draws, seed).astype(totals.dtype)[:, None]
        what = law.provenance
        return xr.DataArray(
            totals,
            dims=("draw", "time"),
            coords={"draw": np.arange(draws), "time": law.days},
            name=quantity,
            attrs={
                "long_name": f"{what.title}, {what.basis_name}",
                "units": what.unit,
                "seed": seed,
                "provenance": what.to_json(),
            },
        )


@dataclass(frozen=True, slots=True)
class State:
    """Where a law started: its root's account, and the factor that makes it from its root."""

    start: Start
    factor: Factor


def forecast(  # noqa: PLR0913 - everything that a forecast fixes, by name
    dossier: Dossier,
    *,
    rng: Rng,
    quantities: Sequence[str] | None = None,
    basis: str | None = None,
    thresholds: Sequence[float] | None = None,
    on: Sequence[date] = (),
    as_of: date | None = None,
    horizon: date | None = None,
    prob: float = 0.9,
    tolerance: float | None = None,
    limits: Limits | None = None,
    end_hazard: float | None = None,
) -> Forecast:
    """Forecast when the totals of a dossier pass their thresholds.

    Parameters
    ----------
    dossier : Dossier
    rng : int or Generator
        Seed; the same seed gives the same bytes.
    quantities : sequence of str, optional
        Ids; all of the dossier's when left out.
    basis : str, optional
        ``"latent"`` or the id of a source; each quantity's own list when left out.
    thresholds : sequence of float, optional
        Totals [unit]; the dossier's when left out. With several quantities they would be
        ambiguous and are refused.
    on : sequence of datetime.date, optional
        Days on which totals are to be read; the laws are made fine around them.
    as_of : datetime.date, optional
        Information date; the latest publication in the dossier when left out.
    horizon : datetime.date, optional
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

    Raises
    ------
    InputError
        On any argument out of range, or a quantity that cannot be forecast.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), rng=1, quantities=["russian-casualties"])
    >>> at.crossing(forecast.law("russian-casualties"), 1_000_000).median.state
    'date'
    """
    check_prob(prob)
    check_tolerance(tolerance)
    seed = seed_of(rng)
    known = as_of or dossier.latest_published
    last = horizon or two_years_after(known)
    check_dates(known, last)
    chosen = _chosen(dossier, quantities)
    asked = _asked(dossier, chosen, thresholds)
    left_out: dict[str, str] = {}
    laws: dict[tuple[str, str], Law] = {}
    offsets = tuple((day - known).days for day in on if known <= day <= last)
    states: dict[tuple[str, str], State] = {}
    plan = _Plan(dossier, known, last, seed, prob, tolerance, limits, offsets)
    groups = _groups(dossier, chosen, basis)
    for target, members in groups.items():
        reasons: dict[str, InputError] = {}
        made = _run(plan, target, members, asked, reasons)
        laws |= {key: law for key, (law, _) in made.items()}
        states |= {key: state for key, (_, state) in made.items()}
        for key, error in reasons.items():
            if quantities is not None:
                raise error
            left_out[key] = f"{error.rule}, got {error.got}"
    ordered = {
        (key, whose): laws[key, whose]
        for key in chosen
        for whose in _bases(dossier, key, basis)
        if (key, whose) in laws
    }
    stocks = _stocks(dossier, chosen, known, prob, left_out)
    if not ordered and not stocks:
        reason = "; ".join(f"{key}: {why}" for key, why in left_out.items())
        raise InputError(
            "at least one quantity must be known on the information date",
            got=reason or "none",
            place=f"dossier '{dossier.id}', {known}",
            remedy="Choose a later information date or another basis",
        )
    others = _others(dossier, ordered, known)
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


def ending(
    dossier: Dossier, laws: Mapping[tuple[str, str], Law], hazard: float | None
) -> dict[tuple[str, str], Law]:
    """Return the laws that allow for an end, of the totals for which one is assumed."""
    found = {}
    for key, law in laws.items():
        assumed = stated(dossier, "end_hazard", key[0])
        if hazard is not None:
            assumed = ("end_hazard", hazard, "given with the question", "argument")
        ending = with_end(law, float(assumed[1]))
        if ending is not law:
            what = ending.provenance
            found[key] = ending.with_provenance(
                dataclasses.replace(what, assumptions=(*what.assumptions, assumed))
            )
    return found


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one call of :func:`forecast` fixes for all of its simulations."""

    dossier: Dossier
    information_date: date
    horizon: date
    seed: int
    prob: float
    tolerance: float | None
    limits: Limits | None
    on: tuple[int, ...]

    @property
    def days(self) -> int:
        return (self.horizon - self.information_date).days


def two_years_after(day: date) -> date:
    """Return the default horizon of an information date."""
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


def _chosen(dossier: Dossier, quantities: Sequence[str] | None) -> tuple[str, ...]:
    if quantities is None:
        return tuple(dossier.quantities)
    for key in quantities:
        dossier.find_quantity(key, place="quantities")
    return tuple(dict.fromkeys(quantities))


def _asked(
    dossier: Dossier, chosen: Sequence[str], thresholds: Sequence[float] | None
) -> dict[str, tuple[float, ...]]:
    totals = [key for key in chosen if dossier.quantities[key].kind == "cumulative"]
    if thresholds is None:
        return {key: dossier.quantities[key].thresholds for key in totals}
    if len(totals) != 1:
        raise InputError(
            "thresholds need exactly one quantity, because units and scales differ",
            got=f"{len(totals)} quantities",
            place="thresholds",
            remedy="Name one quantity that is forecast",
        )
    values = tuple(sorted({check_threshold(float(v), place="thresholds") for v in thresholds}))
    return {totals[0]: values}


def _bases(dossier: Dossier, quantity: str, basis: str | None) -> tuple[str, ...]:
    return dossier.quantities[quantity].bases if basis is None else (dossier.check_basis(basis),)


def _lineage(dossier: Dossier, quantity: str) -> list[str]:
    """Return a quantity and the totals that it is a part of, outermost last."""
    line = [quantity]
    while (parent := dossier.quantities[line[-1]].part_of) is not None:
        line.append(parent)
    return line


def _groups(
    dossier: Dossier, chosen: Sequence[str], basis: str | None
) -> dict[tuple[str, str], list[str]]:
    """Group the chosen totals by the simulation that serves them: one a root and basis."""
    groups: dict[tuple[str, str], list[str]] = {}
    for key in chosen:
        if dossier.quantities[key].kind == "cumulative":
            root = _lineage(dossier, key)[-1]
            for whose in _bases(dossier, key, basis):
                groups.setdefault((root, whose), []).append(key)
    return groups


def _run(
    plan: _Plan,
    target: tuple[str, str],
    members: Sequence[str],
    asked: Mapping[str, tuple[float, ...]],
    reasons: dict[str, InputError],
) -> dict[tuple[str, str], tuple[Law, State]]:
    """Simulate one root total and return the laws of its members; say why any has none."""
    root, whose = target
    try:
        base = account(plan.dossier, root, basis=whose, as_of=plan.information_date)
    except InputError as error:
        reasons.update(dict.fromkeys(members, error))
        return {}
    views: dict[str, _View] = {}
    for key in members:
        try:
            views[key] = _view(plan, key, whose, base, asked.get(key, ()))
        except InputError as error:
            reasons[key] = error
    if not views:
        return {}
    grid = grid_of_totals(
        base.start, plan.days, [v for view in views.values() for v in view.needed], plan.on
    )
    questions = [
        Question(
            wanted, plan.prob, plan.tolerance, functools.partial(view.glance, thresholds=wanted)
        )
        for key, view in views.items()
        for wanted in (asked.get(key, ()),)
    ]
    law = simulate(
        base.start,
        grid,
        plan.information_date,
        plan.days,
        rng=plan.seed,
        provenance=_provenance(plan, root, whose, base, ONE),
        questions=questions,
        limits=plan.limits,
    )
    return {
        (key, whose): (view.read(law), State(base.start, view.factor))
        for key, view in views.items()
    }


@dataclass(frozen=True, slots=True)
class _View:
    """How the law of one total is read from the simulated law of its root."""

    factor: Factor
    thresholds: Floats
    provenance: Provenance
    needed: tuple[float, ...]

    def glance(
        self, surface: Floats, grid: Floats, thresholds: Sequence[float]
    ) -> tuple[Floats, Floats]:
        """Return the surface of a few thresholds, which is all that the error estimate needs."""
        if self.factor is ONE:
            return surface, grid
        few = np.asarray(thresholds, dtype=float)
        factor = self.factor
        return scaled_surface(surface, grid, factor.nodes, factor.weights, few), few

    def read(self, law: Law) -> Law:
        stated_here = dataclasses.replace(
            self.provenance,
            seed=law.provenance.seed,
            points=law.provenance.points,
            sampling=law.provenance.sampling,
            notes=tuple(dict.fromkeys((*self.provenance.notes, *law.provenance.notes))),
        )
        if self.factor is ONE:
            return law.with_provenance(stated_here)
        return scaled(law, self.factor.nodes, self.factor.weights, self.thresholds, stated_here)


def _factor(plan: _Plan, quantity: str, whose: str) -> Factor:
    factor = source_error(plan.dossier, quantity, whose)
    for part in _lineage(plan.dossier, quantity)[:-1]:
        found = share(plan.dossier, part, basis=whose, as_of=plan.information_date)
        factor = found if factor is ONE else found.times(factor)
    return factor


def _view(
    plan: _Plan, quantity: str, whose: str, base: Account, thresholds: Sequence[float]
) -> _View:
    factor = _factor(plan, quantity, whose)
    root_grid = grid_of_totals(base.start, plan.days, ())
    order = np.argsort(factor.nodes)
    cumulative = np.cumsum(factor.weights[order])
    least, most = (int(index) for index in np.searchsorted(cumulative, [1e-5, 1 - 1e-5]))
    low, high = factor.nodes[order][[least, min(most, order.size - 1)]]
    spread = np.geomspace(root_grid[0] * low, root_grid[-1] * high, _GRID)
    grid = np.union1d(spread, np.asarray(thresholds, dtype=float))
    needed = tuple(thresholds) if factor.nodes.size == 1 else ()
    needed = tuple(value / float(factor.nodes[0]) for value in needed)
    return _View(factor, grid, _provenance(plan, quantity, whose, base, factor), needed)


def _provenance(
    plan: _Plan, quantity: str, whose: str, base: Account, factor: Factor
) -> Provenance:
    dossier = plan.dossier
    what = dossier.quantities[quantity]
    entered = list(base.assumptions)
    if whose == LATENT:
        entered.append(stated(dossier, "source_error", quantity))
    if what.part_of is not None:
        entered.append(stated(dossier, "share_shape", quantity))
    return Provenance(
        quantity=quantity,
        title=what.title,
        definition=what.definition,
        scope=what.scope,
        unit=what.unit,
        basis=whose,
        basis_name="latent total" if whose == LATENT else f"count of {dossier.sources[whose].name}",
        model=MODEL,
        seed=plan.seed,
        tolerance=plan.tolerance,
        version=__version__,
        dossier=dossier.id,
        sha256=dossier.sha256,
        figures=base.figures + factor.figures,
        independent_sources=base.independent_sources,
        assumptions=tuple(entered),
        notes=(*base.notes, *factor.notes),
    )


def _stocks(
    dossier: Dossier,
    chosen: Sequence[str],
    known: date,
    prob: float,
    left_out: dict[str, str],
) -> list[Stock]:
    tail = (1 - prob) / 2
    found: list[Stock] = []
    for key in chosen:
        what = dossier.quantities[key]
        if what.kind != "stock":
            continue
        claims = [c for c in dossier.claims_on(key, as_of=known) if c.kind == "level"]
        latest: dict[str, Claim] = {c.source: c for c in sorted(claims, key=_recency)}
        if not latest:
            left_out[key] = f"no figure known on {known}"
        for source, claim in latest.items():
            distribution = elicit_claim(
                claim,
                lexicon_of(dossier),
                place=f"dossier '{dossier.id}', {key}, source '{source}'",
                counted=is_counted(what),
            )
            lower, median, upper = (float(q) for q in quantile(distribution, [tail, 0.5, 1 - tail]))
            name = dossier.sources[source].name
            found.append(
                Stock(
                    key,
                    what.title,
                    what.unit,
                    source,
                    f"count of {name}",
                    str(claim.as_of),
                    claim.words,
                    prob,
                    lower,
                    median,
                    upper,
                )
            )
    return found


def _recency(claim: Claim) -> tuple[date, date]:
    return claim.as_of.last, claim.published.last


def _others(
    dossier: Dossier, laws: Mapping[tuple[str, str], Law], known: date
) -> tuple[OtherForecast, ...]:
    found: list[OtherForecast] = []
    for claim in dossier.claims:
        if claim.kind != "forecast" or not claim.known_on(known):
            continue
        if claim.threshold is None or claim.by is None:  # pragma: no cover - the model refuses
            continue
        for (key, whose), law in laws.items():
            last = claim.by.last
            inside = law.information_date <= last <= law.horizon
            on_grid = law.thresholds[0] <= claim.threshold <= law.thresholds[-1]
            if key == claim.quantity and inside and on_grid:
                probability = probability_by(law, claim.threshold, last)
                found.append(
                    OtherForecast(
                        key, claim.source, claim.words, claim.threshold, last, whose, probability
                    )
                )
    return tuple(found)
