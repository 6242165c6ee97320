"""Who does the work: this thread, threads, processes, or a Dask cluster; what is sent to them."""

from __future__ import annotations

import functools
import os
import pickle
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol, TypeAlias, cast, runtime_checkable

from threadpoolctl import ThreadpoolController

from attrition.core.errors import clip, refusal
from attrition.core.late import linalg, optional

RETRIES = 3  # of a piece whose worker died


@runtime_checkable
class Client(Protocol):
    """What a ``dask.distributed`` client offers."""

    def get_executor(self, **options: Any) -> Any:  # noqa: ANN401 - an Executor and its options
        """Return the cluster as an Executor."""

    def nthreads(self) -> Any:  # noqa: ANN401 - a mapping of workers to their threads
        """Return the threads of each worker."""


Workers: TypeAlias = str | Executor | Client | None
"""Who works: nobody else; an Executor; a Dask client; or a name of one of them."""


@contextmanager
def executor_of(workers: Workers) -> Iterator[tuple[Executor | None, int]]:
    """Open the workers that a caller asked for, and close those that were opened here.

    Parameters
    ----------
    workers : str, Executor or Client, optional
        ``"threads"``, ``"processes"`` (of this machine, as many as it has cores, or ``":N"`` of
        them), the address of a Dask scheduler, an Executor of :mod:`concurrent.futures`, or a
        ``dask.distributed`` client. None, or an empty text, for this thread.

    Yields
    ------
    tuple of Executor and int
        None for this thread; and how many pieces it can work on at once.

    Raises
    ------
    InputError
        If ``workers`` is none of these, or ``dask.distributed`` is not installed.
    """
    if workers is None or workers == "":
        yield None, 1
    elif isinstance(workers, str) and "://" in workers:
        remedy = "Install `attrition[dask]`, or give workers='processes'"
        distributed = optional("dask.distributed", "workers", remedy)
        with distributed.Client(workers, set_as_default=False) as client:
            yield _of_client(client)
    elif isinstance(workers, str):
        kind, _, number = workers.partition(":")
        count = int(number) if number.isdecimal() else 0 if number else os.cpu_count() or 1
        if kind not in {"threads", "processes"} or count < 1:
            raise refusal("workers", repr(workers), "workers")
        with one_thread(), _pool(kind, count) as pool:
            try:
                yield pool, count
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    elif isinstance(workers, Executor):
        with one_thread():  # once for all threads: each by itself would undo the others' limit
            yield workers, int(getattr(workers, "_max_workers", None) or os.cpu_count() or 1)
    elif isinstance(workers, Client):
        yield _of_client(workers)
    else:
        raise refusal("workers", clip(workers), "workers")


def _pool(kind: str, count: int) -> Executor:
    if kind == "threads":
        return ThreadPoolExecutor(count)
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # started afresh: a fork of a process with threads may hang
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


def _of_client(client: Client) -> tuple[Executor, int]:
    # not pure: the keys of pieces are not worked out from their content
    executor = client.get_executor(pure=False, retries=RETRIES)
    return cast("Executor", executor), max(sum(client.nthreads().values()), 1)


def packed(thing: Any) -> bytes:  # noqa: ANN401 - anything at all
    """Return a thing as bytes, by cloudpickle where it is installed.

    Some of scipy's distributions, and functions that were defined on the spot, need it.

    Raises
    ------
    InputError
        If it cannot be sent to another process.
    """
    try:
        dumps = import_module("cloudpickle").dumps
    except ImportError:
        dumps = pickle.dumps
    try:
        raw: bytes = dumps(thing)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        name = "work that pickle sends" if dumps is pickle.dumps else "work that can be sent"
        raise refusal(name, clip(str(error)), "workers") from None
    return raw


def unpacked(raw: bytes) -> Any:  # noqa: ANN401 - what was packed
    """Return what :func:`packed` packed."""
    return pickle.loads(raw)  # noqa: S301 - packed by the process that hands out the work


unpacked_once = functools.lru_cache(maxsize=4)(unpacked)
"""The same of what comes to a process with every piece."""


# One thread for linear algebra, so that a seed gives the same bytes on any number of cores.
#
# A matrix product split over threads adds in another order and ends in other last digits; with
# the small matrices used here the threads also cost more than they bring.


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit the BLAS library to one thread inside the context."""
    with _controller().limit(limits=1, user_api="blas"):
        yield


@functools.cache
def _controller() -> ThreadpoolController:
    """Return what controls the BLAS libraries: NumPy's and SciPy's, each of which has its own."""
    _ = linalg.blas  # which loads SciPy's: what is loaded later would not be limited
    return ThreadpoolController()
