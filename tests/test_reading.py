"""Sentences in nine kinds of difficulty, whole articles, and what damages them."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from benchmarks.mutated import article_seconds, fault_of, run
from benchmarks.reading import entries_of, rounds_of, score
from hypothesis import given, settings
from hypothesis import strategies as st

import attrition as at
from attrition.cli import main
from attrition.core.errors import InputError
from attrition.data.articles import days_of
from attrition.text import read_lexicon, read_one, read_words

if TYPE_CHECKING:
    from collections.abc import Callable

GOLD = Path(__file__).parent / "reading_gold.toml"
TABLES = {"category", "scope", "demonyms", "countries", "groups", "events"}
"""Tables of `words.toml` whose words are also a class of that name."""
HEDGES = resources.files("attrition.text").joinpath("hedges.toml").read_text("utf-8")
ARTICLE = """Landslide toll passes 200

KIRUNDA, 14 May - The death toll from the landslide has risen to 214, the interior ministry said.

"At least 430 people were injured, 38 of them seriously," health minister Ana Duarte told reporters.
She said 12 children were among the dead.

Gen. Paulo Reis denied that 40 soldiers had been killed. A landslide in 2011 killed 1,000 people.
Since January, 512 people have been killed by floods, according to the UN.
"""


# ---- sentences ------------------------------------------------------------------------------


def test_each_round_of_gold_sentences_is_as_large_as_its_score_says() -> None:
    entries = entries_of(GOLD)
    for number, unseen in rounds_of(GOLD).items():
        assert sum(entry["round"] == [number] for entry in entries) == unseen["sentences"]
        assert unseen["silent"] <= unseen["sentences"] - unseen["right"]


def test_every_class_of_words_is_one_that_the_reader_uses() -> None:
    room = Path(at.__path__[0]) / "text"
    code = "".join(file.read_text("utf-8") for file in room.glob("*.py"))
    code += "".join(
        file.read_text("utf-8") for file in (room.parent / "data/articles").glob("*.py")
    )
    tables = tomllib.loads((room / "words.toml").read_text("utf-8"))
    classes = tables["classes"]
    table = "".join((room / name).read_text("utf-8") for name in ("words.toml", "rules.toml"))
    used = set(re.findall(r"\bWORDS\.(\w+)|words_for\(\"(\w+)|<(\w+)>", code + table))
    assert set(classes) - {name for names in used for name in names} == set()
    assert {name for name, _, _ in used} - {""} <= {*classes, *TABLES}
    rules = tomllib.loads((room / "rules.toml").read_text("utf-8"))
    assert [name for name in rules if f'"{name}"' not in code] == []


def test_a_wrong_expectation_lowers_the_score(tmp_path: Path) -> None:
    row = '"wire | A bomb killed 31 Somali soldiers." = "31 bare killed side={}"'
    right, wrong = tmp_path / "right.toml", tmp_path / "wrong.toml"
    right.write_text("[whose]\n" + row.format("Somali"), "utf-8")
    wrong.write_text("[whose]\n" + row.format("Kenyan"), "utf-8")
    assert [score(entry).right for entry in entries_of(right)] == [True]
    assert [score(entry).right for entry in entries_of(wrong)] == [False]


@pytest.mark.parametrize(
    ("words", "standing"),
    [
        ("The army lost 300 men.", "stated"),
        ("The army denied losing 300 men.", "denied"),
        ("The army did not deny that 300 men were killed.", "stated"),
        ("Claims that 300 men were killed have been dismissed.", "denied"),
        ("300 men were not killed.", "denied"),
        ("Nobody has confirmed the 300 deaths.", "unconfirmed"),
        ("If the dam breaks, 300 people may be killed.", "hypothetical"),
        ("The toll is expected to reach 300 dead.", "future"),
        ("He will resign after 300 people died.", "stated"),
    ],
)
def test_a_figure_is_stated_denied_unconfirmed_supposed_or_to_come(
    words: str, standing: str
) -> None:
    (reading,) = at.parse(words)
    assert (reading.standing, reading.denied) == (standing, standing == "denied")


@pytest.mark.parametrize("verb", ["were killed", "have died", "had been wounded", "were captured"])
@pytest.mark.parametrize("joint", ["and", "but", "while", ", and", "; "])
@pytest.mark.parametrize(
    "clause",
    ["50 {} killed a day", "about 50 die daily", "50 a day {} wounded", "50 die each month"],
)
def test_a_rate_of_a_clause_with_its_own_verb_is_not_that_of_the_clause_before(
    verb: str, joint: str, clause: str
) -> None:
    total, rate = at.parse(f"At least 3,000 people {verb} {joint} {clause.format('are')}.")
    assert (total.kind, total.per) == ("level", None)
    assert (rate.kind, rate.per) == ("rate", "month" if "month" in clause else "day")


@pytest.mark.parametrize("period", ["a day", "daily", "per week", "each month"])
def test_a_list_without_verbs_between_shares_its_rate(period: str) -> None:
    killed, wounded = at.parse(f"500 to 600 killed and 1,000 wounded {period}")
    both = at.parse(f"Snipers killed two and wounded nine people {period}.")
    assert killed.kind == wounded.kind == "rate"
    assert killed.per == wounded.per == both[0].per == both[1].per


def test_a_total_to_which_a_count_has_come_is_no_increase_over_the_window_before_it() -> None:
    rate, total = at.parse(
        "They have suffered around 1,200 casualties a day since January, "
        "bringing total losses to 1,250,000 killed and wounded."
    )
    assert (rate.kind, total.kind, total.window) == ("rate", "level", None)


def test_what_became_of_some_is_not_said_of_all_and_their_side_is_that_of_all() -> None:
    all_, some = at.parse("North Korea has sent 12,000 troops; 2,000 of them have been killed.")
    assert (all_.category, some.category) == (None, "killed")
    assert (all_.side, some.side) == ("North Korean", "North Korean")


def test_a_source_is_named_across_its_apposition() -> None:
    (reading,) = at.parse("Mediazona, an independent outlet, has confirmed 177,433 deaths.")
    assert reading.hedged_by == "Mediazona, an independent outlet, has confirmed"


def test_a_claim_whose_words_deny_the_figure_is_refused() -> None:
    with pytest.raises(InputError, match="a claim must state its figure"):
        read_one("The army denied losing 300 men.")


@pytest.mark.parametrize(
    "text",
    [
        "In the U.S. at least 40 people died.",
        "3,000 +/- 300 troops &amp; 40 civilians were killed",
        "Des\u200d rebels\u200b killed over 60\u00a0000 — some say 70,000 — people",
        "Rund 10.000 Menschen wurden getötet.",
    ],
)
def test_positions_are_those_of_the_text_as_given(text: str) -> None:
    for reading in at.parse(text):
        words = text[reading.start : reading.end]
        alone = at.parse(words)[0]
        assert (alone.low, alone.high) == (reading.low, reading.high)
        assert any(letter.isdigit() for letter in words)


@pytest.mark.parametrize("space", ["&nbsp;", "&#160;", "&#x202f;", "&thinsp;", "&shy;", "&rsquo;"])
def test_a_character_written_as_an_entity_is_that_character(space: str) -> None:
    assert [r.point for r in at.parse(f"At least 1{space}240 people were killed.")] == [1_240]


@pytest.mark.parametrize("word", ["over", "nearly", "about", "around", "just over"])
def test_a_hedge_has_no_cliff_between_neighbouring_numbers(word: str) -> None:
    for number in (9_870, 123_450, 886_120, 50_010):
        one, two = (at.parse(f"{word} {n:,} killed")[0].interval for n in (number, number + 1))
        assert one is not None
        assert two is not None
        widths = [(ends.upper - ends.lower) for ends in (one, two)]
        assert max(widths) <= 2.5 * min(widths)


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("more than 886,123 casualties", 886_123, 887_123),
        ("nearly 806,000 casualties", 805_000, 806_000),
        ("about 990,837 casualties", 989_838, 991_837),
        ("more than 98 percent of the dead", 98, 100),
    ],
)
def test_a_hedge_does_not_reach_past_the_next_round_number(
    words: str, low: float, high: float
) -> None:
    interval = at.parse(words)[0].interval
    assert interval is not None
    assert low - 1e-6 <= interval.lower < interval.upper <= high + 1e-6


@pytest.mark.parametrize(
    "words",
    ["45 mil mortos desde o início da guerra", "En az 20 kişi öldü", "Almeno 40 morti nel crollo"],
)
def test_a_language_that_is_not_read_is_refused_by_its_name(words: str) -> None:
    with pytest.raises(InputError, match="must be English, German"):
        at.parse(words)


# ---- hedges as data -------------------------------------------------------------------------


def _with_row(tmp_path: Path, kind: str, rank: int) -> Path:
    table = tmp_path / "hedges.toml"
    row = f"""
[[hedge]]
key = "by-the-roll"
kind = "{kind}"
rank = {rank}
phrases = ["by the roll"]
after = []
loose = []
prob = 0.9
below = 0.0
above = 0.3
granular = false
shape = "exponential-above"
support = "above 0"
spill = 0.0
evidence = "An example."
reference = []
"""
    head, mark, rest = HEDGES.partition("# Full width in percent")
    table.write_text(head + row + mark + rest, "utf-8")
    return table


def test_a_row_that_is_added_to_the_table_is_obeyed(tmp_path: Path) -> None:
    words = "by the roll 30,000 soldiers were killed"
    (before,) = at.parse(words)
    (after,) = at.parse(words, lexicon=read_lexicon(_with_row(tmp_path, "above", 5)))
    assert before.hedge == "unhedged-round"
    assert after.hedge == "by-the-roll"
    assert after.interval is not None
    assert after.interval.upper == pytest.approx(39_000)


@pytest.mark.parametrize(("rank", "governs"), [(5, "by-the-roll"), (50, "at-least")])
def test_of_two_bounds_the_lower_rank_governs(tmp_path: Path, rank: int, governs: str) -> None:
    book = read_lexicon(_with_row(tmp_path, "above", rank))
    (reading,) = at.parse("at least by the roll 30,000 soldiers were killed", lexicon=book)
    assert reading.hedge == governs


def test_the_kind_of_an_added_row_joins_bounds_to_a_range(tmp_path: Path) -> None:
    book = read_lexicon(_with_row(tmp_path, "floor", 10))
    (reading,) = at.parse("by the roll 300 but fewer than 500 died", lexicon=book)
    assert (reading.low, reading.high) == (300, 500)


def test_a_row_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="`kind` must be one of exact"):
        read_lexicon(_with_row(tmp_path, "sideways", 10))


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "hedges.toml"
    table.write_text(HEDGES.replace("rank = 40\n", "", 1), "utf-8")
    with pytest.raises(InputError, match="rows with all columns"):
        read_lexicon(table)


@pytest.mark.parametrize(
    ("words", "reached", "aside"),
    [
        ("Flight 752 fell on Tehran; 176 people were killed.", "own", ("752",)),
        ("The magnitude 6.1 quake killed 31 and 4 police officers.", "neighbour", ("6.1",)),
        ("Scarce a hundred escaped; the rest, to the number of 900, were slain.", "loose", ()),
        ("A third of the soldiers were killed.", "loose", ()),
    ],
)
def test_a_reading_says_how_its_category_was_found_and_what_was_left_aside(
    words: str, reached: str, aside: tuple[str, ...]
) -> None:
    reading = at.parse(words)[-1]
    assert (reading.reached, reading.aside) == (reached, aside)
    assert 0 < reading.confidence < 1
    assert at.parse("thousands were killed")[0].confidence == 0


@pytest.mark.parametrize("verb", ["treated", "screened", "sent home", "taken ashore", "airlifted"])
@pytest.mark.parametrize(
    "frame",
    [
        "Floods killed 31 people and 18 residents were {}.",
        "Scores drowned and 18 were {}.",
        "At least 31 people have died, while 1,438 had been {} by Monday.",
        "The blast left 31 dead; of the others, 18 were quickly {}, police said.",
        "Of the 400 aboard 31 died and 18 others were later {}.",
    ],
)
def test_people_with_a_verb_of_their_own_are_never_silently_among_the_dead(
    verb: str, frame: str
) -> None:
    readings = at.parse(frame.format(verb))
    deaths = [one.point for one in readings if one.category == "killed" and not one.ambiguous]
    assert 18 not in deaths
    assert 1438 not in deaths


@pytest.mark.parametrize("verb", ["killed", "wounded", "injured", "reported dead"])
def test_people_of_whom_a_list_or_their_own_verb_speaks_are_not_marked(verb: str) -> None:
    for words in (
        f"Floods killed 31 people and 18 residents were {verb}.",
        f"At least 31 people died, among them 18 children, and 40 were {verb}.",
        f"Two soldiers, 18 policemen and a child were {verb}.",
    ):
        assert not any(one.ambiguous for one in at.parse(words))


def test_a_range_may_stand_around_its_sources() -> None:
    (reading,) = at.parse("Tolls range from 15, according to police, to 42, according to rebels.")
    assert (reading.low, reading.high) == (15.0, 42.0)
    over, wounded = at.parse("It left a little over 1,000 people dead and close to 2,500 injured.")
    assert (over.point, over.category) == (1000.0, "killed")
    assert (wounded.point, wounded.category) == (2500.0, "wounded")


@pytest.mark.parametrize("name", ["South African", "North Korean", "New Zealander"])
def test_a_side_may_have_two_words(name: str) -> None:
    one, two = at.parse(f"Rebels killed 17 Tanzanian and 11 {name} peacekeepers.")
    assert (one.side, two.side) == ("Tanzanian", name)


def test_a_marked_figure_becomes_no_claim_but_a_gap_to_fill() -> None:
    words = "Floods killed 31 people on Monday and 18 residents were screened, officials said."
    article = at.read_article(words, published="2026-05-14")
    assert [str(claim.as_of) for claim in article.claims] == ["2026-05-11"]
    assert [doubt.words for doubt in article.doubts] == ["18"]
    assert "# TODO" in article.toml()


# ---- articles -------------------------------------------------------------------------------


def test_every_figure_of_an_article_stands_at_its_place_with_its_source() -> None:
    article = read_words(ARTICLE)
    rows = [
        (article.page.text[m.start : m.end], m.reading.category, m.source) for m in article.mentions
    ]
    assert rows == [
        ("passes 200", "killed", None),
        ("214", "killed", "interior ministry"),
        ("At least 430", "wounded", "health minister Ana Duarte"),
        ("38", "wounded", "health minister Ana Duarte"),
        ("12", "killed", "health minister Ana Duarte"),
        ("40", "killed", "Gen. Paulo Reis"),
        ("1,000", "killed", "Gen. Paulo Reis"),
        ("512", "killed", "UN"),
    ]


def test_an_article_becomes_a_dossier_that_reads_back(tmp_path: Path) -> None:
    clipping = at.read_article(ARTICLE, published="2026-05-14", source="Agency")
    file = tmp_path / "my.toml"
    file.write_text(clipping.toml(), "utf-8")
    dossier = at.read_dossier(file)
    assert dossier.claims == clipping.claims
    assert {claim.source for claim in dossier.claims} <= set(dossier.sources)
    numbers = {(c.quantity, at.parse(c.words)[0].point) for c in dossier.claims}
    assert ("killed", 214) in numbers
    assert {("killed-children", 12), ("wounded-of-them-seriously", 38)} <= numbers


def test_what_is_denied_or_of_another_event_is_left_to_decide() -> None:
    clipping = at.read_article(ARTICLE, published="2026-05-14")
    reasons = {doubt.words: doubt.reason for doubt in clipping.doubts}
    assert set(reasons) == {"40", "1,000", "512", "passes 200"}
    assert "denied" in reasons["40"]
    assert "'A landslide': another event" in reasons["1,000"]
    assert "'floods': of many events" in reasons["512"]
    assert clipping.toml().count("\n# TODO ") == 4
    assert all(c.words != "40" for c in clipping.claims)


def test_a_page_is_read_without_its_marks_and_with_its_own_day(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><html><head><title>Flood</title>"
        '<meta property="article:published_time" content="2026-05-14T08:00:00Z">'
        "<script>var dead = 900;</script></head><body><nav>99 killed</nav>"
        "<p>At least <b>30</b> people died &amp; 12 are missing, <i>police</i> said.</p></body>",
        "utf-8",
    )
    clipping = at.read_article(page)
    assert (clipping.title, clipping.published) == ("Flood", date(2026, 5, 14))
    assert [m.reading.point for m in clipping.mentions] == [30, 12]
    assert {c.quantity for c in clipping.claims} == {"killed", "missing"}


def test_markdown_is_read_as_its_plain_text_is() -> None:
    plain = at.read_article(
        "Flood\n\nOn Monday 30 people died, police said.", published="2026-05-14"
    )
    marked = at.read_article(
        "# Flood\n\nOn [Monday](http://a.example/12) **30 people** died, _police_ said.",
        published="2026-05-14",
    )
    assert marked.claims == plain.claims
    assert len(plain.claims) == 1


def test_without_a_day_of_publication_the_gap_is_named() -> None:
    clipping = at.read_article(ARTICLE)
    assert clipping.claims == ()
    assert len(clipping.mentions) == 8
    with pytest.raises(InputError, match="the day of publication"):
        clipping.dossier()


def test_an_article_without_figures_says_so() -> None:
    clipping = at.read_article("Nothing was reported.", published="2026-05-14")
    assert clipping.gaps == ("a figure that can be used: none of the article is clear enough",)


THURSDAY = date(2026, 5, 14)


def test_a_long_sentence_is_words_and_no_file_of_that_name() -> None:
    words = "At least 30 people died on Monday, police said" + ", and no more" * 25 + "."
    assert "\n" not in words
    assert 255 < len(words) < 400  # longer than a name may be, and not than a path
    assert len(at.read_article(words, published="2026-05-14").claims) == 1


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("on Tuesday", "2026-05-12", "2026-05-12"),
        ("on Thursday", "2026-05-14", "2026-05-14"),
        ("last Thursday", "2026-05-07", "2026-05-07"),
        ("last month", "2026-04-01", "2026-04-30"),
        ("this month", "2026-05-01", "2026-05-14"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("so far this year", "2026-01-01", "2026-05-14"),
        ("since 2022", "2022-01-01", "2026-05-14"),
        ("since January", "2026-01-01", "2026-05-14"),
        ("since the invasion in February 2022", "2022-02-01", "2026-05-14"),
        ("in December", "2025-12-01", "2025-12-31"),
        ("in March 2025", "2025-03-01", "2025-03-31"),
        ("24 February 2022", "2022-02-24", "2022-02-24"),
        ("in 22-29 October 2025", "2025-10-22", "2025-10-29"),
        ("from 24.02.22 to 03.06.25", "2022-02-24", "2025-06-03"),
        ("in the past 24 hours", "2026-05-14", "2026-05-14"),
        ("in the last 48 hours", "2026-05-13", "2026-05-14"),
        ("the past 7 days", "2026-05-08", "2026-05-14"),
        ("over the weekend", "2026-05-09", "2026-05-10"),
        ("in the week to 12 May", "2026-05-06", "2026-05-12"),
        ("the end of July", "2025-07-31", "2025-07-31"),
        ("in the second quarter", "2026-04-01", "2026-05-14"),
        ("since the outbreak was declared on 3 October", "2025-10-03", "2026-05-14"),
        ("yesterday", "2026-05-13", "2026-05-13"),
        ("overnight", "2026-05-13", "2026-05-14"),
        ("in Q1 2026", "2026-01-01", "2026-03-31"),
        ("in summer 2025", "2025-06-01", "2025-08-31"),
        ("last spring", "2026-03-01", "2026-05-14"),
        ("last May", "2025-05-01", "2025-05-31"),
        ("in the first half of the year", "2026-01-01", "2026-05-14"),
        ("in the first six months of 2025", "2025-01-01", "2025-06-30"),
    ],
)
def test_days_in_words_are_counted_from_publication(words: str, first: str, last: str) -> None:
    assert days_of(words, THURSDAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "words",
    ["since the invasion", "in 2031", "on 31 February 2026", "soon", "in the first 12 months"],
)
def test_words_that_name_no_day_so_far_are_not_guessed(words: str) -> None:
    assert days_of(words, THURSDAY) is None


def test_last_summer_said_in_summer_is_that_of_the_year_before() -> None:
    assert days_of("last summer", date(2026, 6, 9)) == (date(2025, 6, 1), date(2025, 8, 31))


# ---- the command ----------------------------------------------------------------------------


def _run(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["attrition", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_one_claim_is_no_claims(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Some 40 people died.", "utf-8")
    assert _run(["read", str(article), "--published", "2026-05-14"], monkeypatch) == 0
    printed = capsys.readouterr().out
    assert "1 claim, 0 left to decide." in printed
    assert "TODO" not in printed


@pytest.mark.filterwarnings("ignore::attrition.AttritionWarning")
def test_the_command_writes_a_dossier_that_check_and_forecast_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    article, out = tmp_path / "a.txt", tmp_path / "my.toml"
    article.write_text(ARTICLE, "utf-8")
    arguments = ["read", str(article), "--published", "2026-05-14", "--out", str(out)]
    assert _run(arguments, monkeypatch) == 0
    printed = capsys.readouterr().out
    assert "TODO" in printed
    assert "4 claims, 4 left to decide.\nEach is a TODO at the end of the dossier" in printed
    assert _run(["check", str(out)], monkeypatch) in {0, 1}
    assert (
        _run(["forecast", str(out), "--tolerance", "0.5", "--horizon", "2026-12-31"], monkeypatch)
        == 0
    )
    assert "Deaths (persons; one figure)" in capsys.readouterr().out
    edited = out.read_text("utf-8") + "# by hand\n"
    out.write_text(edited, "utf-8")
    assert _run(arguments, monkeypatch) == 2  # what was added by hand is not written over
    assert "is written to a new file, got one that exists" in capsys.readouterr().err
    assert out.read_text("utf-8") == edited


@pytest.mark.parametrize("command", ["parse", "read"])
def test_a_dash_reads_standard_input(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = tmp_path / "words.txt"
    words.write_text("At least 30 people died.", "utf-8")
    with words.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert _run([command, "-"], monkeypatch) == 0
    assert "30" in capsys.readouterr().out or command == "read"


def test_a_dossier_is_not_written_while_a_gap_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    article, out = tmp_path / "a.txt", tmp_path / "my.toml"
    article.write_text(ARTICLE, "utf-8")
    assert _run(["read", str(article), "--out", str(out)], monkeypatch) == 2
    assert "--published" in capsys.readouterr().err
    assert not out.exists()


# ---- damage ---------------------------------------------------------------------------------


def test_damaged_sentences_are_read_or_refused_and_nothing_else() -> None:
    assert run(10 * settings().max_examples, seed=7) == []


def test_a_reader_that_fails_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(text: str) -> tuple[at.text.Reading, ...]:
        raise ValueError(text)

    monkeypatch.setattr("benchmarks.mutated.parse", failing)
    assert fault_of("30 killed") == "ValueError: 30 killed"


@pytest.mark.parametrize("unit", ["million ", "no ", "killed and ", "1-", "aboard ", "&#39;", "| "])
def test_ten_thousand_characters_of_one_word_take_no_time_to_speak_of(unit: str) -> None:
    assert fault_of((unit * 10_000)[:9_990]) == ""


def test_an_article_four_times_as_long_takes_about_four_times_as_long() -> None:
    def best(size: int) -> float:
        return min(article_seconds(size, seed) for seed in (1, 2))

    growth: Callable[[], float] = lambda: best(80_000) / best(20_000)  # noqa: E731
    assert any(growth() < 10 for _ in range(2))


def test_what_is_still_to_come_is_a_bound_on_the_day_of_publication_and_a_forecast() -> None:
    words = "Russian losses will pass 1 million this summer, the ministry said."
    clipping = at.read_article(words, published="2025-06-01")
    bound, theirs = clipping.claims
    assert (bound.kind, bound.point, bound.hedge) == ("level", 1_000_000, "at-most")
    assert (str(bound.as_of), bound.source) == ("2025-06-01", "ministry")
    assert (theirs.kind, theirs.threshold, str(theirs.by)) == ("forecast", 1_000_000, "2025-08-31")
    assert clipping.doubts == ()
    assert at.check(clipping.dossier()) == ()


HOSTILE = """<script>alert('12 dead')</script> & "quotes"

At least 30 people <b onclick=x>died</b>, and 40 huts burned. 38 of 900 were seen."""


def test_who_speaks_is_named_where_the_quote_says_we() -> None:
    words = '"We fear that 40 people have died," Commander Lee Wai told reporters.'
    assert read_words(words).mentions[0].source == "Commander Lee Wai"


def test_those_who_are_still_missing_on_a_day_are_a_total_of_that_day() -> None:
    (reading,) = at.parse("Twelve people were still missing on Saturday.")
    assert (reading.kind, reading.window, reading.as_of) == ("level", None, "Saturday")


def test_the_words_of_an_article_are_data_on_its_page() -> None:
    page = at.read_article("# Toll\n" + HOSTILE, published="2026-05-14").html()
    assert "<script" not in page
    assert "onclick=x>" not in page
    assert "<mark>At least 30</mark>" in page
    assert "40</mark>" not in page


def test_every_claim_is_ticked_on_the_page_and_every_doubt_is_not() -> None:
    clipping = at.read_article(ARTICLE, published="2026-05-14")
    page = clipping.html()
    assert page.count(" checked>") >= len({claim.words for claim in clipping.claims}) - 1
    for doubt in clipping.doubts:
        assert doubt.words in page
    assert page.count('class="open"') == len({doubt.start for doubt in clipping.doubts})


def test_read_writes_the_marked_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    article, page = tmp_path / "a.txt", tmp_path / "a.html"
    article.write_text(ARTICLE, "utf-8")
    wishes = ["read", str(article), "--published", "2026-05-14", "--html", str(page)]
    assert _run(wishes, monkeypatch) == 0
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_an_article_without_a_title_is_named_by_its_day_not_by_a_sentence_cut_off() -> None:
    first = "At least 30 people died on Monday, " + "according to the police of the town, " * 5
    for text in (f"{first}\nMore follows.", "At least 30 people died.\nMore."):
        clipping = at.read_article(text, published="2026-05-14")
        assert clipping.title == ""
        assert clipping.dossier().title == "Figures of an article of 14 May 2026"


@pytest.mark.parametrize("verb", ["killed", "injured"])
@pytest.mark.parametrize("event", ["famine", "great earthquake", "epidemics", "war"])
@pytest.mark.parametrize("year", [1918, 1932, 2011])
def test_the_year_of_an_event_is_no_figure(event: str, year: int, verb: str) -> None:
    sentence = f"The {event} of {year} {verb} about 40,000 people."
    assert [one.reading.point for one in at.read_article(sentence).mentions] == [40_000]
    counted = at.read_article(f"The ministry gave a total of {year} {verb}.").mentions
    assert [one.reading.point for one in counted] == [year]


@given(st.integers(18, 105), st.sampled_from(["on Sunday", "in hospital", "last week", ""]))
def test_an_age_at_death_is_no_figure(age: int, when: str) -> None:
    for end in (".", ", officials said."):
        assert not at.read_article(
            f"The painter died {when} at {age}{end}".replace("  ", " ")
        ).mentions
    toll = at.read_article(f"Many had died, and by evening the toll stood at {age}.").mentions
    assert [one.reading.point for one in toll] == [age]


CONSTRUCTIONS = {
    "killed": (
        "{} {} were killed when the roof fell.",
        "The blast killed {} {}.",
        "The blast left {} {} dead.",
        "The blast claimed the lives of {} {}.",
        "The blast cost {} {} their lives.",
        "A bomb went off in a market, killing {} {}.",
        "The bodies of {} {} were found.",
        "Gunmen shot dead {} {}.",
        "Among the dead are {} {}.",
        "He was convicted of the murder of {} {}.",
        "The families of the {} {} killed in the crash have sued.",
        "{} {}, most of them from one village, perished.",
    ),
    "wounded": (
        "The crash injured {} {}.",
        "The crash left {} {} in hospital.",
        "{} {} suffered cuts and bruises.",
        "A further {} {} were wounded.",
    ),
    "missing": ("{} {} are still unaccounted for.", "Divers search for {} missing {}."),
    "captured": ("{} {} were taken prisoner.", "The rebels abducted {} {}."),
}
"""Sentences of one figure by what they say of it; who is counted, and how many, is no matter."""


@pytest.mark.parametrize("category", CONSTRUCTIONS)
@pytest.mark.parametrize("number", ["14", "seven", "2,300", "at least 60", "two dozen"])
@pytest.mark.parametrize("people", ["soldiers", "Kenyan miners", "beekeepers", "concert-goers"])
def test_what_befell_people_depends_neither_on_who_nor_on_how_many(
    category: str, number: str, people: str
) -> None:
    for words in CONSTRUCTIONS[category]:
        (reading,) = at.parse(words.format(number, people))
        assert (reading.category, reading.ambiguous) == (category, ()), words


@pytest.mark.parametrize(
    "words",
    [
        "About 3,000 people marched in memory of those killed.",
        "More than 1,000 volunteers are searching for the missing.",
        "Poachers killed 30 elephants last year.",
        "The company lost 12,000 jobs.",
        "Some 886,123 children aged 6 to 59 months were vaccinated.",
        "Three brothers, 4, 7 and 11, are well after a night at sea.",
    ],
)
def test_people_to_whom_nothing_happened_are_no_casualties(words: str) -> None:
    assert not any(one.unit == "persons" and one.category for one in _read(words))


def _read(words: str) -> tuple[at.Reading, ...]:
    try:
        return at.parse(words)
    except at.InputError:
        return ()


def test_a_quantity_is_named_in_the_words_of_its_figures() -> None:
    told = (
        "1,200 people died in the outbreak, the ministry said on Monday. About 340 were injured. "
        "30 children died. 50 soldiers were killed. 70 fighters were wounded."
    )
    named = at.read_article(told, published="2026-05-14").quantities
    assert {key: (what.title, what.definition) for key, what in named.items()} == {
        "killed": ("Deaths", "died"),
        "wounded": ("People injured", "injured"),
        "killed-children": ("Children who died", "died"),
        "killed-soldiers": ("Soldiers killed", "killed"),
        "wounded-fighters": ("Fighters wounded", "wounded"),
    }


@pytest.mark.parametrize(
    "words",
    [
        "The hotel took in 4,210 pilgrims on Friday after the bombing of the shrine.",
        "After the shooting at the mall some 900 of them signed the petition.",
        "The town, population 640, lost eleven neighbours in one night.",
    ],
)
def test_people_of_whom_a_whole_sentence_says_nothing_are_no_silent_figures(words: str) -> None:
    try:
        readings = at.parse(words)
    except InputError:
        return
    assert all(one.category or one.ambiguous for one in readings)


def test_a_claim_that_somebody_calls_a_lie_is_denied() -> None:
    words = "The army said 850 rebels had been killed; the rebels called that number a lie."
    (reading,) = at.parse(words)
    assert reading.denied
    (reading,) = at.parse(words.replace("a lie", "a disgrace"))
    assert not reading.denied


def test_a_verb_that_ends_the_words_is_read_with_the_part_before_it() -> None:
    (share,) = at.parse("A third of the 300 drowned")
    assert (share.kind, share.category) == ("share", "killed")


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("Of 47 miners 15 were killed and 20 got out.", [(15, "killed")]),
        ("60 prisoners, 12 dead.", [(60, "captured"), (12, "killed")]),
        ("A crash in which six people died stranded 450 passengers.", [(6, "killed")]),
        ("Cumulative cases and deaths stand at 3,410 and 212.", [(212, "killed")]),
        ("STORMS: 14 dead, 2,000 homes damaged", [(14, "killed")]),
        ("Two of the six aboard the helicopter were injured.", [(2, "wounded")]),
        ("12 killed so far, no word of 5 others", [(12, "killed"), (5, "missing")]),
        ("Killed, wounded and missing numbered 31, 114 and 8 respectively.",
         [(31, "killed"), (114, "wounded"), (8, "missing")]),
        ("The clinic treated 300 patients, 14 of whom died.", [(14, "killed")]),
        ("Two of the 300 passengers were rescued; 61 drowned.", [(61, "killed")]),
        ("The flood killed 12,000 head of cattle but only three people.", [(3, "killed")]),
        ("The hospital rehearsed the reception of 400 casualties of a crash.", []),
    ],
)  # fmt: skip
def test_of_a_whole_or_a_row_each_number_says_what_befell_its_own_people(
    words: str, figures: list[tuple[float, str]]
) -> None:
    persons = [one for one in at.parse(words) if one.unit == "persons" and not one.ambiguous]
    assert [(one.point, one.category) for one in persons] == figures


_QUAKE = (
    "RIVERTON, 14 May 2026. A quake struck Riverton on 12 May. At least 62 people have died, the "
    "civil protection agency said on Thursday.\n\n"
)


@pytest.mark.parametrize(
    "words",
    [
        "The mayor feared that the number of dead would pass 100.",
        "Officials are worried that the death toll could exceed 200.",
        "The death toll could rise to 300, the Red Cross said.",
        "The agency said that the number of dead may exceed 150.",
        "The death toll is expected to pass 120, rescuers said.",
        "Doctors hope that the number of dead will stay below 90.",
        "The toll might climb above 400, the governor warned.",
        "There are fears that more than 250 people have died.",
        "Rescuers fear the number of people killed will reach 180.",
        "The governor said it was possible that the death toll would pass 500.",
        "The minister hoped that the toll would not exceed 80.",
        "Police said the number of dead was likely to rise above 110.",
    ],
)
def test_a_fear_a_hope_or_a_possibility_is_no_evidence(words: str) -> None:
    claims = at.read_article(_QUAKE + words, published="2026-05-14").dossier().claims
    assert [claim.quote for claim in claims if words in claim.quote] == []
    assert len(claims) == 1


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("The ministry said the number of dead will pass 100 this week.", ["forecast", "level"]),
        ("The ministry said the toll would pass 100 this week.", ["forecast", "level"]),
        ("The toll will exceed 100 by the end of June, the institute said.", ["forecast", "level"]),
        ("The institute predicts that the toll will pass 999 this summer.", ["forecast", "level"]),
        ("The mayor, who feared more rain, said on Thursday that 100 people had died.", ["level"]),
        ("The number of people feared dead rose to 57.", ["level"]),
        ("The toll cannot exceed 80, the ministry said.", ["level"]),
        ("The toll is likely to have passed 90, the ministry said.", ["level"]),
    ],
)
def test_what_a_source_counts_or_itself_predicts_is_evidence(words: str, kinds: list[str]) -> None:
    claims = at.read_article(_QUAKE + words, published="2026-05-14").dossier().claims
    assert sorted(claim.kind for claim in claims if words in claim.quote) == kinds
