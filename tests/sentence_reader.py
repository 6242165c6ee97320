"""A second reading of the sentences: what each number in one is the probability of.

It knows only English, the calendar and the law, and imports nothing of what writes sentences.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import attrition as at
from attrition.core._typing import Floats
from attrition.core.laws.reading import threshold_column

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


def fits(printed: str, probability: float) -> bool:
    """Tell whether a printed probability is this one, to its last digit."""
    bare = printed.removesuffix(" %")
    if bare.startswith("less than "):
        return probability < float(bare.removeprefix("less than ")) / 100 + 1e-9
    if bare.startswith("more than "):
        return probability > float(bare.removeprefix("more than ")) / 100 - 1e-9
    digits = len(bare.partition(".")[2])
    return bool(abs(100 * probability - float(bare)) <= 0.5 * 0.1**digits + 1e-6)


def stated(sentence: str, law: at.Law, threshold: float) -> Iterator[tuple[str, float]]:
    """Yield each printed probability with the one that the law gives to what is said.

    Raises
    ------
    AssertionError
        If a number of the sentence is not understood.
    """
    column = law.weights @ threshold_column(law, threshold)
    sentence = re.sub(r"([\d.]+|[a-z]+) million", r"1,000,000", sentence)
    sentence = re.sub(r"\breach(ed)?\b", r"pass\1", sentence)  # what holds of both alike
    known, horizon = law.information_date, law.horizon

    def by(day: date) -> float:
        assert known <= day <= horizon, (sentence, day)
        return float(column[(day - known).days])

    def chance(kind: str, first: date, last: date) -> float:
        if kind in {"by", "not by"}:
            return by(last) if kind == "by" else 1 - by(last)
        before = by(first - timedelta(days=1))
        return by(last) - before if kind == "within" else 1 - before

    rest, year = sentence, None
    between = (
        rf"(?P<p>{PERCENT}) likely to (?:have )?(?:pass|passed) [\d,]+ "
        rf"between (?P<a>early|mid-|\d{{1,2}}|{DAY}) and (?P<b>{DAY})"
    )
    claims = [
        (between, "between"),
        (rf"(?P<p>{PERCENT}) likely to pass [\d,]+ (?:on|in) (?P<b>{DAY})", "within"),
        (rf"(?P<p>{PERCENT}) likely to (?:have passed|pass) [\d,]+ by (?P<b>{DAY})", "by"),
        (rf"(?P<p>{PERCENT}) likely not to pass [\d,]+ before (?P<b>{DAY})", "not before"),
        (rf"(?P<p>{PERCENT}) likely not to pass [\d,]+ by (?P<b>{DAY})", "not by"),
        (rf"had passed [\d,]+ by (?P<b>{DAY}) \((?P<p>{PERCENT}) probable", "by"),
        (
            rf"(?:likely|certain|not) to have passed [\d,]+ by (?P<b>{DAY}) \((?P<p>{PERCENT}) ",
            "by",
        ),
        (rf"of having passed [\d,]+ by (?P<b>{DAY}) \((?P<p>{PERCENT}) ", "by"),
        (rf", and (?P<p>{PERCENT}) likely to by (?P<b>{DAY})", "by"),
    ]
    for pattern, kind in claims:
        for match in re.finditer(pattern, rest):
            first, last = days_of(match["b"])
            year = year or last.year
            if kind == "between":
                text = match["a"]
                if text in {"early", "mid-"} or text.isdigit():
                    month = re.search(rf"(?:{_MONTH})", match["b"])
                    assert month
                    text = f"{text}{'' if text == 'mid-' else ' '}{month[0]}"
                start, _ = days_of(text, last.year)
                yield match["p"], by(last) - by(start - timedelta(days=1))
            else:
                yield match["p"], chance(kind, first, last)
        rest = re.sub(pattern, "", rest)
    yield from _asides(rest, law, threshold, by, year)


def _asides(
    rest: str, law: at.Law, threshold: float, by: Callable[[date], float], year: int | None
) -> Iterator[tuple[str, float]]:
    """Yield what stands in brackets, and refuse what is not understood."""
    known, horizon, whole = law.information_date, law.horizon, rest
    masses = at.laws.masses(law, threshold)
    for pattern, value in (
        (rf"(?P<p>{PERCENT}) already", by(known)),
        (rf"(?P<p>{PERCENT}) not by (?:{DAY})", 1 - by(horizon)),
        (rf"(?P<p>{PERCENT}) because the \w+ ends first", masses.ended),
    ):
        for match in re.finditer(pattern, rest):
            yield match["p"], value
        rest = re.sub(pattern, "", rest)
    middle = rf"(?P<p>even chance|{PERCENT}) by (?P<b>{DAY})"
    for match in re.finditer(middle, rest):
        _, last = days_of(match["b"], year)
        if match["p"] == "even chance":
            assert 0.45 <= by(last) <= 0.55, (whole, by(last))
        else:
            yield match["p"], by(last)
    rest = re.sub(middle, "", rest)
    assert "%" not in rest, (whole, rest)


def clause_chances(text: str, column: Floats, known: date) -> Iterator[float]:
    """Yield the probabilities of what the clauses of a text can say of one threshold.

    Parameters
    ----------
    text : str
    column : ndarray of float, shape (time,)
        P(T <= day), from the information date on.
    known : datetime.date
    """

    def by(day: date) -> float:
        return float(column[min(max((day - known).days, 0), column.size - 1)])

    day = timedelta(days=1)
    yield by(known)
    yield 1 - float(column[-1])
    for begin, end in re.findall(rf"between (early|mid-|\d{{1,2}}|{DAY}) and ({DAY})", text):
        _, last = days_of(end)
        start = begin
        if start in {"early", "mid-"} or start.isdigit():
            month = re.search(rf"(?:{_MONTH})", end)
            assert month
            start = f"{start}{'' if start == 'mid-' else ' '}{month[0]}"
        yield by(last) - by(days_of(start, last.year)[0] - day)
    for word, end in re.findall(rf"\b(by|before|on|in) ({DAY})", text):
        if re.search(r"\d{4}$", end):
            first, last = days_of(end)
            yield by(last)
            yield 1 - by(last)
            if word == "before":
                yield 1 - by(first - day)
            elif word != "by":
                yield by(last) - by(first - day)
