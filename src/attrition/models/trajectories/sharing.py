"""Replicates shared out among workers: each is advanced by itself, and nothing else depends on it.

What a worker needs besides the state of its replicates is a recipe of a few kilobytes, from which
it makes its own copy of the model, once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Protocol

from attrition.core.tasks import in_order, packed, unpacked
from attrition.core.threads import one_thread


class Shared(Protocol):
    """A model whose replicates can be advanced elsewhere."""

    @property
    def recipe(self) -> tuple[Callable[..., Shared], tuple[Any, ...]]:
        """A callable, and the arguments with which it makes this model again."""
        ...

    def advanced(self, task: Any) -> Any:  # noqa: ANN401 - the model's own
        """Return the state of some replicates after more points; changes nothing here."""
        ...


def shared_out(model: Shared, executor: Executor | None, tasks: Sequence[Any]) -> Iterator[Any]:
    """Yield ``model.advanced(task)`` for each task in order, worked out by others if there are."""
    if executor is None or isinstance(executor, ThreadPoolExecutor):
        yield from in_order(executor, model.advanced, tasks)
        return
    yield from in_order(executor, functools.partial(_advanced, packed(model.recipe)), tasks)


def _advanced(recipe: bytes, task: Any) -> Any:  # noqa: ANN401 - the model's own
    with one_thread():
        return _model_of(recipe).advanced(task)


@functools.lru_cache(maxsize=4)
def _model_of(recipe: bytes) -> Shared:
    build, arguments = unpacked(recipe)
    shared: Shared = build(*arguments)
    return shared
