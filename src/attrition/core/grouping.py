"""Things by what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

_Thing = TypeVar("_Thing")
_Trait = TypeVar("_Trait", bound=Hashable)


def grouped_by(
    things: Iterable[_Thing], key: Callable[[_Thing], _Trait]
) -> dict[_Trait, list[_Thing]]:
    """Return things by their key, both in order of first appearance.

    Examples
    --------
    >>> grouped_by([3, 1, 4, 5], lambda number: number % 2)
    {1: [3, 1, 5], 0: [4]}
    """
    groups: dict[_Trait, list[_Thing]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return groups
