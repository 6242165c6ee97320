"""From Python too a mistake of the user is an InputError with its four parts."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
import pandas as pd
import pytest

import attrition as at
from attrition.core.days import day_from, days_from
from attrition.core.files import bundled

TOTAL = "russian-casualties"
QUICK = 64  # points per replicate


@pytest.fixture(scope="module")
def answer() -> at.Forecast:
    return at.forecast(at.read_dossier(), seed=1, quantities=[TOTAL], tolerance=5.0, size=QUICK)


@pytest.mark.parametrize(
    "value",
    [
        date(2025, 6, 3),
        datetime(2025, 6, 3, 23, 59, tzinfo=UTC),
        " 2025-06-03 ",
        np.datetime64("2025-06-03T12:00"),
        pd.Timestamp("2025-06-03 12:00"),
    ],
)
def test_a_day_is_read_from_whatever_names_it(value: object) -> None:
    assert day_from(value, "as_of") == date(2025, 6, 3)
    assert type(day_from(value, "as_of")) is date
    assert days_from(value, "on") == days_from([value], "on")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    ["2025-02-30", "", "soon", 20250603, 1.5, pd.NaT, np.datetime64("NaT", "D"), ["2025-06-03"]],
)
def test_what_names_no_day_is_refused_with_its_place(value: object) -> None:
    with pytest.raises(at.InputError, match="a date that exists") as refused:
        day_from(value, "as_of")
    assert refused.value.place == "as_of"


def test_dates_as_text_give_the_law_that_dates_give() -> None:
    book = at.read_dossier()
    first, last = date(2025, 6, 10), date(2026, 6, 10)
    asked: dict[str, Any] = {
        "seed": 1, "quantities": [TOTAL], "tolerance": 5.0, "size": QUICK
    }  # fmt: skip
    one = at.forecast(book, as_of=first, horizon=last, on=[last], **asked)
    other = at.forecast(
        book, as_of=first.isoformat(), horizon=last.isoformat(), on=[last.isoformat()], **asked
    )
    assert (one.law(TOTAL).surface() == other.law(TOTAL).surface()).all()
    by = at.laws.probability_by(one.law(TOTAL), 1_000_000, "2025-09-01")
    assert by == at.laws.probability_by(one.law(TOTAL), 1_000_000, date(2025, 9, 1))
    assert at.reporting.results(one, by=["2025-09-01"]) == at.reporting.results(
        one, by=[date(2025, 9, 1)]
    )


def test_days_of_paths_and_scores_may_be_text() -> None:
    paths, day = np.cumsum(np.full((4, 30), 10.0), axis=1), date(2025, 6, 3)
    one, other = (at.Law.from_paths(paths, [100.0], start=first) for first in (day, "2025-06-03"))
    assert one.information_date == other.information_date == day
    simulated = at.Law.simulate(
        lambda _, draws: np.repeat(paths[:1], draws, 0), [100.0], "2025-06-03"
    )
    assert simulated.information_date == day
    assert at.evaluation.score(one, 100.0, "2025-06-12", last="2025-07-01") == at.evaluation.score(
        one, 100.0, date(2025, 6, 12), last=date(2025, 7, 1)
    )


WRONG: dict[str, Callable[[at.Forecast], object]] = {
    "prob above 1": lambda answer: at.forecast(answer.dossier, seed=1, prob=2),
    "prob as text": lambda answer: at.forecast(answer.dossier, seed=1, prob="0.9"),  # type: ignore[arg-type]
    "prob of a crossing": lambda answer: at.laws.crossing(answer.law(TOTAL), 1_000_000, prob=2),
    "prob of results": lambda answer: at.reporting.results(answer, prob=2),
    "tolerance as text": lambda answer: at.forecast(answer.dossier, seed=1, tolerance="1"),  # type: ignore[arg-type]
    "as_of": lambda answer: at.forecast(answer.dossier, seed=1, as_of="soon"),
    "as_of as a number": lambda answer: at.forecast(answer.dossier, as_of=2025),  # type: ignore[arg-type]
    "horizon": lambda answer: at.forecast(answer.dossier, seed=1, horizon="2025-13-01"),
    "on": lambda answer: at.forecast(answer.dossier, seed=1, on=5),  # type: ignore[arg-type]
    "by": lambda answer: at.laws.probability_by(answer.law(TOTAL), 1_000_000, "soon"),
    "not a time": lambda answer: at.laws.probability_by(answer.law(TOTAL), 1_000_000, pd.NaT),
    "total on": lambda answer: at.laws.total(answer.law(TOTAL), "2200-01-01"),  # type: ignore[arg-type]
    "first day of paths": lambda _: at.Law.from_paths(np.ones((2, 3)), [1.0], start="soon"),
    "day of a score": lambda answer: at.evaluation.score(
        answer.law(TOTAL), 1e6, "soon", last="2026-01-01"
    ),
    "last day of a score": lambda answer: at.evaluation.score(
        answer.law(TOTAL), 1e6, None, last="soon"
    ),
    "file of a record": lambda _: at.verify("nowhere.json"),
    "unknown quantity": lambda answer: answer.law("nobody"),
    "unknown basis": lambda answer: answer.law(TOTAL, "nobody"),
    "claims on": lambda answer: answer.dossier.claims_on(TOTAL, as_of="soon"),
    "pool": lambda answer: at.elicitation.pool_claims(answer.dossier, TOTAL, as_of="soon"),
    "record": lambda answer: at.reporting.make_record(answer, on=["soon"]),
    "path of a dossier": lambda _: at.read_dossier("a\0b"),
    "path of a record": lambda _: at.reporting.read_record("a\0b"),
    "path of a law": lambda _: at.exchange.read_law("a\0b.nc"),
    "path of a series": lambda _: at.read_series("a\0b.csv"),
    "share of no part": lambda answer: at.forecast(
        answer.dossier.model_copy(update={"claims": tuple(
            one.model_copy(update={"kind": "share"}) for one in answer.dossier.claims
        )}), seed=1, quantities=[TOTAL]
    ),
    "threshold of a law as text": lambda answer: answer.law(TOTAL).crossing("many"),  # type: ignore[arg-type]
    "threshold of a law that is none": lambda answer: answer.law(TOTAL).crossing(float("nan")),
    "threshold of a sentence as text": lambda answer: answer.cite("many"),  # type: ignore[arg-type]
    "progress": lambda answer: at.forecast(answer.dossier, seed=1, progress=5),  # type: ignore[arg-type]
    "end hazard above 1": lambda answer: at.forecast(answer.dossier, seed=1, end_hazard=2),
    "first day of all": lambda _: at.when(1e6, level=9e5, rate=5, on="0001-01-01"),
    "last day of all": lambda _: at.when(1e6, level=9e5, rate=5, on="9999-12-31"),
    "source without a name": lambda _: at.claim("5 killed", source=" ", on="2025-01-01"),
    "dossier as a number": lambda _: at.read_dossier(5),  # type: ignore[arg-type]
    "article as a number": lambda _: at.read_article(5),  # type: ignore[arg-type]
    "record as bytes": lambda _: at.reporting.read_record(b"record.json"),  # type: ignore[arg-type]
    "law as a number": lambda _: at.exchange.read_law(5),  # type: ignore[arg-type]
    "scale as text": lambda _: at.read_series({"date": ["2025-01-01"]}, scale="a"),  # type: ignore[arg-type]
    "incomplete as text": lambda _: at.read_series({"date": [1]}, incomplete="a"),  # type: ignore[arg-type]
    "time zone as a number": lambda _: at.read_series({"date": [1]}, timezone=5),  # type: ignore[arg-type]
    "more paths than memory": lambda answer: answer.paths(TOTAL, draws=10**12, rng=1),
    "dossier as a path": lambda _: at.forecast("dossier.toml", seed=1),
    "series as a path": lambda _: at.forecast("counts.csv", seed=1),
    "threshold as text": lambda answer: at.forecast(
        answer.dossier, seed=1, quantities=[TOTAL], thresholds=["many"]  # type: ignore[list-item]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_refused_with_rule_value_place_and_remedy(
    name: str, answer: at.Forecast
) -> None:
    with pytest.raises(at.InputError) as refused:
        WRONG[name](answer)
    error = refused.value
    assert all((error.rule, error.got, error.place, error.remedy))


QUOTES = [
    at.claim(words, source="A", on="2025-06-01")
    for words in ("about 1,000 killed", "about 10 killed a day")
]
COUNT = at.read_series(
    pd.Series(np.arange(100.0, 1300.0, 3), pd.date_range("2024-01-01", periods=400), name="total")
)
WEEKS = pd.DataFrame({"location": "A", "date": COUNT.days, "value": 2})
SOME = at.elicit(at.parse("about 1,000 killed")[0])
ASKED = {"seed": 1, "size": 16, "thresholds": [1500]}
WORDS_OF = dict.fromkeys(("subject", "verb", "condition", "kind", "prior", "priors", "scenario"))
FUNCTIONS: dict[str, tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]] = {
    "check": (at.check, (at.dossier.dossier_of(QUOTES),), {}),
    "claim": (
        at.claim,
        ("about 1,000 killed",),
        {"source": "A", "on": "2025", "published": None, "since": None, "about": None, "id": None},
    ),
    "elicit": (at.elicit, (SOME,), {"dossier": None, "coverage": None}),
    "forecast": (
        at.forecast,
        (COUNT,),
        {**ASKED, **WORDS_OF, "question": None, "events": None, "on": None, "workers": None},
    ),
    "forecast_many": (
        at.forecasts.forecast_many,
        (WEEKS,),
        {"every": "week", "rng": 1, "draws": 8, "horizons": [1], "levels": [0.5], "prior": None},
    ),
    "hindcast": (
        at.hindcast,
        (COUNT,),
        {"rng": 1, "every": 300, "prior": None, "baselines": None, "checkpoint": None},
    ),
    "parse": (at.parse, ("5 killed",), {"lexicon": None, "grid": None}),
    "pool": (
        at.pool,
        ({"a": SOME},),
        {"kind": "linear", "weights": None, "copies": (), "inputs": (), "rho": 0.5},
    ),
    "read_claims": (at.read_claims, (pd.DataFrame(),), {"mapping": None, "aliases": None}),
    "read_series": (
        at.read_series,
        (WEEKS,),
        {"date": "date", "value": "value", "kind": "new", "report_date": None, "where": None},
    ),
    "verify": (at.verify, (None,), {"dossier": None, "series": None}),
    "when": (at.when, (5_000,), {"level": 1_000, "rate": 10, "on": "2025-06-01", "prob": 0.9}),
    "write_dossier": (at.write_dossier, (None, None), {}),
    "total": (at.laws.total, (None, "2025-09-01"), {}),
    "probability_by": (at.laws.probability_by, (None, 5_000, "2025-09-01"), {}),
    "crossed": (COUNT.crossed, (500,), {}),
}


@pytest.mark.filterwarnings("ignore::attrition.AttritionWarning")
@pytest.mark.parametrize("name", [*FUNCTIONS, "cite", "crossing", "make_record"])
def test_nothing_in_place_of_an_argument_is_refused_or_works(
    name: str, answer: at.Forecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    days = {"on": "2025-09-01", "since": None, "scale": None, "quantity": TOTAL}
    of_answer: dict[str, tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]] = {
        "cite": (at.cite, (answer,), days),
        "crossing": (answer.law(TOTAL).crossing, (1_000_000,), {"prob": 0.9}),
        "make_record": (at.reporting.make_record, (answer,), {}),
    }
    call, places, words = (FUNCTIONS | of_answer)[name]
    nothing: list[Any] = [None, [], {}, float("nan"), "zzz"]
    for wrong in nothing:
        asked = [((*places[:i], wrong, *places[i + 1 :]), words) for i in range(len(places))]
        for arguments, named in [*asked, *((places, {**words, key: wrong}) for key in words)]:
            with suppress(at.InputError):
                call(*arguments, **named)


def ranged(prob: float) -> at.Claim:
    words: Any = {
        "quantity": "q",
        "source": "A",
        "kind": "level",
        "as_of": "2025",
        "published": "2025",
    }
    return at.Claim(**words, low=90, high=110, shape="lognormal", prob=prob)


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda: at.claim("700 killed in April", source="A", on="2025-04-30"), "since"),
        (lambda: at.dossier.Coverage(low=0.5, high=0.4), "low"),
        (lambda: at.dossier.Coverage(low=0.4, high=0.5, prob=1e-9), "from 0.01 to 0.999999, got"),
        (lambda: ranged(1e-9), "to 0.999999, and"),
        (lambda: ranged(1 - 1e-16), "0.999999, and hard"),
        (lambda: at.dossier.Coverage(low="much", high=0.9), "valid number"),
        (at.dossier.Source, "required"),
        (
            lambda: at.Claim(
                quantity="q",
                source="A",
                kind="level",
                point=5,
                per="day",
                as_of="2025",
                published="2025",
            ),
            "`per` must go with a rate",
        ),
    ],
)
def test_a_part_of_a_dossier_that_is_made_wrongly_by_hand_is_an_input_error(
    make: Callable[[], object], rule: str
) -> None:
    with pytest.raises(at.InputError, match=rule) as refused:
        make()
    assert refused.value.place
    assert refused.value.remedy


PACKAGE = Path(at.__file__).parent


def _strings(node: ast.AST) -> set[str]:
    return {
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and type(one.value) is str
    }


@pytest.mark.parametrize(
    ("table", "calls"),
    [
        ("refusals.toml", {"refusal", "_refuse", "_bad", "missing_column"}),
        ("defects.toml", {"note"}),
    ],
)
def test_what_is_said_by_name_has_a_row_and_each_row_is_said(table: str, calls: set[str]) -> None:
    rows = tomllib.loads(bundled(table))
    rows = rows.get("rows", rows)
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in PACKAGE.rglob("*.py")]
    named = {
        node.args[0].value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        if ast.unparse(node.func).rsplit(".", 1)[-1] in calls
    }
    assert named <= rows.keys()
    engines = {name for name in rows if name.endswith(" engine")}  # by the form of the file
    assert rows.keys() - engines <= set().union(*map(_strings, trees))


def test_a_refusal_is_given_each_word_that_its_row_names() -> None:
    rows = tomllib.loads(bundled("refusals.toml"))
    needed = {
        name: {word for text in row.values() for _, word, *_ in Formatter().parse(text) if word}
        for name, row in rows.items()
    }
    checked = 0
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name("refusal"), [ast.Constant(str(name)), *_], words) if all(
                    word.arg for word in words
                ):
                    assert needed[name] == {word.arg for word in words}, (file.name, name)
                    checked += 1
    assert checked > 100
