"""How probabilities, totals, days and likelihoods are worded."""

from __future__ import annotations

import functools
import math
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal

from attrition.core.errors import clip, refusal
from attrition.core.files import bundled
from attrition.core.laws import Law, print_date
from attrition.core.laws.digits import TENTHS, rounded, surest, tail
from attrition.data.dossier.phrases import UNNAMED

Scale = Literal["ICD-203", "PHIA", "IPCC"]
"""A published scale of likelihood words."""

DEFAULT_SCALE: Scale = "ICD-203"
"""Whose likelihood words are used where nobody names a scale."""

_FEW_DAYS, _NEAR = 10, 0.002
_OTHERS = re.compile(r"as other (?:totals|counts) have")
_GOING = re.compile(r"^if the (?:conflict|epidemic|count) goes on as")
_REORDERS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")

TABLE: Final[Mapping[str, Any]] = tomllib.loads(bundled("sentences.toml"))
"""The words that sentences are made of; each part is told in the file itself."""

_SCALES: Final[Mapping[str, list[tuple[float, float, str]]]] = TABLE["scales"]
_NOUNS = ("roughly even chance", "remote chance", "realistic possibility")


def check_scale(scale: str | None) -> None:
    """Refuse a scale of likelihood words that is not known."""
    if scale is not None and scale not in list(_SCALES):  # it need not be hashed
        raise refusal("scale of words", clip(scale), "scale", scales=", ".join(_SCALES))


@functools.lru_cache(maxsize=4096)
def percent(probability: float, draws: float = math.inf) -> str:
    """Return a probability as it is printed: :func:`rounded`, none surer than its draws allow.

    Examples
    --------
    >>> [percent(p) for p in (0.0, 0.0004, 0.004, 0.37, 0.996, 1.0)]
    ['less than 0.1 %', 'less than 0.1 %', '0.4 %', '37 %', '99.6 %', 'more than 99.9 %']
    >>> [percent(p, draws=50) for p in (0.0, 0.37, 1.0)]
    ['less than 6 %', '40 %', 'more than 94 %']
    """
    most = surest(draws)
    if 1 - most <= probability <= most:
        mark, near = 100 * rounded(probability, draws), tail(probability)
        return f"{mark:.1f} %" if near and draws >= TENTHS else f"{mark:.4g} %"
    digits = int(tail(most))
    edge = math.floor(100 * most * 10**digits + 1e-9) / 10**digits
    if probability > most:
        return f"more than {edge:.{digits}f} %"
    return f"less than {100 - edge:.{digits}f} %"


def signs(probability: float, draws: float = math.inf) -> str:
    """Return a probability as a table prints it, in signs.

    Examples
    --------
    >>> signs(0.0004), signs(0.37)
    ('<0.1 %', '37 %')
    """
    return in_signs(percent(probability, draws))


def in_signs(text: str) -> str:
    """Return a printed probability in signs."""
    return text.replace("less than ", "<").replace("more than ", ">")


def chance(prob: float) -> str:
    """Return the probability of an interval, which was chosen and is not rounded.

    Examples
    --------
    >>> chance(0.9), chance(0.975)
    ('90 %', '97.5 %')
    """
    return f"{100 * prob:.12g} %"


def number(value: float) -> str:
    """Return a total with thousands separated, without needless decimals.

    Examples
    --------
    >>> number(1_000_000.0), number(2.5)
    ('1,000,000', '2.5')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.6g}"


def amount(value: float, unit: str) -> str:
    """Return a total with its unit; persons are not named.

    Examples
    --------
    >>> amount(1e6, "persons"), amount(1e4, "metres")
    ('1,000,000', '10,000 metres')
    """
    return number(value) if unit == "persons" else f"{number(value)} {plain(unit)}".rstrip()


def day_words(day: date) -> str:
    """Return a day in words."""
    return print_date(day, "day")


def from_words(first: date, last: date) -> str:
    """Return the first of two days, without the month and the year that it shares with the last.

    Examples
    --------
    >>> last = date(2025, 6, 30)
    >>> from_words(date(2025, 6, 5), last), from_words(date(2024, 6, 5), last)
    ('5', '5 June 2024')
    """
    if (first.year, first.month) == (last.year, last.month):
        return str(first.day)
    words = day_words(first)
    return words.removesuffix(f" {first.year}") if first.year == last.year else words


def likelihood_word(probability: float, scale: Scale | None = None) -> str:
    """Return the word of a scale for a probability, as it follows "are" or "have".

    Parameters
    ----------
    probability : float
    scale : {"ICD-203", "PHIA", "IPCC"}, optional
        Whose word; ICD-203 when left out.

    Returns
    -------
    str
        "very likely", "a roughly even chance"; empty where the scale has none.

    Examples
    --------
    >>> likelihood_word(0.76), likelihood_word(0.5), likelihood_word(0.995)
    ('likely', 'a roughly even chance', '')
    """
    for least, most, word in _SCALES[scale or DEFAULT_SCALE]:
        if least <= probability <= most:
            return f"a {word}" if word in _NOUNS else word.removesuffix(" or probable")
    return ""


MILLION, _TEN = 1_000_000, 10
_SPELLED = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def in_unit(unit: str) -> str:
    """Return in what unit numbers are, before what follows: "in persons, "; nothing of none."""
    return f"in {plain(unit)}, " if unit else ""


def rounded_amount(value: float, unit: str) -> str:
    """Return a threshold as a newspaper prints it: millions by name, where nothing is lost.

    Examples
    --------
    >>> [rounded_amount(k, "persons") for k in (1e6, 1.25e6, 1_234_567, 60_000, 12e6)]
    ['one million', '1.25 million', '1,234,567', '60,000', '12 million']
    """
    millions = value / MILLION
    if millions < 1 or abs(round(millions, 2) - millions) > 1e-12:  # noqa: PLR2004 - exactly
        return amount(value, unit)
    whole = millions.is_integer() and millions < _TEN
    text = _SPELLED[int(millions) - 1] if whole else f"{millions:,.10g}"
    return f"{text} million" if unit == "persons" else f"{text} million {plain(unit)}".rstrip()


@functools.lru_cache(maxsize=1024)  # a page says the same few texts thousands of times
def plain(text: str) -> str:
    r"""Return text of a dossier on one line, without signs that hide or reorder what is read.

    Text that runs from right to left keeps its letters and is isolated, so that numbers around it
    stay where they are.

    Examples
    --------
    >>> plain("two\nlines"), plain("\u05d0").encode("unicode_escape").decode()
    ('two lines', '\\u2068\\u05d0\\u2069')
    """
    kept = "".join(c for c in " ".join(text.split()) if c not in _REORDERS)
    kept = "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cs"))
    if any(unicodedata.bidirectional(c) in ("R", "AL") for c in kept):
        return f"\u2068{kept}\u2069"
    return kept


def condition(law: Law, *, short: bool = False) -> str:
    """Return under which condition a law holds, as a clause; ``short`` for a sentence that is full.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["russian-casualties"])
    >>> law = forecast.law("russian-casualties")
    >>> condition(law), condition(at.laws.with_end(law, 0.002), short=True)
    ('if the fighting continues', 'at a one-in-500 daily chance that the fighting ends')
    """
    supposed = plain(law.provenance.scenario)
    if short and supposed:
        return supposed
    usual = _usual(law, short=short)
    return f"{usual}, {supposed}" if supposed else usual


def _usual(law: Law, *, short: bool) -> str:
    """Return the condition of a law apart from what is supposed of the pace."""
    hazard = law.provenance.end_hazard
    if not hazard:
        usual = plain(law.provenance.condition) or UNNAMED
        brief = _GOING.sub("if it goes on as", _OTHERS.sub("as others have", usual))
        return brief if short else usual
    what = plain(law.provenance.ending) or "the fighting"
    days = float(f"{1 / hazard:.3g}")
    near = days >= _FEW_DAYS and abs(days * hazard - 1) < _NEAR
    if short:
        chance = f"one-in-{days:,.0f}" if near else percent(hazard)
        return f"at a {chance} daily chance that {what} ends"
    chance = f"one in {days:,.0f}" if near else percent(hazard)
    return f"if {what} has a {chance} chance of ending each day"


def basis_words(law: Law) -> str:
    """Return whose count a law is about, in words that need no key."""
    from attrition.reporting.subject import count_words

    return count_words(law.provenance)
