"""Things as bytes, for another process."""

from __future__ import annotations

import pickle
from importlib import import_module
from typing import Any

from attrition.errors import InputError, clip


def packed(thing: Any) -> bytes:  # noqa: ANN401 - anything at all
    """Return a thing as bytes; some of scipy's distributions need ``cloudpickle`` for that.

    Raises
    ------
    InputError
        If it cannot be sent to another process.
    """
    try:
        return pickle.dumps(thing)
    except (pickle.PicklingError, AttributeError, TypeError):
        pass
    try:
        raw: bytes = import_module("cloudpickle").dumps(thing)
    except ImportError:
        raise InputError(
            "this work can be sent to another process only with cloudpickle",
            got="none installed",
            place="workers",
            remedy="Install `attrition[dask]`, which brings it, or give workers='threads'",
        ) from None
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise InputError(
            "work for another process must be made of things that can be sent there",
            got=clip(str(error)),
            place="workers",
            remedy="Use functions of a module, or give workers='threads'",
        ) from None
    return raw


def unpacked(raw: bytes) -> Any:  # noqa: ANN401 - what was packed
    """Return what :func:`packed` packed."""
    return pickle.loads(raw)  # noqa: S301 - packed by the process that hands out the work
