"""Numbers in digits, dates, and texts in other languages: each rule at its edge."""

from __future__ import annotations

import pytest

import attrition as at
from attrition.core.errors import InputError
from attrition.text import parse, read_one
from attrition.text.dates import dash_year, date_at, month_at, year_at
from attrition.text.digits import literal
from attrition.text.languages import in_english
from attrition.text.text import tokenise

DIGITS = {
    "0": (0, 0, False),
    "7": (7, 0, False),
    "999999999999999": (999_999_999_999_999, 0, False),
    "1,000": (1_000, 0, False),
    "12,345,678": (12_345_678, 0, False),
    "12,34,567": (1_234_567, 0, False),
    "1,23,456": (123_456, 0, False),
    "1.000.000": (1_000_000, 0, False),
    "12 345 678": (12_345_678, 0, False),
    "1'234'567": (1_234_567, 0, False),
    "1,234.56": (123_456, 2, False),
    "1.234,56": (123_456, 2, False),
    "1,234,567.8": (12_345_678, 1, False),
    "1.2": (12, 1, False),
    "1.25": (125, 2, False),
    "0.125": (125, 3, False),
    "1234.125": (1_234_125, 3, False),
    "1.2345": (12_345, 4, False),
    "1,2": (12, 1, True),
    "1,25": (125, 2, True),
    "1e6": (1_000_000, 0, False),
    "2.5E5": (250_000, 0, False),
    "2.55e1": (255, 1, False),
    "25e0": (25, 0, False),
    "1e14": (10**14, 0, False),
}
NO_NUMBERS = (
    "007",
    "00",
    "1,2345",
    "1,23,45",
    "1.23.456",
    "1234,567,890",
    "123,45,678",
    "1,234.567.8",
    "1,2.3,4",
    "1.2,3,4",
    "1.000,5,5",
    "1'23",
    "1234567890123456",
    "1e15",
    "1e99999",
    "12e14",
)


@pytest.mark.parametrize("token", DIGITS)
def test_digits_mean_a_mantissa_and_its_decimals(token: str) -> None:
    assert literal(token) == (*DIGITS[token], ())


@pytest.mark.parametrize("token", NO_NUMBERS)
def test_digits_that_are_no_number_are_refused(token: str) -> None:
    with pytest.raises(InputError):
        literal(token)


def test_one_dot_before_three_digits_has_two_meanings_but_where_dots_group() -> None:
    assert literal("12.345") == (
        12_345,
        3,
        False,
        ("12345 (the dot groups thousands)", "12.345 (the dot is the decimal mark)"),
    )
    assert literal("12.345", dotted=True) == (12_345, 0, False, ())
    assert literal("12.34", dotted=True) == (1_234, 2, False, ())


def test_a_long_number_is_named_and_a_very_long_one_counted() -> None:
    with pytest.raises(InputError, match="'1234567890123456'"):
        literal("1234567890123456")
    with pytest.raises(InputError, match="21 digits"):
        literal("1" * 21)


NUMBERS = {
    "24k": 24_000,
    "1.5m": 1_500_000,
    "3½ million": 3_500_000,
    "2 ½ million": 2_500_000,
    "1 1/2 million": 1_500_000,
    "2 1/4 million": 2_250_000,
    "5 and a half thousand": 5_500,
    "5 and a half million": 5_500_000,
    "14 thousand 500": 14_500,
    "2 lakh 30 thousand": 230_000,
    "3 lakh crore": 3_000_000_000_000,
    "2 hundred thousand": 200_000,
    "2-million": 2_000_000,
    "1.25 million": 1_250_000,
    "0.5 thousand": 500,
    "3/4 of a million": 750_000,
    "9/10 of a million": 900_000,
    "½ million": 500_000,
    "2 lakhs": 200_000,
    "2 lakhs of": 200_000,
    "2 millions": 2_000_000,
}


@pytest.mark.parametrize("words", NUMBERS)
def test_a_number_and_its_scale_are_one(words: str) -> None:
    (reading,) = parse(f"{words} people were killed")
    assert reading.point == NUMBERS[words]


@pytest.mark.parametrize(("words", "low", "high"), [("100s of soldiers were killed", 100, 1_000)])
def test_a_plural_in_digits_is_an_order_of_magnitude(words: str, low: float, high: float) -> None:
    reading = read_one(words)
    assert (reading.low, reading.high, reading.hedge) == (low, high, "order-of-magnitude")


@pytest.mark.parametrize(
    ("words", "percent"),
    [
        ("½ of the army was killed", 50),
        ("¾ of the army was killed", 75),
        ("half of the army was killed", 50),
        ("1/4 of the army was killed", 25),
        ("3/4 of the army was killed", 75),
        ("3½ % of the army was killed", 3.5),
    ],
)
def test_a_part_of_a_whole_is_a_share_in_percent(words: str, percent: float) -> None:
    reading = read_one(words)
    assert (reading.point, reading.unit) == (percent, "percent")


def test_1000s_leave_open_how_many_thousands() -> None:
    (reading,) = parse("1000s of soldiers were killed")
    assert reading.ambiguous == ("1000 to 10000", "1000 to 1000000")


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        ("1,250 thousand", ("1250000 (the comma groups thousands)", "1250 (the comma is the")),
        ("1,000 million", ("1000000000 (the comma groups", "1000000 (the comma is the")),
    ],
)
def test_thousands_before_a_scale_have_two_meanings(words: str, choices: tuple[str, str]) -> None:
    (reading,) = parse(f"{words} people were killed")
    assert len(reading.ambiguous) == 2
    for choice, begin in zip(reading.ambiguous, choices, strict=True):
        assert choice.startswith(begin)


DATES = {
    "24 February 2022": (3, "24 February 2022"),
    "the 3rd of May": (4, "3 May"),
    "3rd May 1999": (3, "3 May 1999"),
    "22-29 October 2023": (5, "22-29 October 2023"),
    "29-22 October 2023": (0, ""),
    "between 1 and 3 June 2024": (0, ""),
    "February 24, 2022": (4, "24 February 2022"),
    "Feb. 24, 2022": (5, "24 February 2022"),
    "Sept. 2022": (3, "September 2022"),
    "March 2025": (2, "March 2025"),
    "march 2025": (0, ""),
    "may 2025": (0, ""),
    "june 2025": (2, "June 2025"),
    "March 31 2025": (3, "31 March 2025"),
    "March 32": (1, "March"),
    "May 12 soldiers": (1, "May"),
    "May 12 killed": (1, "May"),
    "0 May": (0, ""),
    "31 May": (2, "31 May"),
    "32 May": (0, ""),
    "012 May": (0, ""),
    "1 May of 2022": (4, "1 May 2022"),
    "spring 2023": (2, "spring 2023"),
    "summer of 2024": (3, "summer 2024"),
    "Q3 2024": (3, "Q3 2024"),
    "Q5 2024": (0, ""),
    "1700": (1, "1700"),
    "1699": (0, ""),
    "2199": (1, "2199"),
    "2200": (0, ""),
    "1990s": (1, "1990s"),
    "June 1990s": (1, "June"),
    "killed": (0, ""),
}


@pytest.mark.parametrize("words", DATES)
def test_a_date_ends_where_its_words_end(words: str) -> None:
    assert date_at(tokenise(words), 0) == DATES[words]


def test_two_days_are_one_period_after_the_words_for_one() -> None:
    for word in ("between", "from", "on"):
        tokens = tokenise(f"{word} 1 and 3 June 2024")
        assert date_at(tokens, 1) == (6, "1-3 June 2024")
    assert date_at(tokenise("of 1 and 3 June 2024"), 1) == (1, "")


def test_a_year_needs_four_digits_and_a_month_a_capital_where_it_is_a_verb() -> None:
    tokens = tokenise("In 2024 and 202 May march March dec Dec june")
    years = [year_at(tokens, i) for i in range(-1, len(tokens) + 1)]
    assert [year for year in years if year] == ["2024"]
    months = [month_at(tokens, i) for i in range(len(tokens))]
    assert [month for month in months if month] == ["May", "March", "December", "June"]
    assert date_at(tokens, len(tokens)) == (len(tokens), "")


def test_a_dash_and_a_year_or_its_end_follow_a_year() -> None:
    assert dash_year(tokenise("2022-2024"), 1) == (3, "2024")
    assert dash_year(tokenise("2022-23"), 1) == (3, "2023")
    for words in ("2022 - 2024", "2022-230", "2022-2", "2022 23"):
        assert dash_year(tokenise(words), 1) == (1, "")


# ------------------------------------------------------------------ other languages


def test_english_stays_as_it_is_and_idioms_become_one_word() -> None:
    tokens = tokenise("at least 30 people were killed")
    assert in_english(tokens) == (tokens, False, "")
    again, dotted, doubt = in_english(tokenise("30 were put to death in May"))
    assert again.low == ["30", "were", "executed", "in", "may"]
    assert (dotted, doubt) == (False, "")
    assert again.text[again.start[2] : again.end[2]] == "put to death"
    assert len(again.start) == len(again.kind) == len(again.suffix) == len(again)


@pytest.mark.parametrize(
    ("words", "low"),
    [
        ("500 lockkeepers died", ["500", "people", "died"]),
        ("500 keepers died", ["500", "keepers", "died"]),
        ("500 lockkeeper died", ["500", "lockkeeper", "died"]),
        ("500 festival-goers died", ["500", "people", "died"]),
        ("500 festival - goers died", ["500", "festival", "-", "goers", "died"]),
    ],
)
def test_nouns_of_doers_are_people(words: str, low: list[str]) -> None:
    tokens = tokenise(words)
    in_english(tokens)
    assert tokens.low == low
    assert tokens.text[tokens.start[1] : tokens.end[1]].replace(" ", "") in words.replace(" ", "")
    assert {len(column) for column in (tokens.start, tokens.end, tokens.kind, tokens.used)} == {
        len(low)
    }


@pytest.mark.parametrize(
    ("words", "number", "category"),
    [
        ("Mindestens 1.200 Tote und Verletzte", 1_200, "casualties"),
        ("Au moins 30 morts à Kyiv", 30, "killed"),
        ("Al menos 45 muertos en el ataque", 45, "killed"),
        ("Mehr als 2.500 Menschen wurden getötet", 2_500, "killed"),
    ],
)
def test_another_language_is_read_by_its_own_words(words: str, number: int, category: str) -> None:
    readings = [r for r in parse(words) if number in {r.point, r.low}]
    assert readings
    assert category in {reading.category for reading in readings} | {"casualties"}


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Almeno 30 morti nel raid", "Italian"),
        ("Co najmniej 30 osób zginęło", "Polish"),
        ("Minstens 30 doden gevallen", "Dutch"),
        ("死者30人", "another script"),
    ],
)
def test_a_language_that_is_not_read_is_named(words: str, name: str) -> None:
    with pytest.raises(at.InputError, match=name) as refusal:
        parse(words)
    assert "German, French, Spanish" in refusal.value.rule


def test_one_word_of_another_language_is_no_language() -> None:
    assert parse("30 morti were killed")[0].point == 30
