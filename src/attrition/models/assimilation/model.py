"""The joint density of pace, shares and source errors, given the evidence on one root total.

With x the weekly log rate, piecewise constant, and C(t) the running sum of its exponential, every
figure is log C (of a total, a window, a share) plus the error of its source. The unknowns are

    s           the log rate of the first week, with a flat prior,
    z           the normals of the pace, of the spread that a hypothesis says,
    y           the standard normal steps of the logit of each part's share, by quarter,
    u           those of the errors of sources (:mod:`attrition.models.assimilation.network`),

in this order. A shift of s multiplies the whole path: it is the *scale*; the rest is the *shape*.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from attrition.core._typing import Floats
from attrition.core.days import WEEK
from attrition.core.late import special
from attrition.core.numerics import expit
from attrition.models.assimilation.blocks import Block, Lines, block_of
from attrition.models.assimilation.directions import spanned
from attrition.models.assimilation.evidence import Evidence, Term, number
from attrition.models.assimilation.network import WEIGHTS, WIDTHS, Network, network_of
from attrition.models.assimilation.paces import Hypothesis, Pace, noise_of, pace_of
from attrition.models.assimilation.readings import LogReading, Tabulated, log_density, tabulated

QUARTER = 91.0
"""Days between the knots of a share."""

_LONG = 320  # weeks from which on those of long ago are taken two months together
_RECENT, _NEAR, _BLOCK = 104, 4, 8  # weeks that stay alone: the last, those near a figure; the rest
_SERIES = (12, 0.5)  # terms of a power series, and the argument up to which they are enough
_KILLED = (-1.0986, 0.3457)  # logit of the killed share: 3 wounded per killed, 90 % 1.7-5.3
_ANY = (-1.0, 1.5)  # logit of any other share


def covered(begin: float, end: float, cells: int, step: int = WEEK) -> Floats:
    """Return how many days of each cell of `step` days lie in (begin, end], shape (cell,)."""
    start = step * np.arange(cells)
    return np.asarray(np.clip(end - start, 0, step) - np.clip(begin - start, 0, step), dtype=float)


def share_prior(evidence: Evidence, part: str) -> tuple[float, float]:
    """Return the mean and standard deviation of the logit of a part's first share."""
    dossier = evidence.dossier
    what = dossier.quantities[part]
    whole = dossier.quantities[str(what.part_of)]
    killed = what.category == "killed" and whole.category == "casualties"
    return _KILLED if killed else _ANY


@dataclass(frozen=True, slots=True)
class Share:
    """The prior of a part's share of newly counted persons, by quarter, as a random walk.

    Parameters
    ----------
    mean, spread : float
        Of the logit of its first value.
    step : float
        Standard deviation of its change in a quarter.
    """

    mean: float
    spread: float
    step: float

    def loadings(self, knots: int, days: Floats) -> Floats:
        """Return the logit on days as weights on the standard normals, shape (normal, day)."""
        walk = np.tril(np.full((knots, knots), self.step))
        walk[:, 0] = self.spread
        place = np.clip(days / QUARTER, 0, knots - 1)
        left = np.minimum(place.astype(int), max(knots - 2, 0))
        part = (place - left)[:, None]
        right = np.minimum(left + 1, knots - 1)
        return np.asarray(((1 - part) * walk[left] + part * walk[right]).T)


LogOnLines = Callable[[Floats, np.ndarray], Floats]
"""From places on the lines through some points, and which those are, to logs, (point, place)."""

Content = tuple[tuple[int, ...], bytes] | None
"""What identifies a block of reports; None for all that are in none."""


@dataclass(frozen=True, eq=False)
class Model:
    """Evidence in arrays, and the log density of the unknowns.

    Parameters
    ----------
    evidence : Evidence
    network : Network
    pace : Pace
    hypothesis : Hypothesis
        The spread of its normals.
    noise : float
        Variance over mean of the counts.
    shares : mapping of str to Share
        Part -> prior of its share.
    singles : tuple of int
        Terms that share no integrated error with another.
    readings : tuple of LogReading
        Theirs, with that error.
    blocks : tuple of Block
        The other terms, in groups that do.
    """

    evidence: Evidence
    network: Network
    pace: Pace
    hypothesis: Hypothesis
    noise: float
    shares: Mapping[str, Share]
    singles: tuple[int, ...]
    readings: tuple[LogReading, ...]
    blocks: tuple[Block, ...]

    # ------------------------------------------------------------------ sizes and places

    @functools.cached_property
    def cells(self) -> int:
        """Weeks (or days) of the count up to the information date, the last perhaps unfinished."""
        return -(-self.evidence.days // self.evidence.step)

    @functools.cached_property
    def knots(self) -> int:
        """Knots of a share."""
        return int(np.ceil(self.evidence.days / QUARTER)) + 1

    @functools.cached_property
    def places(self) -> dict[str, slice]:
        """Where the unknowns stand: ``z``, each part by its id, ``u``."""
        start = self.cells if self.basis is None else 1 + self.basis.shape[0]
        slices = {"z": slice(1, start)}
        for part in self.evidence.parts:
            slices[f"y:{part}"] = slice(start, start + self.knots)
            start += self.knots
        slices["u"] = slice(start, start + self.network.size)
        return slices

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return int(self.places["u"].stop)

    # ------------------------------------------------------------------ linear maps

    def loadings_of(self, cells: int) -> Floats:
        """Return weights of z in the log rate of so many cells, shape (cell - 1, cell).

        Where the count had begun its first cell is all the time before: the first normal is that
        of its age, and the pace begins with the second.
        """
        step = self.evidence.step / WEEK
        if not self.evidence.begun or cells == 1:
            return self.pace.loadings(cells, step)
        out = np.zeros((cells - 1, cells))
        out[0, 1:] = self.evidence.age[1]
        out[1:, 1:] = self.pace.loadings(cells - 1, step)
        return out

    @functools.cached_property
    def basis(self) -> Floats | None:
        """Orthonormal rows that z drives the normals of a long count through; None of a short one.

        Of weeks long ago, and apart from those that figures begin or end in, only the mean of two
        months is kept: nothing tells more of them, and unknowns cost as their cube.
        """
        if self.cells <= _LONG:
            return None
        loadings = self.loadings_of(self.cells)
        days = WEEK * (np.arange(self.cells) + 0.5)
        edges = {e for t in self.evidence.terms for e in (t.begin, t.end)}
        edges |= {float(e) for c in self.evidence.counts for e in (c.begin[0], c.end[-1])}
        near = np.abs(days[:, None] - np.array(sorted(edges))).min(axis=1) < WEEK * _NEAR
        near |= np.arange(self.cells) >= self.cells - _RECENT
        block = np.cumsum(near | np.r_[True, near[:-1]] | (np.arange(self.cells) % _BLOCK == 0)) - 1
        means = np.zeros((self.cells, block[-1] + 1))
        means[np.arange(self.cells), block] = 1.0
        directions = loadings @ (means / means.sum(axis=0))
        if self.evidence.begun:  # the age of the count stays an unknown of its own
            directions[0] = 0.0
        rows = spanned(directions).T
        if self.evidence.begun:
            rows = np.vstack([np.eye(1, rows.shape[1]), rows])
        return rows

    def driven(self, loadings: Floats) -> Floats:
        """Return weights of z, of those of all normals of the past, shape (z, week)."""
        return loadings if self.basis is None else np.asarray(self.basis @ loadings)

    @functools.cached_property
    def walk(self) -> Floats:
        """Weights of z in the log rate of each week, shape (z, week)."""
        return self.driven(self.loadings_of(self.cells))

    @functools.cached_property
    def precision(self) -> Floats:
        """One over the prior variance of what comes before the errors of sources: 0 of the scale.

        Shape (unknown,).
        """
        out = np.ones(self.places["u"].start)
        out[0] = 0.0
        out[self.places["z"]] = self.hypothesis.spread**-2
        if self.evidence.begun and self.cells > 1:
            out[1] = 1.0
        return out

    @functools.cached_property
    def drop(self) -> Floats:
        """What the log rate of each week lies above the scale if no step is taken, shape (week,).

        A first week that stands for an age counts as much a day as all of it does.
        """
        fall = np.log(self.evidence.step / self.evidence.age[0]) if self.evidence.begun else 0.0
        return np.where(np.arange(self.cells) > 0, fall, 0.0)

    @functools.cached_property
    def loadings(self) -> dict[str, Floats]:
        """Weights of y in the logit of each part's share by week, shape (knot, week)."""
        middle = np.asarray(self.evidence.step * (np.arange(self.cells) + 0.5), dtype=float)
        return {
            part: self.shares[part].loadings(self.knots, middle) for part in self.evidence.parts
        }

    @functools.cached_property
    def windows(self) -> Floats:
        """Days of each week that each term and block of counts is about, shape (week, datum)."""
        spans = [(t.begin, t.end) for t in self.evidence.terms]
        spans += [pair for c in self.evidence.counts for pair in zip(c.begin, c.end, strict=True)]
        return (
            np.array([covered(b, e, self.cells, self.evidence.step) for b, e in spans])
            .reshape(len(spans), self.cells)
            .T
        )

    @functools.cached_property
    def groups(self) -> dict[str, np.ndarray]:
        """Data of each quantity, as indices: terms first, then blocks of counts."""
        return _grouped([*(t.node[1] for t in self.evidence.terms), *self._counted])

    @functools.cached_property
    def wholes(self) -> dict[str, np.ndarray]:
        """Terms on shares, by the quantity of which they are a share."""
        return _grouped([t.whole for t in self.evidence.terms])

    @property
    def _counted(self) -> list[str]:
        return [c.node[1] for c in self.evidence.counts for _ in c.count]

    @functools.cached_property
    def errors(self) -> tuple[Floats, Floats]:
        """Weights of u in the error of each datum, shape (u, datum), and its mean."""
        about = [(t.node, t.end) for t in self.evidence.terms]
        for counted in self.evidence.counts:
            about += [(counted.node, float(d)) for d in (counted.begin + counted.end) / 2]
        index = self.network.index
        rows = [self.network.explicit(index(node), day) for node, day in about]
        weights = np.array([w for w, _ in rows]).reshape(len(rows), self.network.size).T
        return weights, np.array([m for _, m in rows])

    @functools.cached_property
    def scale(self) -> Floats:
        """What is subtracted from the log count of each datum: log of days, or of percent."""
        divided = [np.log(t.divide) - (np.log(100) if t.whole else 0) for t in self.evidence.terms]
        return np.array([*divided, *np.zeros(len(self._counted))])

    @functools.cached_property
    def scaled(self) -> Floats:
        """How the log of each datum moves with the scale: a share of a total does not, (datum,)."""
        moved = [0.0 if term.whole else 1.0 for term in self.evidence.terms]
        return np.array([*moved, *np.ones(len(self._counted))])

    @functools.cached_property
    def recorded(self) -> Floats:
        """The recorded counts of all blocks [unit]."""
        counts = [c.count for c in self.evidence.counts]
        return np.concatenate(counts) if counts else np.zeros(0)

    @functools.cached_property
    def table(self) -> Tabulated:
        """The log likelihood of every term."""
        return tabulated(list(self.readings))

    @functools.cached_property
    def pins(self) -> tuple[Floats, Floats]:
        """Where each datum is by itself, and how surely, as if normal, shape (datum,).

        As sure as it is where its source errs as usual; a floor pins nothing.
        """
        places = np.array([term.reading.centre for term in self.evidence.terms])
        sure = np.zeros(places.size)
        for place, reading in zip(self.singles, self.readings, strict=True):
            sure[place] = 0.0 if reading.floor else float((reading.weights / reading.sds**2).sum())
        for block in self.blocks:
            sure[block.figures] = np.diag(block.stacked.precisions[0])
        counts = np.maximum(self.recorded, 1.0)
        return np.concatenate([places, np.log(counts)]), np.concatenate([sure, counts / self.noise])

    def pinned(self, eta: Floats, turn: Floats) -> tuple[Floats, float]:
        """Return where on the line of each point the data are, and the standard deviation there.

        Taken together as if normal; ``turn`` is the change of each predicted figure, (datum,).
        """
        places, sure = self.pins
        known = float(sure @ turn**2) + np.finfo(float).tiny
        return np.asarray((places - eta) @ (sure * turn) / known), known**-0.5

    @property
    def terms(self) -> int:
        """Number of terms; blocks of counts come after them."""
        return len(self.evidence.terms)

    def under(self, blocks: tuple[Block, ...]) -> Model:
        """Return the model with other settings of its blocks; no array depends on them."""
        other = copy.copy(self)
        object.__setattr__(other, "blocks", blocks)
        return other

    def holding(self, points: Floats) -> Model:
        """Return the model with those states of its blocks alone that carry weight at points."""
        eta = self.predicted(points)
        return self.under(tuple(block.holding(eta) for block in self.blocks))

    def content(self, block: Block) -> Content:
        """Return all that a block says of a path: its reports, and what is known of their errors.

        Where that is equal in two models so are the densities, at the same predicted figures.
        """
        terms = (*block.figures.tolist(), *block.floors.tolist())
        return tuple(self.evidence.terms[i].claim for i in terms), block.content

    def without_trust(self) -> Iterator[Model]:
        """Yield the model in which one source errs far: of each figure whose error is its own."""
        for place, (term, reading) in enumerate(zip(self.singles, self.readings, strict=True)):
            often, _ = self.network.strays(self.network.index(self.evidence.terms[term].node))
            far = reading.far(often.size)
            if far is not None:
                other = copy.copy(self)
                readings = (*self.readings[:place], far, *self.readings[place + 1 :])
                object.__setattr__(other, "readings", readings)
                other.__dict__.pop("table", None)
                yield other

    def supposing(self, hypothesis: Hypothesis) -> Model:
        """Return the model with another spread of the pace; only the prior depends on it."""
        other = copy.copy(self)
        object.__setattr__(other, "hypothesis", hypothesis)
        other.__dict__.pop("precision", None)
        return other

    # ------------------------------------------------------------------ many points at once

    def rates(self, points: Floats) -> dict[str, Floats]:
        """Return the daily rate of each quantity by week, shape (point, week)."""
        x = points[:, self.places["z"]] @ self.walk
        x += points[:, :1]
        x += self.drop
        rates = {self.evidence.root: np.exp(x, out=x)}
        for part in self.evidence.parts:
            whole = str(self.evidence.dossier.quantities[part].part_of)
            rates[part] = rates[whole] * expit(self.logits(points, part))
        return rates

    def counted(self, rates: Floats, begin: float, end: float) -> Floats:
        """Return what is counted in the days (begin, end] of the past, shape (point,)."""
        return np.asarray(rates @ covered(begin, end, self.cells, self.evidence.step))

    def logits(self, points: Floats, part: str) -> Floats:
        """Return the logit of a part's share by week, shape (point, week)."""
        y = points[:, self.places[f"y:{part}"]]
        return np.asarray(self.shares[part].mean + y @ self.loadings[part])

    def counts_of(self, rates: Mapping[str, Floats]) -> Floats:
        """Return the log of what each datum counts, before errors, shape (point, datum)."""
        out = np.empty((next(iter(rates.values())).shape[0], self.windows.shape[1]))
        for key, index in self.groups.items():
            out[:, index] = np.log(rates[key] @ self.windows[:, index])
        for key, index in self.wholes.items():
            out[:, index] -= np.log(rates[key] @ self.windows[:, index])
        return out - self.scale

    def predicted(self, points: Floats, rates: Mapping[str, Floats] | None = None) -> Floats:
        """Return the log of each figure as its source would print it, shape (point, datum).

        ``rates`` are those of the points, where they are known.
        """
        weights, mean = self.errors
        errors = points[:, self.places["u"]] @ weights + mean
        return np.asarray(self.counts_of(rates or self.rates(points)) + errors)

    def log_likelihood(self, eta: Floats) -> Floats:
        """Return the log likelihood at predicted log figures (point, datum), shape (point,)."""
        return self.along(eta)(np.zeros((len(eta), 1)), np.arange(len(eta)))[:, 0]

    def along(
        self, eta: Floats, slopes: Floats | None = None, lines: Sequence[Lines] | None = None
    ) -> LogOnLines:
        """Return the log likelihood on a line through each point.

        ``lines`` are those of the blocks, where they are known.
        """
        turn = np.zeros(eta.shape[1]) if slopes is None else slopes
        single = list(self.singles)
        counted, shifts = eta[:, self.terms :], turn[self.terms :]
        figures, turned = np.ascontiguousarray(eta[:, single].T), turn[single, None]
        fixed, moved = counted @ self.recorded, float(shifts @ self.recorded)
        summed = _summed(counted, shifts)
        blocks = lines or [block.along(eta, turn) for block in self.blocks]

        def at(where: Floats, rows: np.ndarray) -> Floats:
            out = (fixed[rows, None] + where * moved - summed(where, rows)) / self.noise
            some = figures[:, rows]
            for g in range(where.shape[1] if single else 0):
                out[:, g] += self.table(some + where[:, g] * turned).sum(axis=0)
            for block in blocks:
                out += block(where, rows)
            return np.asarray(out)

        return at

    def log_errors(self, points: Floats) -> Floats:
        """Return the log prior density of what the sources err by, shape (point,)."""
        start = self.places["u"].start
        own = points[:, start : start + len(self.network.series)]
        rest = (points[:, start + own.shape[1] :] ** 2).sum(axis=1)
        return np.asarray(log_heavy(own).sum(axis=1) - 0.5 * rest)

    def log_shape(self, points: Floats) -> Floats:
        """Return the log prior density of the shape of the path, up to a constant, (point,)."""
        known = self.precision
        squares = points[:, : known.size] ** 2 @ known
        return np.asarray(0.5 * (np.log(known[1:]).sum() - squares))

    def log_common(self, points: Floats) -> Floats:
        """Return what no hypothesis about the pace changes: the log density but for the shape."""
        return self.log_errors(points) + self.log_likelihood(self.predicted(points))


def conditioning(model: Model, node: int) -> Block | None:
    """Return the figures that tell of a node's integrated error; None where no figure does."""
    network = model.network
    mine = network.shares[node, network.hidden] != 0
    nodes = [network.index(term.node) for term in model.evidence.terms]

    def tells(index: int) -> bool:
        return bool((network.shares[nodes[index], network.hidden] != 0)[mine].any())

    for block in model.blocks:
        if any(tells(int(i)) for i in [*block.figures, *block.floors]):
            return block
    for i in model.singles:
        if tells(i):
            term = model.evidence.terms[i]
            return block_of(network, [i], [(nodes[i], term.end)], [term.reading], [np.nan])
    return None


def heavy(u: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the log density of standardised constant errors, with its two derivatives."""
    weights = LogReading(WEIGHTS, np.zeros(WEIGHTS.size), WIDTHS)
    values, slopes, bends = log_density([weights], np.asarray(u).reshape(1, -1))
    return values.reshape(u.shape), slopes.reshape(u.shape), bends.reshape(u.shape)


def log_heavy(u: Floats) -> Floats:
    """Return the log density of standardised constant errors; chains ask for it at every step."""
    near, far = (
        np.log(weight / width) - 0.5 * (u / width) ** 2 - 0.5 * np.log(2 * np.pi)
        for weight, width in zip(WEIGHTS, WIDTHS, strict=True)
    )
    top = np.maximum(near, far)
    return np.asarray(np.log(np.exp(near - top) + np.exp(far - top)) + top)


def _summed(logs: Floats, slopes: Floats) -> LogOnLines:
    """Return the sum over data of exp(log + slope place).

    The slopes of one line are nearly alike: about their mean, a short power series is exact.
    """
    if not slopes.size:
        return lambda places, _: np.zeros_like(places)
    middle = 0.5 * float(slopes.min() + slopes.max())
    width, power = float(np.abs(slopes - middle).max()), np.arange(_SERIES[0])
    moments = np.exp(logs) @ ((slopes - middle)[:, None] ** power / special.factorial(power))

    def at(places: Floats, rows: np.ndarray) -> Floats:
        if width * float(np.abs(places).max(initial=0.0)) > _SERIES[1]:
            some = logs[rows]
            sums = [np.exp(some + place[:, None] * slopes).sum(axis=1) for place in places.T]
            return np.stack(sums, axis=1)
        series = np.zeros_like(places)
        for k in reversed(power):
            series = series * places + moments[rows, k, None]
        return np.asarray(series * np.exp(middle * places))

    return at


def _grouped(keys: Sequence[str | None]) -> dict[str, np.ndarray]:
    groups: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        if key is not None:
            groups.setdefault(key, []).append(index)
    return {key: np.array(index) for key, index in groups.items()}


def model_of(evidence: Evidence) -> Model:
    """Put evidence and assumptions into arrays."""
    dossier = evidence.dossier
    quantities = (evidence.root, *evidence.parts)
    network = network_of(
        dossier,
        {term.node for term in evidence.terms} | evidence.left_out,
        {counted.node: float(counted.end[0]) for counted in evidence.counts},
        float(evidence.days),
        spread={key: number(dossier, "source_error", key) for key in quantities},
        drift={key: number(dossier, "source_drift", key) for key in quantities},
        history=evidence.history,
    )
    shares = {
        part: Share(*share_prior(evidence, part), number(dossier, "share_volatility", part))
        for part in evidence.parts
    }
    nodes = [network.index(term.node) for term in evidence.terms]
    recorded = [
        _recorded(evidence, network, *pair) for pair in zip(nodes, evidence.terms, strict=True)
    ]
    grouped = network.blocks(nodes)
    singles = [group[0] for group in grouped if len(group) == 1 and np.isnan(recorded[group[0]])]
    about = [(node, term.end) for node, term in zip(nodes, evidence.terms, strict=True)]
    readings = [term.reading for term in evidence.terms]
    pace = pace_of(dossier, evidence.root)
    return Model(
        evidence,
        network,
        pace,
        max(pace.hypotheses, key=lambda hypothesis: hypothesis.share),
        max(noise_of(dossier, evidence.root), 1.0),
        shares,
        tuple(singles),
        tuple(_single(network, about[i], readings[i]) for i in singles),
        tuple(
            block_of(
                network,
                group,
                [about[i] for i in group],
                [readings[i] for i in group],
                [recorded[i] for i in group],
            )
            for group in grouped
            if group[0] not in singles
        ),
    )


def _recorded(evidence: Evidence, network: Network, node: int, term: Term) -> float:
    """Return the log of what the count that a source may repeat holds of a figure; else nan."""
    quoted = network.quoted[node]
    if quoted is None or term.whole is not None:
        return np.nan
    counted = next(c for c in evidence.counts if c.node == network.nodes[quoted])
    number = counted.within(term.begin, term.end) / term.divide
    first = float(counted.end[0])  # of what came before it only the sum is recorded
    recorded = first <= term.end <= counted.last and (term.begin <= 0 or term.begin >= first)
    return float(np.log(number)) if recorded and number > 0 else np.nan


def _single(network: Network, about: tuple[int, float], reading: LogReading) -> LogReading:
    """Return the reading of a term with the error of its source integrated."""
    often, wider = network.strays(about[0])
    return reading.mixed(often, 0.0, np.sqrt(network.variance(*about) + wider))
