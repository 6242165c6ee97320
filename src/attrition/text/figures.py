"""Numbers that are figures: ranges joined, dates and durations left aside."""

from __future__ import annotations

from typing import Final

from attrition.core.errors import clip, refusal
from attrition.text.asides import is_aside
from attrition.text.context import proves_fatal
from attrition.text.dates import ORDINAL, dash_year, month_at, year_at
from attrition.text.doubts import raise_doubts
from attrition.text.elements import Figure, Number, Unit
from attrition.text.patterns import beside
from attrition.text.ranges import is_between, join_range, merged, one_in, take_or_give
from attrition.text.rules import fits_one
from attrition.text.spelled import STARTS, both_at, number_at, person_at, zero_at
from attrition.text.text import Tokens
from attrition.text.units import per_of, period_after, unit_at
from attrition.text.vocabulary import CATEGORY, MEMBERS, WORDS

MOST: Final = 200
"""Figures that one quotation may hold."""

_LONG: Final = 7
"""Letters of a word that is no code: "MH-17" is a name, "BREAKING-19 killed" is not."""
_DIGITS: Final = 4
_SMALL: Final = 20
_PARTED: Final = 1000
"""Below it a number with decimals counts no persons."""
_OPEN: Final = STARTS | {"no", "nobody", "none", "not", "both"}


def find_figures(
    tokens: Tokens, *, dotted: bool = False, aside: list[str] | None = None
) -> list[Figure]:
    """Find every figure of a quotation, in order; note in `aside` the numbers that are none."""
    figures: list[Figure] = []
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
        _repeated(tokens, number)
        if beside(tokens, i, number.last, "# % <figures_interval_words>"):
            prob = number.value / 100
            i = number.last + 3
            continue
        # asides first, so that "-20 °C" refuses no text
        if is_aside(tokens, number) or not _is_figure(tokens, number):
            if aside is not None and number.digits:
                aside.append(tokens.raw(number.first, number.last))
            i = number.last + 1
            continue
        figure = _figure(tokens, number, dotted=dotted)
        if figure.low is not None and prob is not None and 0 < prob < 1:
            figure.prob, prob = prob, None
        none = (
            figure.unit.name == "times"
            or _part_person(tokens, figure)
            or (len(figure.numbers) > 1 and is_aside(tokens, figure.numbers[1]))
        )
        if not none and not (figures and merged(tokens, figures[-1], figure)):
            figures.append(figure)
        if len(figures) > MOST:
            raise refusal("figures of a phrase", f"more than {MOST}", "phrase", most=MOST)
        i = figure.last + 1
    _mark_ages(tokens, figures)
    return figures


def _repeated(tokens: Tokens, number: Number) -> None:
    """Move the end of a number over its digits in brackets: "ten (10) persons"."""
    j = number.last + 2
    if number.digits or not tokens.is_number(j) or tokens.low[j - 1] + tokens.at(j + 1) != "()":
        return
    second = number_at(tokens, j)  # none where letters are stuck to it
    if second is not None and second.value == number.value:
        number.last = j + 1


def _mark_ages(tokens: Tokens, figures: list[Figure]) -> None:
    """Mark the words of "men aged 14 to 60": the verb after them is that of the men."""
    begins = {figure.first for figure in figures}
    for k, word in enumerate(tokens.low):
        if word == "aged":
            j = k + 1
            while j not in begins and (tokens.is_number(j) or tokens.at(j) in WORDS.of_ages):
                j += 1
            tokens.use(k, j - 1)


def _of_a_date(tokens: Tokens, i: int) -> bool:
    """Return whether a token is the "03" of "12/03:", which is no number of anything."""
    text = tokens.low[i]
    if tokens.kind[i] != "n" or text[0] != "0":
        return False
    if tokens.suffix[i].lower() in WORDS.clock_zones or tokens.at(i + 1) in WORDS.clock_zones:
        return text.isdigit()  # "0600Z"
    if text.isdigit() and beside(tokens, i, i, "of|at|by|from|to|until|since #"):
        return len(text) == _DIGITS  # "as of 0600"
    if text.isdigit() and len(text) > 2 and i and tokens.is_name(i - 1):  # noqa: PLR2004
        return True  # "KAL 007"
    if len(text) != 2 or not text.isdigit():  # noqa: PLR2004  # two digits
        return False
    return tokens.touches(i) or tokens.touches(i + 1)


def _part_person(tokens: Tokens, figure: Figure) -> bool:
    """Return whether a figure counts a part of a person ("a 7.8 earthquake killed"), so nobody."""
    number = figure.numbers[0]
    return (
        figure.unit.name == "persons"
        and not any(period_after(tokens, figure.last + k)[0] for k in (1, 2))
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


def _is_figure(tokens: Tokens, number: Number) -> bool:
    """Return whether a number may count people: no rule says that it does not."""
    _refuse_negative(tokens, number)
    if fits_one("number", tokens, number.first, number.last):
        return False
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
        raise refusal("negative figure", clip(tokens.raw(first - 1, number.last)), "phrase")


def _of_a_code(tokens: Tokens, number: Number) -> bool | None:
    """Take a number joined to a short word for a name: "MH-17"; "BREAKING-19 killed" is none."""
    first = number.first
    joined = tokens.at(first - 1) == "-" and tokens.touches(first) and tokens.touches(first - 1)
    word = joined and tokens.kind[first - 2] == "w"
    return False if word and len(tokens.low[first - 2]) < _LONG else None


def _fraction(tokens: Tokens, number: Number) -> bool | None:
    """Leave a fraction that is a change ("cut by half"), an ordinal or a part of the unharmed."""
    if not number.part:
        return None
    first, last = number.first, number.last
    before = tokens.at(first - 1)
    if tokens.low[first] == "a" and before in WORDS.acting:  # "and wounded a third"
        return None if tokens.at(last + 1) in {"of", "to", "or", "-"} else False
    if beside(tokens, first, last, "# of <them>"):
        return beside(tokens, first, last, "!by # of <them> !$..2 <harmed>")
    changed = beside(tokens, first, last, "by <softened>|at|more|than* #")
    return False if changed or before in ORDINAL else None


def _in_signs(tokens: Tokens, number: Number) -> bool | None:
    """Leave a number after a year, a page ("Drexler 1911: 88"), or beside a stroke ("4/2")."""
    first, last = number.first, number.last
    if beside(tokens, first, last, "( ..4 <word> <number> :|, # )|-|;"):
        return None if not year_at(tokens, first - 2) else False
    led = beside(tokens, first, last, "!<nouns> / #") and tokens.touches(first)
    return False if led or beside(tokens, first, last, "# / <number>") else None


def _of_time(tokens: Tokens, number: Number) -> bool | None:
    """Leave a number before a unit of time, and two years: "for 12 days", "2019-2021:"."""
    first, last = number.first, number.last
    after = tokens.at(last + 1)
    if after in WORDS.duration and not number.part:
        return after == "daily" or tokens.at(last + 2) in WORDS.plain  # "12 day labourers"
    years = year_at(tokens, first) and beside(tokens, first, last, "- # :", "# - <number> :")
    dashed = bool(dash_year(tokens, first - 1)[1])  # "(1914-18)", "the war of 1991 to 1994"
    spanned = year_at(tokens, first) and beside(
        tokens, first, last, "of|from|between <number> to|and|until #"
    )
    second = (dashed or spanned) and year_at(tokens, first - 2)
    return False if years or second else None


def _in_a_name(tokens: Tokens, number: Number) -> bool | None:
    """Leave a number that names its noun, or in an adjective: "article 5", "a 19-month war"."""
    first, last = number.first, number.last
    if _adjectival(tokens, last) or _of_a_house(tokens, last):
        return False
    numbered = _numbered(tokens, first, number.value) or beside(tokens, first, last, "no . #")
    return False if number.scale == 1 and numbered else None


def _of_a_year(tokens: Tokens, number: Number) -> bool | None:
    """Take four digits for a year unless a noun of persons or a hedge is by: "about 2022 died"."""
    first = number.first
    if _of_old(tokens, number):
        return False
    year = number.digits and number.scale == 1 and year_at(tokens, first)
    return _is_count(tokens, first) if year else None


def _of_old(tokens: Tokens, number: Number) -> bool:
    """Return whether four digits are a year before 1700: "between 1347 and 1351"."""
    first, digits = number.first, tokens.low[number.first]
    if not (digits.isdigit() and len(digits) == _DIGITS and digits < "1700"):
        return False
    return bool(month_at(tokens, first - 1)) or fits_one("old_year", tokens, first, number.last)


def _spelled_small(tokens: Tokens, number: Number) -> bool | None:
    """Count a small number in words only with a noun: "two died", not "on the one hand"."""
    exact = not (number.digits or number.part or number.hedge) and number.scale == 1
    first, last = number.first, number.last
    if not exact or not 0 < number.value <= _SMALL or tokens.low[first] == "both":
        return None
    return (
        tokens.low[first] in {"a", "an"}
        or bool(period_after(tokens, last + 1)[0])
        or fits_one("small_number", tokens, first, last)
        or (number.value > 1 and beside(tokens, first, last, "# of the <number> ~s|~men"))
        or proves_fatal(tokens, last)
        or _has_noun(tokens, first, last)
        or _elliptic(tokens, first, last)
    )


_RULES: Final = (
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
    known = word in WORDS.nouns or word in STARTS or word in WORDS.not_adjectives
    return tokens.kind[j] == "w" and not known


def _of_a_house(tokens: Tokens, last: int) -> bool:
    """Return whether a number is that of a house: "the blaze at 27 Hill Street"."""
    street = (k for k in range(last + 2, last + 4) if tokens.at(k) in WORDS.figures_streets)
    end = next(street, last)
    return last < end and all(tokens.is_name(k) for k in range(last + 1, end + 1))


def _numbered(tokens: Tokens, first: int, value: float) -> bool:
    """Return whether a number is a name: "article 5", "day 1,000"."""
    before, led = tokens.at(first - 1), tokens.at(first - 2)
    if before == "-" and tokens.is_number(first - 2):
        return _numbered(tokens, first - 2, value)  # "weeks 10-20"
    if before not in WORDS.figures_numbered or (
        tokens.used[first - 1] and led not in WORDS.figures_of_weeks
    ):
        return False
    if led in {"every", "a", "per", "each", "previous", "prior", "preceding"}:
        return False  # "each week 50 die", "(previous day 98)"
    return value < (10_000 if before == "day" else 1_000)


def _elliptic(tokens: Tokens, first: int, last: int) -> bool:
    """Return whether a number leaves its noun to the one before: "17 died and two in hospital"."""
    if fits_one("elliptic", tokens, first, last):
        return True
    alone = fits_one("elliptic_after", tokens, first, last)
    ahead = tokens.at(last + 1) == "from" and "from" in tokens.low[max(first - 9, 0) : first]
    ahead = ahead or tokens.at(first - 1) == "including"
    far = last + _SMALL // 2 if ahead else first
    return alone and any(
        word in CATEGORY for word in tokens.low[max(first - _SMALL, 0) : far]
    )  # "seven from Malawi and two from Tanzania lost their lives"


def _has_noun(tokens: Tokens, first: int, last: int) -> bool:  # noqa: PLR0911  # one return for each place of a noun
    """Return whether a small number in words has a noun or a verb: "two miners", "killed two"."""
    after, then = tokens.at(last + 1), tokens.at(last + 2)
    led = beside(tokens, first, last, "<members> only|just|another|other? #")
    number = then in STARTS or tokens.is_number(last + 2)
    grouped = beside(tokens, first, last, "<groups_of> of #", "<members> of only|just #")
    if after in {"in", "out"} and not (grouped or (led and tokens.low[first] != "one")):
        return then in {"of", "every"} or number or tokens.touches(last + 2)
    if after == "of" and then in WORDS.them:
        return any(word in CATEGORY for word in tokens.low[max(first - _SMALL, 0) : last + _SMALL])
    if led or grouped:
        return True
    if after in {"to", "or", "-"} or (after == "and" and is_between(tokens, last)):
        return number
    for k in range(last + 1, last + 6):
        word = tokens.at(k)
        free = tokens.is_number(k) and not tokens.touches(k)  # "eighteen Covid-19 deaths"
        if free and k > last + 1 and tokens.at(k - 1) not in WORDS.figures_leading:
            return False  # "the two sides exchanged 150 soldiers"
        if (word in WORDS.whole_words or tokens.is_number(k)) and tokens.low[first] != "one":
            continue  # "two of the 41 miners"
        if word in WORDS.counted or (tokens.low[first] == "one" and word in WORDS.person):
            return (word != "m" or k == last + 1) and not _of_more(tokens, first, k)
        joint = word == "-" and tokens.kind[k - 1] == "w" and tokens.touches(k + 1)  # "off-duty"
        if not joint and (tokens.kind[k : k + 1] != ["w"] or word in WORDS.figures_prepositions):
            return False
    return _befell(tokens, last + 1)


def _of_more(tokens: Tokens, first: int, k: int) -> bool:
    """Return whether a noun is none of "one": "one tally charges the guerrillas"."""
    plural = tokens.low[k] in WORDS.plain and tokens.low[k].endswith("s")
    return plural and tokens.low[first] == "one" and "of" not in tokens.low[first:k]


def _befell(tokens: Tokens, k: int) -> bool:
    """Return whether a noun that no table knows is of people: "two kayakers who are missing"."""
    after = tokens.low[k + 1 : k + 6]
    verb = next((j for j, word in enumerate(after) if word not in WORDS.figures_being), len(after))
    return verb > 0 and CATEGORY.get(tokens.at(k + 1 + verb)) in MEMBERS


def _is_count(tokens: Tokens, i: int) -> bool:
    """Return whether digits that could be a year are a count."""
    if beside(tokens, i, i, "!<sums> of # <category>", "# : <number>"):
        return False  # "the famine of 1932 killed", "cumulative deaths 2025: 57"
    if beside(tokens, i, i, "the|a|this # <category>|-~s|-<participles>|-dead|-missing"):
        return False  # "the 2013 killing of 17 protesters"
    return beside(tokens, i, i, "# <measured>|+", "# - <number> <nouns>", "<category>|<counting> #")


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
    take_or_give(tokens, figure)
    figure.per = per_of(tokens, figure.last, figure.unit)
    raise_doubts(tokens, figure)
    return figure
