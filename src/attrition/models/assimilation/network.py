"""Errors of sources: constant and drifting parts, shared along the graph of who derives from whom.

On the log scale the error of source s about a quantity is

    e_s(t) = rho * mean of its inputs' errors + sqrt(1 - rho^2) * (a_s + o_s(t)),

with a_s constant and heavy-tailed (nine times in ten a normal of the stated standard deviation,
else one eight times as wide, each source by itself) and o_s an Ornstein-Uhlenbeck process in the
logarithm of the time since the count began, because an error in what is newly counted weighs as its
share of the total.
How fast a source with several figures drifts is itself unknown: five rates about the stated one,
from a twelfth to twelve times, weighted as a lognormal. A copy is its original: it has no error
of its own and no node. A source whose one input has a recorded count may print just that count.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from attrition.core._typing import Floats
from attrition.data.dossier import Dossier
from attrition.data.elicitation.pooling import SHARED, groups, original

WEIGHTS = np.array([0.9, 0.1])
"""How often a source errs as stated, and how often more."""

WIDTHS = np.array([1.0, 8.0])
"""How far it then errs, in stated standard deviations."""

RATES = np.exp(1.25 * np.arange(-2, 3))
"""How fast a source with several figures may drift, in stated standard deviations."""

RATE_WEIGHTS = np.exp(-0.5 * np.log(RATES) ** 2) / np.exp(-0.5 * np.log(RATES) ** 2).sum()
"""Prior of these rates: lognormal about 1, a factor of e for one standard deviation."""

REPEATS = 0.5
"""How often a source whose one input has a recorded count prints that count and no other."""

REPEATED = 0.02
"""Standard deviation of the log of what it then prints over the recorded count, besides wording."""

Node = tuple[str, str]
"""A source (the original, where it is a copy) and a quantity."""

_MONTH = 30.0  # days within which a young count has no history to speak of
_LENGTH = 1.0  # of the drift, in units of the logarithm of time
_KNOTS = 14  # knots of the drift of a recorded series; between them it is read in straight lines
_MOST = 4  # sources in the error of a single figure that may be off: those that count for most
_SIGNS = {"understates": -1.0, "overstates": 1.0, None: 0.0}


def clock(day: ArrayLike) -> Floats:
    """Return the logarithm of time by which errors drift, from days since the count began."""
    return np.asarray(np.log1p(np.asarray(day, dtype=float) / _MONTH))


def similarity(one: Floats, other: Floats) -> Floats:
    """Return the correlation of a drift between clock times, shape (one, other)."""
    return np.asarray(np.exp(-np.abs(one[:, None] - other) / _LENGTH))


@dataclass(frozen=True, slots=True)
class Drift:
    """The drifting part of the error of a recorded series.

    Parameters
    ----------
    knots : ndarray of float, shape (knot,)
        Clock times, ascending.
    root : ndarray of float, shape (knot, knot)
        Maps standard normals to the values at the knots [log].
    """

    knots: Floats
    root: Floats

    def at(self, day: float) -> Floats:
        """Return the value on a day as weights on the standard normals, shape (knot,)."""
        place = float(np.interp(clock(day), self.knots, np.arange(self.knots.size)))
        left = min(int(place), self.knots.size - 2)
        share = place - left
        return np.asarray((1 - share) * self.root[left] + share * self.root[left + 1])


def drift_of(first: float, last: float, scale: float) -> Drift:
    """Return a drift from one day to another, with even knots on the clock."""
    begin, end = float(clock(first)), float(clock(last))
    knots = np.asarray(np.linspace(begin, max(end, begin + 1e-3), _KNOTS), dtype=float)
    covariance = similarity(knots, knots) + 1e-10 * np.eye(_KNOTS)
    return Drift(knots, np.asarray(scale * np.linalg.cholesky(covariance), dtype=float))


@dataclass(frozen=True, eq=False)
class Network:
    """The errors of all sources of one root total.

    The errors of recorded series are unknowns of the model: one standardised constant error for
    each, then the standard normals of its drift. All others are integrated.

    Parameters
    ----------
    nodes : tuple of Node
        Every source and quantity that has an error, inputs first.
    shares : ndarray of float, shape (node, node)
        Weight of each node's own error in each node's error.
    spreads, shifts, rates : ndarray of float, shape (node,)
        Standard deviation of the own constant error [log], its mean in those units, and the
        stated standard deviation of the own drift [log].
    series : tuple of int
        Nodes that have a recorded series.
    drifts : tuple of Drift
        Theirs.
    quoted : tuple of int or None
        The one input of each node, where that has a recorded series.
    history : float
        Days that the count may have gone on before its first: an error drifts the slower.
    """

    nodes: tuple[Node, ...]
    shares: Floats
    spreads: Floats
    shifts: Floats
    rates: Floats
    series: tuple[int, ...]
    drifts: tuple[Drift, ...]
    quoted: tuple[int | None, ...]
    history: float = 0.0

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return len(self.series) + sum(drift.knots.size for drift in self.drifts)

    def index(self, node: Node) -> int:
        """Return the place of a node."""
        return self.nodes.index(node)

    def explicit(self, node: int, day: float) -> tuple[Floats, float]:
        """Return what a node's error on a day owes to recorded series, and its mean.

        Returns
        -------
        weights : ndarray of float, shape (unknown,)
        mean : float
            Of the whole error, with what is integrated.
        """
        share, parts = self.shares[node], []
        mean = float(share @ (self.spreads * self.shifts))
        out = np.array([share[i] * self.spreads[i] for i in self.series])
        for i, drift in zip(self.series, self.drifts, strict=True):
            parts.append(share[i] * drift.at(day + self.history))
        return np.concatenate([out, *parts]) if self.series else np.zeros(0), mean

    @property
    def hidden(self) -> list[int]:
        """Nodes whose own errors are integrated."""
        return [i for i in range(len(self.nodes)) if i not in self.series]

    def covariances(
        self, one: Sequence[tuple[int, float]], other: Sequence[tuple[int, float]], faster: Floats
    ) -> Floats:
        """Return the covariances of what is integrated, with no source off.

        Parameters
        ----------
        one, other : sequence of tuple
            (node, day) pairs.
        faster : ndarray of float, shape (setting, node)
            How many stated standard deviations the drifts have, under several settings.

        Returns
        -------
        ndarray of float, shape (setting, one, other)
        """
        hidden = self.hidden
        left, right = (
            self.shares[np.array([n for n, _ in pairs], dtype=np.intp)][:, hidden]
            for pairs in (one, other)
        )
        constant = (left * self.spreads[hidden] ** 2) @ right.T
        drifts = (faster * self.rates)[:, hidden] ** 2
        moving = (left * drifts[:, None]) @ right.T
        left_days, right_days = (
            np.array([d for _, d in pairs], dtype=float) for pairs in (one, other)
        )
        alike = similarity(clock(left_days + self.history), clock(right_days + self.history))
        return np.asarray(constant + moving * alike)

    def variance(self, node: int, day: float) -> float:
        """Return the variance of what is integrated of a node's error, with no source off."""
        usual = np.ones((1, len(self.nodes)))
        return float(self.covariances([(node, day)], [(node, day)], usual)[0, 0, 0])

    def astray(self, nodes: Iterable[int]) -> list[int]:
        """Return the nodes whose own errors are in those of some and may be off."""
        shares = self.shares[list(nodes)]
        return [i for i in self.hidden if self.spreads[i] > 0 and shares[:, i].any()]

    def farther(self, nodes: Sequence[int], off: Sequence[int]) -> Floats:
        """Return the standard deviation that each of some that are off adds, shape (node, off)."""
        wide = np.sqrt(WIDTHS[1] ** 2 - WIDTHS[0] ** 2)
        every = np.array(off, dtype=np.intp)
        return np.asarray(wide * self.shares[list(nodes)][:, every] * self.spreads[every])

    def strays(self, node: int, known: Sequence[int] = ()) -> tuple[Floats, Floats]:
        """Return the chances of a node's error, and what each adds to its variance.

        By which of its own error and those in it are off, but for those known; the one with none
        off first.
        """
        off = [i for i in self.astray([node]) if i not in known]
        off = sorted(off, key=lambda i: -float(self.farther([node], [i])[0, 0]))[:_MOST]
        every = list(itertools.product((0, 1), repeat=len(off)))
        sets = np.array(every, dtype=np.intp).reshape(len(every), len(off))
        return WEIGHTS[sets].prod(axis=1), sets @ self.farther([node], off)[0] ** 2

    def blocks(self, nodes: Sequence[int]) -> list[list[int]]:
        """Group figures, each given by its node, that share an error that is integrated."""
        edges = [
            (f"f{i}", f"n{k}")
            for i, node in enumerate(nodes)
            for k in self.hidden
            if self.shares[node, k] != 0
        ]
        components = groups([f"f{i}" for i in range(len(nodes))], edges)
        return [[int(key[1:]) for key in group] for group in components]


def network_of(
    dossier: Dossier,
    speakers: set[Node],
    series: Mapping[Node, float],
    last: float,
    *,
    spread: Mapping[str, float],
    drift: Mapping[str, float],
    history: float = 0.0,
) -> Network:
    """Build the errors of the sources that say something.

    Parameters
    ----------
    dossier : Dossier
        Its graph of sources.
    speakers : set of Node
        Nodes that have a claim.
    series : mapping of Node to float
        Nodes that have a recorded series, and its first day since the count began.
    last : float
        Day of information since the count began.
    spread, drift : mapping of str to float
        Quantity -> standard deviations of the constant and of the drifting error [log].
    history : float
        Days that the count may have gone on before its first.
    """
    spoken = speakers | set(series)
    inherited = _inherited(dossier, spoken)
    nodes = _ordered(spoken | {n for parents in inherited.values() for n in parents}, inherited)
    shares = np.zeros((len(nodes), len(nodes)))
    for i, node in enumerate(nodes):
        parents = [shares[nodes.index(parent)] for parent in inherited.get(node, ())]
        if parents:
            shares[i] = SHARED * np.mean(parents, axis=0)
        shares[i, i] += np.sqrt(1 - SHARED**2) if parents else 1.0
    at = tuple(nodes.index(node) for node in nodes if node in series)
    alone = [inherited.get(node, []) if node not in series else [] for node in nodes]
    return Network(
        tuple(nodes),
        shares,
        np.array([spread[q] for _, q in nodes]),
        np.array([_SIGNS[dossier.sources[s].direction] for s, _ in nodes]),
        np.array([drift[q] for _, q in nodes]),
        at,
        tuple(drift_of(series[nodes[i]] + history, last + history, drift[nodes[i][1]]) for i in at),
        tuple(
            nodes.index(parents[0]) if len(parents) == 1 and parents[0] in series else None
            for parents in alone
        ),
        history,
    )


def families(dossier: Dossier, speakers: set[Node]) -> list[list[Node]]:
    """Return the sources that speak of a quantity, those together that share an input."""
    inherited = _inherited(dossier, speakers).items()
    return groups(sorted(speakers), [(node, one) for node, parents in inherited for one in parents])


def _inherited(dossier: Dossier, speakers: set[Node]) -> dict[Node, list[Node]]:
    """Return the nodes from which each one derives: those that speak, or that several share."""
    originals = sorted({original(dossier, key) for key in dossier.sources})
    direct = {
        (source, quantity): [
            (parent, quantity)
            for name in dossier.sources[source].derived_from
            if (parent := original(dossier, name)) != source
        ]
        for quantity in sorted({quantity for _, quantity in speakers})
        for source in originals
    }
    count = Counter(one for node in speakers for one in _nearest(direct, node, set())[1] - {node})
    kept = speakers | {ancestor for ancestor, number in count.items() if number > 1}
    return {node: parents for node in sorted(kept) if (parents := _nearest(direct, node, kept)[0])}


def _nearest(
    direct: Mapping[Node, list[Node]], node: Node, kept: set[Node]
) -> tuple[list[Node], set[Node]]:
    """Return the nearest kept nodes above a node, and all that were passed, itself among them."""
    nearest: list[Node] = []
    queue, seen = list(direct.get(node, [])), {node}
    while queue:
        ancestor = queue.pop(0)
        if ancestor in seen:
            continue
        seen.add(ancestor)
        if ancestor in kept:
            nearest.append(ancestor)
        else:
            queue += direct.get(ancestor, [])
    return nearest, seen


def _ordered(nodes: set[Node], inherited: Mapping[Node, list[Node]]) -> list[Node]:
    """Return nodes with inputs first; where sources derive from one another the cycle is cut."""
    out: list[Node] = []
    open_: set[Node] = set()

    def visit(node: Node) -> None:
        if node in open_:
            return
        open_.add(node)
        for parent in sorted(inherited.get(node, [])):
            visit(parent)
        out.append(node)

    for node in sorted(nodes):
        visit(node)
    return out
