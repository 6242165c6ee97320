"""Things as bytes, for another process."""

from __future__ import annotations

import pickle
from importlib import import_module
from typing import Any

from attrition.core.errors import InputError, clip


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
        remedy = "Use functions and distributions of a module, or give workers='threads'"
        if dumps is pickle.dumps:
            remedy = (
                "Install `attrition[dask]`, which brings cloudpickle, or give workers='threads'"
            )
        rule = "work for another process must be made of things that can be sent there"
        raise InputError(rule, got=clip(str(error)), place="workers", remedy=remedy) from None
    return raw


def unpacked(raw: bytes) -> Any:  # noqa: ANN401 - what was packed
    """Return what :func:`packed` packed."""
    return pickle.loads(raw)  # noqa: S301 - packed by the process that hands out the work
