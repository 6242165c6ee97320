"""Numbers that are figures: ranges joined, dates and durations left aside."""

from __future__ import annotations

from typing import Final

from attrition.core.errors import InputError, clip
from attrition.text.asides import is_aside
from attrition.text.dates import ORDINAL, dash_year, month_at, year_at
from attrition.text.doubts import raise_doubts
from attrition.text.elements import Figure, Number, Unit
from attrition.text.leading import ACTING
from attrition.text.numbers import number_at
from attrition.text.ranges import is_between, join_range, merged, one_in
from attrition.text.spelled import STARTS
from attrition.text.text import Tokens
from attrition.text.units import per_of, period_after, unit_at
from attrition.text.vocabulary import (
    CATEGORY,
    DEMONYM,
    DURATION,
    LENGTH,
    MEMBERS,
    NOUNS,
    PERSON,
    SAYS,
    THINGS,
    words_for,
)
from attrition.text.zeros import both_at, person_at, zero_at

MOST: Final = 200
"""Figures that one quotation may hold."""

_ZONES: Final = words_for("clock_zones")
_MEASURED: Final = NOUNS | frozenset(LENGTH) | THINGS | {"%", "percent"}
_COUNTED: Final = _MEASURED | frozenset(DEMONYM) | {"own"}
_COUNTING: Final = words_for("counting")
_THEM: Final = frozenset({"them", "whom", "these"})
_PLACES: Final = words_for("adverbs") | {
    "in",
    "at",
    "on",
    "who",
    "under",
    "from",
    "elsewhere",
}
_LISTING: Final = frozenset({"and", ",", "including", "another"})
_LONG: Final = 7
"""Letters of a word that is no code: "MH-17" is a name, "BREAKING-19 killed" is not."""
_COME_TO: Final = words_for("figures_come_to")
_OF_WEEKS: Final = words_for("figures_of_weeks")
_STREETS: Final = words_for("figures_streets")
_LEADING: Final = words_for("figures_leading")
_DIGITS: Final = 4
_EVENTS: Final = words_for("spans_events") | {"fire", "treaty", "rebellion", "winter", "year"}
_ONLY: Final = frozenset({"just", "only", "about", "around", "now", "least", "nearly", "some"})
_CLAUSE: Final = words_for("figures_clause")
_SPAN: Final = 8
_SMALL: Final = 20
_PARTED: Final = 1000
"""Below it a number with decimals counts no persons."""
_WHOLE_WORDS: Final = frozenset({"of", "the", "its", "their", "roughly", "about", "some", "nearly"})
_NUMBERED: Final = words_for("figures_numbered")

_PREPOSITIONS: Final = words_for("figures_prepositions")
_OPEN: Final = STARTS | {"no", "nobody", "none", "not", "both"}
_GROUPS: Final = words_for("groups_of")

_HOLDS: Final = frozenset(
    {"houses", "housing", "sheltering", "shelters", "hosts", "hosting", "minus"}
)
_SPANNED: Final = frozenset({"of", "from", "between"})
_STATUS: Final = frozenset({"confirmed", "probable", "suspected"})
_INTERVAL_WORDS: Final = words_for("figures_interval_words")

_NOT_ADJECTIVES: Final = words_for("not_adjectives")


def find_figures(
    tokens: Tokens, *, dotted: bool = False, aside: list[str] | None = None
) -> list[Figure]:
    """Find every figure of a quotation, in order; note in `aside` the numbers that are none."""
    figures: list[Figure] = []
    _take_or_give(tokens)
    dotted = dotted or (tokens.text.count(".") > 1 and _dots_group(tokens))
    prob: float | None = None
    i, size = 0, len(tokens)
    while i < size:
        kind = tokens.kind[i]
        number = None
        opens = kind == "n" or (kind == "w" and tokens.low[i] in _OPEN)
        if opens and not tokens.used[i] and not _of_a_date(tokens, i):
            number = zero_at(tokens, i) or both_at(tokens, i) or person_at(tokens, i)
            number = number or number_at(tokens, i, dotted=dotted, joined=not is_between(tokens, i))
        if number is None:
            i += 1
            continue
        if tokens.at(number.last + 1) == "%" and tokens.at(number.last + 2) in _INTERVAL_WORDS:
            prob = number.value / 100
            ranged = figures and figures[-1].low is not None and figures[-1].prob is None
            if ranged and tokens.at(number.first - 1) in {"(", "[", ","}:
                figures[-1].prob = prob if 0 < prob < 1 else None
            i = number.last + 3
            continue
        if not _may_count(tokens, number):
            _note(aside, tokens, number)
            i = number.last + 1
            continue
        figure = _figure(tokens, number, dotted=dotted)
        if figure.low is not None and prob is not None and 0 < prob < 1:
            figure.prob, prob = prob, None
        none = (
            figure.unit.name == "times"
            or _part_person(figure)
            or (len(figure.numbers) > 1 and is_aside(tokens, figure.numbers[1]))
        )
        if not none and not (figures and merged(tokens, figures[-1], figure)):
            figures.append(figure)
        if len(figures) > MOST:
            raise InputError(
                f"a phrase must hold at most {MOST} figures",
                got=f"more than {MOST}",
                place="phrase",
                remedy="Quote only the sentence that holds the figure",
            )
        i = figure.last + 1
    return figures


def _note(aside: list[str] | None, tokens: Tokens, number: Number) -> None:
    """Note a number that was left aside, in its own words."""
    if aside is not None and number.digits:
        aside.append(tokens.raw(number.first, number.last))


def _of_a_date(tokens: Tokens, i: int) -> bool:
    """Return whether a token is the "03" of "12/03:", which is no number of anything."""
    text = tokens.low[i]
    if tokens.kind[i] != "n" or text[0] != "0":
        return False
    if tokens.suffix[i].lower() in _ZONES or tokens.at(i + 1) in _ZONES:
        return text.isdigit()  # "0600Z"
    if len(text) != 2 or not text.isdigit():  # noqa: PLR2004  # two digits
        return False
    return tokens.touches(i) or tokens.touches(i + 1)


def _take_or_give(tokens: Tokens) -> None:
    """Mark the number of "give or take a few hundred", which is a width and no figure."""
    for k in range(len(tokens) - 3):
        if tokens.low[k : k + 3] == ["give", "or", "take"] and any(
            tokens.kind[m] == "n" or tokens.low[m] in STARTS for m in range(max(k - 5, 0), k)
        ):
            j = k + 4 if tokens.at(k + 3) in {"about", "some"} else k + 3
            number = number_at(tokens, j) if j < len(tokens) else None
            for m in range(k + 3, number.last + 1 if number else 0):
                tokens.used[m] = True


def _part_person(figure: Figure) -> bool:
    """Return whether a figure counts a part of a person ("a 7.8 earthquake killed"), so nobody."""
    number = figure.numbers[0]
    return (
        figure.unit.name == "persons"
        and number.digits
        and number.scale == 1
        and not figure.choices
        and len(figure.numbers) == 1
        and 1 < number.value < _PARTED
        and number.value != int(number.value)
    )


def _dots_group(tokens: Tokens) -> bool:
    """Return whether some number shows that a dot groups thousands, as in 1.000.000."""
    return any(
        kind == "n"
        and (low.count(".") > 1 or ("," in low and "." in low and low.find(".") < low.find(",")))
        for kind, low in zip(tokens.kind, tokens.low, strict=True)
    )


def _may_count(tokens: Tokens, number: Number) -> bool:
    """Return whether a number may be a figure; asides first, so that "-20 °C" refuses no text."""
    return not is_aside(tokens, number) and _is_figure(tokens, number)


def _is_figure(tokens: Tokens, number: Number) -> bool:
    """Return whether a number may count people: no rule of `_RULES` says that it does not."""
    _refuse_negative(tokens, number)
    for rule in _RULES:
        verdict = rule(tokens, number)
        if verdict is not None:
            return verdict
    return True


def _refuse_negative(tokens: Tokens, number: Number) -> None:
    """Refuse "-300 killed"; "MH-17" and "30-40" are none."""
    first = number.first
    minus = tokens.at(first - 1) == "-" and tokens.touches(first)
    if minus and number.digits and not tokens.touches(first - 1):
        raise InputError(
            "a figure must not be negative",
            got=clip(tokens.raw(first - 1, number.last)),
            place="phrase",
            remedy="Leave out the sign, or put a space after the dash",
        )


def _of_a_code(tokens: Tokens, number: Number) -> bool | None:
    """Take a number joined to a short word for a name: "MH-17"; "BREAKING-19 killed" is none."""
    first = number.first
    road = tokens.at(first - 1) == "a" and tokens.text[tokens.start[first - 1]].isupper()
    if (
        road
        and number.digits
        and tokens.at(number.last + 1) in {":", "motorway", "road", "highway"}
    ):
        return False  # "A 61: second report"
    joined = tokens.at(first - 1) == "-" and tokens.touches(first) and tokens.touches(first - 1)
    word = joined and tokens.kind[first - 2] == "w" and not tokens.used[first - 2]
    return False if word and len(tokens.low[first - 2]) < _LONG else None


def _fraction(tokens: Tokens, number: Number) -> bool | None:
    """Leave a fraction that is a change ("cut by half"), an ordinal or a part of the unharmed."""
    if not number.part:
        return None
    before = tokens.at(number.first - 1)
    if tokens.low[number.first] == "a" and before in ACTING and number.value < 50:  # noqa: PLR2004
        joined = tokens.at(number.last + 1) in {"of", "to", "or", "-"}
        return None if joined else False  # "and wounded a third"
    if tokens.at(number.last + 1) == "of" and tokens.at(number.last + 2) in _THEM:
        after = range(number.last + 3, number.last + 6)
        return before != "by" and any(
            CATEGORY.get(tokens.at(k)) in MEMBERS - {"captured"} for k in after
        )
    led = before in {"per", "a", "and"} and not number.first
    return False if before == "by" or before in ORDINAL or led else None


def _in_signs(tokens: Tokens, number: Number) -> bool | None:
    """Leave a number in square brackets, a note, or beside a stroke, a date: "[12]", "4/2"."""
    before, after = tokens.at(number.first - 1), tokens.at(number.last + 1)
    if before in {":", ","} and after in {")", "-", ";"} and _after_a_year(tokens, number.first):
        return False
    if before == "-" and tokens.at(number.first - 2) == "(" and after == ")":
        return False  # "missing 11 (-4)" is a change
    if before == "[" and after == "]" and not number.scale > 1:
        return False
    beside = tokens.at(number.first - 2)
    led = before == "/" and tokens.touches(number.first)
    led = led and beside not in NOUNS  # "9 killed/34 injured"
    stroke = led or (after == "/" and tokens.is_number(number.last + 2))
    return False if stroke else None


def _after_a_year(tokens: Tokens, first: int) -> bool:
    """Return whether a number is the page of a work: "(Drexler 1911: 88)"."""
    name = tokens.at(first - 3)
    return (
        bool(year_at(tokens, first - 2)) and name.isalpha() and "(" in tokens.low[first - 7 : first]
    )


def _of_time(tokens: Tokens, number: Number) -> bool | None:
    """Leave a number before a unit of time, and two years: "for 12 days", "2019-2021:"."""
    after = tokens.at(number.last + 1)
    if after in DURATION and not number.part:
        return after == "daily"
    first = number.first
    until = first if tokens.at(first - 1) == "-" else first + 2  # "2019-2021: 312 dead"
    years = year_at(tokens, first) and tokens.at(until - 1) == "-" and tokens.at(until + 1) == ":"
    return False if years or _second_year(tokens, first) else None


def _in_a_name(tokens: Tokens, number: Number) -> bool | None:
    """Leave a number that names its noun, or in an adjective: "article 5", "a 19-month war"."""
    if _adjectival(tokens, number.last) or _of_a_house(tokens, number.last):
        return False
    first = number.first
    numbered = _numbered(tokens, first, number.value)
    numbered = numbered or (tokens.at(first - 1) == "." and tokens.at(first - 2) == "no")
    return False if number.scale == 1 and numbered else None


def _of_a_year(tokens: Tokens, number: Number) -> bool | None:
    """Take four digits for a year unless a noun of persons or a hedge is by: "about 2022 died"."""
    first = number.first
    if _of_old(tokens, number):
        return False
    year = number.digits and number.scale == 1 and year_at(tokens, first)
    return _is_count(tokens, first) if year and not tokens.suffix[first] else None


def _of_old(tokens: Tokens, number: Number) -> bool:
    """Return whether four digits are a year before 1700: "between 1347 and 1351"."""
    first, after = number.first, tokens.at(number.last + 1)
    digits = tokens.low[first]
    if not (digits.isdigit() and len(digits) == _DIGITS and digits < "1700"):
        return False
    led = tokens.at(first - 1)
    if led in {"and", "to", "-"} and tokens.is_number(first - 2):
        led = tokens.at(first - 3)
    counted = after in _MEASURED or after in {"of", "or"} or after in CATEGORY
    event = bool(month_at(tokens, first - 1)) or (
        led == "of" and tokens.at(first - 2) in _EVENTS
    )  # "the great fire of 1666"
    return (event or led in {"in", "since", "until", "between", "from", "by"}) and not counted


def _spelled_small(tokens: Tokens, number: Number) -> bool | None:
    """Count a small number in words only with a noun: "two died", not "on the one hand"."""
    exact = not (number.digits or number.part or number.hedge) and number.scale == 1
    word = tokens.low[number.first]
    if not exact or not 0 < number.value <= _SMALL or word == "both":
        return None
    first, last = number.first, number.last
    noun = (
        word in {"a", "an"}
        or bool(period_after(tokens, last + 1)[0])
        or tokens.at(last + 1) == "aboard"
        or tokens.low[last + 1 : last + 3] == ["on", "board"]
        or _has_noun(tokens, first, last)
        or _elliptic(tokens, first, last)
    )
    return noun or (first == 0 and last == len(tokens) - 1)


def _of_cases(tokens: Tokens, number: Number) -> bool | None:
    """Leave the parts of a number of cases: "87 cases (74 confirmed and 13 probable)"."""
    k = number.last + 1
    opened = "(" in tokens.low[max(number.first - 4, 0) : number.first]
    status = tokens.at(k) in _STATUS and tokens.at(k + 1) in {"and", ",", ")", ";"}
    part = opened and "cases" in tokens.low[max(number.first - 8, 0) : number.first]
    if tokens.at(number.first - 1) in _HOLDS:
        return False  # "a camp that houses 12,000", "fell to minus 27 C"
    collided = tokens.at(number.first - 2) in {"collision", "crash"}
    collided = collided and tokens.at(number.first - 1) in {"of", "between"}
    return False if (part and status) or collided else None


_RULES: Final = (
    _of_cases,
    _of_a_code,
    _fraction,
    _in_signs,
    _of_time,
    _in_a_name,
    _of_a_year,
    _spelled_small,
)
"""What makes a number no figure, in this order; the first rule that knows decides."""


def _adjectival(tokens: Tokens, last: int) -> bool:
    """Return whether a number is part of an adjective: "a 19-month war", "the 56-seat coach"."""
    j = last + 2
    if tokens.at(last + 1) != "-" or not (tokens.touches(last + 1) and tokens.touches(j)):
        return False
    word = tokens.at(j)
    known = word in NOUNS or word in STARTS or word in _NOT_ADJECTIVES
    return tokens.kind[j] == "w" and not known


def _of_a_house(tokens: Tokens, last: int) -> bool:
    """Return whether a number is that of a house: "the blaze at 27 Hill Street"."""
    street = (k for k in range(last + 2, last + 4) if tokens.at(k) in _STREETS)
    end = next(street, last)
    return last < end and all(
        tokens.text[tokens.start[k]].isupper() for k in range(last + 1, end + 1)
    )


def _second_year(tokens: Tokens, first: int) -> bool:
    """Return whether a number ends two years: the "18" of "(1914-18)"."""
    led = tokens.at(first - 1) in {"to", "and", "until"} and tokens.at(first - 3) in _SPANNED
    if led and year_at(tokens, first - 2) and year_at(tokens, first):
        return True  # "the war of 1991 to 1994"
    until, year = dash_year(tokens, first - 1)
    return bool(year) and until == first + 1 and bool(year_at(tokens, first - 2))


def _numbered(tokens: Tokens, first: int, value: float) -> bool:
    """Return whether a number is a name: "article 5", "day 1,000"."""
    before = tokens.at(first - 1)
    if before == "-" and tokens.is_number(first - 2):
        return _numbered(tokens, first - 2, value)  # "weeks 10-20"
    if before not in _NUMBERED or (
        tokens.used[first - 1] and tokens.at(first - 2) not in _OF_WEEKS
    ):
        return False
    if before == "day" and tokens.at(first - 2) == "every":
        return False
    day = before == "day" and tokens.at(first - 2) not in {"a", "per", "each"}
    return value < (10_000 if day else 1_000)


def _elliptic(tokens: Tokens, first: int, last: int) -> bool:
    """Return whether a number leaves its noun to the one before: "17 died and two in hospital"."""
    ends = tokens.at(last + 1) in {",", ".", "", ";"}
    led = first - 1
    while tokens.at(led) in _ONLY:
        led -= 1
    joint = led - 1 if tokens.at(led) == "at" else led  # "and at least four elsewhere"
    while tokens.at(joint) in {"the", "other", "another"} and tokens.at(joint - 1) != "of":
        joint -= 1  # "and the other five in Nanao"
    if tokens.low[first - 2 : first] == [",", "not"] and ends:
        return True  # "one death, not five"
    placed = tokens.at(last + 1) in _PLACES
    joined = tokens.at(joint) in _LISTING and placed
    joined = joined or (
        (tokens.at(first - 1) in {"with", "to"} and tokens.at(first - 2) == "compared")
        or (placed and tokens.low[first - 2 : first] == [",", "against"])
    )
    clause = ends or tokens.at(last + 1) in _CLAUSE
    before = tokens.low[max(led - _SPAN, 0) : led]
    if (
        ends
        and tokens.at(first - 1) in {":", "-"}
        and CATEGORY.get(tokens.at(first - 2)) in MEMBERS
    ):
        return True  # "Killed: seven."
    if clause and tokens.at(led) in _COME_TO and _TOLLS & set(before):
        return True  # "put the number at eight", "took the toll to nine"
    more = tokens.low[last + 1 : last + 3] == ["more", "than"]  # "five more than previously"
    speech = ends and tokens.at(first - 1) in SAYS  # "three had died; the hospital said five"
    bound = (tokens.at(first - 1) in _COUNTING and ends) or more or speech
    far = last + _SMALL // 2 if tokens.at(last + 1) == "from" and "from" in before else first
    return (joined or bound) and any(
        word in CATEGORY for word in tokens.low[max(first - _SMALL, 0) : far]
    )  # "seven from Malawi and two from Tanzania lost their lives"


def _has_noun(tokens: Tokens, first: int, last: int) -> bool:  # noqa: PLR0911  # one return for each place of a noun
    verb = first - 2 if tokens.at(first - 1) in {"only", "just"} else first - 1
    led = CATEGORY.get(tokens.at(verb)) in MEMBERS and tokens.low[first] != "one"
    if tokens.at(last + 1) in {"in", "out"} and not led:
        return tokens.at(last + 2) in STARTS | {"of"} or tokens.is_number(last + 2)
    if tokens.at(last + 1) == "of" and tokens.at(last + 2) in _THEM:
        return any(word in CATEGORY for word in tokens.low[max(first - _SMALL, 0) : last + 10])
    grouped = tokens.at(first - 1) == "of" and tokens.at(first - 2) in _GROUPS
    only = verb < first - 1 and tokens.at(verb) == "of"  # "the remains of only three"
    grouped = grouped or (only and CATEGORY.get(tokens.at(verb - 1)) in MEMBERS)
    if grouped or CATEGORY.get(tokens.at(verb)) in MEMBERS:
        return True
    joined = tokens.at(last + 1) == "and" and is_between(tokens, last)
    if joined or tokens.at(last + 1) in {"to", "or", "-"}:
        return tokens.at(last + 2) in STARTS or tokens.is_number(last + 2)
    for k in range(last + 1, last + 6):
        word = tokens.at(k)
        numbered = word in _WHOLE_WORDS or tokens.is_number(k)
        if _of_another(tokens, k, last):
            return False  # "the two sides exchanged 150 soldiers"
        if numbered and tokens.low[first] != "one":
            continue  # "two of the 41 miners"
        if word in _COUNTED or (tokens.low[first] == "one" and word in PERSON):
            return word != "m" or k == last + 1
        if not word or tokens.kind[k] != "w" or word in _PREPOSITIONS:
            return False
    return _befell(tokens, last + 1)


def _of_another(tokens: Tokens, k: int, last: int) -> bool:
    """Return whether a number in the words after another has a noun of its own."""
    return tokens.is_number(k) and k > last + 1 and tokens.at(k - 1) not in _LEADING


def _befell(tokens: Tokens, k: int) -> bool:
    """Return whether a noun that no table knows is of people: "two kayakers who are missing"."""
    if not tokens.at(k).endswith("s") or tokens.kind[k] != "w":
        return False
    after = tokens.low[k + 1 : k + 6]
    verb = next((j for j, word in enumerate(after) if word not in _BEING), len(after))
    return verb > 0 and CATEGORY.get(tokens.at(k + 1 + verb)) in MEMBERS


_BEING: Final = words_for("figures_being")

_SUMS: Final = frozenset(
    {"toll", "total", "number", "count", "sum", "tally", "maximum", "minimum", "estimate", "figure"}
    | {"loss", "losses", "average", "out", "balance"}
)
"""Nouns that lead to how many, where any other leads to a year."""


_TOLLS: Final = _SUMS | {"dead", "deaths", "killed", "injured", "wounded", "missing", "fatalities"}


def _is_count(tokens: Tokens, i: int) -> bool:
    """Return whether digits that could be a year are a count."""
    after = tokens.at(i + 1)
    if tokens.at(i - 1) == "of" and after in CATEGORY and tokens.at(i - 2) not in _SUMS:
        return False  # "the famine of 1932 killed"
    if after == ":" and (tokens.is_number(i + 2) or tokens.kind[i + 2 : i + 3] == ["d"]):
        return False  # "cumulative deaths 2025: 57"
    if after == "+" or after in _MEASURED or period_after(tokens, i + 1)[0]:
        return True
    ranged = after == "-" and tokens.is_number(i + 2) and tokens.at(i + 3) in NOUNS
    return ranged or tokens.at(i - 1) in CATEGORY or tokens.at(i - 1) in _COUNTING


def _figure(tokens: Tokens, number: Number, *, dotted: bool) -> Figure:
    unit = unit_at(tokens, number)
    last = max(number.last, unit.last)
    figure = Figure(tokens, number.first, last, number.value, None, None, (number,), unit)
    figure.step = number.step
    figure.choices.extend(number.choices)
    if number.hedge:
        figure.hedges.append(number.hedge)
        if number.low is not None:
            figure.point, figure.low, figure.high = None, number.low, number.high
    if number.part:
        figure.unit = Unit("percent", number.last)
    if not figure.choices or number.digits:
        whole = one_in(tokens, figure)
        if whole is None:
            join_range(tokens, figure, dotted=dotted)
    figure.per = per_of(tokens, figure.last, figure.unit)
    raise_doubts(tokens, figure)
    return figure
