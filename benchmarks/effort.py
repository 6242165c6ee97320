"""Processor time that says the same on any machine, whatever else runs there.

A bound in seconds fails on a machine six times slower, and where neighbours fill the caches. So the
machine is timed at the same moment, by a loop of Python that took a twentieth of a second where the
bounds were set.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

_USUAL = 0.05  # processor time of the loop where the bounds were set [s]


def _loop() -> float:
    """Return the processor time of a piece of work of dictionaries, text and patterns [s]."""
    begun = time.process_time()
    words: dict[str, int] = {}
    for number in range(60_000):
        word = f"{number:x}"
        words[word[-3:]] = words.get(word[-3:], 0) + len(re.findall("[a-f]+", word))
    return time.process_time() - begun


def as_measured(spent: float, loop: float | None = None) -> float:
    """Return processor time as the machine on which bounds were set would have spent it [s]."""
    return spent * _USUAL / (_loop() if loop is None else loop)


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of a piece of work, as :func:`as_measured` [s].

    The loop runs before and after; the slower of both is the machine's pace.
    """
    before, begun = _loop(), time.process_time()
    work()
    spent = time.process_time() - begun
    return as_measured(spent, max(before, _loop()))
