"""Answer questions of every kind, small ones, so that a number or a word that has changed is seen.

``python -m benchmarks.answers`` prints which answers differ from those of ``tests/answers.json``;
``--write`` keeps them. What is right about them is tested elsewhere; here is what they were.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

import attrition as at

KEPT: Final = Path(__file__).parent.parent / "tests" / "answers.json"
_DAY: Final = date(2025, 6, 3)
_LEVELS: Final = (0.01, 0.25, 0.5, 0.9, 0.999)
_SIZE: Final[dict[str, Any]] = {"seed": 5, "tolerance": 300.0}
_HEAD: Final[dict[str, Any]] = {"definition": "killed and wounded", "unit": "persons"}


@dataclass(frozen=True, slots=True)
class Answer:
    """Numbers of a law on some days, and the words in which it is cited."""

    numbers: list[float]
    words: list[str]


def _numbers(law: at.Law, days: Sequence[int]) -> list[float]:
    numbers: list[float] = []
    for ahead in days:
        on = law.information_date + timedelta(ahead)
        if law.totals is not None:
            numbers += law.quantiles(_LEVELS, on=on).tolist()
        numbers += [law.probability(float(k), by=on) for k in law.thresholds]
    return numbers


def _answer(forecast: at.Forecast | at.forecasts.When, days: Sequence[int]) -> Answer:
    """Return what the laws of a forecast say of totals and thresholds on days from their start."""
    laws = (
        [forecast.law]
        if isinstance(forecast, at.forecasts.When)
        else [
            *forecast.laws.values(),
            *forecast.unconditional.values(),
        ]
    )
    numbers = [number for law in laws for number in _numbers(law, days)]
    words: list[str] = []
    for law in laws:
        k = float(law.thresholds[0])
        later, cite = law.information_date + timedelta(days[-2]), partial(at.cite, law)
        words += [cite(k).full, cite(k, prob=0.5).sentence, cite(on=later).sentence, str(law)]
        words += [cite(k, by=later).sentence, cite(k, by=later, scale="IPCC").note]
    if isinstance(forecast, at.Forecast):
        later, end = (law.information_date + timedelta(ahead) for ahead in days[-2:])
        gained = forecast.cite(since=later, on=end)
        words += [gained.sentence, str(forecast)]
    return Answer(numbers, [line.replace(at.__version__, "VERSION") for line in words])


def _together() -> Answer:
    """Answer what is asked of two totals at once, and what has changed since another forecast."""
    quantities = {
        key: {**_HEAD, "title": title, "category": "casualties", "thresholds": [80_000.0]}
        for key, title in (("ours", "Our losses"), ("theirs", "Their losses"))
    }
    claims = [
        _claim("ours", "a", "level", "about 40,000"),
        _claim("theirs", "a", "level", "60,000 to 70,000"),
        _claim("theirs", "b", "level", "about 50,000", _EARLIER),
        _claim("ours", "b", "rate", "about 80 a day"),
    ]
    sources: dict[str, Any] = {name: {"name": name.upper()} for name in "ab"}
    known: dict[str, Any] = {"id": "d", "sources": sources, "quantities": quantities}
    asked = {"horizon": "2026-12-31", **_SIZE}
    whole, older = (
        at.forecast(at.Dossier.of(claims=some, **known), **asked) for some in (claims, claims[:3])
    )
    day = _DAY + timedelta(200)
    first = at.cite(whole, before=(("ours", 80_000.0), ("theirs", 80_000.0)))
    ratio, compared = at.cite(whole, ratio=("ours", "theirs"), on=day), whole.compare(older)
    several = at.cite(list(whole.laws.values())[-2:], 80_000.0)
    total = whole.sum(["ours", "theirs"], [120_000.0])
    words = [one.full for one in (first, ratio, several, at.cite(total, 120_000.0))]
    words += [str(compared), str(total)]
    return Answer(_numbers(total, (0, 100, 300)), words)


def _when(**words: Any) -> Callable[[], Answer]:
    def answer() -> Answer:
        asked = {"on": _DAY, "horizon": "2026-06-03", "seed": 5, **words}
        return _answer(at.when(1_000_000, **asked), (0, 9, 120, 360))

    return answer


def _claim(what: str, source: str, kind: str, quote: str, day: date = _DAY, **more: Any) -> Any:
    known = {"quantity": what, "source": source, "kind": kind, "quote": quote}
    return {**known, "as_of": day, "published": day + timedelta(1), **more}


def _dossier(
    *claims: Any,
    start: str | None = "2024-01-01",
    about: Mapping[str, Any] | None = None,
    asked: Mapping[str, Any] | None = None,
    counted: float = 0.0,
    **sources: Any,
) -> Callable[[], Answer]:
    def answer() -> Answer:
        begun = {"start": start} if start else {}
        own = {**begun, **({"kind": "conflict"} if about is None else about)}
        quantities = {
            "all": {**_HEAD, "title": "All", "category": "casualties", **own},
            "killed": {**_HEAD, "title": "Killed", "category": "killed", "part_of": "all", **own},
        }
        used = {claim["quantity"] for claim in claims} | {"all"}
        named = {claim["source"]: {"name": claim["source"]} for claim in claims} | sources
        dossier = at.Dossier.of(
            id="d",
            sources=named,
            quantities={key: what for key, what in quantities.items() if key in used},
            claims=list(claims),
        )
        if counted:
            rng, days = np.random.default_rng(9), pd.date_range("2024-01-02", periods=500)
            daily = pd.Series(rng.poisson(counted, 500).astype(float), days, name="daily")
            dossier = dossier.with_counts({("count", "all"): at.read_series(daily)})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", at.AttritionWarning)
            forecast = at.forecast(
                dossier,
                **{
                    "thresholds": [140_000.0],
                    "quantities": ["all"],
                    "horizon": "2026-01-31",
                    **_SIZE,
                    **(asked or {}),
                },
            )
            return _answer(forecast, (0, 30, 200))

    return answer


_TRAITS: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"direction": "understates"},
    {"direction": "overstates"},
    {"coverage": {"low": 0.5, "high": 0.8}},
    {"copies": ["a"]},
    {"derived_from": ["a"]},
    {"derived_from": ["a", "b"]},
)
_HEDGED: Final = (
    "{:,.0f}", "about {:,.0f}", "more than {:,.0f}", "at least {:,.0f}", "nearly {:,.0f}",
    "up to {:,.0f}", "no more than {:,.0f}", "some {:,.0f}", "{:,.0f} give or take 10 %",
)  # fmt: skip


_STABLE: Final = (1, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
"""Drawn claims whose answers other kernels of BLAS give, too: no search parts on a hair."""


def _drawn(number: int) -> Callable[[], Answer]:
    """Return the answer to claims and a question that are drawn at random."""
    rng = np.random.default_rng([number, 11])
    age, pace = int(rng.integers(40, 1_500)), 10.0 ** rng.uniform(0.5, 3)
    first = _DAY - timedelta(int(age))

    def words(value: float, least: float = 0.05) -> str:
        value *= rng.lognormal(0, least)
        size = 10.0 ** np.floor(np.log10(value) - rng.integers(1, 3))
        if rng.random() < 0.2:
            low, high = np.floor(0.9 * value / size) * size, np.ceil(1.15 * value / size) * size
            return f"{low:,.0f} to {high:,.0f}"
        return str(rng.choice(_HEDGED)).format(max(round(value / size) * size, 1.0))

    names = "abcd"[: rng.integers(1, 5)]
    claims = [_claim("all", "a", "level", words(age * pace))]
    for _ in range(rng.integers(1, 8)):
        source, ago = str(rng.choice(list(names))), int(rng.integers(0, min(age - 5, 400)))
        day, kind = _DAY - timedelta(ago), str(rng.choice(["level", "level", "rate", "increment"]))
        what, part = ("killed", 0.25) if rng.random() < 0.25 else ("all", 1.0)
        if kind == "level":
            claims.append(_claim(what, source, kind, words((age - ago) * pace * part), day))
        elif kind == "rate":
            per, days = (("day", 1), ("week", 7), ("month", 30))[rng.integers(3)]
            claims.append(
                _claim(what, source, kind, f"{words(pace * days * part, 0.3)} a {per}", day)
            )
        else:
            back = int(rng.integers(7, 60))
            since = max(day - timedelta(back), first + timedelta(1))
            quote = words((day - since).days * pace * part, 0.3)
            claims.append(_claim(what, source, kind, quote, day, since=since))
    kinds = ("conflict", "epidemic", "steady", None)
    traits: dict[str, Any] = {
        name: {"name": f"Bureau {name.upper()}", **_TRAITS[rng.integers(len(_TRAITS))]}
        for name in names
    }
    for name, trait in traits.items():  # nobody copies itself or one who copies it
        for key in ("copies", "derived_from"):
            if key in trait:
                trait[key] = [other for other in trait[key] if other < name]
    asked: dict[str, Any] = {"thresholds": [float(f"{age * pace * rng.uniform(0.8, 1.6):.2g}")]}
    asked["bases"] = str(rng.choice(["latent", "a"]))
    of_kind = kinds[rng.integers(4)]
    return _dossier(
        *claims,
        start=first.isoformat() if rng.random() < 0.7 else None,
        about={"kind": of_kind} if of_kind else {},
        asked=asked,
        **traits,
    )


def _count(
    daily: Callable[[np.random.Generator], Any], freq: str = "D", **words: Any
) -> Callable[[], Answer]:
    def answer() -> Answer:
        values = np.asarray(daily(np.random.default_rng(7)), float)
        frame = pd.Series(values, pd.date_range("2024-01-07", periods=values.size, freq=freq))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", at.AttritionWarning)
            series = at.read_series(frame.rename("daily"), period="end")
            reach = series.last_day + timedelta(180)
            top = [1.1 * float(series.totals[-1])]
            forecast = at.forecast(series, thresholds=top, horizon=reach, **_SIZE, **words)
            return _answer(forecast, (0, 6, 60, 180))

    return answer


def _drifting(rng: np.random.Generator) -> Any:
    return rng.poisson(90 * np.exp(rng.normal(0, 0.1, 80).cumsum()))


def _habitual(rng: np.random.Generator) -> Any:
    return rng.poisson(30 * np.tile([1, 1, 1, 1, 1.5, 0.3, 0.2], 40))


def _recorded() -> Answer:
    """Return what stands in the files beside a record, and what is said of one that was changed."""
    day = _DAY.isoformat()
    claims = [
        at.claim("about 120,000 killed", source="Field Study", on=day),
        at.claim("70,000 to 90,000 killed", source="United Nations", on="2025-03-01"),
        at.claim("about 300 killed a day", source="Field Study", on=day),
        at.claim("at least 60,000 wounded", source="Ministry of Health", on=day),
    ]
    asked: dict[str, Any] = {"horizon": "2026-01-31", "size": 64, "quantities": ["killed"]}
    made = at.forecast(claims, thresholds=[140_000.0, 150_000.0], seed=5, end_hazard=0.001, **asked)
    earlier = at.forecast(claims[:2], thresholds=[140_000.0], seed=5, **asked)
    record = at.reporting.make_record(made)
    files = at.reporting.exports(record)
    rows = files["law.csv"].decode().splitlines()[1::60]
    compared = made.compare(at.reporting.make_record(earlier))
    content = json.loads(record.to_json())
    content["settings"]["seed"] = 9
    other = at.verify(at.Record.model_validate(content))
    words = [files[name].decode() for name in files if not name.endswith((".csv", ".docx"))]
    shown = (made, compared, made.dossier, made.dossier.claims[0])
    words += [row.status for one in (at.verify(record), other) for row in one.numbers]
    words += [str(compared), *(one._repr_html_() for one in shown)]
    words += [compared.to_pandas().to_csv(float_format="%.6g"), *other.altered, *other.causes]
    numbers = [float(row.rpartition(",")[2]) for row in rows]
    for text, name in ((record.id, "RECORD"), (at.__version__, "VERSION")):
        words = [line.replace(text, name) for line in words]
    return Answer(numbers, words)


_SUBJECTS: Final = ("", "", "people killed in Gaza", "the toll", "ground gained")
_CONDITIONS: Final = ("if the fighting continues", "if the epidemic goes on as others have")


def _drawn_law(rng: np.random.Generator) -> at.Law:
    """Return the law of a rise drawn at random, with a provenance that is drawn, too."""
    draws, days = int(rng.choice([100, 400, 4_000])), int(rng.integers(40, 500))
    level, pace = 10 ** rng.uniform(2.5, 6), 10 ** rng.uniform(-4.5, -2)
    start = level * rng.lognormal(0, rng.choice([1e-3, 0.02, 0.3]), draws)
    rate = level * pace * rng.lognormal(0, rng.uniform(0.05, 1.2), draws)
    paths = start[:, None] + rate[:, None] * np.arange(days + 1) * rng.choice([1.0, 0.1])
    reach = np.quantile(paths, rng.choice([0.02, 0.3, 0.6, 0.97], 2), axis=0)[:, days // 2]
    thresholds = sorted({float(f"{k:.2g}") for k in reach})
    array = xr.DataArray(
        paths,
        dims=("draw", "time"),
        coords={
            "time": np.datetime64(_DAY, "s") + np.arange(days + 1) * np.timedelta64(86_400, "s")
        },
    )
    law = at.Law.from_paths(array, thresholds, title="Killed", definition="killed", unit="persons")
    names = ("the UN", "Field Study", "Ministry of Health", "police", "local officials")
    sources = tuple(names[: rng.integers(0, 6)])
    basis = str(rng.choice(["latent", "un", "series"]))
    stated: dict[str, Any] = {
        "subject": str(rng.choice(_SUBJECTS)),
        "condition": str(rng.choice(_CONDITIONS)),
        "scope": str(rng.choice(["", "soldiers"])),
        "unit": str(rng.choice(["persons", "persons", "km2", "m"])),
        "basis": basis,
        "basis_name": {"latent": "the latent total", "un": "the UN"}.get(basis, "own count"),
        "sources": sources,
        "figures": int(rng.integers(0, 40)),
        "independent_sources": float(min(len(sources), 2)),
        "points": int(rng.choice([1, 100, 1_024])),
        "sampling": str(rng.choice(["none", "randomised quasi-Monte Carlo"])),
        "floors": bool(rng.random() < 0.1),
        "least": bool(rng.random() < 0.2),
        "counted": basis == "series",
        "notes": ("some claims were left out",)[: rng.integers(0, 2)],
        "assumptions": (("pace", "conflict", "nobody says it", "library default"),)[
            : rng.integers(2)
        ],
        "diagnostics": (("pareto k", 0.31),)[: rng.integers(2)],
    }
    if rng.random() < 0.15:
        halves = float(thresholds[0]), float(thresholds[-1]) * 3
        stated["contested"] = (("the UN", 0.6, halves[0]), ("Field Study", 0.4, halves[1]))
    return dataclasses.replace(law, provenance=dataclasses.replace(law.provenance, **stated))


def _sentences(number: int) -> Callable[[], Answer]:
    """Return what is said of laws drawn at random, whatever is asked of them."""

    def answer() -> Answer:
        rng, words = np.random.default_rng([number, 5]), list[str]()
        for _ in range(12):
            law = _drawn_law(rng)
            k, last = float(law.thresholds[-1]), (law.horizon - _DAY).days
            day = _DAY + timedelta(int(rng.integers(1, last + 1)))
            asked: list[dict[str, Any]] = [
                {"threshold": k},
                {"threshold": k, "prob": float(rng.choice([0.5, 0.8, 0.95]))},
                {"threshold": k, "by": day, "scale": str(rng.choice(["PHIA", "IPCC"]))},
                {"on": day, "prob": float(rng.choice([0.5, 0.9]))},
                {"threshold": [float(one) for one in law.thresholds]},
            ]
            for one in asked:
                try:
                    cited = at.cite(law, **one)
                except at.InputError as error:
                    words.append(str(error))
                    continue
                words.append(cited.full if one is asked[0] else cited.sentence)
        return Answer([], [line.replace(at.__version__, "VERSION") for line in words])

    return answer


def _late() -> Answer:
    """Answer a count by day of event and of report, of which the last days are yet to come."""
    rng = np.random.default_rng(3)
    first, rows = np.datetime64("2024-01-01"), []
    for event, count in enumerate(rng.poisson(40.0, 120)):
        for age, part in enumerate(rng.multinomial(count, [0.4, 0.25, 0.15, 0.1, 0.06, 0.04])):
            if part and event + age < 120:
                rows.append((first + event, first + event + age, part))
    frame = pd.DataFrame(rows, columns=["event_date", "report_date", "deaths"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", at.AttritionWarning)
        series = at.read_series(frame, report_date="report_date")
        forecast = at.forecast(series, thresholds=[6_000.0], horizon="2024-08-01", **_SIZE)
        return _answer(forecast, (0, 6, 60, 90))


def _many() -> Answer:
    """Answer counts of places that grow together, and of one with hardly any."""
    rng = np.random.default_rng(4)
    common = np.cumsum(rng.normal(0, 0.12, 70))
    table = rng.poisson(np.exp(3.5 + common + rng.normal(0, 0.2, (5, 1))))
    table[3, 60:], table[4] = 0, rng.poisson(0.05, 70)
    frame = pd.DataFrame(
        {
            "location": np.repeat(list("ABCDE"), 70),
            "date": np.tile(pd.date_range("2022-01-01", periods=70, freq="7D"), 5),
            "value": table.ravel(),
        }
    )
    ahead = at.forecasts.forecast_many(frame, every="week", rng=5, horizons=[1, 4, 9], draws=200)
    return Answer([float(value) for value in ahead.quantiles["value"]], [str(ahead)])


class _Slowing:
    """A pace that may die away within months: of one's own, whose rate is integrated."""

    name, evidence, dimensions = "slowing", "made up", 1
    phi, keeps_rate = 3.0, True

    def paces(self, uniforms: Any, rate: Any) -> tuple[Any, Any]:
        """Return the rates as they are, and how fast each dies away [1/day]."""
        return rate, np.where(uniforms < 0.3, 1 / 90, 1e-12)

    def elapsed(self, movers: Any, days: Any) -> Any:
        """Return the time passed, in days at the rate of each pace."""
        return -np.expm1(-movers * days) / movers


_EARLIER: Final = date(2025, 3, 1)
_LEVEL: Final = _claim("all", "a", "level", "around 120,000")
CASES: Final[dict[str, Callable[[], Answer]]] = {
    **{
        f"two figures, {kind}": _when(level=(900_000, 960_000), rate=(800, 1_250), kind=kind)
        for kind in ("steady", "conflict", "epidemic", "disaster", None)
    },
    "a pace of one's own": _when(level=(900_000, 960_000), rate=(300, 900), kind=_Slowing()),
    "an exact level": _when(level=950_000, rate=1_000, kind="steady"),
    "a level and a pace": _dossier(_LEVEL, _claim("all", "a", "rate", "about 300 a day")),
    "two sources that differ": _dossier(
        _LEVEL,
        _claim("all", "b", "level", "60,000 to 80,000", _EARLIER),
        _claim("all", "c", "level", "at least 100,000"),
        b={"name": "B", "direction": "understates"},
    ),
    "a copy, an input and an increase": _dossier(
        _LEVEL,
        _claim("all", "b", "level", "more than 110,000", _EARLIER),
        _claim("all", "c", "increment", "some 9,000", since="2025-05-01"),
        b={"name": "B", "copies": ["a"]},
        c={"name": "C", "derived_from": ["a"]},
    ),
    "a part, a share and a list": _dossier(
        _claim("killed", "a", "level", "about 30,000 killed"),
        _claim("all", "b", "level", "nearly 110,000", _EARLIER),
        _claim("killed", "list", "level", "at least 14,000 killed"),
        list={"name": "List", "coverage": {"low": 0.4, "high": 0.6}},
    ),
    "floors alone": _dossier(
        _claim("all", "a", "level", "at least 100,000"),
        _claim("all", "b", "level", "more than 90,000", _EARLIER),
        _claim("all", "c", "rate", "1,000 to 1,500 a week"),
    ),
    "a forecast by others and a share": _dossier(
        _LEVEL,
        _claim("killed", "b", "level", "25,000 to 30,000 killed", _EARLIER),
        _claim("killed", "a", "share", "a quarter of them were killed"),
        _claim("all", "b", "rate", "up to 9,000 a month", _EARLIER),
    ),
    "a total that had long begun": _dossier(
        _claim("all", "a", "level", "30,000 to 35,000", date(2016, 5, 1)),
        _claim("all", "b", "level", "about 80,000", date(2021, 2, 1)),
        _claim("all", "a", "rate", "40 to 60 a day"),
        _LEVEL,
        start=None,
        asked={"bases": "latent"},
    ),
    "a pace that halves": _dossier(
        _LEVEL,
        _claim("all", "a", "rate", "about 300 a day"),
        asked={"scenario": "0.5 from 2025-08-01"},
    ),
    "an end that may come": _dossier(
        _LEVEL, _claim("all", "a", "rate", "about 300 a day"), asked={"end_hazard": 0.002}
    ),
    "a young disaster": _dossier(
        _claim("all", "a", "level", "at least 1,200", date(2025, 5, 29)),
        _claim("all", "a", "level", "about 1,450"),
        start="2025-05-26",
        about={"kind": "disaster", "thresholds": [2_500.0]},
        asked={"thresholds": [2_500.0]},
    ),
    "a typing error mended and a name of its own": _dossier(
        _claim("all", "a", "level", "21,000", _EARLIER, id="typo"),
        _claim("all", "a", "level", "about 12,000", _EARLIER, supersedes="typo"),
        _claim("all", "b", "level", "14,000 to 16,000"),
        _claim("all", "c", "rate", "2,000 to 3,000 a month"),
        asked={"thresholds": [30_000.0], "bases": ["a", "latent"]},
    ),
    "claims beside a count": _dossier(
        _claim("all", "a", "level", "about 120,000"),
        _claim("all", "b", "level", "90,000 to 100,000", _EARLIER),
        _claim("killed", "a", "level", "about 31,000 killed"),
        asked={"bases": ["count", "latent"]},
        counted=210.0,
        count={"name": "Tally", "coverage": {"low": 0.7, "high": 0.95}},
    ),
    "a claim that quotes a count": _dossier(
        _claim("all", "a", "level", "105,000"),
        _claim("all", "b", "level", "more than 150,000"),
        asked={"bases": "latent"},
        counted=210.0,
        count={"name": "Tally"},
        a={"name": "A", "copies": ["count"]},
    ),
    "sources that exclude one another": _dossier(
        _claim("all", "a", "level", "100,000"),
        _claim("all", "b", "level", "1,000,000"),
        _claim("all", "b", "rate", "2,000 to 3,000 a day"),
        asked={"bases": "latent", "thresholds": [500_000.0]},
    ),
    "priors of one's own": _dossier(
        _LEVEL,
        _claim("all", "a", "rate", "about 300 a day"),
        asked={"priors": {"families": {"conflict": {"s": 0.2, "tau": 30.0}}}},
    ),
    "a count that halts": _count(
        lambda rng: rng.poisson(60.0, 200), scenario={"stop": "2024-09-01"}
    ),
    "reports that are late": _late,
    "many places": _many,
    **{f"claims drawn at random, {number}": _drawn(number) for number in _STABLE},
    **{f"laws drawn at random, {number}": _sentences(number) for number in range(4)},
    "a record and its files": _recorded,
    "two totals together": _together,
    "a count": _count(lambda rng: rng.poisson(40.0, 250)),
    "a count by week": _count(_drifting, "W"),
    "a count with a habit": _count(_habitual),
    "a count that stopped": _count(lambda rng: np.r_[rng.poisson(20.0, 200), np.zeros(70)]),
    "a count with a dump": _count(lambda rng: np.r_[rng.poisson(20.0, 200), 2_000]),
    "a count with a slip": _count(lambda rng: np.r_[rng.poisson(200.0, 200), 20_100, 198]),
    "a young count": _count(lambda rng: rng.poisson(12.0, 9)),
    "a small count": _count(lambda rng: rng.poisson(0.4, 300)),
    "a count in waves": _count(lambda rng: rng.poisson(50 * np.exp(np.sin(np.arange(400) / 30)))),
    "a count by month": _count(lambda rng: rng.poisson(3_000, 20), "MS"),
}


def differing(name: str, answer: Answer, near: float) -> list[str]:
    """Return what of an answer is not as it was kept, numbers to a relative error."""
    kept = json.loads(KEPT.read_text("utf-8")).get(name, {"numbers": [], "words": []})
    old, new = kept["numbers"], answer.numbers
    lines = [
        f"- {before}\n+ {now}"
        for before, now in zip_longest(kept["words"], answer.words, fillvalue="")
        if before != now
    ]
    if len(old) != len(new) or not np.allclose(old, new, rtol=near, atol=1e-12):
        lines += [f"- {old}\n+ {new}"]
    return lines


def main() -> None:
    """Print what has changed, or keep what is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    wishes = parser.parse_args()
    now = {name: answer() for name, answer in CASES.items()}
    if wishes.write:
        kept = {
            name: {"numbers": [float(f"{x:.10g}") for x in one.numbers], "words": one.words}
            for name, one in now.items()
        }
        KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for name, one in now.items():
        for line in differing(name, one, 1e-9):
            print(f"{name}\n{line}")


if __name__ == "__main__":
    main()
