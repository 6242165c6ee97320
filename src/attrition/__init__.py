"""From quoted words about casualties to citable threshold dates.

Quoted words become claims, claims and counts become one posterior, the posterior becomes a law,
and the law becomes a sentence that can be cited and checked.

>>> import attrition as at
>>> forecast = at.forecast("russia-ukraine-2025-06", quantities=["russian-casualties"], seed=1)
>>> law = forecast.law("russian-casualties", basis="csis")
>>> law.crossing(1_000_000, prob=0.9).median.day
datetime.date(2025, 7, 6)
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from attrition._version import __version__
from attrition.core.errors import AttritionError, AttritionWarning, InputError

if TYPE_CHECKING:
    from attrition import evaluation as evaluation
    from attrition import forecasts as forecasts
    from attrition import page as page
    from attrition import plots as plots
    from attrition import reporting as reporting
    from attrition import text as text
    from attrition.core import laws as laws
    from attrition.core.laws import Law
    from attrition.data import articles as articles
    from attrition.data import coherence as coherence
    from attrition.data import dossier as dossier
    from attrition.data import elicitation as elicitation
    from attrition.data import series as series
    from attrition.data.articles import read_article
    from attrition.data.coherence import check
    from attrition.data.dossier import (
        Claim,
        Dossier,
        claim,
        read_claims,
        read_dossier,
        write_dossier,
    )
    from attrition.data.elicitation import elicit, pool
    from attrition.data.series import Series, read_series
    from attrition.evaluation import hindcast
    from attrition.forecasts import Forecast, Question, forecast, when
    from attrition.models import pace as pace
    from attrition.reporting import Record, cite, verify
    from attrition.reporting import exchange as exchange
    from attrition.text import parse

_MODULES = {
    "articles": "data.articles",
    "coherence": "data.coherence",
    "dossier": "data.dossier",
    "elicitation": "data.elicitation",
    "evaluation": "evaluation",
    "exchange": "reporting.exchange",
    "forecasts": "forecasts",
    "laws": "core.laws",
    "pace": "models.pace",
    "page": "page",
    "plots": "plots",
    "reporting": "reporting",
    "series": "data.series",
    "text": "text",
}
_ROOMS = {
    "core.laws": ("Law",),
    "data.articles": ("read_article",),
    "data.coherence": ("check",),
    "data.dossier": (
        "Claim",
        "Dossier",
        "claim",
        "read_claims",
        "read_dossier",
        "write_dossier",
    ),
    "data.elicitation": ("elicit", "pool"),
    "data.series": ("Series", "read_series"),
    "evaluation": ("hindcast",),
    "forecasts": ("Forecast", "Question", "forecast", "when"),
    "reporting": ("Record", "cite", "verify"),
    "text": ("parse",),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "AttritionError",
    "AttritionWarning",
    "Claim",
    "Dossier",
    "Forecast",
    "InputError",
    "Law",
    "Question",
    "Record",
    "Series",
    "__version__",
    "check",
    "cite",
    "claim",
    "elicit",
    "forecast",
    "hindcast",
    "parse",
    "pool",
    "read_article",
    "read_claims",
    "read_dossier",
    "read_series",
    "verify",
    "when",
    "write_dossier",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the room offers
    """Import the room of a public name when it is first used (PEP 562)."""
    if name in _MODULES:
        value: Any = import_module(f"attrition.{_MODULES[name]}")
    elif name in _HOME:
        value = getattr(import_module(f"attrition.{_HOME[name]}"), name)
    elif (place := _moved().get(name)) is not None:
        message = f"attrition.{name} is now attrition.{place} (docs/names.md)"
        # `from attrition import name` asks through importlib, and hides an AttributeError's text
        if sys._getframe(1).f_globals.get("__name__") == "importlib._bootstrap":  # noqa: SLF001
            raise ImportError(message, name="attrition")
        raise AttributeError(message)
    else:
        message = f"module 'attrition' has no attribute {name!r}"
        raise AttributeError(message)
    globals()[name] = value
    return value


@cache  # whoever looks through a module with hasattr asks a hundred times
def _moved() -> dict[str, str]:
    """Return what stood here in earlier releases, and where it is now."""
    import tomllib
    from importlib.resources import files

    table = files("attrition").joinpath("bundled", "names.toml").read_text(encoding="utf-8")
    names: dict[str, str] = tomllib.loads(table)["moved"]
    return names


def __dir__() -> list[str]:
    """List the public names and the modules."""
    return sorted([*__all__, *_MODULES])
