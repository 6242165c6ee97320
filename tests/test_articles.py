"""Articles: their day of publication, and the days, sources and places of their figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from benchmarks.articles import OUTCOMES, score

import attrition as at
from attrition.text import parse

DAY = "2026-03-14"

RIGHT, WRONG, NEVER = 261, 40, 6
"""Of 434 claims in the articles of this folder: what is reached, and not to be lost."""


@pytest.mark.parametrize(
    "head",
    [
        "Ferry sinks\nBy Tessa Lomu in Port Hanley\nPublished 14 March 2026\n",
        "Ferry sinks\n\nReuters\nMar. 14, 2026\n",
        "Ferry sinks\nLast updated 2026-03-14 21:40\n",
        "PORT HANLEY, March 14th, 2026 (AFP) - ",
        "# Ferry sinks\n\n*Ministry of Health, 14 March 2026*\n",
        '<html><script>{"datePublished": "2026-03-14T08:00Z"}</script><p>Ferry sinks</p>\n',
        "14 March 2026\n",
    ],
)
def test_the_head_of_an_article_states_its_day(head: str) -> None:
    clipping = at.read_article(head + "At least 30 people died, police said.")
    assert str(clipping.published) == DAY
    assert [str(claim.as_of) for claim in clipping.claims] == [DAY]


@pytest.mark.parametrize(
    "text",
    [
        "The flood of 9 May 2020\nAt least 30 people died.",
        "On 9 May 2020 a dam broke. At least 30 people died.",
        "Flood\nIn the night of 9 May 2020 the dam broke and 30 people died.",
    ],
)
def test_a_day_that_is_told_of_is_not_that_of_publication(text: str) -> None:
    clipping = at.read_article(text)
    assert clipping.published is None
    assert "figures of persons that wait for it: 1" in clipping.gaps[0]


@pytest.mark.parametrize(
    ("sentence", "point", "kind", "as_of"),
    [
        ("The toll rose to 2,117, up from 1,684 a day earlier.", 1684, "level", "a day earlier"),
        ("The toll rose to 212 from 190.", 190, "level", "earlier"),
        ("The office put the number of dead at 58 on Friday.", 58, "level", "Friday"),
        ("The toll stood at 38 a week ago.", 38, "level", "a week ago"),
        ("The mayor said in February that 46 people had died.", 46, "level", "February"),
        ("It named 52 dead, including 8 children, as of 31 October.", 52, "level", "31 October"),
        ("A cumulative total of 412 deaths since 2 June has been reported.", 412, "level", None),
    ],
)  # fmt: skip
def test_a_count_is_of_the_day_on_which_it_stood(
    sentence: str, point: float, kind: str, as_of: str | None
) -> None:
    reading = next(one for one in parse(sentence) if one.point == point)
    assert (reading.kind, reading.as_of, reading.window) == (kind, as_of, None)


@pytest.mark.parametrize(
    ("sentence", "window"),
    [
        ("It is the worst since 2009, when 88 people died in a fire.", "in 2009"),
        ("The 1999 quake killed over 17,000.", "in 1999"),
        ("During week 35 (25-31 August), 19 cases and 37 deaths arose.", "during 25-31 August"),
        ("In week 35, 37 deaths were notified.", "in week 35"),
    ],
)  # fmt: skip
def test_what_befell_in_a_time_of_its_own_is_counted_in_it(sentence: str, window: str) -> None:
    reading = next(one for one in parse(sentence) if one.category == "killed")
    assert (reading.kind, reading.window) == ("increment", window)


def test_a_pace_that_fell_is_no_distance_in_time() -> None:
    paces = parse("1,500 soldiers a day in December, up from 1,100 in September")
    assert [one.kind for one in paces] == ["rate", "rate"]


def test_what_may_yet_come_is_no_count_of_today() -> None:
    (fear,) = parse("We fear that the final toll could exceed 100.")
    (truth,) = parse("The true toll could exceed 10,000.")
    assert (fear.standing, truth.standing) == ("future", "stated")


def test_the_toll_of_one_place_is_left_to_decide() -> None:
    clipping = at.read_article(
        "The quake killed 2,117 people, the ministry said. In neighbouring Torvia, 312 people were "
        "killed. The red cross counts 1,950 dead.",
        published=DAY,
    )
    assert [claim.words for claim in clipping.claims][1:] == ["The red cross counts 1,950 dead."]
    assert [doubt.words for doubt in clipping.doubts] == ["312"]
    assert "of which place" in clipping.doubts[0].reason


def test_a_year_of_its_own_makes_another_event() -> None:
    clipping = at.read_article(
        "The famine has killed 38,500 people. The famine of 1988 killed an estimated 250,000.",
        published=DAY,
    )
    assert [claim.words for claim in clipping.claims] == ["The famine has killed 38,500 people."]
    assert [doubt.reason for doubt in clipping.doubts] == [
        "of 1988: another event, or part of this count?"
    ]


def test_the_toll_of_a_headline_is_told_again_by_its_source() -> None:
    clipping = at.read_article(
        "Bus crash kills 12\nAt least 12 people were killed when a bus left the road, police said.",
        published=DAY,
    )
    assert [claim.source for claim in clipping.claims] == ["article", "police"]
    assert clipping.doubts == ()


def test_sources_in_letters_that_no_id_has_stay_apart() -> None:
    clipping = at.read_article(
        "30 people died, Минобороны said. 40 people died, МЧС said.", published=DAY
    )
    assert [source.name for source in clipping.sources.values()] == ["Минобороны", "МЧС"]


def test_another_event_and_an_unnamed_week_are_left_to_decide() -> None:
    clipping = at.read_article(
        "The fire killed 12 people. It is the worst since 2009, when 88 people died in a club. "
        "Fires took 5 lives in the previous week.",
        published=DAY,
    )
    assert [claim.words for claim in clipping.claims] == ["The fire killed 12 people."]
    assert [doubt.words for doubt in clipping.doubts] == ["88", "5"]


def test_a_part_is_left_to_decide_and_a_source_goes_by_one_name() -> None:
    clipping = at.read_article(
        "A total of 1,486 people were injured, coastguard spokesman Hedi Tarhouni said. "
        "39 of the injured are in a serious condition, Tarhouni said. "
        "Three health workers were injured. The coastguard said 1,400 were injured on Friday. "
        "Doctors warn that up to 5,000 people could be injured by May.",
        published=DAY,
    )
    names = {clipping.sources[claim.source].name for claim in clipping.claims}
    assert names == {"coastguard spokesman Hedi Tarhouni"}
    assert [claim.kind for claim in clipping.claims] == ["level", "increment"]
    assert [doubt.words for doubt in clipping.doubts] == ["39", "Three", "up to 5,000"]


def test_initials_name_the_office_and_one_source_is_asked_for_its_own_count() -> None:
    clipping = at.read_article(
        "Published 18 March 2024\n\nThe National Office for Disaster Management said 87 people had "
        "died. NODM said on Saturday that 43 people had died. Hospitals said 96 people were hurt. "
        "The Red Cross said 110 people were hurt."
    )
    assert len(clipping.sources) == 3, clipping.sources
    bases = {key: what.bases for key, what in clipping.quantities.items()}
    assert bases == {"killed": ("national-office-for-disaster-management",), "wounded": ("latent",)}


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("12 died, according to a list by staff at the Bay Clinic.", "staff at the Bay Clinic"),
        ("A UN official, speaking on condition of anonymity, said 20 people died.", "UN official"),
        ("Losses near a million, says Kyiv — what do others count?", "Kyiv"),
        ("Care, a group with many friends of the poor on the ground, counted 52 dead.", "Care"),
    ],
)  # fmt: skip
def test_a_source_is_named_without_what_is_said_about_it(sentence: str, name: str) -> None:
    clipping = at.read_article(sentence, published=DAY)
    assert [source.name for source in clipping.sources.values()] == [name]


def test_most_of_them_civilians_are_not_only_civilians() -> None:
    (reading,) = parse("The researchers give 9,400 to 14,800 deaths, most of them civilians.")
    assert reading.scope is None


def test_articles_by_an_outside_author_are_read_as_an_analyst_reads_them() -> None:
    counts, lines = score(Path(__file__).parent / "articles")
    shares = {name: counts[name] for name in (*OUTCOMES, "day")}
    assert shares["right"] >= RIGHT, lines
    assert shares["wrong"] <= WRONG, lines
    assert (shares["never"], shares["day"]) <= (NEVER, 1), lines


@pytest.mark.parametrize(
    ("sentence", "kind", "since", "as_of"),
    [
        ("197 deaths arose since the outbreak was declared on 3 October.", "level", None, DAY),
        ("38 people were killed over the weekend.", "increment", DAY, DAY),  # a Saturday
        ("In the week ending 8 March, 12 people died.", "increment", "2026-03-02", "2026-03-08"),
        ("Over the past 24 hours, 17 people died.", "increment", DAY, DAY),
        ("On Wednesday evening the mayor had reported 26 dead.", "level", None, "2026-03-11"),
        ("The ministry last updated its figure on 11 March: 31 dead.", "level", None, "2026-03-11"),
        ("It had counted 940 dead by the end of 2025.", "level", None, "2025-12-31"),
        ("In the fourth quarter 117 people died.", "increment", "2025-10-01", "2025-12-31"),
        ("Since we began to count in 2018, 612 were killed.", "increment", "2018-01-01", DAY),
        ("The toll was 15 on Monday. On Thursday it had been 29.", "level", None, "2026-03-12"),
    ],
)  # fmt: skip
def test_a_total_and_what_came_in_a_time_are_told_apart(
    sentence: str, kind: str, since: str | None, as_of: str
) -> None:
    claim = at.read_article(sentence, published=DAY).claims[-1]
    begun = None if claim.since is None else str(claim.since.first)
    assert (claim.kind, begun, str(claim.as_of)) == (kind, since, as_of)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("REPUBLIC OF ORMESTAN\nMINISTRY OF HEALTH\nPress Service\n", "Ministry of Health"),
        ("UN COORDINATION OFFICE - TEMBARA\n", "UN Coordination Office"),
        ("SELMOUNA, March 14 (Northline) - ", "Northline"),
        ("The Lantern\nExplainer\n", "The Lantern"),
        ("Ferry sinks\n", "article"),
        ("<html><title>Ferry sinks | Morava News</title><p>", "Morava News"),
    ],
)
def test_where_nobody_is_quoted_the_source_is_who_publishes(head: str, name: str) -> None:
    clipping = at.read_article(f"{head}At least 30 people died.", published=DAY)
    assert clipping.sources[clipping.claims[-1].source].name == name


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Earthquake in Darvan\n30 people died.", "disaster"),
        ("A ferry sank and 30 people drowned.", "disaster"),
        ("30 people died of cholera.", "epidemic"),
        ("30 people were killed when a missile hit a market.", "conflict"),
        ("30 people died.", "cumulative"),
    ],
)
def test_the_words_of_an_event_say_of_what_kind_its_count_is(text: str, kind: str) -> None:
    clipping = at.read_article(text, published=DAY)
    assert [one.kind for one in clipping.quantities.values()] == [kind]


def test_a_campaign_is_counted_apart_from_one_strike() -> None:
    clipping = at.read_article(
        "The ministry had reported 26 dead. Since the campaign began on 9 November, it has counted "
        "1,874 dead. The office had verified 1,290 deaths by 22 February.",
        published=DAY,
    )
    quantities = [claim.quantity for claim in clipping.claims]
    assert quantities == ["killed", "killed-since-9-november", "killed-since-9-november"]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("For comparison, 50 people died in Torvia.", "of other people"),
        ("Fires have killed 71 people this year.", "more than the total"),
        ("Some 22 people died when gunmen attacked a bus.", "another event"),
        ("A page said that 60 people died. Police say that is not correct.", "denied by what"),
        ("Also today\nA bus left the road and 9 people died.", "another story"),
        ("In January, 7 people died in Selmouna.", "before this count began"),
        ("Six of the survivors are in hospital.", "a part"),
    ],
)
def test_what_need_not_be_of_this_count_is_left_to_decide(sentence: str, reason: str) -> None:
    first = "At least 30 people were killed between 1 and 9 March, police said.\n"
    clipping = at.read_article(first + sentence, published=DAY)
    assert len(clipping.claims) == 1
    assert reason in clipping.doubts[-1].reason


def test_a_count_without_its_noun_is_of_those_just_counted() -> None:
    clipping = at.read_article(
        "The storm killed 113 people, the agency said. The agency's figure on Monday was 78. "
        "Nine were children. The cost of its total stood at 400 dollars.",
        published=DAY,
    )
    numbers = {(claim.quantity, parse(claim.words)[0].point) for claim in clipping.claims}
    assert numbers == {("killed", 113), ("killed", 78), ("killed-children", 9)}


def test_what_is_marked_is_accepted_by_taking_away_its_signs(tmp_path: Path) -> None:
    clipping = at.read_article(
        "The quake killed 2,117 people, the ministry said. In neighbouring Torvia, 312 people were "
        "killed. The mayor denied that 900 had died.",
        published=DAY,
    )
    toml = clipping.toml()
    file = tmp_path / "my.toml"
    file.write_text(re.sub(r"^#(?=\S)", "", toml, flags=re.MULTILINE), "utf-8")
    accepted = at.read_dossier(file)
    assert [parse(claim.words)[0].point for claim in accepted.claims] == [2117, 312]
    assert accepted.quantities["killed-in-torvia"].title == "People killed in Torvia"
    assert [doubt.claim is None for doubt in clipping.doubts] == [False, True]
