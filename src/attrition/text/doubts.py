"""What the words leave undecided about a number, with the candidates."""

from __future__ import annotations

from typing import Final

from attrition.text.dates import year_at
from attrition.text.elements import Figure
from attrition.text.patterns import beside
from attrition.text.spelled import SMALL, number_at
from attrition.text.text import Tokens
from attrition.text.units import period_after
from attrition.text.vocabulary import WORDS, numbers_for

_MINUTES: Final[dict[str, float]] = numbers_for("minutes")

_WHOLE: Final = 100


def raise_doubts(tokens: Tokens, figure: Figure) -> None:
    """Add to a figure every candidate among which its words do not decide."""
    _check_writing(figure)
    if all(n.digits and n.scale == 1 and year_at(tokens, n.first) for n in figure.numbers):
        _doubt_year(tokens, figure)
    if figure.unit.name == "persons" and figure.point is not None and 0 < figure.point < 1:
        share = f"a share of {100 * figure.point:g} percent"
        figure.choices += [f"{figure.point:g}, a count", share]
    if figure.unit.name == "percent" and not figure.choices:
        figure.choices.extend(_change(figure))
    _ratio(tokens, figure)
    _pace(tokens, figure)
    _difference(tokens, figure)


def _check_writing(figure: Figure) -> None:
    for number in figure.numbers:
        if not number.digits:
            continue
        if number.choices and figure.unit.name == "percent" and number.value <= _WHOLE:
            figure.choices.clear()
        if number.decimal_comma and figure.unit.counted and len(figure.numbers) == 1:
            figure.choices += [
                f"{number.value:g} (the comma is the decimal mark)",
                "a larger number with a digit missing after the comma",
            ]


def _doubt_year(tokens: Tokens, figure: Figure) -> None:
    i = figure.numbers[0].first
    after = tokens.at(figure.last + 1)
    if figure.low is not None:
        count = f"{figure.low:g} to {figure.high:g}, a count"
        figure.choices += [count, f"the years {tokens.raw(i, figure.last)}"]
        return
    counts = figure.unit.explicit or after in WORDS.nouns or after == "+"
    if counts or period_after(tokens, figure.last + 1)[0]:
        return
    figure.choices += [f"{figure.point:g}, a count", f"the year {tokens.low[i]}"]


def _change(figure: Figure) -> list[str]:
    """Report a percentage that says how much something changed (a share it is not)."""
    value = figure.point
    if value is None or figure.numbers[0].part:
        return []
    near = figure.after(1 if figure.reads("# of|,|.") else 2)
    led = figure.before(5) if figure.at(-1) == "by" else []
    if any(word.startswith("under") for word in (*led, *near)):
        return _missed(value)
    if WORDS.changed & set(near) or figure.reads("<rise>|up|down #", "<rise> ..1 by|of #"):
        return [
            f"a change: another figure times {1 + value / 100:.2f} or {1 - value / 100:.2f}",
            f"a share of {value:g} percent",
        ]
    return []


def _missed(value: float) -> list[str]:
    coverage = max(1 - value / 100, 1e-9)
    return [
        f"{value:g} percent missing: coverage {coverage:.2f}, multiplier {1 / coverage:.2f}",
        f"the true figure is {value:g} percent higher: multiplier {1 + value / 100:.2f}",
    ]


def _ratio(tokens: Tokens, figure: Figure) -> None:
    """Report "three wounded per killed" and "12 per 100,000", which are no counts."""
    if "every" in figure.before(5) and figure.reads(
        "of every ..2 , #"
    ):  # "of every ten patients, four die"
        figure.choices += ["a ratio, 'of every', which counts nobody by itself", "a count"]
    for k in range(figure.last + 1, min(figure.last + 7, len(tokens))):
        word = tokens.low[k]
        if tokens.used[k] or tokens.kind[k] != "w":
            return
        if word != "per" and not (word in {"for", "to"} and tokens.at(k + 1) in {"every", "each"}):
            continue
        j = k + 1 if word == "per" else k + 2
        while tokens.at(j) in WORDS.one_of_them:
            j += 1
        number, whole = tokens.is_number(j), tokens.at(j)
        counted = whole in WORDS.nouns or whole in WORDS.demonyms or whole in SMALL
        if not (counted or number or j > k + 2) or tokens.at(j + 1) in WORDS.duration:
            return
        last = min(j, len(tokens) - 1)
        figure.choices += [
            f"a ratio, {tokens.raw(figure.first, last)!r}, which counts nobody by itself",
            "a count",
        ]
        tokens.use(k, last)
        return


def _difference(tokens: Tokens, figure: Figure) -> None:
    """Report "10,000 fewer than last year", which is a difference of two figures."""
    j = figure.last + 1
    while tokens.at(j) in WORDS.nouns:
        j += 1
    word = tokens.at(j)
    less = beside(tokens, j, j, "# !$|,|.") and word in {"fewer", "less", "lower"}
    more = word in {"more", "higher"} and tokens.at(j + 1) == "than"
    since = "# than <since_then>", "# than ..3 ago"  # "1,102 more than two weeks ago"
    if word == "more" and beside(tokens, j, j, *since):
        return  # they have come since
    if figure.unit.name != "percent" and (more or less):
        what = tokens.raw(figure.first, min(j + 1, len(tokens) - 1))
        figure.choices += [f"a difference from another figure: {what!r}", "a count"]


def _pace(tokens: Tokens, figure: Figure) -> None:
    """Report "one soldier every three minutes", a rate over no day, week, month or year."""
    for k in range(figure.last + 1, min(figure.last + 10, len(tokens) - 2)):
        if tokens.low[k] in {",", ".", ";"} or tokens.kind[k] == "n":
            return
        if tokens.low[k] != "every":
            continue
        every = number_at(tokens, k + 1)
        minutes = _MINUTES.get(tokens.at(every.last + 1)) if every else None
        if every is None or minutes is None or not every.value or figure.point is None:
            return
        if (every.value, minutes) != (24, 60):
            daily = figure.point * 1440 / (every.value * minutes)
            pace = f"{daily:.4g} per day, if the pace holds all day"
            figure.choices += [pace, f"{figure.point:g}, a count"]
        return
