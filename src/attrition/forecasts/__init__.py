"""Forecasts: the laws of totals from an information date to a horizon.

From a dossier of claims (:func:`forecast`) or from a recorded count (:func:`forecast_series`).
"""

from attrition.forecasts.dossiers import forecast
from attrition.forecasts.models import Forecast, OtherForecast, State, Stock
from attrition.forecasts.plan import MODEL
from attrition.forecasts.recorded import OWN_PRIOR, SERIES_BASIS, SERIES_MODEL, forecast_series
from attrition.forecasts.sweeps import scenarios, sweep

__all__ = [
    "MODEL",
    "OWN_PRIOR",
    "SERIES_BASIS",
    "SERIES_MODEL",
    "Forecast",
    "OtherForecast",
    "State",
    "Stock",
    "forecast",
    "forecast_series",
    "scenarios",
    "sweep",
]
