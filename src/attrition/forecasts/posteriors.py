"""The posteriors behind a forecast of many totals: few fill the memory, the others are made again.

What a posterior keeps, its draws and their futures, is a hundred times what its laws keep, and is
asked for by few: for increments, joint events, paths, and totals on every day.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from attrition.core.laws import Totals
from attrition.core.laws.scenarios import Bend
from attrition.core.threads import one_thread
from attrition.models.assimilation import Evidence, Outlook, Sampler, fit, outlook_of

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
