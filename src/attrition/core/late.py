"""What is imported when it is first used, not when it is named.

Importing :mod:`scipy.special` takes a fifth of a second, and so do the rooms of the house together:
longer than a wrong argument takes to be refused, or a dossier to be checked. What is called is the
same as by ``from scipy import linalg, special``, and by plain imports in a room's front.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from importlib import import_module
from importlib.util import LazyLoader, find_spec, module_from_spec
from typing import TYPE_CHECKING, Any

from attrition.core.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from scipy import linalg, special
else:

    class _Late:
        """A module that is imported when something in it is asked for."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module holds
            if spared:
                _spare()
            value = getattr(import_module(self._name), name)
            setattr(self, name, value)  # from here on found at once
            return value

    linalg, special = _Late("scipy.linalg"), _Late("scipy.special")

__all__ = ["attributes", "linalg", "optional", "spared", "special"]


def optional(module: str, place: str, remedy: str) -> Any:  # noqa: ANN401 - a module
    """Return a module that an extra brings.

    Raises
    ------
    InputError
        If it is not installed, with the remedy.
    """
    try:
        return import_module(module)
    except ImportError:
        got = "an environment without it"
        raise refusal("library", got, place, module=module, remedy=remedy) from None


spared: list[str] = []
"""Parts of NumPy that this process is not expected to use. NumPy imports them when they are used,
but SciPy copies its whole namespace, and so imports them all; those named here are put off again.
"""


def _spare() -> None:
    """Put those parts off, and let SciPy read none of the help texts that it adds to."""
    while spared:
        _put_off(spared.pop())
    with contextlib.suppress(ImportError, AttributeError):
        docs: Any = import_module("scipy._lib._docscrape")
        docs.FunctionDoc = functools.partial(docs.FunctionDoc, doc="")


def _put_off(name: str) -> None:
    """Let a part of a package be imported when something in it is asked for."""
    spec = None if name in sys.modules else find_spec(name)
    if spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    package, _, part = name.rpartition(".")
    setattr(sys.modules[package], part, module)


def attributes(room: str, homes: Mapping[str, Iterable[str] | str]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a room whose names are imported when first used (PEP 562).

    Parameters
    ----------
    room : str
        The package.
    homes : mapping of str to str
        Names by the module that has them, counted from ``attrition``; several as a tuple, or with
        spaces between them.

    Returns
    -------
    callable
    """
    modules = {
        name: f"attrition.{module}"
        for module, names in homes.items()
        for name in (names.split() if isinstance(names, str) else names)
    }

    def attribute(name: str) -> Any:  # noqa: ANN401 - whatever the module holds
        if name not in modules:
            message = f"module {room!r} has no attribute {name!r}"
            raise AttributeError(message)
        value = getattr(import_module(modules[name]), name)
        setattr(sys.modules[room], name, value)
        return value

    return attribute
