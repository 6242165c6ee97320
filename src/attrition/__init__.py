"""From quoted words about casualties to citable threshold dates.

Quoted words become claims, claims become distributions, distributions become trajectories,
trajectories become a law, and the law becomes a sentence that can be cited and checked.

>>> import attrition as at
>>> forecast = at.forecast("russia-ukraine-2025-06", quantities=["russian-casualties"], seed=1)
>>> law = forecast.law("russian-casualties", basis="csis")
>>> at.crossing(law, 1_000_000, prob=0.9).median.day
datetime.date(2025, 7, 5)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from attrition._version import __version__
from attrition.core.errors import AttritionError, AttritionWarning, InputError

if TYPE_CHECKING:
    from attrition.core.laws import (
        Crossing,
        Law,
        Masses,
        Provenance,
        Total,
        crossing,
        masses,
        merge,
        probability_by,
        total,
        with_end,
    )
    from attrition.data.articles import Clipping, read_article
    from attrition.data.coherence import Finding, check
    from attrition.data.dossier import (
        Assumption,
        Assumptions,
        Claim,
        ClaimTable,
        Coverage,
        Dossier,
        PartialDate,
        Quantity,
        Source,
        claim,
        read_claims,
        read_dossier,
        write_dossier,
    )
    from attrition.data.elicitation import Pool, elicit, elicit_list, pool, pool_claims
    from attrition.data.series import Defect, Series, read_series
    from attrition.evaluation import (
        Hindcast,
        Outcome,
        Score,
        Summary,
        hindcast,
        recalibrated,
        score,
    )
    from attrition.forecasts import (
        Before,
        Forecast,
        ManyForecast,
        Question,
        Ratio,
        When,
        forecast,
        forecast_many,
        influence,
        scenarios,
        sensitivity,
        sweep,
        when,
    )
    from attrition.models.pace import FittedPace, Prior, fit_pace
    from attrition.models.trajectories import Limits
    from attrition.page import write_page
    from attrition.plots import (
        Style,
        figure_bytes,
        plot_claim,
        plot_claims,
        plot_crossing,
        plot_fan,
        plot_hindcast,
        plot_intervals,
        plot_law,
        plot_pit,
        plot_reports,
        plot_ridges,
        plot_sources,
        plot_tornado,
        text_alternative,
    )
    from attrition.reporting import (
        Citation,
        Record,
        as_html,
        as_text,
        cite,
        compare,
        make_record,
        read_record,
        results,
        verify,
        write_record,
    )
    from attrition.reporting.exchange import read_law, to_arviz, write_law
    from attrition.text import Reading, parse

_ROOMS = {
    "reporting": (
        "Citation",
        "Record",
        "as_html",
        "as_text",
        "cite",
        "compare",
        "make_record",
        "read_record",
        "results",
        "verify",
        "write_record",
    ),
    "data.coherence": ("Finding", "check"),
    "data.dossier": (
        "Assumption",
        "Assumptions",
        "Claim",
        "ClaimTable",
        "Coverage",
        "Dossier",
        "PartialDate",
        "Quantity",
        "Source",
        "claim",
        "read_claims",
        "read_dossier",
        "write_dossier",
    ),
    "data.elicitation": ("Pool", "elicit", "elicit_list", "pool", "pool_claims"),
    "reporting.exchange": ("read_law", "to_arviz", "write_law"),
    "forecasts": (
        "Before",
        "Forecast",
        "ManyForecast",
        "Question",
        "Ratio",
        "When",
        "forecast",
        "forecast_many",
        "influence",
        "scenarios",
        "sensitivity",
        "sweep",
        "when",
    ),
    "evaluation": (
        "Hindcast",
        "Outcome",
        "Score",
        "Summary",
        "hindcast",
        "recalibrated",
        "score",
    ),
    "core.laws": (
        "Crossing",
        "Law",
        "Masses",
        "Provenance",
        "Total",
        "crossing",
        "masses",
        "merge",
        "probability_by",
        "total",
        "with_end",
    ),
    "models.pace": ("FittedPace", "Prior", "fit_pace"),
    "page": ("write_page",),
    "data.articles": ("Clipping", "read_article"),
    "text": ("Reading", "parse"),
    "plots": (
        "Style",
        "figure_bytes",
        "plot_claim",
        "plot_claims",
        "plot_crossing",
        "plot_fan",
        "plot_hindcast",
        "plot_intervals",
        "plot_law",
        "plot_pit",
        "plot_reports",
        "plot_ridges",
        "plot_sources",
        "plot_tornado",
        "text_alternative",
    ),
    "data.series": ("Defect", "Series", "read_series"),
    "models.trajectories": ("Limits",),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "Assumption",
    "Assumptions",
    "AttritionError",
    "AttritionWarning",
    "Before",
    "Citation",
    "Claim",
    "ClaimTable",
    "Clipping",
    "Coverage",
    "Crossing",
    "Defect",
    "Dossier",
    "Finding",
    "FittedPace",
    "Forecast",
    "Hindcast",
    "InputError",
    "Law",
    "Limits",
    "ManyForecast",
    "Masses",
    "Outcome",
    "PartialDate",
    "Pool",
    "Prior",
    "Provenance",
    "Quantity",
    "Question",
    "Ratio",
    "Reading",
    "Record",
    "Score",
    "Series",
    "Source",
    "Style",
    "Summary",
    "Total",
    "When",
    "__version__",
    "as_html",
    "as_text",
    "check",
    "cite",
    "claim",
    "compare",
    "crossing",
    "elicit",
    "elicit_list",
    "figure_bytes",
    "fit_pace",
    "forecast",
    "forecast_many",
    "hindcast",
    "influence",
    "make_record",
    "masses",
    "merge",
    "parse",
    "plot_claim",
    "plot_claims",
    "plot_crossing",
    "plot_fan",
    "plot_hindcast",
    "plot_intervals",
    "plot_law",
    "plot_pit",
    "plot_reports",
    "plot_ridges",
    "plot_sources",
    "plot_tornado",
    "pool",
    "pool_claims",
    "probability_by",
    "read_article",
    "read_claims",
    "read_dossier",
    "read_law",
    "read_record",
    "read_series",
    "recalibrated",
    "results",
    "scenarios",
    "score",
    "sensitivity",
    "sweep",
    "text_alternative",
    "to_arviz",
    "total",
    "verify",
    "when",
    "with_end",
    "write_dossier",
    "write_law",
    "write_page",
    "write_record",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the room offers
    """Import the room of a public name when it is first used (PEP 562)."""
    if name not in _HOME:
        message = f"module 'attrition' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"attrition.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
