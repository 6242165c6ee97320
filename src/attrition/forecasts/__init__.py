"""Forecasts: the laws of totals from an information date to a horizon.

From a dossier of claims, quoted claims or a recorded count (:func:`attrition.forecast`), or of what
many places will count next (:func:`attrition.forecasts.forecast_many`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrition.core.late import attributes

if TYPE_CHECKING:
    from attrition.forecasts.door import forecast
    from attrition.forecasts.influences import influence
    from attrition.forecasts.joint import Before, Event, FlowEvent, Ratio
    from attrition.forecasts.many import HUB_LEVELS, ManyForecast, forecast_many
    from attrition.forecasts.models import Forecast, OtherForecast, Stock
    from attrition.forecasts.question import Question
    from attrition.forecasts.sensitivities import sensitivity
    from attrition.forecasts.sweeps import scenarios, sweep
    from attrition.forecasts.two_figures import When, when
    from attrition.models.families import PaceFamily

__getattr__ = attributes(
    __name__,
    {
        "forecasts.door": ("forecast",),
        "forecasts.influences": ("influence",),
        "forecasts.joint": ("Before", "Event", "FlowEvent", "Ratio"),
        "forecasts.many": ("HUB_LEVELS", "ManyForecast", "forecast_many"),
        "forecasts.models": ("Forecast", "OtherForecast", "Stock"),
        "forecasts.question": ("Question",),
        "forecasts.sensitivities": ("sensitivity",),
        "forecasts.sweeps": ("scenarios", "sweep"),
        "forecasts.two_figures": ("When", "when"),
        "models.families": ("PaceFamily",),
    },
)

__all__ = [
    "HUB_LEVELS",
    "Before",
    "Event",
    "FlowEvent",
    "Forecast",
    "ManyForecast",
    "OtherForecast",
    "PaceFamily",
    "Question",
    "Ratio",
    "Stock",
    "When",
    "forecast",
    "forecast_many",
    "influence",
    "scenarios",
    "sensitivity",
    "sweep",
    "when",
]
