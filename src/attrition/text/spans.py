"""Stretches of time inside a period: "early March", "the past 24 hours", "the invasion"."""

from __future__ import annotations

from typing import Final

from attrition.text.dates import ORDINAL, SEASON, WEEKDAY, date_at, month_at, year_at
from attrition.text.spelled import SMALL
from attrition.text.text import Tokens, listed
from attrition.text.vocabulary import WORDS

_MOST: Final = 12
_WEEKS: Final = 53

BACK: Final = listed("a one two three four five six seven eight nine ten")
"""How many days, weeks, months or years ago; the first is one."""


def moment(tokens: Tokens, j: int) -> tuple[int, str]:  # noqa: PLR0911  # one return for each form of a moment
    """Read a date that may be qualified: "early March", "the first half of 2025", "last week"."""
    word = tokens.at(j)
    if word in {"early", "mid", "late"}:
        k = j + 2 if tokens.at(j + 1) == "-" else j + 1
        end, phrase = date_at(tokens, k)
        return (end, f"{word}{'-' if word == 'mid' else ' '}{phrase}") if phrase else (j, "")
    if word in {"last", "this", "next"}:
        end, phrase = relative(tokens, j)
        if phrase:
            return end, phrase
    if word in {"yesterday", "today"}:
        return j + 1, word
    if word in WEEKDAY:
        return j + 1, WEEKDAY[word]
    if word == "the" or word in ORDINAL:
        end, phrase = _stretch(tokens, j)
        if phrase:
            return end, phrase
    if word == "the" and tokens.at(j + 1) in SEASON:
        return date_at(tokens, j + 1)
    end, phrase = date_at(tokens, j)
    return end, phrase


def _stretch(tokens: Tokens, j: int) -> tuple[int, str]:
    """Read "the first half of 2025", "the month of March", "the year"."""
    k = j + 1 if tokens.at(j) == "the" else j
    if tokens.at(k) not in ORDINAL and tokens.at(k) not in WORDS.pieces:
        return j, ""
    m = k
    while m < min(k + 6, len(tokens)) and tokens.low[m] != "of" and tokens.kind[m] != "s":
        m += 1
    if tokens.at(m) == "of":
        end, phrase = moment(tokens, m + 1)
        if phrase:
            words = " ".join(tokens.low[k:m])
            return end, phrase if words in {"month", "year"} else f"the {words} of {phrase}"
    if tokens.at(k + 1) == "quarter" and k > j:
        return k + 2, f"the {tokens.low[k]} quarter"
    if tokens.at(j) == "the" and tokens.at(k) in {"year", "month", "week"}:
        return k + 1, f"the {tokens.low[k]}"
    return j, ""


def relative(tokens: Tokens, j: int) -> tuple[int, str]:
    """Read "last month", "this year", "last Monday"."""
    follow = tokens.at(j + 1)
    month = month_at(tokens, j + 1)
    if month:
        return j + 2, f"{tokens.low[j]} {month}"
    if follow in WEEKDAY:
        return j + 2, f"{tokens.low[j]} {WEEKDAY[follow]}"
    if follow in WORDS.spans_units or follow in SEASON:
        return j + 2, f"{tokens.low[j]} {follow}"
    return j, ""


def event(tokens: Tokens, j: int) -> tuple[int, str]:
    """Read "the start of the full-scale invasion in February 2022", up to six words."""
    if tokens.at(j) not in WORDS.event_opening and tokens.at(j) not in WORDS.happenings:
        return j, ""
    k, words = _named_event(tokens, j)
    if not WORDS.happenings & set(words):
        return j, ""
    end, phrase = date_at(tokens, k)
    if phrase and words[-1] in {"in", "on"}:
        words.append(phrase)
        k = end
    elif tokens.at(k) in {"in", "on", "of"}:
        end, phrase = moment(tokens, k + 1)
        if phrase:
            words += [tokens.low[k], phrase]
            k = end
    return k, " ".join(words).replace(" - ", "-")


def _named_event(tokens: Tokens, j: int) -> tuple[int, list[str]]:
    """Return the words of an event, and the token after them."""
    k, words, seen = j, [], False
    while k < min(len(tokens), j + _MOST) and (tokens.kind[k] == "w" or tokens.low[k] == "-"):
        word = tokens.low[k]
        if seen and (word in {"in", "on"} or word not in WORDS.event_words):
            break
        words.append(word)
        seen = seen or word in WORDS.happenings
        k += 1
    while seen and words[-1] in {"of", "in", "on", "against"}:
        words.pop()
        k -= 1
    return k, words


def week_at(tokens: Tokens, j: int) -> tuple[int, str]:
    """Read "week 35 (25-31 August)", the days rather than the number where both stand."""
    k = j + 1 if tokens.at(j) in {"epi", "epidemiological", "iso", "reporting"} else j
    number = tokens.at(k + 1)
    if tokens.at(k) not in {"week", "epiweek"} or not (number.isdigit() and int(number) <= _WEEKS):
        return j, ""
    end, words = k + 2, f"week {number}"
    if tokens.at(end) == "(":
        close, days = moment(tokens, end + 1)
        return (close + 1, days) if days and tokens.at(close) == ")" else (end, words)
    k = end + 1 if tokens.at(end) in {",", "of"} else end
    year = year_at(tokens, k)
    return (k + 1, f"{words} {year}") if year else (end, words)


def span_of_time(tokens: Tokens, j: int) -> tuple[int, str]:
    """Read "the past 24 hours", "three years", "a single day", "recent weeks"."""
    words: list[str] = []
    k = j
    while tokens.at(k) in WORDS.before_span or tokens.at(k) in WORDS.latest:
        words.append(tokens.low[k])
        k += 1
    hours = k
    k = _how_many(tokens, k, words)
    if k > hours and tokens.suffix[hours] in {"h", "hrs"}:  # "in the last 24h"
        words[-1] = f"{tokens.low[hours]} hours"
        return k, " ".join(words)
    report = tokens.at(k) == "period" and {"reporting", "review"} & set(words)
    if not (report or tokens.at(k) in WORDS.spans_units) or tokens.at(k + 1) == "-":
        return j, ""  # "a 33-year-old man" is no span
    if words and words[-1] == "one":
        words[-1] = "1"
    words.append(tokens.low[k])
    k += 1
    if tokens.at(k) == "period":
        words.append("period")
        k += 1
    return _of_what(tokens, k, words)


def _how_many(tokens: Tokens, k: int, words: list[str]) -> int:
    """Add the number of a span to its words, and return the token after it."""
    counted = k < len(tokens) and (tokens.kind[k] == "n" or tokens.low[k] in SMALL)
    if not counted and tokens.at(k) not in {"few", "several", "couple", "dozen"}:
        return k
    number = SMALL.get(tokens.low[k])
    if tokens.at(k + 1) == "-" and number and SMALL.get(tokens.at(k + 2), 0) in range(1, 10):
        number, k = number + SMALL[tokens.low[k + 2]], k + 2  # "twenty-four hours"
    words.append(str(number or tokens.low[k]) + tokens.suffix[k])
    k += 1
    if tokens.at(k) == "of":
        words.append("of")
        k += 1
    return k + 1 if tokens.at(k) == "-" else k


def _of_what(tokens: Tokens, k: int, words: list[str]) -> tuple[int, str]:
    """Add what a span is of ("of war", "to 1 May"), and return its end and its words."""
    if tokens.at(k) == "of" and tokens.at(k + 1) in {"war", "fighting", "conflict", "combat"}:
        return k + 2, " ".join([*words, "of", tokens.low[k + 1]])
    if tokens.at(k) in {"of", "to", "ending", "ended"}:
        until = tokens.at(k) != "of"
        j = k + 2 if until and tokens.at(k + 1) == "on" else k + 1
        end, date = (date_at if until else moment)(tokens, j)
        if date:
            words += ["to" if until else "of", date]
            k = end
    return k, " ".join(words)
