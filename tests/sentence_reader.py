"""A second reading of the sentences: what each number in one is the probability of.

It knows only English, the calendar and the law, and imports nothing of what writes sentences.
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Iterator
from datetime import date, timedelta

import attrition as at
from attrition.core.laws.reading import mean_of

_MONTH = "|".join(calendar.month_name[1:])
DAY = (
    rf"(?:the end of )?(?:\d{{1,2}} |early |late |mid-)?(?:{_MONTH})(?: \d{{4}})?"
    r"|the end of \d{4}|\d{4}"
)
PERCENT = r"(?:less than |more than )?[\d.]+ %"


def days_of(text: str, year: int | None = None) -> tuple[date, date]:
    """Return the first and the last day that a printed date means."""
    plain = text.removeprefix("the end of ")
    if re.fullmatch(r"\d{4}", plain):
        return date(int(plain), 1, 1), date(int(plain), 12, 31)
    parts = re.fullmatch(rf"(\d{{1,2}} |early |late |mid-)?({_MONTH})(?: (\d{{4}}))?", plain)
    assert parts, text
    number = int(parts[3] or year or 0)
    month = list(calendar.month_name).index(parts[2])
    end = calendar.monthrange(number, month)[1]
    thirds = {"early ": (1, 10), "mid-": (11, 20), "late ": (21, end)}
    if parts[1] is None:
        first, last = 1, end
    elif parts[1] in thirds:
        first, last = thirds[parts[1]]
    else:
        first = last = int(parts[1])
    return date(number, month, first), date(number, month, last)


def fits(printed: str, probability: float, draws: float = math.inf) -> bool:
    """Tell whether a printed probability is this one, to its last digit.

    Where few draws know it, a multiple of ten is right to 5 points, of five to 2.5, and what lies
    nearer to 0 or 100 to what lies between it and the next.
    """
    bare = printed.removesuffix(" %")
    if bare.startswith("less than "):
        return probability < float(bare.removeprefix("less than ")) / 100 + 1e-9
    if bare.startswith("more than "):
        return probability > float(bare.removeprefix("more than ")) / 100 - 1e-9
    if draws < 2_500 or (draws < 10_000 and not 1 <= float(bare) <= 99):
        near = round(min(float(bare), 100 - float(bare)), 1)
        wide = {0.2: 0.2, 0.5: 0.3, 1: 0.5, 2: 1.5, 3: 1.0, 5: 2.5}
        step = wide.get(near, 5.0 if near % 10 == 0 else 2.5)
        return bool(abs(100 * probability - float(bare)) <= step + 1e-6)
    digits = len(bare.partition(".")[2])
    return bool(abs(100 * probability - float(bare)) <= 0.5 * 0.1**digits + 1e-6)


AMOUNT = r"(?:\d[\d,.]*\d|\d|one|two|three|four|five|six|seven|eight|nine)(?: million)?"
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_VERB = r"(?:have )?(?:pass|reach|cross|exceed)(?:ed)?"
_LEVEL = rf"(?P<k>{AMOUNT})(?: metres)?"
_WHEN = rf"(?P<word>by|on|in|until|before) (?P<day>{DAY}|then)"
_SPAN = rf"between (?P<begin>early|mid-|late|\d{{1,2}}|{DAY}) and (?P<day>{DAY})"

# What may stand after a probability, and else before it and a bracket.
_AFTER = (
    rf" likely to {_VERB} {_LEVEL} {_SPAN}",
    rf" likely to {_VERB} {_LEVEL} (?!until|before){_WHEN}",
    rf" likely to be (?P<no>still) below {_LEVEL} on (?P<day>{DAY})",
    rf"(?: likely to have done so)? (?=by){_WHEN}",
    r" (?:that (?:it|they) )?already\b",
    rf" (?P<no>still) below on (?P<day>{DAY})",
    rf" (?:that (?:it|they) still ha(?:s|ve) )?(?P<no>not) by (?P<day>{DAY})",
    r" (?P<ended>because) [\w’ ]+ ends first",
)
_BEFORE = (rf"{_SPAN} \($", rf"(?P<no>not )?{_WHEN} \($", r"already \($")
_ASSUMED = r" (?:daily )?chance (?:of ending each day|that)"


def figure(text: str) -> float:
    """Return the number that a printed amount means."""
    bare = text.removesuffix(" million").replace(",", "")
    value = float(_ONES.index(bare) + 1) if bare in _ONES else float(bare)
    return round(value * 1e6, 3) if text.endswith(" million") else value


def stated(sentence: str, law: at.Law, *thresholds: float) -> Iterator[tuple[str, float]]:
    """Yield each printed probability with the one that the law gives to what is said.

    What names no threshold is of the last one before it; of a clause on one count, of the first.

    Raises
    ------
    AssertionError
        If a number of the sentence is not understood.
    """
    for number in re.finditer(rf"(?:even chance|more likely than not)(?= by)|{PERCENT}", sentence):
        before, after = sentence[: number.start()], sentence[number.end() :]
        if re.match(_ASSUMED, after):
            continue
        matches = [re.match(pattern, after) for pattern in _AFTER]
        matches += [re.search(pattern, before) for pattern in _BEFORE]
        said = next((match for match in matches if match), None)
        assert said, (sentence, number[0])
        named = [figure(text) for text in re.findall(rf"\b{AMOUNT}", before)]
        level = next((k for k in reversed(named) if k in thresholds), thresholds[0])
        if "k" in said.re.groupindex:
            level = figure(said["k"])
            assert level in thresholds, (sentence, level)
        value = _chance(said.groupdict(), law, level, before)
        if number[0] == "even chance":
            assert 0.45 <= value <= 0.55, (sentence, value)
        elif number[0] == "more likely than not":
            assert value >= 0.5, (sentence, value)
        else:
            yield number[0], value


def _chance(said: dict[str, str | None], law: at.Law, level: float, before: str) -> float:
    """Return the probability of a statement: of a threshold, a date, and how they are joined."""
    column = mean_of(law, level)
    text, word, known = said.get("day"), said.get("word"), law.information_date

    def by(day: date) -> float:
        assert known <= day <= law.horizon, (said, day)
        return float(column[(day - known).days])

    if said.get("ended"):
        return float(at.laws.masses(law, level).ended)
    if text is None:  # already
        return by(known)
    text = re.findall(DAY, before)[-1] if text == "then" else text
    first, last = days_of(text, known.year)
    eve = first - timedelta(days=1)
    if begin := said.get("begin"):
        if begin in {"early", "mid-", "late"} or begin.isdigit():
            begin += f"{' ' * (begin != 'mid-')}{list(calendar.month_name)[last.month]}"
        start, _ = days_of(begin, last.year)
        return by(last) - by(start - timedelta(days=1))
    if word in {"until", "before"}:
        return 1 - by(eve)
    if word in {"on", "in"} and not said.get("no"):
        return by(last) - by(eve)
    return 1 - by(last) if said.get("no") else by(last)
