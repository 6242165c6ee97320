"""How a thing of any room shows itself: through the front door, when it is asked to.

A law prints as its sentence, but the room of laws comes before the room of sentences and imports
nothing from it. So what a notebook calls asks the package itself, by name, at that moment; see
docs/decisions/0007.
"""

from __future__ import annotations

import importlib
import operator
from typing import Any


def front(name: str) -> Any:  # noqa: ANN401 - whatever the package offers
    """Return a public name of the package, as ``cite`` or ``plots.fan``."""
    return operator.attrgetter(name)(importlib.import_module("attrition"))


class Shown:
    """What a notebook asks of a thing that :func:`attrition.reporting.as_html` knows."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(front("reporting.as_html")(self))

    def _repr_mimebundle_(
        self,
        include: Any = None,  # noqa: ANN401, ARG002 - IPython's protocol
        exclude: Any = None,  # noqa: ANN401, ARG002 - the same
    ) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self._repr_html_()}
