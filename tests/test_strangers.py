"""What a stranger may send costs bounded time and memory, and is refused with four parts."""

from __future__ import annotations

import base64
import functools
import json
import os
import random
import zlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from benchmarks.effort import seconds

import attrition as at
from attrition.data.series.tables import _of_fixed_width

QUANTITY: dict[str, Any] = {
    "title": "Casualties",
    "definition": "killed and wounded",
    "unit": "persons",
    "start": "2024-01-01",
    "thresholds": [150_000.0],
}


def dossier(*claims: dict[str, Any], quantities: int = 1, sources: int = 2) -> at.Dossier:
    return at.Dossier.of(
        id="d",
        sources={f"s{n}": {"name": f"Source {n}"} for n in range(sources)},
        quantities={f"q{n}": {**QUANTITY, "title": f"Total {n}"} for n in range(quantities)},
        claims=list(claims),
    )


def claim(day: str, kind: str = "level", **more: Any) -> dict[str, Any]:
    known = {"quantity": "q0", "source": "s0", "as_of": day, "published": day}
    return {**known, "kind": kind, **more}


FAR = (
    claim("2204-12-01", quote="about 120,000"),
    claim("2025-03-01", "rate", quote="about 300 a day"),
    claim("2024-12-01", quote="about 100,000"),
)


# ------------------------------------------------------------------ mistyped years


@pytest.mark.parametrize("day", ["0001-01-01", "0001", "9999-12-31", "9999"])
def test_the_ends_of_the_calendar_are_checked_as_other_days(day: str) -> None:
    near = [claim(day, **key, point=900) for key in ({}, {"source": "s1"}, {"quantity": "q1"})]
    assert isinstance(str(at.check(dossier(*near, FAR[2], quantities=2))), str)


def test_a_mistyped_year_is_refused_before_its_days_fill_the_memory() -> None:
    with pytest.raises(at.InputError, match=r"40 years.*(mistyped year)"):
        at.forecast(dossier(*FAR), seed=1)


@pytest.mark.parametrize("day", ["0001-01-01", "0001"])
def test_the_first_day_of_the_calendar_is_refused_as_a_mistyped_year(day: str) -> None:
    begun = at.dossier.Quantity(**{**QUANTITY, "start": None})
    for key in ({"kind": "level"}, {"kind": "rate", "per": "day"}):
        case = dossier(FAR[2], claim(day, **key, point=900))
        with pytest.raises(at.InputError, match=r"40 years.*(mistyped year)"):
            at.forecast(case.model_copy(update={"quantities": {"q0": begun}}), seed=1)


def test_a_minimum_of_nothing_is_refused_without_a_word_of_another_library() -> None:
    nothing = claim("2025-03-01", low=0.0, hedge="at-least")
    with pytest.raises(at.InputError, match="a minimum of 0") as refused:
        at.forecast(dossier(FAR[2], nothing), seed=1)
    assert "claims[1]" in refused.value.place


def test_figures_decades_apart_are_a_finding() -> None:
    findings = [f for f in at.check(dossier(*FAR)) if f.rule == "far apart"]
    assert any("leap from 2025-03-01 to 2204-12-01" in f.message for f in findings)
    near = (claim("2025-12-01", quote="about 120,000"), *FAR[1:])
    assert not [f for f in at.check(dossier(*near)) if f.rule == "far apart"]


def test_a_lone_publication_in_another_century_is_a_finding() -> None:
    late = claim("2025-03-01", quote="about 120,000", published="2204-12-01")
    (finding,) = at.check(dossier(late, FAR[2]))
    assert finding.rule == "far apart"
    assert "between 2024-12-01 and 2204-12-01" in finding.message


def test_a_count_over_three_decades_is_still_forecast() -> None:
    long = at.Dossier.of(
        id="d",
        sources={"s0": {"name": "Source"}},
        quantities={"q0": {**QUANTITY, "start": "1996-01-01"}},
        claims=[claim("2025-03-01", quote="about 120,000"), FAR[1]],
    )
    assert list(at.forecast(long, seed=1, tolerance=30.0, size=64).laws) == [("q0", "latent")]


# ------------------------------------------------------------------ floors


def test_a_floor_beside_a_figure_is_still_assimilated() -> None:
    both = dossier(
        claim("2025-03-01", low=100_000.0), claim("2025-03-01", quote="about 120,000", source="s1")
    )
    forecast = at.forecast(both, seed=1, tolerance=30.0, size=64)
    assert ("q0", "latent") in forecast.laws


# ------------------------------------------------------------------ many claims


def many(count: int, *, days: int = 500, sources: int = 5, quantities: int = 2) -> at.Dossier:
    chance = random.Random(1)  # noqa: S311 - no secret
    rows = [
        claim(
            (date(2024, 1, 2) + timedelta(days=chance.randrange(days))).isoformat(),
            quantity=f"q{chance.randrange(quantities)}",
            source=f"s{chance.randrange(sources)}",
            point=float(chance.randrange(1_000, 100_000)),
            published="2025-12-01",
        )
        for _ in range(count)
    ]
    return dossier(*rows, quantities=quantities, sources=sources)


@pytest.mark.parametrize("days", [500, 1])
def test_four_times_the_claims_take_about_four_times_as_long_to_check(days: int) -> None:
    few, four = many(300, days=days), many(1_200, days=days)
    at.check(few)  # what is made once
    # the least of three: a neighbour that fills the caches lengthens processor time, too
    least = [
        min(seconds(functools.partial(at.check, one)) for _ in range(3)) for one in (four, few)
    ]
    assert least[0] < 9 * least[1]


def test_four_times_the_rows_take_about_four_times_as_long_to_read() -> None:
    few, four = ("date,daily\n" + "2025-01-01,1\n" * rows for rows in (10_000, 40_000))
    least = [
        min(seconds(functools.partial(_of_fixed_width, text)) for _ in range(3))
        for text in (four, few)
    ]
    assert least[0] < 9 * least[1]


def test_hundreds_of_contradictions_are_one_finding_that_names_their_number() -> None:
    falling = [
        claim(
            (date(2024, 2, 1) + timedelta(days=day)).isoformat(),
            point=float(98_765 - 101 * day),
            published="2025-12-01",
        )
        for day in range(300)
    ]
    (finding,) = (f for f in at.check(dossier(*falling)) if f.rule == "falling total")
    assert "more of this kind" in finding.message
    assert len(finding.claims) > 250


def test_a_few_contradictions_stay_one_by_one() -> None:
    falling = [claim(f"2024-0{n}-01", point=100_000.0 / n) for n in (2, 3, 4)]
    findings = [f for f in at.check(dossier(*falling)) if f.rule == "falling total"]
    assert [f.claims for f in findings] == [(0, 1), (0, 2), (1, 2)]


def test_a_fall_in_a_long_series_is_found_wherever_it_is() -> None:
    totals = [1_000.0 * n for n in range(1, 201)]
    totals[120] = 50_000.0
    rows = [
        claim(
            (date(2024, 1, 2) + timedelta(days=n)).isoformat(), point=total, published="2025-12-01"
        )
        for n, total in enumerate(totals)
    ]
    (finding,) = (f for f in at.check(dossier(*rows)) if f.rule == "falling total")
    assert finding.claims[1] == 120


# ------------------------------------------------------------------ files


def refused(path: Path, rule: str) -> None:
    with pytest.raises(at.InputError, match=rule):
        at.read_dossier(path)


def test_a_dotted_key_of_fifty_kilobytes_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "deep.toml"
    file.write_text(".".join(["a"] * 25_000) + " = 1\n", encoding="utf-8")
    assert seconds(lambda: refused(file, "at most 40 parts")) < 2
    file.write_text("x = 1\n[" + '"b c" . ' * 25_000 + "a]\n", encoding="utf-8")
    assert seconds(lambda: refused(file, "at most 40 parts")) < 2
    file.write_text("a" * 50_000 + "\n" + '"' * 50_001 + "\n", encoding="utf-8")
    assert seconds(lambda: refused(file, "must be TOML")) < 2


def test_numbers_of_thousands_of_digits_are_refused(tmp_path: Path) -> None:
    starter = tmp_path / "starter.toml"
    at_text = Path(at.__path__[0], "bundled", "starter.toml").read_text(encoding="utf-8")
    assert "[150_000]" in at_text
    for digits in ("9" * 5_000, "9" * 4_000, "9" * 400):
        starter.write_text(at_text.replace("[150_000]", f"[{digits}]"), encoding="utf-8")
        with pytest.raises(at.InputError):
            at.read_dossier(starter)


@pytest.mark.parametrize(
    "read",
    [
        at.read_dossier,
        at.read_series,
        at.reporting.read_record,
        at.read_claims,
        at.exchange.read_law,
    ],
)
def test_a_pipe_or_a_device_is_refused_without_a_byte_read(
    read: Callable[[Path], object], tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe.parquet"
    os.mkfifo(pipe)
    link = tmp_path / "zero.parquet"
    link.symlink_to("/dev/zero")
    for path in (pipe, link):
        with pytest.raises(at.InputError, match="pipe or a device"):
            read(path)


def test_a_file_outside_the_folder_of_a_dossier_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("date,cumulative\n", encoding="utf-8")
    folder = tmp_path / "dossier"
    folder.mkdir()
    text = Path(at.__path__[0], "bundled", "starter.toml").read_text(encoding="utf-8")
    for name in ("../secret.csv", str(tmp_path / "secret.csv"), "link.csv"):
        (folder / "link.csv").unlink(missing_ok=True)
        (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
        row = f'\n[[series]]\nquantity = "casualties"\nsource = "ministry"\nfile = "{name}"\n'
        (folder / "d.toml").write_text(text + row, encoding="utf-8")
        refused(folder / "d.toml", "in the folder of its dossier")


# ------------------------------------------------------------------ thresholds, records


def test_thousands_of_thresholds_are_refused() -> None:
    case = dossier(claim("2025-03-01", quote="about 120,000"))
    wanted = [float(100_000 + n) for n in range(4_000)]
    with pytest.raises(at.InputError, match="at most 400 thresholds"):
        at.forecast(case, seed=1, thresholds=wanted)


def test_more_sources_of_a_total_than_there_is_time_for_are_refused() -> None:
    quotes = [
        at.claim("about 1,000 killed", source=f"S{n}", on="2025-06-01", quantity="killed")
        for n in range(301)
    ]
    with pytest.raises(at.InputError, match="at most 300 sources"):
        at.forecast(quotes, seed=1, thresholds=[5_000])


def test_a_record_cannot_unpack_to_more_than_it_says(
    soft_record: at.Record, tmp_path: Path
) -> None:
    from attrition.reporting import laws_of

    content = json.loads(soft_record.to_json())
    bomb = base64.b64encode(zlib.compress(bytes(400_000_000), 9)).decode()
    file = tmp_path / "record.json"
    content["laws"][0]["crossings"][0]["exceedance"] = bomb
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(at.InputError, match="column that is cut short, or of more than"):
        laws_of(at.reporting.read_record(file))
    column = base64.b64encode(zlib.compress(bytes(300_000), 9)).decode()
    (one, *_) = json.loads(soft_record.to_json())["laws"][0]["crossings"]
    content["laws"][0]["crossings"] = [{**one, "exceedance": column}] * 1_000
    content["settings"]["horizon"] = "2124-01-01"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(at.InputError, match="1,000 columns until 2124-01-01"):
        laws_of(at.reporting.read_record(file))


def test_a_record_with_doubled_fields_is_refused_in_time_that_grows_with_its_length(
    tmp_path: Path,
) -> None:
    file = tmp_path / "record.json"
    names = ", ".join(f'"k{n}": 1' for n in range(60_000))
    file.write_text("{" + names + ', "k59999": 2}', encoding="utf-8")

    def read() -> None:
        with pytest.raises(at.InputError, match="said twice: k59999"):
            at.reporting.read_record(file)

    assert seconds(read) < 3


def test_phrases_take_time_in_proportion_to_their_length() -> None:
    with pytest.raises(at.InputError, match="at most 10,000 characters"):
        at.parse("about 1,000 " * 1_000)
