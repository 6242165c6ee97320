"""Parts of scipy that are imported when they are first used, not when they are named.

Importing :mod:`scipy.special` takes a fifth of a second: longer than a wrong argument takes to be
refused, or a dossier to be checked, for which no special function is needed. What is called is
the same as by ``from scipy import linalg, special``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scipy import linalg, special
else:

    class _Late:
        """A module that is imported when something in it is asked for."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module holds
            value = getattr(import_module(self._name), name)
            setattr(self, name, value)  # from here on found at once
            return value

    linalg, special = _Late("scipy.linalg"), _Late("scipy.special")

__all__ = ["linalg", "special"]
