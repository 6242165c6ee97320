"""A figure that its source has replaced is history: in the dossier and in pictures, in no law."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import attrition as at
from attrition.data.dossier import Claim
from attrition.data.elicitation import quantile
from attrition.evaluation.stands import stands_of
from attrition.page import write_page
from attrition.reporting.files import csl_items

START = date(2024, 1, 1)
QUANTITY = {
    "title": "People killed",
    "definition": "killed",
    "unit": "persons",
    "start": START,
    "thresholds": [60_000],
    "bases": ["latent", "ministry"],
}
SOURCES = {"ministry": {"name": "Ministry"}, "agency": {"name": "Agency"}}


def _claim(number: float, day: int, source: str = "ministry", **more: Any) -> dict[str, Any]:
    when = START + timedelta(days=day)
    numbers = {"low": 0.9 * number, "high": 1.1 * number}
    return {
        "quantity": "killed",
        "source": source,
        "kind": "level",
        "as_of": when,
        "published": when + timedelta(days=3),
        **numbers,
        **more,
    }


def _dossier(*claims: dict[str, Any], **more: Any) -> at.Dossier:
    return at.Dossier.of(
        id="corrected",
        sources=SOURCES,
        quantities={"killed": QUANTITY},
        claims=list(claims),
        **more,
    )


def _bytes(dossier: at.Dossier, as_of: date | None = None) -> list[bytes]:
    made = at.forecast(dossier, seed=1, size=8, as_of=as_of)
    ranges = [law.quantiles([0.1, 0.5, 0.9], on=law.horizon) for law in made.laws.values()]
    surfaces = [law.exceedance.tobytes() for law in made.laws.values()]
    return surfaces + [np.asarray(one).tobytes() for one in ranges]


@settings(
    max_examples=settings().max_examples // 16,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(data=some.data())
def test_a_superseded_claim_moves_no_law(data: some.DataObject) -> None:
    days = sorted(data.draw(some.lists(some.integers(60, 500), min_size=3, max_size=3)))
    kept = [
        _claim(20_000 + 40 * days[0], days[0], "agency"),
        _claim(20_000 + 40 * days[1], days[1]),
        _claim(20_000 + 40 * days[2], days[2], id="last", supersedes=["first", "middle"]),
    ]
    wrong = [
        _claim(data.draw(some.floats(1e3, 1e6)), days[0], id="first"),
        _claim(
            data.draw(some.floats(1e3, 1e6)),
            data.draw(some.integers(60, days[2])),
            id="middle",
            supersedes="first",
            published=str(START + timedelta(days=days[2]))[:7],
        ),
    ]
    mixed = data.draw(some.permutations([*kept, *wrong]))
    deleted = [{k: v for k, v in c.items() if k != "supersedes"} for c in mixed if c in kept]
    assert _bytes(_dossier(*mixed)) == _bytes(_dossier(*deleted))


def test_a_claim_that_appears_later_supersedes_nothing_before() -> None:
    first = _claim(25_000, 200, id="first")
    later = _claim(40_000, 200, supersedes="first", published=START + timedelta(days=300))
    both = _dossier(first, _claim(24_000, 190, "agency"), later)
    before = _dossier(first, _claim(24_000, 190, "agency"))
    day = START + timedelta(days=299)
    assert _bytes(both, day) == _bytes(before, day)
    assert both.superseded(day) == {}
    assert both.superseded(day + timedelta(days=1)) == {0: 2}
    assert both.claims_on("killed", as_of=day)[0].id == "first"


def test_a_claim_that_is_superseded_itself_still_supersedes() -> None:
    dossier = _dossier(
        _claim(25_000, 100, id="a"),
        _claim(26_000, 100, id="b", supersedes="a"),
        _claim(27_000, 100, supersedes=["b"]),
    )
    assert dossier.superseded() == {0: 1, 1: 2}
    assert [claim.low for claim in dossier.claims_on("killed", as_of="2025-01-01")] == [24_300]


WRONG: dict[str, tuple[list[dict[str, Any]], tuple[str, ...]]] = {
    "unknown": (
        [_claim(1e4, 9, id="march"), _claim(1e4, 9, supersedes="Marsh")],
        ("claims[1].supersedes", "'Marsh'", "march"),
    ),
    "twice": (
        [_claim(1e4, 9, id="march"), _claim(1e4, 9, id="march")],
        ("one claim", "'march'", "claims[0].id", "claims[1]"),
    ),
    "another source": (
        [_claim(1e4, 9, id="march"), _claim(1e4, 9, "agency", supersedes="march")],
        ("its own source", "ministry", "agency", "weighed"),
    ),
    "another quantity": (
        [
            _claim(1e4, 9, id="march"),
            _claim(1e4, 9, supersedes="march", quantity="wounded"),
        ],
        ("its own quantity", "killed", "wounded"),
    ),
    "itself": ([_claim(1e4, 9, id="march", supersedes="march")], ("circle", "march -> march")),
    "circle": (
        [
            _claim(1e4, 9, id="a", supersedes="c"),
            _claim(1e4, 9, id="b", supersedes="a"),
            _claim(1e4, 9, id="c", supersedes="b"),
        ],
        ("circle", "a -> c -> b -> a"),
    ),
    "earlier": (
        [_claim(1e4, 9, supersedes="march"), _claim(1e4, 30, id="march")],
        ("must not have appeared before", "2024-01-13", "2024-02-03"),
    ),
    "a forecast": (
        [
            _claim(1e4, 9, id="march"),
            _claim(1e4, 9, kind="forecast", threshold=2e4, by="2025-08", supersedes="march"),
        ],
        ("a figure a figure", "'level'", "'forecast'"),
    ),
    "no name": ([_claim(1e4, 9, id="two words")], ("claims[0].id", "two words")),
}


@pytest.mark.parametrize("case", WRONG, ids=list(WRONG))
def test_what_cannot_be_superseded_is_refused(case: str) -> None:
    claims, expected = WRONG[case]
    wounded = {**QUANTITY, "title": "Wounded", "definition": "wounded"}
    with pytest.raises(at.InputError) as caught:
        at.Dossier.of(
            id="wrong",
            sources=SOURCES,
            quantities={"killed": QUANTITY, "wounded": wounded},
            claims=claims,
        )
    for wanted in expected:
        assert wanted in str(caught.value)


def test_check_pools_and_hindcasts_pass_over_what_is_superseded() -> None:
    wrong = _claim(900_000, 100, id="typo", low=900_000, high=900_000)
    later = _claim(30_000, 200)
    right = _claim(20_000, 100, supersedes="typo")
    falls = _dossier({k: v for k, v in wrong.items() if k != "id"}, later)
    assert at.check(falls)
    corrected = _dossier(wrong, right, later)
    assert not at.check(corrected)
    pools = [at.elicitation.pool_claims(_dossier(*c), "killed") for c in ([wrong], [wrong, right])]
    before, after = (float(quantile(one.distribution, 0.5)) for one in pools)
    assert before > 10 * after
    targets = [target.index for stand in stands_of(corrected, {}) for target in stand.targets]
    assert targets == [1, 2]


def test_a_replaced_forecast_by_others_is_not_compared() -> None:
    other: dict[str, Any] = {"kind": "forecast", "threshold": 60_000, "low": None, "high": None}
    first = _claim(0, 200, **other, by="2025-06", quote="by June 2025", id="june")
    later = _claim(0, 200, **other, by="2025-09", quote="by September", supersedes="june")
    made = at.forecast(_dossier(_claim(20_000, 200), first, later), seed=1, size=8)
    assert {one.quote for one in made.others} == {"by September"}


def test_files_tables_and_records_keep_it(tmp_path: Path) -> None:
    dossier = _dossier(
        _claim(45_000, 100, id="typo", quote="around 45,000", low=None, high=None),
        _claim(20_000, 100, supersedes="typo", quote="around 20,000", low=None, high=None),
    )
    copy = at.read_dossier(at.write_dossier(dossier, tmp_path / "copy.toml"))
    assert copy == dossier
    assert copy.sha256 == dossier.sha256
    made = at.forecast(dossier, seed=1, size=8)
    record = at.reporting.make_record(made)
    assert at.verify(record).holds
    note = csl_items(record)[0]["note"]
    assert "20,000" in note
    assert "45,000" not in note
    table = tmp_path / "claims.csv"
    table.write_text(
        "quantity,source,low,high,as_of,published,id,supersedes\n"
        "killed,Ministry,4,5,2024-03-01,2024-03-02,typo,\n"
        "killed,Ministry,40,50,2024-03-01,2024-03-03,,typo\n"
    )
    assert at.read_claims(table).dossier("read").superseded() == {0: 1}


def test_pictures_and_the_page_keep_it_as_history(tmp_path: Path) -> None:
    dossier = _dossier(_claim(45_000, 100, id="typo"), _claim(20_000, 100, supersedes="typo"))
    reports = at.plots.text_alternative(at.plots.reports(dossier, "killed"))
    assert reports.count("(superseded)") == 1
    assert "1 more, superseded" in at.plots.text_alternative(at.plots.claims(dossier, "killed"))
    assert "superseded" in dossier._repr_html_()
    page = write_page(at.forecast(dossier, seed=1, size=8), tmp_path / "page.html").read_text()
    assert "not used: superseded by the figure that appeared 13 Apr 2024" in page


def test_quoted_claims_supersede_by_id() -> None:
    def quoted(words: str, **more: Any) -> Claim:
        return at.claim(words, source="Ministry", on="2025-03-01", about="Russian", **more)

    wrong = quoted("exactly 45,000 killed", id="typo")
    right = quoted("around 20,000 killed", supersedes="typo")
    made = at.forecast([wrong, right], seed=1, size=8)
    assert made.dossier.superseded() == {0: 1}
    alone = at.forecast([quoted("around 20,000 killed")], seed=1, size=8)
    assert [law.exceedance.tobytes() for law in made.laws.values()] == [
        law.exceedance.tobytes() for law in alone.laws.values()
    ]
