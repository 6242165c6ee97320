"""Pieces of work, done by whoever is there, and put together in the order of their items."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from attrition.core.checks import check_seconds
from attrition.core.errors import UnfinishedError
from attrition.core.tasks.checkpoint import Arrays, Checkpoint
from attrition.core.tasks.progress import Progress, ProgressReport, shown
from attrition.core.tasks.sending import packed, unpacked
from attrition.core.tasks.workers import Workers, executor_of

_LOG = logging.getLogger("attrition")

Step: TypeAlias = Callable[[], None]
"""Called after each unit of an item, when somebody listens."""

Work: TypeAlias = Callable[[Any, Step], Arrays]
"""A pure function of an item that returns a few arrays."""

_PIECES = 1_024  # at most; a scheduler spends about a millisecond on each
_AHEAD = 8  # pieces handed out for each worker: none is idle, and few results wait in memory


@dataclass(frozen=True, slots=True)
class How:
    """How long work is done.

    Parameters
    ----------
    workers : str, Executor or Client, optional
        Who does it; see :func:`executor_of`.
    checkpoint : str or pathlib.Path, optional
        A folder for finished pieces, with which the same call goes on after a stop.
    max_time : float, optional
        Stop cleanly after this time [s].
    progress : bool, callable or bar, optional
        See :func:`shown`.

    Raises
    ------
    InputError
        If ``max_time`` is not positive.
    """

    workers: Workers = None
    checkpoint: str | Path | None = None
    max_time: float | None = None
    progress: Progress = None

    def __post_init__(self) -> None:
        """Refuse a time that is none."""
        if self.max_time is not None:
            check_seconds(self.max_time, "max_time")

    @property
    def alone(self) -> bool:
        """Whether nobody else works and nothing is kept: then nothing need be cut in pieces."""
        return self.checkpoint is None and (self.workers is None or self.workers == "")


def each(
    work: Work,
    items: Sequence[Any],
    how: How,
    *,
    what: str,
    key: str = "",
    units: Sequence[int] | None = None,
) -> list[Arrays]:
    """Do some work for each item and return the results in the order of the items.

    Many small items are handed out together, at most 1,024 pieces in all. How they are cut
    depends on the items alone, so that a checkpoint fits whoever goes on.

    Parameters
    ----------
    work : callable
        Maps (item, step) to arrays; importable by its name where others are to do it. It may
        call ``step()`` after each of the item's units.
    items : sequence
    how : How
    what : str
        The work in words.
    key : str
        Digest of all that decides the result, for the checkpoint.
    units : sequence of int, optional
        Of what progress counts, how much each item holds; 1 when left out.

    Raises
    ------
    UnfinishedError
        If the time is used up, or the workers are gone.
    InputError
        If ``how`` is out of range, or the checkpoint holds other work.
    """
    size = -(-len(items) // _PIECES) if items else 1
    pieces = [range(first, min(first + size, len(items))) for first in range(0, len(items), size)]
    weights = [1] * len(items) if units is None else list(units)
    with ExitStack() as stack:
        report = stack.enter_context(shown(how.progress, what))
        kept = None
        if how.checkpoint is not None:
            kept = Checkpoint.at(Path(how.checkpoint), what, key, len(pieces))
        run = _Run(work, items, pieces, weights, kept, report, how, what)
        executor, together = stack.enter_context(executor_of(how.workers))
        if executor is None:
            run.here()
        else:
            run.there(executor, together)
        _LOG.info("%s: %d pieces done", what, len(pieces))
        return [result for piece in range(len(pieces)) for result in run.done[piece]]


def in_order(
    executor: Executor | None, work: Callable[[Any], Any], items: Sequence[Any]
) -> Iterator[Any]:
    """Yield ``work(item)`` for each item in order, by an executor where there is one."""
    if executor is None:
        yield from map(work, items)
        return
    futures = [executor.submit(work, item) for item in items]
    try:
        for future in futures:
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


def _piece(work: Work, items: Sequence[Any]) -> list[Arrays]:
    """Do a piece, wherever this runs."""
    return [work(item, _nothing) for item in items]


def _sent_piece(raw: bytes) -> bytes:
    """Do a piece that came as bytes, which cross processes faster than many small arrays."""
    return packed(_piece(*unpacked(raw)))


def _handed(executor: Executor, work: Work, items: Sequence[Any]) -> Future[Any]:
    if isinstance(executor, ThreadPoolExecutor):
        return executor.submit(_piece, work, items)
    return executor.submit(_sent_piece, packed((work, items)))


def _results(future: Future[Any]) -> list[Arrays]:
    result = future.result()
    results: list[Arrays] = unpacked(result) if isinstance(result, bytes) else result
    return results


def _nothing() -> None:
    """Tell nobody."""


class _Run:
    """One pass over the pieces: what is done, what is left, and until when."""

    def __init__(  # noqa: PLR0917 - what `each` has worked out
        self,
        work: Work,
        items: Sequence[Any],
        pieces: Sequence[range],
        weights: Sequence[int],
        kept: Checkpoint | None,
        report: ProgressReport,
        how: How,
        what: str,
    ) -> None:
        self._work, self._items, self._pieces, self._weights = work, items, pieces, weights
        self._kept, self._report, self._how, self._what = kept, report, how, what
        self._end = None if how.max_time is None else time.monotonic() + how.max_time
        self.done: dict[int, list[Arrays]] = {}
        self._count, self._all = 0, sum(weights)
        for piece in range(len(pieces)):
            results = None if kept is None else kept.load(piece)
            if results is not None and len(results) == len(pieces[piece]):
                self._finish(piece, results, save=False)
        if self.done:
            _LOG.info("%s: %d of %d pieces from the checkpoint", what, len(self.done), len(pieces))
        report(self._count, self._all)

    def _finish(self, piece: int, results: list[Arrays], *, save: bool = True) -> None:
        if save and self._kept is not None:
            self._kept.save(piece, results)
        self.done[piece] = results
        self._count += sum(self._weights[item] for item in self._pieces[piece])
        _LOG.debug("%s: %d of %d", self._what, self._count, self._all)

    def _left(self) -> list[int]:
        return [piece for piece in range(len(self._pieces)) if piece not in self.done]

    def _in_time(self) -> None:
        if self._end is not None and time.monotonic() > self._end:
            raise self._unfinished(f"stopped after {self._how.max_time:g} s")

    def _unfinished(self, why: str) -> UnfinishedError:
        done, total = len(self.done), len(self._pieces)
        if self._kept is None:
            remedy = "nothing was kept; give a checkpoint, and the same call goes on from there"
        else:
            remedy = f"they are kept in {self._kept.folder}; the same call goes on from there"
        return UnfinishedError(f"{self._what}: {why} with {done} of {total} pieces done; {remedy}")

    def here(self) -> None:
        """Do what is left in this thread, telling of each unit."""
        for piece in self._left():
            inside = self._count

            def step() -> None:
                nonlocal inside
                inside += 1
                self._report(min(inside, self._all), self._all)
                self._in_time()

            self._in_time()
            results = [self._work(self._items[item], step) for item in self._pieces[piece]]
            self._finish(piece, results)
            self._report(self._count, self._all)

    def there(self, executor: Executor, together: int) -> None:
        """Hand what is left to an executor, a few pieces ahead, and collect as it comes."""
        left, running = iter(self._left()), dict[Future[Any], int]()
        try:
            while True:
                for piece in left:
                    items = [self._items[item] for item in self._pieces[piece]]
                    running[_handed(executor, self._work, items)] = piece
                    if len(running) >= _AHEAD * together:
                        break
                if not running:
                    return
                self._collect(running)
                self._in_time()
        except BrokenExecutor:
            self._stop(running)
            raise self._unfinished("a worker process ended before its time") from None
        finally:
            self._stop(running)

    def _collect(self, running: dict[Future[Any], int]) -> None:
        left = None if self._end is None else max(self._end - time.monotonic(), 0.0)
        for future in wait(running, timeout=left, return_when=FIRST_COMPLETED).done:
            self._finish(running.pop(future), _results(future))
            self._report(self._count, self._all)

    def _stop(self, running: dict[Future[Any], int]) -> None:
        """Take back what has not begun, and keep what was done and not yet collected."""
        while running:
            future, piece = running.popitem()
            # A worker's death ends all futures at once, those with a result beside those without.
            if not future.cancel() and future.done() and future.exception() is None:
                self._finish(piece, _results(future))
