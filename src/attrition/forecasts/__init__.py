"""Forecasts: the laws of totals from an information date to a horizon.

From a dossier of claims (:func:`forecast`), from a recorded count (:func:`forecast_series`), or of
what many places will count next (:func:`forecast_many`).
"""

from attrition.forecasts.assimilated import POSTERIOR_MODEL, assimilate
from attrition.forecasts.dossiers import forecast
from attrition.forecasts.influence import influence
from attrition.forecasts.joint import Before, Event, Ratio
from attrition.forecasts.many import HUB_LEVELS, ManyForecast, forecast_many
from attrition.forecasts.models import Forecast, OtherForecast, State, Stock
from attrition.forecasts.plan import MODEL
from attrition.forecasts.recorded import OWN_PRIOR, SERIES_BASIS, SERIES_MODEL, forecast_series
from attrition.forecasts.sensitivity import sensitivity
from attrition.forecasts.sweeps import scenarios, sweep
from attrition.forecasts.two_figures import When, when

__all__ = [
    "HUB_LEVELS",
    "MODEL",
    "OWN_PRIOR",
    "POSTERIOR_MODEL",
    "SERIES_BASIS",
    "SERIES_MODEL",
    "Before",
    "Event",
    "Forecast",
    "ManyForecast",
    "OtherForecast",
    "Ratio",
    "State",
    "Stock",
    "When",
    "assimilate",
    "forecast",
    "forecast_many",
    "forecast_series",
    "influence",
    "scenarios",
    "sensitivity",
    "sweep",
    "when",
]
