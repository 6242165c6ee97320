"""The simulations behind a forecast: one for each root total and basis, seen by its parts."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from attrition._version import __version__
from attrition.core._typing import Floats
from attrition.core.errors import InputError
from attrition.core.laws import Law, Provenance, Totals, scaled
from attrition.core.laws.transforms import scaled_surface
from attrition.data.dossier import Dossier, condition_of, reporters
from attrition.forecasts.models import State
from attrition.models.assimilation import (
    LATENT,
    ONE,
    Account,
    Factor,
    account,
    share,
    source_error,
    stated,
)
from attrition.models.trajectories import (
    DRAWS,
    REPLICATES,
    Limits,
    Question,
    grid_of_totals,
    root_draws,
    simulate,
    totals_of_draws,
)

MODEL = "random walk of the weekly log rate"

_GRID = 110  # thresholds of a law besides those asked for


@dataclass(frozen=True, slots=True)
class Plan:
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
        """Days to the horizon."""
        return (self.horizon - self.information_date).days


def lineage(dossier: Dossier, quantity: str) -> list[str]:
    """Return a quantity and the totals that it is a part of, outermost last."""
    line = [quantity]
    while (parent := dossier.quantities[line[-1]].part_of) is not None:
        line.append(parent)
    return line


def run(
    plan: Plan,
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
    span = grid_of_totals(base.start, plan.days, ())[[0, -1]]
    for key in members:
        try:
            views[key] = _view(plan, key, whose, base, asked.get(key, ()), span=span)
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
    # drawn once for a root and all of its parts, when the totals of any are first read
    drawn = functools.cache(functools.partial(root_draws, base.start, plan.days, plan.seed))
    return {
        (key, whose): (
            view.read(law).with_totals(functools.partial(_totals, drawn, view.factor, plan)),
            State(base.start, view.factor),
        )
        for key, view in views.items()
    }


def _totals(drawn: Callable[[], Floats], factor: Factor, plan: Plan) -> Totals:
    """Return the quantiles of a total, when they are first read."""
    if factor is ONE:
        return totals_of_draws(drawn(), plan.days)
    # Each replicate meets the whole of the factor once, evenly, in an order of its own.
    stream = np.random.default_rng(np.random.SeedSequence(plan.seed, spawn_key=(2, 0)))
    ranks = np.concatenate([stream.permutation(DRAWS) for _ in range(REPLICATES)])
    draws = factor.quantiles((ranks + stream.random(ranks.size)) / DRAWS)
    return totals_of_draws(drawn(), plan.days, draws)


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


def _factor(plan: Plan, quantity: str, whose: str) -> Factor:
    factor = source_error(plan.dossier, quantity, whose)
    for part in lineage(plan.dossier, quantity)[:-1]:
        found = share(plan.dossier, part, basis=whose, as_of=plan.information_date)
        factor = found if factor is ONE else found.times(factor)
    return factor


def _view(
    plan: Plan,
    quantity: str,
    whose: str,
    base: Account,
    thresholds: Sequence[float],
    *,
    span: Floats,
) -> _View:
    """Return how one total is read from its root, whose own totals lie within ``span``."""
    factor = _factor(plan, quantity, whose)
    order = np.argsort(factor.nodes)
    cumulative = np.cumsum(factor.weights[order])
    least, most = (int(index) for index in np.searchsorted(cumulative, [1e-5, 1 - 1e-5]))
    low, high = factor.nodes[order][[least, min(most, order.size - 1)]]
    spread = np.geomspace(span[0] * low, span[1] * high, _GRID)
    grid = np.union1d(spread, np.asarray(thresholds, dtype=float))
    needed = tuple(thresholds) if factor.nodes.size == 1 else ()
    needed = tuple(value / float(factor.nodes[0]) for value in needed)
    what = _provenance(plan, quantity, whose, base, factor)
    return _View(factor, grid, dataclasses.replace(what, asked=tuple(thresholds)), needed)


def described(dossier: Dossier, quantity: str, whose: str, sources: Sequence[str]) -> Provenance:
    """Return what is counted, and whose count of it, as the provenance of a law begins."""
    what = dossier.quantities[quantity]
    return Provenance(
        quantity=quantity,
        title=what.title,
        definition=what.definition,
        scope=what.scope,
        condition=condition_of(dossier, quantity),
        subject=what.subject,
        verb=what.verb,
        sources=reporters(dossier, sources),
        unit=what.unit,
        basis=whose,
        basis_name="latent total" if whose == LATENT else f"count of {dossier.sources[whose].name}",
        version=__version__,
        dossier=dossier.id,
        sha256=dossier.sha256,
    )


def _provenance(plan: Plan, quantity: str, whose: str, base: Account, factor: Factor) -> Provenance:
    dossier = plan.dossier
    parts = [
        claim.source
        for part in lineage(dossier, quantity)[:-1]
        for claim in dossier.claims_on(part, as_of=plan.information_date)
        if claim.kind != "forecast" and whose in {LATENT, claim.source}
    ]
    entered = list(base.assumptions)
    if whose == LATENT:
        entered.append(stated(dossier, "source_error", quantity))
    if dossier.quantities[quantity].part_of is not None:
        entered.append(stated(dossier, "share_shape", quantity))
    return dataclasses.replace(
        described(dossier, quantity, whose, tuple(dict.fromkeys((*base.sources, *parts)))),
        model=MODEL,
        seed=plan.seed,
        tolerance=plan.tolerance,
        figures=base.figures + factor.figures,
        independent_sources=base.independent_sources,
        assumptions=tuple(entered),
        notes=(*base.notes, *factor.notes),
    )
