"""One thread for linear algebra, so that a seed gives the same bytes on any number of cores.

A matrix product split over threads adds in another order and ends in other last digits; with
the small matrices used here the threads also cost more than they bring.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import ThreadpoolController

from attrition.core.late import linalg


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
