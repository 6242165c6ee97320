"""A forecast from all reports at once: one posterior, laws of the total and of each source."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError, refusal
from attrition.core.laws import Law, Provenance, Totals, make_law, probability_by
from attrition.core.laws.law import falling
from attrition.core.laws.scenarios import Bend
from attrition.core.numerics import KHAT
from attrition.core.simulation import Accuracy, Limits, until_accurate
from attrition.core.workers import executor_of, one_thread
from attrition.data.dossier import Claim, Dossier
from attrition.data.dossier.models import BY_KIND
from attrition.data.dossier.phrases import reporters
from attrition.data.elicitation import elicit_claim, lexicon_of, original, quantile
from attrition.data.elicitation.pooling import copy_edges, effective_sources, input_edges
from attrition.data.series import Series
from attrition.forecasts.asking import (
    bases_of,
    chosen_of,
    described,
    ending,
    horizon_of,
    of_kind,
    supposed,
    thresholds_of,
)
from attrition.forecasts.models import Forecast, OtherForecast, Stock
from attrition.forecasts.question import Question
from attrition.models.assimilation.contest import Hill, hills_of
from attrition.models.assimilation.evidence import (
    LATENT,
    LISTED,
    Evidence,
    evidence_of,
    recordings_of,
    stated,
)
from attrition.models.assimilation.inference import Sampler
from attrition.models.assimilation.network import Node
from attrition.models.assimilation.outlook import Outlook, PrintedTotal, outlook_of
from attrition.models.assimilation.paces import noise_of, priors_of
from attrition.models.assimilation.search import fit
from attrition.models.families import disaster_words, given_priors, mixture_words

POSTERIOR_MODEL = "posterior of all reports"

_SHARE = 1 / 200  # of an interval, to which its ends are found: a hundredth of half its width

_ALWAYS = ("source_error", "source_drift")

_DRAWS = 256  # per replicate, of which there are 16, where no size is asked for

Key = tuple[str, str]
"""A quantity and a basis."""


def assimilate(dossier: Dossier, asked: Question, limits: Limits | None = None) -> Forecast:
    """Forecast from all claims and counts at once: one posterior of level, pace, shares and errors.

    Parameters
    ----------
    dossier : Dossier
        A total without a first day has begun before its earliest figure.
    asked : Question
        Where its tolerance is not reached within its size, the law says so in a note, and its dates
        are printed in a coarser unit.
    limits : Limits, optional
        Who is told of each round, and who works.

    Returns
    -------
    Forecast
        Its laws carry the tail of the weights (k-hat), the effective number of draws and that of
        sources in the attrs of their datasets.

    Raises
    ------
    InputError
        If an argument is out of range, or nothing is known of any of the totals.

    Examples
    --------
    >>> import attrition as at
    >>> dossier = at.read_dossier("russia-ukraine-2025-06")
    >>> answer = assimilate(dossier, Question(quantities=["ukrainian-casualties"], size=256))
    >>> at.laws.crossing(answer.law("ukrainian-casualties", "latent"), 500_000).median.day.year
    2026
    """
    known = asked.as_of or dossier.latest_published
    chosen = chosen_of(dossier, asked.quantities)
    thresholds = thresholds_of(dossier, chosen, asked.thresholds)
    named = dossier if asked.kind is None else of_kind(dossier, asked.kind)
    paces = {named.quantities[named.lineage(key)[-1]].pace for key in thresholds} - {None}
    levels_off = bool(paces) and all(map(priors_of(named).levels_off, paces))
    last = horizon_of(asked, known, levels_off=levels_off)
    scenario = asked.scenario
    plan = _Plan(
        dossier,
        asked,
        thresholds,
        known,
        last,
        dataclasses.replace(limits or Limits(), points=asked.size or _DRAWS),
        recordings_of(dossier),
        None if scenario is None else scenario.bend(known, last),
    )
    laws: dict[Key, Law] = {}
    outlooks = Outlooks()
    left_out: dict[str, str] = {}
    refused: list[InputError] = []
    roots = dict.fromkeys(dossier.lineage(key)[-1] for key in thresholds)
    answer = functools.partial(_answered, plan, outlooks)
    with executor_of(plan.limits.workers) as (executor, _), one_thread():
        # a posterior is too large to be sent between processes for the second that it takes
        run = executor.map if isinstance(executor, ThreadPoolExecutor) else map
        for root, (own, reasons, outcome) in zip(roots, run(answer, roots), strict=True):
            left_out |= reasons
            laws |= own
            if isinstance(outcome, InputError):
                refused.append(outcome)
            else:
                outlooks.add(root, *outcome)
            del own, outcome  # the next may need their memory
    stocks = stocks_of(dossier, chosen, known, asked.prob, left_out)
    if not laws and not stocks:
        got = "; ".join(f"{key}: {why}" for key, why in left_out.items()) or "none"
        place = f"dossier '{dossier.id}', {known}"
        raise refused[0] if refused else refusal("something known", got, place)
    return Forecast(
        dossier,
        known,
        last,
        asked.prob,
        asked.seed,
        laws,
        thresholds,
        tuple(stocks),
        others_of(dossier, laws, known),
        left_out,
        ending(dossier, laws, asked.end_hazard, scenario),
        outlooks=outlooks,
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one call of :func:`assimilate` fixes for all of its posteriors."""

    dossier: Dossier
    asked: Question
    thresholds: Mapping[str, tuple[float, ...]]
    known: date
    last: date
    limits: Limits
    series: Mapping[Node, Series] = field(repr=False)
    bend: Bend | None


_Posterior = tuple[Outlook, "PosteriorRecipe"] | InputError
"""The posterior of a root total and how it is made again, or why there is none."""


_NO_CLAIM = 'no claim of it yet; a TODO of the file becomes one without its "#"'


def _answered(
    plan: _Plan, outlooks: Outlooks, root: str
) -> tuple[dict[Key, Law], dict[str, str], _Posterior]:
    dossier, bases = plan.dossier, plan.asked.bases
    members = [key for key in plan.thresholds if dossier.lineage(key)[-1] == root]
    wanted = [(key, whose) for key in members for whose in bases_of(dossier, key, bases)]
    left_out: dict[str, str] = {}
    try:
        rounds, laws = _run(plan, outlooks, root, wanted, left_out)
    except InputError as error:
        reported = {claim.quantity for claim in dossier.claims} | {key for _, key in plan.series}
        left_out |= {key: str(error) if key in reported else _NO_CLAIM for key in members}
        return {}, left_out, error
    return laws, left_out, (rounds.outlook, rounds.recipe)


class _RootRounds:
    """A posterior that is extended until all of its laws are accurate."""

    pilot = 64
    most = 1 << 20
    order = 0.6
    sampling = "posterior draws, scale integrated, shape by weighted quasi-Monte Carlo"

    def __init__(self, evidence: Evidence, plan: _Plan, figures: Sequence[Key]) -> None:
        self.points = 0
        self.thresholds = np.ones(1)
        days = (plan.last - plan.known).days
        self.recipe = PosteriorRecipe(evidence, days, plan.asked.seed, plan.bend)
        self._sampler = self.recipe.sampler()
        self._keys = figures
        self.outlook: Outlook
        self.figures: dict[Key, PrintedTotal] = {}
        self._columns: dict[Key, Floats] = {}

    def extend(self, points: int) -> None:
        """Add draws to every replicate, and carry all of them to the horizon."""
        self.figures, self._columns = {}, {}
        vars(self).pop("outlook", None)  # that of fewer draws would only fill the memory
        self._sampler.extend(points)
        self.points += points
        self.recipe = self.recipe.after(points)
        self.outlook = outlook_of(self._sampler, self.recipe.bend)
        self.figures = {key: self.outlook.figure(*key) for key in self._keys}

    def surface(self) -> Floats:
        """Return a law that says nothing: each question reads its own figure."""
        return np.ones((self.outlook.draws.replicates, 1, self.outlook.days + 1))

    def view(self, key: Key, wanted: Sequence[float], *_: Floats) -> tuple[Floats, Floats]:
        """Return the law of one figure at the thresholds asked about: computed once a round."""
        if key not in self._columns:
            self._columns[key] = self.outlook.asked(self.figures[key], wanted)
        return self._columns[key], np.asarray(wanted, dtype=float)


def _run(
    plan: _Plan, outlooks: Outlooks, root: str, wanted: Sequence[Key], left_out: dict[str, str]
) -> tuple[_RootRounds, dict[Key, Law]]:
    """Return the posterior of one root total and the laws that are asked of it."""
    asked, levels = plan.asked, plan.thresholds
    dossier = plan.dossier if asked.kind is None else of_kind(plan.dossier, asked.kind)
    evidence = evidence_of(dossier, root, as_of=plan.known, series=plan.series)
    _check_evidence(evidence)
    _check_parts(evidence)
    keys = [key for key in wanted if _speaks(plan, evidence, key, left_out)]
    rounds = _RootRounds(evidence, plan, keys)
    questions = [
        Accuracy(
            levels[key[0]],
            asked.prob,
            asked.tolerance,
            functools.partial(rounds.view, key, levels[key[0]]),
            width=_SHARE,
        )
        for key in keys
    ]
    blank = Provenance(quantity=root, title=root, definition="")
    done = until_accurate(rounds, plan.known, blank, questions, plan.limits, warn=False)
    laws = {}
    outlook = rounds.outlook
    hills = {key[0]: hills_of(outlook, key[0]) for key in keys if key[1] == LATENT}
    if asked.bases is None:  # where sources exclude one another, each is heard
        rounds.figures |= {
            (quantity, source): outlook.figure(quantity, source)
            for quantity, contested in hills.items()
            for hill in contested
            for source in hill.sources
        }
    for key, figure in rounds.figures.items():
        columns, thresholds = rounds.view(key, levels[key[0]])
        order = np.argsort(thresholds)
        columns = falling(columns, thresholds)[:, order]
        stated_here = dataclasses.replace(
            _provenance(plan, evidence, key, outlook, done.provenance),
            asked=levels[key[0]],
            contested=_named(plan.dossier, hills[key[0]]) if key[1] == LATENT else (),
        )
        law = make_law(columns, thresholds[order], plan.known, stated_here)
        now = outlook.totals(figure, 0)  # what most laws are asked of
        whole = functools.partial(outlooks.totals, root, key)
        laws[key] = law.with_totals(whole, lambda now=now: now)  # type: ignore[misc]
    return rounds, laws


def _assumed(dossier: Dossier, quantity: str) -> tuple[tuple[str, float | str, str, str], ...]:
    """Return (name, value, reason, origin) of what a law of the posterior rests on."""
    whole = dossier.lineage(quantity)[-1]
    pace = stated(dossier, "volatility", whole)
    if pace[1] == BY_KIND:
        kind = dossier.quantities[whole].pace
        origin = "library default" if kind is None else "dossier"
        priors = priors_of(dossier)
        words = mixture_words(kind, priors.mixture(kind))
        pace = ("pace", kind or "of any kind", f"{words}. {priors.kind(kind).evidence}", origin)
    noise = stated(dossier, "day_noise", quantity)
    if noise[1] == BY_KIND:
        noise = (noise[0], noise_of(dossier, quantity), *noise[2:])
    rows = [pace, noise, *(stated(dossier, name, quantity) for name in _ALWAYS)]
    if dossier.assumption("spread", whole).origin != "library default":
        rows.insert(1, stated(dossier, "spread", whole))
    if dossier.quantities[quantity].part_of is not None:
        rows.append(stated(dossier, "share_volatility", quantity))
    rows[1:1] = given_priors(dossier.priors)
    return tuple(rows)


def _listed(evidence: Evidence) -> tuple[tuple[str, float | str, str, str], ...]:
    """Return what is assumed of floors where no figure puts an end above them."""
    if not evidence.floors:
        return ()
    share = f"{LISTED.low:g} to {LISTED.high:g}"
    return (("coverage", share, LISTED.note, "library default"),)


def _named(dossier: Dossier, hills: Sequence[Hill]) -> tuple[tuple[str, float, float], ...]:
    """Return hills with the names of their sources, as a law keeps them."""
    return tuple(
        (" and ".join(reporters(dossier, hill.sources)), hill.share, hill.middle) for hill in hills
    )


_LONGEST = 40  # years
_SOURCES = 300  # of one total: the time grows faster than their number, which a stranger may choose
_CLEAR = 3.0  # standard deviations of the wording by which a part is clearly above its whole


def _check_evidence(evidence: Evidence) -> None:
    """Refuse evidence from which no level follows, or whose days fill the memory."""
    place = f"dossier '{evidence.dossier.id}', quantities.{evidence.root}"
    if evidence.days > 366 * _LONGEST:
        raise refusal(
            "years of a total",
            f"a count from {evidence.first} to {evidence.as_of}",
            place,
            longest=_LONGEST,
        )
    sources = {term.node[0] for term in evidence.terms}
    if len(sources) > _SOURCES:
        raise refusal("sources of a total", f"{len(sources):,}", place, most=_SOURCES)
    if evidence.terms and not evidence.sized:
        shares = all(term.whole is not None for term in evidence.terms)
        raise refusal(
            "figure of a total",
            f"only {'shares' if shares else 'what is added, by the day or in a window'}",
            place,
        )


def _check_parts(evidence: Evidence) -> None:
    """Refuse a part that its own source puts above its whole, of the same day or a later one."""
    totals = [term for term in evidence.terms if term.is_total]
    wholes = {key: evidence.dossier.quantities[key].part_of for key in evidence.parts}
    for part, whole in itertools.product(totals, repeat=2):
        mine = part.node[0] == whole.node[0] and wholes.get(part.node[1]) == whole.node[1]
        if not mine or part.end > whole.end or whole.reading.floor:
            continue
        gap = part.reading.centre - whole.reading.centre
        if gap > _CLEAR * np.hypot(part.reading.spread, whole.reading.spread):
            raise refusal(
                "part below its whole",
                f"'{part.node[1]}' about {np.exp(part.reading.centre):,.4g} of "
                f"'{whole.node[1]}' about {np.exp(whole.reading.centre):,.4g}",
                f"dossier '{evidence.dossier.id}', claims[{part.claim}], source '{part.node[0]}'",
            )


def _speaks(plan: _Plan, evidence: Evidence, key: Key, left_out: dict[str, str]) -> bool:
    """Tell whether a basis can be read; where a source is silent, say so."""
    quantity, whose = key
    if whose == LATENT:
        return True
    node = (original(plan.dossier, whose), quantity)
    if node in {t.node for t in evidence.terms} | {c.node for c in evidence.counts}:
        return True
    left_out[quantity] = f"no figure of '{whose}' was known on {plan.known}"
    return False


_MISSING = (
    "the missing are taken for a total that only grows: where they are those who are missing on a "
    'day, write kind = "stock"'
)


def _provenance(
    plan: _Plan, evidence: Evidence, key: Key, outlook: Outlook, done: Provenance
) -> Provenance:
    dossier, (quantity, whose) = plan.dossier, key
    settled = outlook.fit.model.evidence.dossier  # with what is learnt where nothing is stated
    draws = outlook.draws
    sources = sorted({t.node[0] for t in evidence.terms} | {c.node[0] for c in evidence.counts})
    worth = effective_sources(sources, copies=copy_edges(dossier), inputs=input_edges(dossier))
    kind = settled.quantities[settled.lineage(quantity)[-1]].pace
    age = None if evidence.begun else float(evidence.days)  # where it is known to have begun
    young = () if age is None else priors_of(settled).mixture(None, age)
    judged = disaster_words(kind, young, settled.quantities[quantity].unit)
    notes = [*evidence.notes, *done.notes, *judged]
    if dossier.quantities[quantity].category == "missing":
        notes.append(_MISSING)
    if draws.chained:
        notes.append(
            f"the weights of the draws were too uneven (k-hat {draws.khat:.2f}, above {KHAT}); "
            "chains of elliptical slice sampling took their place"
        )
    return dataclasses.replace(
        supposed(
            described(dossier, quantity, whose, sources, plan.asked.kind), plan.asked.scenario
        ),
        points=done.points,
        sampling=done.sampling,
        model=POSTERIOR_MODEL,
        seed=plan.asked.seed,
        tolerance=plan.asked.tolerance,
        figures=len(evidence.terms) + sum(len(c.count) for c in evidence.counts),
        independent_sources=worth,
        assumptions=(*_assumed(settled, quantity), *_listed(evidence)),
        floors=evidence.floors and whose == LATENT,
        least=outlook.is_least(quantity, whose),
        notes=tuple(dict.fromkeys(notes)),
        diagnostics=(
            ("pareto_k", draws.khat),
            ("effective_draws", draws.effective),
            ("effective_sources", worth),
            ("share_ahead", round(outlook.share_ahead(quantity), 3)),
        ),
    )


# What is reported and not simulated: strengths, and forecasts by others.


def stocks_of(
    dossier: Dossier,
    chosen: Sequence[str],
    known: date,
    prob: float,
    left_out: dict[str, str],
) -> list[Stock]:
    """Return the strengths among the chosen quantities, each source's latest."""
    tail = (1 - prob) / 2
    stocks: list[Stock] = []
    for key in chosen:
        what = dossier.quantities[key]
        if what.cumulative:
            continue
        claims = [c for c in dossier.claims_on(key, as_of=known) if c.kind == "level"]
        latest: dict[str, Claim] = {c.source: c for c in sorted(claims, key=_recency)}
        if not latest:
            left_out[key] = f"no claim of kind 'level' known on {known}"
        for source, claim in latest.items():
            distribution = elicit_claim(
                claim,
                lexicon_of(dossier),
                place=f"dossier '{dossier.id}', {key}, source '{source}'",
                counted=what.counted,
            )
            lower, median, upper = (float(q) for q in quantile(distribution, [tail, 0.5, 1 - tail]))
            name = dossier.sources[source].name
            stocks.append(
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
    return stocks


def _recency(claim: Claim) -> tuple[date, date]:
    return claim.as_of.last, claim.published.last


def others_of(
    dossier: Dossier, laws: Mapping[tuple[str, str], Law], known: date
) -> tuple[OtherForecast, ...]:
    """Return what others expected next to the probabilities of our laws."""
    forecasts: list[OtherForecast] = []
    past = dossier.superseded(known)
    for index, claim in enumerate(dossier.claims):
        if claim.kind != "forecast" or not claim.known_on(known) or index in past:
            continue
        if claim.threshold is None or claim.by is None:  # pragma: no cover - the model refuses
            continue
        for (key, whose), law in laws.items():
            last = claim.by.last
            inside = law.information_date <= last <= law.horizon
            if key == claim.quantity and inside:
                probability = probability_by(law, claim.threshold, last)
                forecasts.append(
                    OtherForecast(
                        key, claim.source, claim.words, claim.threshold, last, whose, probability
                    )
                )
    return tuple(forecasts)


# The posteriors behind a forecast of many totals: few fill the memory, the others are made again.
#
# What a posterior keeps, its draws and their futures, is a hundred times what its laws keep, and is
# asked for by few: for increments, joint events, paths, and totals on every day.

_KEPT = 104_000_000
"""Bytes of posteriors that are kept: all four of the bundled dossier, a command within 250 MB."""


@dataclass(frozen=True, slots=True)
class PosteriorRecipe:
    """All that a posterior follows from.

    Parameters
    ----------
    evidence : Evidence
    days, seed : int
        As of :class:`attrition.models.assimilation.Sampler`.
    bend : Bend or None
        What is supposed of the days ahead.
    rounds : tuple of int
        Draws that every replicate was extended by, one round after another.
    """

    evidence: Evidence
    days: int
    seed: int
    bend: Bend | None
    rounds: tuple[int, ...] = ()

    def sampler(self) -> Sampler:
        """Return the sampler before any round."""
        return Sampler(fit(self.evidence), self.days, self.seed)

    def after(self, points: int) -> PosteriorRecipe:
        """Return the recipe with a round more."""
        return dataclasses.replace(self, rounds=(*self.rounds, points))

    def outlook(self) -> Outlook:
        """Return the posterior."""
        with one_thread():
            sampler = self.sampler()
            for points in self.rounds:
                sampler.extend(points)
                sampler.draws()  # which decides after each whether chains are run
            return outlook_of(sampler, self.bend)


class Outlooks(Mapping[str, Outlook]):
    """The posterior of each root total; the same, byte for byte, where it is made again."""

    def __init__(self) -> None:
        self.weeks: dict[str, int] = {}
        """Weeks ahead of each, by root total."""
        self._recipes: dict[str, PosteriorRecipe] = {}
        self._kept: dict[str, Outlook] = {}
        self._room = _KEPT
        self._latest = functools.lru_cache(maxsize=1)(lambda root: self._recipes[root].outlook())

    def add(self, root: str, outlook: Outlook, recipe: PosteriorRecipe) -> None:
        """Add the posterior of a root total; it is kept if there is room."""
        self._recipes[root] = recipe
        self.weeks[root] = outlook.rates[root].counted.shape[0] - 2
        if outlook.nbytes <= self._room:
            self._kept[root] = outlook
            self._room -= outlook.nbytes

    def totals(self, root: str, key: tuple[str, str]) -> Totals:
        """Return the quantiles of a total by quantity and basis."""
        outlook = self[root]
        return outlook.totals(outlook.figure(*key))

    def __getitem__(self, root: str) -> Outlook:
        """Return the posterior of a root total."""
        return self._kept[root] if root in self._kept else self._latest(root)

    def __iter__(self) -> Iterator[str]:
        """Iterate over root totals."""
        return iter(self._recipes)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._recipes)
