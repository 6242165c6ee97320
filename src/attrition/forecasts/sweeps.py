"""Many forecasts at once: a grid of scenarios, or all the conflicts of a table."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from attrition.core._typing import Rng
from attrition.core.checks import check_known
from attrition.core.errors import InputError, refusal
from attrition.core.laws import crossing
from attrition.core.streams import seed_of
from attrition.core.tasks import Arrays, How, Progress, digest, each
from attrition.core.workers import Workers
from attrition.data.dossier import Assumption, Assumptions, Dossier
from attrition.data.series import Series
from attrition.forecasts.door import forecast

if TYPE_CHECKING:
    import xarray as xr

_ENDS = ("lower", "median", "upper")
_WORDS = ("quantity", "basis", "kind", "unit", *(f"{end}_state" for end in _ENDS), "reason")
_NUMBERS = ("threshold", *(f"{end}_value" for end in _ENDS), "mcse")
_MASSES = ("already", "within", "beyond", "ended")
_ASKED = (
    "quantities",
    "bases",
    "thresholds",
    "on",
    "as_of",
    "horizon",
    "prob",
    "size",
    "tolerance",
    "end_hazard",
    "prior",
    "model",
)
_MEANING = {
    "kind": "crossing, the same if it may end, strength, or refused",
    "threshold": "total that is passed",
    "mcse": "largest Monte Carlo standard error of the three dates, in days",
    "already": "P(passed at the information date)",
    "within": "P(passed within the horizon)",
    "beyond": "P(not passed by the horizon)",
    "ended": "P(the end came first)",
    "reason": "why there is no forecast",
}


def scenarios(dossier: Dossier, **assumptions: Sequence[float | str]) -> dict[str, Dossier]:
    """Return a dossier under every combination of some assumptions.

    Parameters
    ----------
    dossier : Dossier
    **assumptions : sequence of float or str
        Values of each assumption, which then holds for every quantity.

    Returns
    -------
    dict of str to Dossier
        By names such as ``"volatility=0.05, end_hazard=0.001"``, in the order of the values.

    Raises
    ------
    InputError
        If there is no such assumption, or a value is out of range.

    See Also
    --------
    attrition.forecasts.sweep : forecasts of them all.

    Examples
    --------
    >>> import attrition as at
    >>> list(scenarios(at.read_dossier(), volatility=[0.05, 0.1], end_hazard=[0]))
    ['volatility=0.05, end_hazard=0', 'volatility=0.1, end_hazard=0']
    """
    for name in assumptions:
        rule = "a scenario sets assumptions of a dossier"
        check_known(name, Assumptions.model_fields, rule, "scenarios")
    cases = {}
    for values in itertools.product(*assumptions.values()):
        pairs = dict(zip(assumptions, values, strict=True))
        text = ", ".join(f"{n}={v if isinstance(v, str) else f'{v:g}'}" for n, v in pairs.items())
        cases[text] = _with(dossier, pairs, text)
    return cases


def _with(dossier: Dossier, values: Mapping[str, float | str], text: str) -> Dossier:
    reason, stated = f"set by the scenario {text}", {}
    for name, given in values.items():
        value = given if isinstance(given, str) else float(given)
        stated[name] = Assumption(value=value, reason=reason, origin="scenario")
    try:
        mine = Assumptions.model_validate({**dict(dossier.assumptions), **stated})
    except ValueError as error:
        raise refusal(
            "assumptions in range", text, "scenarios", remedy=str(error).splitlines()[-1]
        ) from None
    quantities = {}
    for key, what in dossier.quantities.items():  # none of which states its own
        own = Assumptions.model_validate({**dict(what.assumptions), **dict.fromkeys(stated)})
        quantities[key] = what.model_copy(update={"assumptions": own})
    return dossier.model_copy(update={"assumptions": mine, "quantities": quantities})


def sweep(
    cases: Mapping[str, Dossier | Series],
    *,
    rng: Rng,
    workers: Workers = None,
    checkpoint: str | Path | None = None,
    max_time: float | None = None,
    progress: Progress = None,
    **asked: Any,  # noqa: ANN401 - arguments of `forecast`, checked there
) -> xr.Dataset:
    """Forecast many cases and return what they say as one small table.

    Parameters
    ----------
    cases : mapping of str to Dossier or Series
        Such as :func:`attrition.forecasts.scenarios`, or a dossier for each conflict of a table.
    rng : int or Generator
        Seed of every case, so that what differs between cases is not chance.
    workers, checkpoint, max_time, progress
        As in :func:`attrition.hindcast`.
    **asked
        Other arguments of :func:`attrition.forecast` the same
        for all cases: ``prob``, ``horizon``, ``thresholds``, ``tolerance`` and so on.

    Returns
    -------
    xarray.Dataset, dim ``row``
        A row for each threshold of each total of each case: dates (NaT where there is none; the
        state says why), masses, Monte Carlo standard error; a row for each strength; and a row
        with its reason for what could not be forecast.

    Raises
    ------
    InputError
        If there is no case, or an argument is unknown.
    UnfinishedError
        If ``max_time`` is used up, or the workers are gone.

    See Also
    --------
    attrition.forecasts.scenarios : a grid of assumptions.
    attrition.forecasts.sensitivity : one assumption at a time.

    Examples
    --------
    >>> import attrition as at
    >>> grid = scenarios(at.read_dossier(), volatility=[0.02, 0.4])
    >>> table = sweep(grid, rng=1, quantities=["russian-casualties"], bases="csis")
    >>> table["case"].values.tolist()
    ['volatility=0.02', 'volatility=0.4']
    >>> table["upper"].values.astype("datetime64[M]").tolist()
    [datetime.date(2025, 9, 1), datetime.date(2025, 12, 1)]
    """
    if not cases:
        raise refusal("cases of a sweep", "none", "sweep")
    for name in asked:
        check_known(name, _ASKED, "a sweep asks what `forecast` can be asked", "sweep")
    import xarray as xr

    seed, names = seed_of(rng), list(cases)
    items = [(case, seed, asked) for case in cases.values()]
    how = How(workers, checkpoint, max_time, progress)
    key = digest(seed, names, *sorted(asked.items()), *map(_key, cases.values()))
    parts = each(rows_of, items, how, what=f"sweep of {len(names)} cases", key=key)
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    sizes = [part["kind"].size for part in parts]
    columns = {"case": np.repeat(np.array(names, dtype=str), sizes), **columns}
    return xr.Dataset(
        {
            name: ("row", values, {"long_name": _MEANING[name]} if name in _MEANING else {})
            for name, values in columns.items()
        }
    )


def _key(case: Dossier | Series) -> str:
    if isinstance(case, Dossier):
        return case.sha256
    late = case.reports.late
    coming = () if late is None else (late.complete, late.missing, late.spread)
    return digest(case.reports.day, case.totals, case.own_day, case.name, case.unit, *coming)


def rows_of(item: tuple[Dossier | Series, int, Mapping[str, Any]], step: Any) -> Arrays:  # noqa: ANN401, ARG001 - a case is one unit
    """Forecast one case and return its rows as columns."""
    case, seed, asked = item
    try:
        answer = forecast(case, seed=seed, **asked)
    except InputError as error:
        return _columns([{"kind": "refused", "reason": str(error)}])
    rows: list[dict[str, Any]] = []
    for kind, laws in (("crossing", answer.laws), ("crossing, may end", answer.unconditional)):
        for (quantity, basis), law in laws.items():
            for threshold in answer.thresholds[quantity]:
                read = crossing(law, threshold, prob=answer.prob)
                ends = dict(zip(_ENDS, read.dates, strict=True))
                rows.append(
                    {
                        "quantity": quantity,
                        "basis": basis,
                        "kind": kind,
                        "unit": law.provenance.unit,
                        "threshold": threshold,
                        "mcse": read.mcse,
                        **{end: at.day for end, at in ends.items()},
                        **{f"{end}_state": at.state for end, at in ends.items()},
                        **{name: getattr(read.masses, name) for name in _MASSES},
                    }
                )
    for stock in answer.stocks:
        row = {name: getattr(stock, name) for name in ("quantity", "basis", "unit")}
        ends = {f"{end}_value": getattr(stock, end) for end in _ENDS}
        rows.append({**row, "kind": "strength", **ends})
    for quantity, reason in answer.left_out.items():
        rows.append({"quantity": quantity, "kind": "refused", "reason": reason})
    return _columns(rows)


def _columns(rows: Sequence[Mapping[str, Any]]) -> Arrays:
    def column(name: str, missing: Any) -> list[Any]:  # noqa: ANN401 - of any kind
        return [row.get(name, missing) for row in rows]

    never = np.datetime64("NaT", "s")
    return {
        **{name: np.array(column(name, ""), dtype=str) for name in _WORDS},
        **{name: np.array(column(name, np.nan), dtype=float) for name in (*_NUMBERS, *_MASSES)},
        **{
            end: np.array([day or never for day in column(end, None)], dtype="datetime64[s]")
            for end in _ENDS
        },
    }
