"""Computing a record again: the same question, put to its own inputs or to others."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import date
from typing import Any

from attrition.core.errors import AttritionWarning, InputError
from attrition.core.laws import Law, with_end
from attrition.data.dossier import Dossier
from attrition.data.series import Series
from attrition.forecasts import Forecast, Question, forecast
from attrition.forecasts.question import MODELS
from attrition.models.families import bundled_priors
from attrition.reporting.given import held_dossier, held_series
from attrition.reporting.models import Record, RecordedLaw
from attrition.reporting.record import make_record
from attrition.reporting.record_laws import laws_of

RecordedInput = Dossier | Series
"""What a record is computed from."""


def is_counted(record: Record) -> bool:
    """Tell whether a record is of a recorded count, and not of a dossier."""
    return record.series is not None or any(law.provenance.counted for law in laws_of(record))


def start_of(record: Record, dossier: Dossier | None, series: Series | None) -> RecordedInput:
    """Return what a record is computed from: what is given, else what it holds.

    Raises
    ------
    InputError
        If neither is at hand, or what is given is of the other kind.
    """
    counted = is_counted(record)
    wanted, other = ("series", dossier) if counted else ("dossier", series)
    if other is not None:
        raise InputError(
            f"a record of a {'recorded count' if counted else 'dossier'} is computed from its own "
            "kind of input",
            got="a dossier" if counted else "a series",
            place=f"record {record.id}",
            remedy=f"Give the {wanted}, or nothing: attrition verify RECORD [--{wanted} FILE]",
        )
    data = (series or held_series(record)) if counted else (dossier or held_dossier(record))
    if data is None:
        entry = record.series if counted else record.dossier
        raise InputError(
            f"the {wanted} must be at hand to compute a record again",
            got="a record that holds only its digest" if entry else f"a record without a {wanted}",
            place=f"record {record.id}",
            remedy=f"Give the file: attrition verify RECORD --{wanted} FILE",
        )
    return data


def recompute(record: Record, start: RecordedInput) -> Record:
    """Return the record that the same question gives now.

    Raises
    ------
    InputError
        If the record lies outside what can be computed from a dossier or a series.
    """
    forecast = again(record, start)
    records = [
        make_record(
            law_again(forecast, entry),
            [one.threshold for one in entry.crossings],
            prob=record.settings.prob,
            dossier=forecast.dossier,
        )
        for entry in record.laws
    ]
    return records[0].model_copy(
        update={
            "laws": tuple(one.laws[0] for one in records),
            "question": forecast.question.to_dict(),
        }
    )


def law_again(forecast: Forecast, entry: RecordedLaw) -> Law:
    """Return the law of a forecast that answers to a recorded one."""
    law = forecast.law(entry.provenance["quantity"], entry.provenance["basis"])
    return with_end(law, entry.end_hazard) if entry.end_hazard else law


def again(record: Record, start: RecordedInput, **changes: Any) -> Forecast:  # noqa: ANN401
    """Return the forecast that answers the question of a record from a dossier or a series."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AttritionWarning)  # its note is in the provenance
        return forecast(start, question_of(record, start).changed(**changes))


def question_of(record: Record, start: RecordedInput) -> Question:
    """Return what a record answers; of one that holds no question, what its law tells of it.

    Raises
    ------
    InputError
        If too little is told.
    """
    if record.question is None:
        return _asked_before(record, start)
    # what answered once may be gone: the model that fits the data answers, and it is said
    gone = record.question.get("model") not in {None, *MODELS}
    return Question.from_dict(
        {k: v for k, v in record.question.items() if not (gone and k.startswith("model"))}
    )


# What 0.1.0 printed where a prior was given: its records hold no question, and these words are all
# that tells of it.
_OWN_PRIOR = "the prior of the pace was given with the question; it is not the library's own"


def _asked_before(record: Record, start: RecordedInput) -> Question:
    """Return the question of a record that holds none: of version 1, or of a law by itself."""
    settings = record.settings
    if settings.seed is None:
        raise InputError(
            "a record must come from a forecast to be computed again",
            got="a law without a seed",
            place=f"record {record.id}",
            remedy="Recompute it with the program that made its paths",
        )
    asked = Question(
        seed=settings.seed,
        as_of=date.fromisoformat(settings.information_date),
        horizon=date.fromisoformat(settings.horizon),
        prob=settings.prob,
        tolerance=settings.tolerance,
        # of version 1 the points were of another kind
        size=record.laws[0].provenance.get("points") or None if record.schema_version > 1 else None,
    )
    if isinstance(start, Series):
        _require_own_prior(record)
        thresholds = {value for law in record.laws for value in _thresholds(law)}
        return asked.changed(thresholds=sorted(thresholds))
    return asked.changed(**_of_dossier(record, start))


def _require_own_prior(record: Record) -> None:
    if any(_OWN_PRIOR in entry.provenance.get("notes", ()) for entry in record.laws):
        raise InputError(
            "a record of a recorded count is computed again under the library's own prior",
            got="a prior that was given in Python",
            place=f"record {record.id}",
            remedy="Forecast the count again with that prior, and compare them: attrition compare",
        )


def _thresholds(law: RecordedLaw) -> tuple[float, ...]:
    """Return what was asked of a law when it was made; of which a record may cite a few."""
    asked = law.provenance.get("asked") or ()
    return tuple(asked) or tuple(one.threshold for one in law.crossings)


def _of_dossier(record: Record, dossier: Dossier) -> dict[str, Any]:
    """Return what a question to a dossier fixes besides: totals, thresholds, counts, days."""
    asked = {entry.provenance["quantity"]: _thresholds(entry) for entry in record.laws}
    bases = {entry.provenance["basis"] for entry in record.laws}
    full = {basis for key in asked for basis in dossier.find_quantity(key).bases}
    several = len(asked) > 1
    what = record.laws[0].provenance
    now = record.schema_version > 1  # 0.1.0 knew no kinds
    return {
        "kind": _kind(what, dossier) if now else None,
        "quantities": list(asked),
        "bases": bases if len(bases) == 1 and bases != full else None,
        "thresholds": None if several else next(iter(asked.values())),
        "on": [date.fromisoformat(day) for day in record.settings.on],
    }


def _kind(what: Mapping[str, Any], dossier: Dossier) -> str | None:
    """Return the kind that was given with the question, where the dossier names none."""
    root = dossier.lineage(what["quantity"])[-1]
    paces = {name: value for name, value, *_ in what.get("assumptions", ()) if name == "pace"}
    given = paces.get("pace") in bundled_priors().names and dossier.quantities[root].pace is None
    return str(paces["pace"]) if given else None
