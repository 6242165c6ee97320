"""Tables of claims as people keep them, whole, with what is inferred marked as such."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from benchmarks.effort import seconds

import attrition as at
from attrition.data.dossier.tables import address_date, infer_published, post_date
from attrition.data.elicitation import quantile

DATA = Path(at.__path__[0]) / "bundled"
WAR = DATA / "war_loss_claims_to_2025-06-03.csv"
CONFLICTS = DATA / "conflict_ranges_1900_2026.csv"


@pytest.fixture(scope="module")
def war() -> at.dossier.ClaimTable:
    return at.read_claims(WAR)


def test_the_table_of_war_losses_loads_whole(war: at.dossier.ClaimTable) -> None:
    assert len(war.rows) == 103
    assert war.refused == ()
    assert sum(war.forms.values()) == 103
    dossier = war.dossier("war-losses")
    assert len(dossier.claims) == 103
    assert all(claim.inferred == ("published",) for claim in dossier.claims)


def test_monthly_figures_of_one_later_post_were_not_known_before_it(
    war: at.dossier.ClaimTable,
) -> None:
    rows = [row for row in war.rows if "1876584633103507960" in row.cells["source_url"]]
    assert len(rows) == 34
    assert {str(row.published) for row in rows} == {"2025-01-07"}
    assert min(str(row.as_of) for row in rows) == "2022-04-01"
    dossier = war.dossier("war-losses")
    early = dossier.claims_on("russia-casualties", as_of=date(2024, 12, 31))
    assert not any("1876584633103507960" in claim.url for claim in early)
    assert len(early) > 10


def test_publication_is_never_before_the_day_described(war: at.dossier.ClaimTable) -> None:
    for row in war.rows:
        assert row.as_of is not None
        assert row.published is not None
        assert row.published.last >= row.as_of.last


def test_spellings_of_one_source_are_joined(war: at.dossier.ClaimTable) -> None:
    spellings = {row.cells["source"] for row in war.rows if row.source == "uk-mod"}
    assert spellings == {"UK MoD", "UK Ministry of Defence"}
    assert len({row.source for row in war.rows}) < len({row.cells["source"] for row in war.rows})
    assert all(row.source in war.sources for row in war.rows)


def test_the_time_in_the_number_of_a_post_is_read_as_published() -> None:
    stamp = (1876584633103507960 >> 22) + 1288834974657
    assert (
        post_date("https://x.com/a/status/1876584633103507960")
        == datetime.fromtimestamp(stamp / 1000, UTC).date()
    )
    assert post_date("https://twitter.com/DefenceHQ/status/1731611263799537767") == date(
        2023, 12, 4
    )
    assert post_date("https://example.com/a/status/1876584633103507960") is None
    assert post_date("not an address [") is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.nytimes.com/2022/08/11/us/politics/russian.html", "2022-08-11"),
        ("https://www.france24.com/en/europe/20240503-france-estimates", "2024-05-03"),
        ("https://www.reuters.com/world/killed-2022-07-20/#:~:text=2030-01-01", "2022-07-20"),
        ("https://www.iiss.org/military-balance/2025/02/combat-losses/", "2025-02"),
        ("https://example.org/2023/02/30/no-such-day", "2023-02"),
        ("https://example.org/article/9920240503/x", None),
        ("(new to this piece, via email)", None),
        ("https://example.org/report?date=2024-01-01", None),
    ],
)
def test_a_date_in_an_address_is_found_in_its_path_only(address: str, expected: str | None) -> None:
    day = address_date(address)
    assert (None if day is None else str(day)) == expected


def test_the_latest_of_what_is_known_counts_as_published() -> None:
    day = at.dossier.PartialDate.parse("2023-06-27")
    later, reason = infer_published(day, "https://www.economist.com/2023/07/12/study")
    assert (str(later), reason) == ("2023-07-12", "a date in the address")
    same, reason = infer_published(day, "https://www.economist.com/2022/07/12/study")
    assert (str(same), reason) == ("2023-06-27", "the date of the row")


def test_the_table_of_conflicts_loads_with_every_row_accounted_for() -> None:
    table = at.read_claims(CONFLICTS)
    assert table.forms == {"range": 355, "floor": 90, "cap": 9, "empty": 306}
    assert len(table.rows) + len(table.refused) == 760
    lines = [row.line for row in table.rows] + [row.line for row in table.refused]
    assert sorted(lines) == list(range(2, 762))
    assert all(row.form == "empty" and "no figure" in row.reason for row in table.refused)
    with pytest.raises(at.InputError, match=r"line 2.*Map a column"):
        table.claims()


def test_the_wars_load_summarise_and_elicit_in_under_three_seconds() -> None:
    def load() -> None:
        table = at.read_claims(CONFLICTS)
        wars = table.summary("war_id")
        ranges = [at.elicit(row) for row in table.rows if row.form == "range"]
        assert len(wars) == 81
        assert len(ranges) == 355
        total: Counter[str] = Counter()
        for war in wars:
            total.update(war.forms)
        assert total == table.forms

    assert seconds(load) < 3.0


def test_a_sum_with_an_open_floor_has_no_upper_end() -> None:
    wars = {war.name: war for war in at.read_claims(CONFLICTS).summary("war_id")}
    boxer = wars["boxer_rebellion"]
    assert boxer.forms["floor"] > 0
    assert boxer.high is None
    closed = next(w for w in wars.values() if set(w.forms) <= {"range", "empty"} and w.high)
    assert closed.high is not None
    assert closed.high >= closed.low


def test_a_row_of_a_table_is_elicited_like_a_claim() -> None:
    rows = at.read_claims(CONFLICTS).rows
    distribution = at.elicit(next(row for row in rows if row.form == "range"))
    assert quantile(distribution, [0.1, 0.9]) == pytest.approx([2_500, 20_000])
    floor = next(row for row in rows if row.form == "floor")
    with pytest.raises(at.InputError, match="floor"):
        at.elicit(floor)
    low = floor.low
    assert low is not None
    covered = at.elicit(floor, coverage=at.dossier.Coverage(low=0.5, high=0.8))
    assert quantile(covered, [0.1, 0.9]) == pytest.approx([low / 0.8, low / 0.5])


OWN = """day,who,from,to,what
2024-01-05,The Tally,"1,000",2 000,dead
2024-02-05,Tally,x,5,dead
2024-03-05,Tally,9,5,dead
2024-04-05,Tally,,,dead
"""
MAPPING = {"as_of": "day", "source": "who", "low": "from", "high": "to", "quantity": "=killed"}


def test_columns_are_mapped_and_broken_rows_are_kept_with_their_reason(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(OWN)
    table = at.read_claims(file, mapping=MAPPING, aliases={"Tally": ["The Tally"]})
    assert [(row.low, row.high, row.source) for row in table.rows] == [(1000.0, 2000.0, "tally")]
    assert [(row.line, row.form) for row in table.refused] == [
        (3, "broken"),
        (4, "broken"),
        (5, "empty"),
    ]
    assert "'x'" in table.refused[0].reason
    assert "exceeds" in table.refused[1].reason


def test_claims_are_read_from_the_tables_that_counts_are_read_from(tmp_path: Path) -> None:
    plain, parted = tmp_path / "own.csv", tmp_path / "parted.csv"
    plain.write_text(OWN)
    text = OWN.replace('"1,000"', "1.000.0").replace(",", ";").replace("1.000.0", "1.000,0")
    parted.write_bytes(f"Deaths by source\n{text}".encode("utf-16"))
    book = tmp_path / "book.xlsx"
    pd.read_csv(plain).to_excel(book, index=False)
    for file in (plain, parted, book):
        table = at.read_claims(file, mapping=MAPPING)
        assert [(row.low, row.high, str(row.as_of)) for row in table.rows] == [
            (1000.0, 2000.0, "2024-01-05")
        ]
        assert [row.form for row in table.refused] == ["broken", "broken", "empty"]


def test_each_row_below_the_header_is_a_claim_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    file.write_text("source,quote,quantity\nUN,dozens killed,dead\n#2,many killed,dead\nUN,,dead\n")
    table = at.read_claims(file)
    assert [(row.line, row.source) for row in table.rows] == [(2, "un"), (3, "2")]
    assert [row.form for row in table.refused] == ["empty"]


def test_a_row_with_a_cell_too_many_is_named(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("quantity,low,note\nall,1,a\nall,1,000,b\n")
    with pytest.raises(at.InputError, match="more cells in line 3"):
        at.read_claims(file)


def test_a_row_with_a_rate_is_elicited_per_day(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("quantity,low,high,kind,per\nall,7000,14000,rate,week\nall,1,2,rate,shift\n")
    good, bad = at.read_claims(file).rows
    assert quantile(at.elicit(good), [0.1, 0.9]) == pytest.approx([1_000, 2_000])
    with pytest.raises(at.InputError, match=r"valid claim.*line 3"):
        at.elicit(bad)


@pytest.mark.parametrize(
    ("mapping", "rule"),
    [
        ({**MAPPING, "lowest": "from"}, "Did you mean 'low'"),
        ({**MAPPING, "low": "frm"}, "Did you mean 'from'"),
        ({"low": "from"}, "needs a quantity"),
        (None, "needs a quantity"),
    ],
)
def test_a_wrong_mapping_is_named(
    tmp_path: Path, mapping: dict[str, str] | None, rule: str
) -> None:
    file = tmp_path / "own.csv"
    file.write_text(OWN)
    with pytest.raises(at.InputError, match=rule):
        at.read_claims(file, mapping=mapping)


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n", b"a,a\n1,2\n", b"low,high\n1,2,3\n", b"\xff\xfe\x00", b'"open\n1']
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    with pytest.raises(at.InputError):
        at.read_claims(file)
    with pytest.raises(at.InputError):
        at.read_claims(tmp_path / "absent.csv")


def test_the_war_table_as_a_dossier_survives_its_file(
    war: at.dossier.ClaimTable, tmp_path: Path
) -> None:
    dossier = war.dossier("war-losses", title="Claims")
    again = at.read_dossier(at.write_dossier(dossier, tmp_path / "war.toml"))
    assert again == dossier
    assert again.sha256 == dossier.sha256
