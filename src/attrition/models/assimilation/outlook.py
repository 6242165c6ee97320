"""Where the totals go from here, draw by draw, and the laws that this makes."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from attrition.core._typing import Floats
from attrition.core.days import WEEK
from attrition.core.errors import refusal
from attrition.core.late import special
from attrition.core.laws import Totals, node_days, weighted_totals
from attrition.core.laws.scenarios import Bend
from attrition.core.numerics import ndtr, pchip
from attrition.data.elicitation import original, quantile
from attrition.models.assimilation.astray import States
from attrition.models.assimilation.blocks import Block
from attrition.models.assimilation.carry import Increments, Rates, carried
from attrition.models.assimilation.evidence import LATENT, Term, table_of
from attrition.models.assimilation.inference import FUTURES, Draws, Sampler
from attrition.models.assimilation.lines import Tables, slopes_along
from attrition.models.assimilation.model import Content, Model, conditioning
from attrition.models.assimilation.network import REPEATED, REPEATS, WEIGHTS, WIDTHS, Node
from attrition.models.assimilation.paces import Moves, noise_of
from attrition.models.assimilation.search import Fit

_DAILY = 35  # days up to which each is a node
_OTHER = 105  # days up to which every other is
_WEEKLY = 365  # days up to which one in seven is, and then one in fourteen
_COARSE = 12  # nodes of which one is computed first
_RISE = 0.4  # of the normal score of a law, above which a node in between is computed
_RARE = 1e-3  # probability below which its rise does not matter
_GOLDEN = 0.6180339887498949  # spreads places evenly over draws that follow one another
_SURE = 1e-12  # persons below which a gain is none
_SILVER, _BRONZE = 0.4142135623730951, 0.3027756377319946
_COPPER = 0.1925824035672520  # and its like of 5: (sqrt(29) - 5) / 2
_CERTAIN = 1e-12  # least variance of an error that is integrated
_PLASTIC = 0.7548776662466927
_STRETCHES = 4  # of what a source's last figure may mean, for each draw
_EDGE = 1e-6  # a stretch begins and ends this far from what is certain


@dataclass(frozen=True, eq=False)
class Outlook:
    """The posterior carried to the horizon.

    Parameters
    ----------
    fit : Fit
    draws : Draws
    days : int
        Days to the horizon.
    seed : int
    nodes : ndarray of int, shape (node,)
        Days after the information date at which totals are computed.
    rates : mapping of str to Rates
        Of each quantity, at place 0 on the line.
    bend : Bend or None
        What is supposed of the days ahead.
    """

    fit: Fit
    draws: Draws
    days: int
    seed: int
    nodes: np.ndarray = field(repr=False)
    rates: Mapping[str, Rates] = field(repr=False)
    bend: Bend | None = None

    @functools.cached_property
    def _runs(self) -> dict[tuple[str, float], Increments]:
        return {}

    @functools.cached_property
    def expected(self) -> dict[str, Rates]:
        """The rates without the noise of what is counted, where nothing bends them."""
        moves, draws = _moves(self.fit, self.draws), self.draws
        return carried(self.fit.model, self.days, draws.points, draws.rates, draws.ahead, moves)

    @property
    def _bent(self) -> tuple[float, float] | None:
        """The bend, by the day of the count."""
        if self.bend is None:
            return None
        return float(self.fit.model.evidence.days + self.bend.day), self.bend.factor

    def _beside(self, days: np.ndarray) -> np.ndarray:
        """Return the places of nodes, with those next to the bend where there is one."""
        every = days if self.bend is None else np.union1d(days, self.bend.nodes)
        return np.unique(np.searchsorted(self.nodes, every[every <= self.days]))

    @property
    def nbytes(self) -> int:
        """Most of the memory that it keeps [byte]."""
        draws, rates = self.draws, self.rates.values()
        arrays = [draws.points, draws.ahead, draws.tables.density, draws.tables.cdf]
        arrays += [array for rate in rates for array in (rate.past, rate.counted)]
        return sum(array.nbytes for array in arrays)

    def path(self, quantity: str, begin: float = 0.0) -> Increments:
        """Return what is counted from a past day on at place 0, at each node."""
        if (quantity, begin) not in self._runs:
            ends = float(self.fit.model.evidence.days) + self.nodes
            self._runs[quantity, begin] = self.rates[quantity].run(begin, ends, self._bent)
        return self._runs[quantity, begin]

    def share_ahead(self, quantity: str) -> float:
        """Return the share of the variance of a log gain that the days ahead make.

        The gain of half the days to the horizon; each draw of the past has two futures, whose
        spread no report tells.
        """
        run, draws = self.path(quantity), self.draws
        middle = int(np.searchsorted(self.nodes, self.days // 2))
        log = np.log(np.maximum(run.node(middle) - run.node(0), _SURE))
        place = draws.tables.quantiles(np.array([0.125, 0.375, 0.625, 0.875]))
        weights = draws.weights.ravel() / draws.replicates
        within = float(weights @ log.var(axis=1, ddof=1))
        centre = log.mean(axis=1)
        between = float(weights @ (centre - weights @ centre) ** 2) - within / log.shape[1]
        off = place.mean(axis=1) - weights @ place.mean(axis=1)
        scale = float(weights @ place.var(axis=1)) + float(weights @ off**2)
        whole = within + max(between, 0.0) + scale
        return float(within / whole) if whole > 0 else 0.0  # of an exact dossier nothing is open

    def figure(self, quantity: str, basis: str) -> PrintedTotal:
        """Return a total as it is (``"latent"``), or as a source will print it.

        Raises
        ------
        InputError
            If the source has no figure for the quantity that is known on the information date.
        """
        if basis == LATENT:
            none = np.zeros(self.draws.points.shape[0])
            return PrintedTotal(self.path(quantity), none, 1.0, least=self._least(quantity))
        model = self.fit.model
        node = (original(model.evidence.dossier, basis), quantity)
        explicit, slope, hidden = self.error(node, float(model.evidence.days))
        counted = next((c for c in model.evidence.counts if c.node == node), None)
        last = self._last(node)
        if last is not None and (counted is None or last.end > counted.last):
            gain = self.path(quantity, min(last.end, float(model.evidence.days)))
            return PrintedTotal(gain, explicit, 1.0 + slope, self._words(last), hidden)
        if counted is None:
            return PrintedTotal(self.path(quantity), explicit, 1.0 + slope, hidden=hidden)
        gain = self.path(quantity, counted.last)
        return PrintedTotal(gain, explicit, 1.0 + slope, counted.total)

    def _last(self, node: Node) -> Term | None:
        """Return the last total that a source printed; None where it printed none."""
        totals = [
            term for term in self.fit.model.evidence.terms if term.node == node and term.is_total
        ]
        return max(totals, key=lambda term: term.end, default=None)

    def _least(self, quantity: str) -> float:
        """Return the latest "at least" of a total that nobody else could contradict [unit]; else 0.

        A single source speaks, or nothing puts an end above.
        """
        evidence = self.fit.model.evidence
        sources = {term.node[0] for term in evidence.terms} | {c.node[0] for c in evidence.counts}
        table = table_of(evidence.dossier, quantity, evidence.as_of)
        floors = [(0.0, 0.0)]
        for term in evidence.terms:
            if term.is_total and term.node[1] == quantity:
                number = table.floor(evidence.dossier.claims[term.claim])
                floors += [] if number is None else [(term.end, number)]
        return max(floors)[1] if evidence.floors or len(sources) == 1 else 0.0

    def is_least(self, quantity: str, basis: str) -> bool:
        """Tell whether the last total of a source says "at least", which its count then is."""
        dossier = self.fit.model.evidence.dossier
        last = None if basis == LATENT else self._last((original(dossier, basis), quantity))
        if last is None:
            return False
        claim = dossier.claims[last.claim]
        table = table_of(dossier, claim.quantity, self.fit.model.evidence.as_of)
        return table.floor(claim) is not None

    def _words(self, term: Term) -> Floats:
        """Return what a source's last total may be by its words, shape (draw, stretch)."""
        evidence, draws = self.fit.model.evidence, self.draws.points.shape[0]
        claim = evidence.dossier.claims[term.claim]
        table = table_of(evidence.dossier, claim.quantity, evidence.as_of)
        floor = table.floor(claim)
        if floor is not None:  # a floor is that number in the source's own count
            return np.full((draws, 1), float(floor))
        words = table.elicit(claim)
        # by another irrational than the places on the line, of which it tells nothing
        inside = ((np.arange(draws) * math.sqrt(2)) % 1.0)[:, None]
        shares = (np.arange(_STRETCHES) + inside) / _STRETCHES
        return np.asarray(quantile(words, np.clip(shares, _EDGE, 1 - _EDGE)))

    def share_by(self, quantity: str, day: float) -> Floats:
        """Return how much of today's total had been counted by the end of a past day, (draw,)."""
        past = self.fit.model.counted(self.rates[quantity].past, 0.0, day)
        return np.asarray(past / self.path(quantity).node(0)[:, 0])

    def error(
        self, node: Node, day: float
    ) -> tuple[Floats, float, tuple[Floats, Floats, Floats] | None]:
        """Return the log of a source's error on a day.

        Returns
        -------
        explicit : ndarray of float, shape (draw,)
            What it owes to recorded series, at place 0 on the line.
        slope : float
            Its change along the line.
        hidden : tuple of ndarray or None
            Places on the line, and mean and standard deviation there of what is integrated, given
            one of the settings of widths and drifts; shape (draw, place).
        """
        model, network = self.fit.model, self.fit.model.network
        if node not in network.nodes:
            got = f"none of '{node[0]}' for '{node[1]}' by {model.evidence.as_of}"
            raise refusal("figure of a basis", got, f"dossier '{model.evidence.dossier.id}'")
        index, u = network.index(node), model.places["u"]
        weights, mean = network.explicit(index, day)
        explicit = self.draws.points[:, u] @ weights + mean
        line = self.fit.line
        slope = float(line[u] @ weights)
        if index in network.series:
            return explicit, slope, None
        means, sds = self._hidden(index, day)
        quoted, repeated = network.quoted[index], self.repeated(node)
        if quoted is not None and repeated is not None:
            weights, mean = network.explicit(quoted, day)
            apart = self.draws.points[:, u] @ weights + mean - explicit
            moved = apart[:, None] + (float(line[u] @ weights) - slope) * self._places
            wide = (self._spaced(_BRONZE) > WEIGHTS[0]).astype(int)
            means = np.where(repeated, moved, means)
            sds = np.where(repeated, REPEATED * WIDTHS[wide], sds)
        return explicit, slope, (self._places, means, sds)

    def repeated(self, node: Node) -> np.ndarray | None:
        """Return where a source prints the count that is its one input, shape (draw, place).

        None where it has no such input.
        """
        model = self.fit.model
        index = model.network.index(node)
        if model.network.quoted[index] is None:
            return None
        block = conditioning(model, index)
        repeats = [] if block is None else [index in one.repeats for one in block.settings]
        if block is None or not any(repeats):  # none of its figures can be compared
            return np.asarray(self._spaced(_SILVER) < REPEATS)
        states, chosen = self._chosen(block)
        return np.asarray(np.array(repeats)[states.which][chosen])

    @functools.cached_property
    def _places(self) -> Floats:
        """Places, one in each of a few strata of each draw, evenly spread over draws."""
        draws = self.draws.points.shape[0]
        inside = (np.arange(draws) * _PLASTIC + 0.5 / (1 + self.seed % 89)) % 1.0
        return self.draws.tables.quantiles((np.arange(PLACES) + inside[:, None]) / PLACES)

    def _hidden(self, node: int, day: float) -> tuple[Floats, Floats]:
        model, places = self.fit.model, self._places
        block = conditioning(model, node)
        network = model.network
        often, wider = network.strays(node, () if block is None else block.nodes)
        astray = wider[np.searchsorted(often.cumsum()[:-1], self._spaced(_COPPER), side="right")]
        if block is None:
            return np.zeros_like(places), np.sqrt(network.variance(node, day) + astray + _CERTAIN)
        (eta, slopes), (states, chosen) = self._predicted, self._chosen(block)
        lifts, sds = block.error(network, node, day, states)
        residual = (block.centres - eta[:, block.figures])[:, None]
        residual = residual - places[..., None] * slopes[block.figures]
        means = np.einsum("npf,npf->np", residual, lifts[chosen], optimize=True)
        return means, np.sqrt(sds[chosen] ** 2 + astray + _CERTAIN)

    def _spaced(self, step: float) -> Floats:
        """Return numbers of (0, 1) evenly spread over draws and places, by an irrational step.

        So that each alternative is met as often as is its due.
        """
        number = np.arange(self._places.size).reshape(self._places.shape)
        return np.asarray((number * step + 0.5 / (1 + self.seed % 97)) % 1.0)

    def _chosen(self, block: Block) -> tuple[States, np.ndarray]:
        """Return the states of a block, and one of them by draw and place.

        That is the same for all sources whose errors belong together.
        """
        if block not in self._states:
            lines = block.along(*self._predicted)
            states = lines.states(self._places)
            terms = lines.under(states).terms(self._places)
            chance = np.stack([special.softmax(logs, axis=0) for logs in terms], axis=2)
            chance = chance.cumsum(axis=0)
            chosen = (self._spaced(_GOLDEN) > chance).sum(axis=0)
            self._states[block] = states, np.minimum(chosen, states.which.size - 1)
        return self._states[block]

    @functools.cached_property
    def _states(self) -> dict[Block, tuple[States, np.ndarray]]:
        return {}

    @functools.cached_property
    def _predicted(self) -> tuple[Floats, Floats]:
        """The log of each figure as predicted, and its change along the line."""
        model, draws = self.fit.model, self.draws
        return model.predicted(draws.points, draws.rates), slopes_along(model, self.fit.line)

    @functools.cached_property
    def likelihood_of_all(self) -> Floats:
        """The log likelihood of all reports on the tables, shape (draw, place)."""
        return self.draws.tables.smooth(self.fit.model.along(*self._predicted))

    @functools.cached_property
    def _by_block(self) -> dict[Content, Floats]:
        """That of each block of reports by itself, and of all that are in none."""
        model, smooth = self.fit.model, self.draws.tables.smooth
        apart = {None: smooth(model.under(()).along(*self._predicted))}
        return apart | {
            model.content(block): smooth(block.along(*self._predicted)) for block in model.blocks
        }

    def change(self, less: Model) -> Floats:
        """Return the log likelihood of fewer reports less that of all, shape (draw, place).

        Blocks of reports of which none is left out are not computed again.
        """
        kept = {less.content(block): block for block in less.blocks}
        gone = [part for content, part in self._by_block.items() if content not in kept]
        new = tuple(block for content, block in kept.items() if content not in self._by_block)
        claims, (eta, slopes) = {term.claim for term in less.evidence.terms}, self._predicted
        left_out = [term.claim not in claims for term in self.fit.model.evidence.terms]
        rest = np.setdiff1d(np.arange(slopes.size), np.flatnonzero(left_out))
        values = less.under(new).along(eta[:, rest], slopes[rest])
        return np.asarray(self.draws.tables.smooth(values) - sum(gone))

    def averaged(self, values: Floats) -> Floats:
        """Average over the draws of each replicate, shape (replicate, ...)."""
        weights = self.draws.weights
        shaped = values.reshape(*weights.shape, *values.shape[1:])
        return np.asarray(np.einsum("rn,rn...->r...", weights, shaped, optimize=True))

    def asked(self, figure: PrintedTotal, thresholds: Sequence[float]) -> Floats:
        """Return the law of a figure at some thresholds, shape (replicate, threshold, day)."""
        laws = [self._law(figure, float(k)) for k in thresholds]
        if not laws:
            return np.empty((self.draws.replicates, 0, self.days + 1))
        return np.stack(laws, axis=1)

    def _law(self, figure: PrintedTotal, threshold: float) -> Floats:
        """Return the law at one threshold, shape (replicate, day).

        Computed at a few nodes, then at more of them wherever it rises between two.
        """
        every = np.zeros((self.draws.replicates, self.nodes.size))
        coarse = np.r_[self.nodes[::_COARSE], self.days]
        wanted = self._beside(coarse)
        known = np.zeros(0, dtype=np.intp)
        while wanted.size:
            every[:, wanted] = self.averaged(
                figure.exceedance(self.draws.tables, threshold, wanted)
            )
            known = np.union1d(known, wanted)
            score = special.ndtri(np.clip(every[:, known].mean(axis=0), _RARE, 1 - _RARE))
            rises = (np.diff(score) > _RISE) & (np.diff(known) > 1)
            wanted = (known[:-1][rises] + known[1:][rises]) // 2
        return self.daily(every[:, known], self.nodes[known])

    def daily(self, law: Floats, nodes: np.ndarray | None = None) -> Floats:
        """Return a law known at the nodes day by day, by monotone cubics along the last axis."""
        rising = np.maximum.accumulate(np.clip(law, 0.0, 1.0), axis=-1)
        knots = self.nodes if nodes is None else nodes
        with np.errstate(all="ignore"):  # slopes of what is next to nothing
            curve = pchip(knots, rising, np.arange(self.days + 1))
        return np.asarray(np.clip(curve, 0.0, 1.0))

    def totals(self, figure: PrintedTotal, last: int | None = None) -> Totals:
        """Return the quantiles of a figure to the last day, from the weighted draws."""
        end = self.days if last is None else last
        nodes = self._beside(node_days(end))
        nodes = nodes[self.nodes[nodes] <= end]
        columns = figure.draws(self.draws.tables, nodes)
        return weighted_totals(columns, self.nodes[nodes], self.draws.weights)


def outlook_of(sampler: Sampler, bend: Bend | None = None) -> Outlook:
    """Carry the draws so far to the horizon, under what is supposed of the days ahead."""
    seed = sampler.seed
    return _outlook(sampler.fit, sampler.draws(), sampler.days, seed, sampler.noise(), bend)


def redrawn(
    outlook: Outlook, rows: np.ndarray, ahead: Floats, streams: Sequence[np.random.Generator]
) -> Outlook:
    """Return some draws of a posterior with one other future of each, all of equal weight.

    Parameters
    ----------
    outlook : Outlook
    rows : ndarray of int, shape (draw,)
        Draws, those of each replicate side by side.
    ahead : ndarray of float, shape (draw, normal)
        Standard normals of the futures.
    streams : sequence of Generator
        One a replicate, of the noise of the weeks ahead.
    """
    earlier = outlook.draws
    draws = dataclasses.replace(
        earlier,
        points=earlier.points[rows],
        rates={key: rate[rows] for key, rate in earlier.rates.items()},
        tables=earlier.tables.of(rows),
        log_weights=np.zeros(rows.size),
        ahead=ahead[:, None],
        which=earlier.which[rows],
    )
    return _outlook(outlook.fit, draws, outlook.days, outlook.seed, streams, outlook.bend)


def _outlook(  # noqa: PLR0917 - all that an outlook is made of
    fit: Fit,
    draws: Draws,
    days: int,
    seed: int,
    streams: Sequence[np.random.Generator],
    bend: Bend | None,
) -> Outlook:
    noise = functools.partial(_noise, fit.model, streams=streams, bend=bend)
    moves = _moves(fit, draws)
    rates = carried(fit.model, days, draws.points, draws.rates, draws.ahead, moves, noise)
    return Outlook(fit, draws, days, seed, _nodes(days, bend), rates, bend)


def _moves(fit: Fit, draws: Draws) -> Moves:
    return Moves.of([one.model.hypothesis for one in fit.supposed], draws.which)


def _nodes(days: int, bend: Bend | None) -> np.ndarray:
    """Return days at which totals are computed: daily at first, then more and more rarely."""
    parts = [np.arange(_DAILY), np.arange(_DAILY, _OTHER, 2)]
    parts += [np.arange(_OTHER, _WEEKLY, WEEK), np.arange(_WEEKLY, days, 2 * WEEK)]
    joined = np.concatenate(parts if bend is None else [*parts, bend.nodes])
    return np.unique(np.r_[joined[joined < days], days])


def _noise(
    model: Model, rates: Floats, streams: Sequence[np.random.Generator], bend: Bend | None
) -> Floats:
    """Return gamma factors of the counts of whole weeks, shape (week, draw, future).

    Their mean is 1, their variance noise / count.
    """
    noise, step = noise_of(model.evidence.dossier, model.evidence.root), model.evidence.step
    if noise == 0:
        return np.ones_like(rates)
    if bend is not None:  # what is counted less is noisier
        begins = step * (model.cells + np.arange(rates.shape[0], dtype=float))
        begins -= model.evidence.days
        rates = rates * bend.weekly(begins, step)[:, None, None]
    shape = np.maximum(step * rates / noise, 1e-3)
    rows = shape.reshape(shape.shape[0], len(streams), -1, shape.shape[2])
    out = np.empty(rows.shape)
    for r, stream in enumerate(streams):
        out[:, r] = stream.standard_gamma(rows[:, r])
    out /= rows
    return out.reshape(shape.shape)


# One total as one source, or nobody, prints it.

PLACES = FUTURES
"""Places on the line that stand for each draw where the error of a source is integrated."""

_SPREAD = 8  # places on the line of a draw, or scores of its error, where totals are read ...
_ENOUGH = 16384  # ... while there are fewer than these in all
_LEAST = 1e-9  # slope along the line below which a figure does not move with it


@dataclass(frozen=True, eq=False)
class PrintedTotal:
    """One total as one source, or nobody, prints it.

    At place p on the line of a draw it is ``offset + exp(log_factor + slope p) path``. Where the
    source's error is integrated, ``hidden`` holds, for a few places on the line of each draw, the
    mean and the standard deviation of its log.

    Parameters
    ----------
    path : Increments
        At place 0, from the information date to the horizon [unit].
    log_factor : ndarray of float, shape (draw,)
    slope : float
        Change of the log of the figure along the line.
    offset : float or ndarray of float, shape (draw, place)
        A printed total to which the path adds [unit]: of a recorded count, or, at places evenly
        spread over what its words mean, a source's last figure.
    hidden : tuple of ndarray, optional
        Places, means and standard deviations, each of shape (draw, place).
    least : float
        What is known to be counted: no figure is smaller [unit].
    """

    path: Increments = field(repr=False)
    log_factor: Floats = field(repr=False)
    slope: float
    offset: float | Floats = 0.0
    hidden: tuple[Floats, Floats, Floats] | None = field(default=None, repr=False)
    least: float = 0.0

    def exceedance(self, tables: Tables, threshold: float, nodes: np.ndarray) -> Floats:
        """Return P(figure >= threshold) for each draw, shape (draw, node)."""
        lefts = threshold - np.atleast_2d(self.offset).T
        if threshold <= self.least:
            lefts = np.zeros_like(lefts)
        ahead = lefts[(lefts > 0).any(axis=1)]  # of the others all is printed already
        out = np.full((nodes.size, self.log_factor.size), float(len(lefts) - len(ahead)))
        logs = np.log(np.maximum(ahead, np.finfo(float).tiny)) - self.log_factor
        for index, node in enumerate(nodes if len(ahead) else ()):
            with np.errstate(divide="ignore"):  # draws side by side: numpy goes along the last axis
                path = np.log(np.ascontiguousarray(self.path.node(int(node)).T))
            for left, log in zip(ahead, logs, strict=True):
                out[index] += np.where(left > 0, self._above(tables, log - path), 1.0)
        return np.asarray(out.T / len(lefts))

    def _above(self, tables: Tables, gap: Floats) -> Floats:
        """Return P(log of the factor on the path >= gap) for each draw; gap is (future, draw)."""
        if self.hidden is not None:
            centres, sharpness = self._errors
            return np.asarray(ndtr((centres - gap) * sharpness).mean(axis=(0, 1)))
        slope = self.slope if abs(self.slope) > _LEAST else _LEAST
        survival = tables.survival(gap.T / slope).mean(axis=1)
        return np.asarray(survival if slope > 0 else 1.0 - survival)

    @functools.cached_property
    def _errors(self) -> tuple[Floats, Floats]:
        """Means of the log of the factor, and one over its deviations, shape (place, 1, draw)."""
        places, means, sds = cast("tuple[Floats, Floats, Floats]", self.hidden)
        centres, sharpness = self.slope * places + means, 1 / sds
        return centres.T[:, None].copy(), sharpness.T[:, None].copy()

    def draws(self, tables: Tables, nodes: np.ndarray) -> Iterator[Floats]:
        """Yield the figure by each node, at places evenly spread over each draw and its errors.

        Shape (draw, place): every place with every future, of equal weight.
        """
        size = self.log_factor.size
        inside = ((np.arange(size) * _GOLDEN) % 1.0)[:, None]
        spread = min(_SPREAD, max(PLACES, _ENOUGH // size))
        if self.hidden is None:
            log = self.slope * tables.quantiles((np.arange(spread) + inside) / spread)
        else:
            places, means, sds = self.hidden
            each = spread // places.shape[1]
            scores = special.ndtri((np.arange(each) + np.clip(inside, 1e-3, 1 - 1e-3)) / each)
            log = (self.slope * places + means)[..., None] + sds[..., None] * scores[:, None]
        factor = np.exp(self.log_factor + log.reshape(size, -1).T)[:, None]
        printed = self._printed(factor.shape[0])
        for node in nodes:
            totals = factor * np.ascontiguousarray(self.path.node(int(node)).T)
            totals += printed
            yield np.maximum(totals, self.least, out=totals).reshape(-1, size).T

    def _printed(self, places: int) -> Floats:
        """Return the printed totals beside so many places of each draw, shape (place, 1, draw).

        Stretches of what the words mean and places on the line are paired in another order from
        draw to draw: the one tells nothing of the other.
        """
        offset = np.atleast_2d(self.offset)
        rows = np.arange(offset.shape[0])[:, None]
        columns = (np.arange(places) * offset.shape[1] // places + rows) % offset.shape[1]
        return np.asarray(offset[rows, columns].T[:, None])
