"""How far long work is, shown where somebody looks and nowhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol, TypeAlias, runtime_checkable

from attrition.core.errors import InputError, clip

ProgressReport: TypeAlias = Callable[[int, int], None]
"""Called with (done, all)."""


@runtime_checkable
class Bar(Protocol):
    """What bars of tqdm, and those made like them, offer."""

    total: Any

    def update(self, n: float = 1) -> Any:  # noqa: ANN401 - whatever the bar returns
        """Move on by ``n``."""
        ...


Progress: TypeAlias = bool | ProgressReport | Bar | None
"""True for a bar where one can be seen; or a callable told (done, all); or a tqdm bar."""


@contextmanager
def shown(progress: Progress, what: str) -> Iterator[ProgressReport]:
    """Turn what a caller gave as ``progress`` into a callable told (done, all).

    Parameters
    ----------
    progress : bool, callable or bar, optional
        ``True`` shows the time left: with rich in a terminal, with tqdm in a notebook where it
        is installed, and elsewhere not at all.
    what : str
        What is counted, as the label of the bar.

    Raises
    ------
    InputError
        If ``progress`` is none of these.
    """
    if progress is None or progress is False:
        yield _silent
    elif progress is True:
        with _where_seen(what) as report:
            yield report
    elif isinstance(progress, Bar):
        yield _moved(progress)
    elif callable(progress):
        yield progress
    else:
        raise InputError(
            "`progress` must be True, a callable told (done, all), or a bar like tqdm's",
            got=clip(progress),
            place="progress",
            remedy="Give for example progress=True",
        )


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


def _moved(bar: Bar) -> ProgressReport:
    at = 0

    def report(done: int, total: int) -> None:
        nonlocal at
        bar.total = total
        bar.update(done - at)
        at = done

    return report


@contextmanager
def _where_seen(what: str) -> Iterator[ProgressReport]:
    notebook = "ipykernel" in sys.modules
    if notebook:
        try:
            tqdm = import_module("tqdm.auto").tqdm
        except ImportError:
            yield _silent
            return
        with tqdm(desc=what) as bar:
            yield _moved(bar)
    elif sys.stderr.isatty():
        with _in_terminal(what) as report:
            yield report
    else:
        yield _silent


@contextmanager
def _in_terminal(what: str) -> Iterator[ProgressReport]:
    from rich import progress as parts
    from rich.console import Console

    columns = (
        parts.TextColumn("{task.description}"),
        parts.BarColumn(),
        parts.MofNCompleteColumn(),
        parts.TimeRemainingColumn(),
    )
    with parts.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
