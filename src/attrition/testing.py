"""Inputs and laws drawn at random, for the property tests of code that uses attrition.

Each function returns a strategy of Hypothesis, which the extra ``testing`` brings; nothing else in
the package imports it. The project's own tests (``tests/properties``) draw from the same ones.

>>> import attrition as at
>>> from attrition import testing
>>> from hypothesis import given
>>> @given(testing.numbers())
... def test_a_number_comes_back_from_the_words(printed):
...     words, number = printed
...     assert at.parse(f"{words} people were killed")[0].point == number
>>> test_a_number_comes_back_from_the_words()
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from attrition.core.errors import InputError
from attrition.core.late import special
from attrition.core.laws import Law, Provenance
from attrition.data.dossier import Claim, Dossier, claim
from attrition.data.series import Series, read_series
from attrition.forecasts import Question
from attrition.text.text import listed

try:
    from hypothesis import strategies as some
except ImportError:
    rule, remedy = "strategies need the library hypothesis", "Install `attrition[testing]`"
    got = "an environment without it"
    raise InputError(rule, got=got, place="attrition.testing", remedy=remedy) from None

__all__ = [
    "PRINTED",
    "claims",
    "contents",
    "counts",
    "dossiers",
    "laws",
    "numbers",
    "questions",
    "quotes",
]

DAY: Final = date(2025, 6, 3)
"""The day on which data end where a strategy is not told another."""

_ONES: Final = listed("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
""")
_TENS: Final = listed("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
_SIZES: Final = {"million": 1_000_000, "thousand": 1_000, "hundred": 100}


def _spelled(value: int) -> str:
    """Return a number below a thousand millions in English words, as a style guide would."""
    for name, size in _SIZES.items():
        if value >= size:
            head, rest = divmod(value, size)
            joint = " and " if rest < _SIZES["hundred"] else " "
            return f"{_spelled(head)} {name}" + (joint + _spelled(rest) if rest else "")
    if value < len(_ONES):
        return _ONES[value]
    tens, ones = divmod(value, 10)
    return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")


def _parted(mark: str) -> Callable[[int], str]:
    return lambda value: f"{value:,}".replace(",", mark)


PRINTED: Final[Mapping[str, Callable[[int], str]]] = {
    "commas": _parted(","),
    "spaces": _parted(" "),
    "thin spaces": _parted("\u2009"),
    "no-break spaces": _parted("\u00a0"),
    "narrow no-break spaces": _parted("\u202f"),
    "apostrophes": _parted("'"),
    "curly apostrophes": _parted("\N{RIGHT SINGLE QUOTATION MARK}"),
    "words": _spelled,
    "thousands": lambda n: f"{n / 1000:.3f} thousand",
    "k": lambda n: f"{n / 1000:.3f}k",
    "million": lambda n: f"{n / 1_000_000:.6f} million",
    "m": lambda n: f"{n / 1_000_000:.6f}m",
    "M": lambda n: f"{n / 1_000_000:.6f}M",
    "mn": lambda n: f"{n / 1_000_000:.6f} mn",
    "invisible marks": lambda n: f"\u200f{n:,}\u200e",
}
"""Every way in which a whole number of at least 1,000 is printed, by name."""

# ------------------------------------------------------------------ words and claims


def numbers(
    least: int = 3_000, most: int = 9_999_999, *, style: str | None = None
) -> some.SearchStrategy[tuple[str, int]]:
    """Draw a number as a reporter prints it, with its value.

    Parameters
    ----------
    least, most : int
        Ends of the value, from 1,000 to 999,999,999.
    style : str, optional
        A key of :data:`PRINTED`; any when left out.

    Returns
    -------
    SearchStrategy of (str, int)
    """
    styles = some.sampled_from(sorted(PRINTED)) if style is None else some.just(style)
    return some.builds(lambda how, n: (PRINTED[how](n), n), styles, some.integers(least, most))


_REPORTED: Final = listed("""
    up to more than 250,000 1.2m 60 – 100k % killed wounded and or , . Russian soldiers since 2022
    in March a day per officials say between about not half million three of the one every 1,000 m
    may could ( ) 95% CI 2000 to
""")


def quotes() -> some.SearchStrategy[str]:
    """Draw reporters' words in any order: some can be read, others must be refused."""
    return some.lists(some.sampled_from(_REPORTED), min_size=1, max_size=14).map(" ".join)


_HEDGES: Final = (
    "{}",
    "around {}",
    "nearly {}",
    "at least {}",
    "up to {}",
    "more than {}",
    "more than {} but fewer than 9,000",
    "about {} a day",
    "approximately {} soldiers of all the brigades at this front, according to officials,",
)
_SOURCES: Final = (
    "CSIS",
    "UK Ministry of Defence",
    "Office of the Coordinator of Humanitarian Affairs",
)


@some.composite
def claims(
    draw: some.DrawFn, *, day: date = DAY, least: int = 800, most: int = 2_000, back: int = 900
) -> Claim:
    """Draw a figure of the killed, from quoted words.

    Parameters
    ----------
    day : datetime.date
        The last that a figure describes.
    least, most : int
        Ends of the figure, which is a total; a number a day is a hundredth of it.
    back : int
        How many days before ``day`` it may describe.

    Returns
    -------
    SearchStrategy of Claim
    """
    words, figure = draw(some.sampled_from(_HEDGES)), draw(some.integers(least, most))
    if words.endswith("a day"):
        figure //= 100
    return claim(
        f"{words.format(f'{figure:,}')} killed",
        source=draw(some.sampled_from(_SOURCES)),
        on=day - timedelta(days=draw(some.integers(0, back))),
        quantity="killed",
    )


_TEXT: Final = some.text(some.characters(exclude_categories=["Cs"]), max_size=30)
_NAME: Final = _TEXT.filter(lambda text: text.strip() != "")
_KEY: Final = some.text(some.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda text: text != "latent"
)
_AMOUNT: Final = some.just(-0.0) | some.floats(0, 1e29) | some.integers(0, 10**15).map(float)
_DATE: Final = some.builds(
    lambda day, digits: str(day)[:digits], some.dates(), some.sampled_from([4, 7, 10])
)


def _pair(values: some.SearchStrategy[Any]) -> some.SearchStrategy[list[Any]]:
    return some.tuples(values, values).map(sorted)


@some.composite
def contents(draw: some.DrawFn) -> dict[str, Any]:
    """Draw what :meth:`attrition.Dossier.of` takes: any text, day and amount that is allowed."""
    sources = draw(some.lists(_KEY, min_size=1, max_size=3, unique=True))
    quantities = draw(some.lists(_KEY, min_size=1, max_size=3, unique=True))
    figures = []
    for _ in range(draw(some.integers(1, 4))):
        low, high = draw(_pair(_AMOUNT))
        as_of, published = draw(_pair(some.dates()))
        figures.append(
            {
                "quantity": draw(some.sampled_from(quantities)),
                "source": draw(some.sampled_from(sources)),
                "kind": draw(some.sampled_from(["level", "share"])),
                "quote": draw(_TEXT),
                "low": low,
                "high": high,
                "as_of": as_of,
                "published": str(published)[: draw(some.sampled_from([4, 7, 10]))],
                "note": draw(_TEXT),
                "inferred": draw(some.lists(_TEXT, max_size=2)),
            }
        )
    least, most = draw(_pair(some.floats(0.01, 1)))
    volatility = {"value": draw(some.floats(0, 2)), "reason": draw(_NAME)}
    ending = some.sampled_from(["", "\n", '\n"""\\\n', "\r\n\t"])
    return {
        "id": draw(some.text(string.ascii_letters + string.digits, min_size=1)),
        "title": draw(_TEXT),
        "description": draw(_TEXT) + draw(ending) + "x",
        "sources": {
            key: {"name": draw(_NAME), "coverage": {"low": least, "high": most}} for key in sources
        },
        "quantities": {
            key: {
                "title": draw(_NAME),
                "definition": draw(_NAME),
                "unit": "persons",
                "start": draw(_DATE),
                "assumptions": {"volatility": volatility},
            }
            for key in quantities
        },
        "claims": figures,
        "hedges": {"around": {"above": draw(some.floats(0, 1)), "granular": draw(some.booleans())}},
    }


def dossiers() -> some.SearchStrategy[Dossier]:
    """Draw a dossier of any content that is allowed; few of them make sense."""
    return contents().map(lambda content: Dossier.of(**content))


# ------------------------------------------------------------------ counts, questions, laws


@some.composite
def counts(
    draw: some.DrawFn, *, day: date = DAY, least: int = 60, most: int = 500, rate: float = 500.0
) -> Series:
    """Draw a cumulative count by day, as it was reported.

    Parameters
    ----------
    day : datetime.date
        The last.
    least, most : int
        Ends of the number of days.
    rate : float
        The largest of the mean rates at first, of which the least is 0.5 [persons per day].

    Returns
    -------
    SearchStrategy of Series
        Its rate wanders by 2 % a day; of some nothing is reported at weekends.
    """
    import pandas as pd

    days = draw(some.integers(least, most))
    chance = np.random.default_rng(draw(some.integers(0, 10**6)))
    walk = np.cumsum(0.02 * chance.standard_normal(days))
    daily = chance.poisson(draw(some.floats(0.5, rate)) * np.exp(walk)).astype(float)
    total = pd.Series(
        daily.cumsum(), pd.date_range(end=day, periods=days, unit="s"), name="cumulative"
    )
    workdays = total[total.index.day_of_week < 5]  # noqa: PLR2004 - Monday is 0
    return read_series(workdays if draw(some.booleans()) else total)


@some.composite
def questions(
    draw: some.DrawFn,
    *,
    day: date = DAY,
    thresholds: tuple[float, ...] | None = None,
    bases: tuple[str, ...] = (),
) -> Question:
    """Draw a small question: few points and a wide tolerance, so that it is answered soon.

    Parameters
    ----------
    day : datetime.date
        The last of the data; the information date lies at most 30 days before it.
    thresholds : tuple of float, optional
        Of which some are asked about [unit]; those of the data when left out.
    bases : tuple of str
        Of which some are asked for, where there are any.

    Returns
    -------
    SearchStrategy of Question
    """
    early = draw(some.none() | some.integers(0, 30))
    known = day - timedelta(days=early or 0)
    asked: dict[str, some.SearchStrategy[Any]] = {
        "end_hazard": some.sampled_from([0.0, 0.002]),
        "horizon": some.sampled_from([90, 800]).map(lambda days: known + timedelta(days=days)),
        "kind": some.sampled_from(["steady", "epidemic", "conflict"]),
        "on": some.just([known + timedelta(days=30)]),
        "prob": some.sampled_from([0.5, 0.9, 0.99]),
        "seed": some.integers(1, 9),
    }
    for name, values in (("thresholds", thresholds), ("bases", bases)):
        if values:
            asked[name] = some.lists(some.sampled_from(values), min_size=1, unique=True)
    options = draw(some.fixed_dictionaries({}, optional=asked))
    if early is not None:
        options["as_of"] = known
    size, tolerance = draw(some.sampled_from([8, 16])), draw(some.sampled_from([20.0, 90.0]))
    return Question(size=size, tolerance=tolerance, **options)


_TITLES: Final = (
    "Killed",
    "Russian military casualties",
    "Cumulative confirmed cases of an outbreak in the eastern provinces (as reported)",
)
_BASES: Final = {
    "latent": "the latent total",
    "csis": "count of CSIS",
    "ministry": "count of the Ministry of Health and its regional offices",
}


@some.composite
def laws(draw: some.DrawFn, *, day: date = DAY) -> Law:
    """Draw the law of a normal total that grows, with short and long names.

    Parameters
    ----------
    day : datetime.date
        The first of its information dates, which reach 400 days further.

    Returns
    -------
    SearchStrategy of Law
        Of at most nine thresholds and 9 to 2,500 days.
    """
    scale = draw(some.sampled_from([1.0, 12.0, 1e4]))
    pace = draw(some.floats(0.02, 5.0))
    sd = draw(some.floats(0.5, 400.0))
    days = draw(some.sampled_from([9, 40, 200, 730, 2_500]))
    grid = 900.0 + pace * days * np.linspace(-0.6, 1.6, 9)
    grid = np.unique(np.round(np.maximum(grid, 10.0), 0))
    ahead = np.arange(days + 1)
    score = (900.0 + pace * ahead[None, None, :] - grid[None, :, None]) / (sd + 0.05 * pace * ahead)
    count = draw(some.sampled_from(sorted(_BASES)))
    what = Provenance(
        quantity="total",
        title=draw(some.sampled_from(_TITLES)),
        definition="killed",
        basis=count,
        basis_name=_BASES[count],
        condition="if the fighting continues at this pace",
        unit=draw(some.sampled_from(["persons", "square kilometres of territory"])),
        sources=("CSIS or news reports that quote it", "UK Ministry of Defence"),
        end_hazard=draw(some.sampled_from([0.0, 0.002])),
        ending="the fighting",
        seed=1,
        version="0.1.0",
    )
    return Law(
        exceedance=np.asarray(special.ndtr(score)),
        thresholds=grid * scale,
        information_date=day + timedelta(days=draw(some.integers(0, 400))),
        weights=np.ones(1),
        provenance=what,
    )
