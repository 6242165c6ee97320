"""Read a quotation: find its figures, then what surrounds each of them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from numbers import Real
from types import NoneType

from attrition.core.checks import check_type
from attrition.core.errors import clip, refusal
from attrition.text.assembly import Scene, readings_of
from attrition.text.figures import find_figures
from attrition.text.languages import in_english
from attrition.text.lexicon import Lexicon, default_lexicon
from attrition.text.reading import Reading
from attrition.text.speakers import find_speakers
from attrition.text.text import clean, tokenise
from attrition.text.vocabulary import WORDS
from attrition.text.windows import find_windows


def parse(
    text: str, *, lexicon: Lexicon | None = None, grid: float | None = None
) -> tuple[Reading, ...]:
    """Read every figure of a quotation.

    Parameters
    ----------
    text : str
        The words as printed, at most 10,000 characters.
    lexicon : Lexicon, optional
        Rows in force; the shipped ones if absent.
    grid : float, optional
        The rounding of the source's own series, in persons; found from each number if absent.

    Returns
    -------
    tuple of Reading
        One per figure, in order of appearance. What the words do not decide stands in
        `Reading.ambiguous`.

    Raises
    ------
    InputError
        If the text is empty, too long, or holds no figure or a number that cannot be read.

    See Also
    --------
    attrition.elicit : a reading into a distribution.
    attrition.read_article : a whole article.

    Examples
    --------
    >>> (reading,) = parse("up to 250,000 could be fatalities")
    >>> reading.point, reading.hedge, reading.category, reading.possible
    (250000.0, 'up-to', 'killed', True)
    """
    check_type(lexicon, (Lexicon, NoneType), "lexicon", "a Lexicon, or left out")
    check_type(grid, (Real, NoneType), "grid", "a number, or left out")
    book = default_lexicon() if lexicon is None else lexicon
    if book is default_lexicon() and isinstance(text, str):
        return _by_default(text, grid)
    return _readings(text, book, grid)


@lru_cache(maxsize=256)
def _by_default(text: str, grid: float | None) -> tuple[Reading, ...]:
    """Return the readings by the shipped rows; a claim's words are asked for again and again."""
    return _readings(text, default_lexicon(), grid)


def _readings(text: str, lexicon: Lexicon, grid: float | None) -> tuple[Reading, ...]:
    cleaned, places = clean(text)
    tokens, dotted, doubt = in_english(tokenise(cleaned))
    windows = find_windows(tokens)
    speakers = find_speakers(tokens, windows)
    aside: list[str] = []
    figures = find_figures(tokens, dotted=dotted, aside=aside)
    if not figures:
        name = "figure of people" if aside else "figure in a phrase"
        raise refusal(name, clip(text), "phrase", aside=next(iter(aside), ""))
    readings = readings_of(Scene(text, tokens, windows, speakers, figures, lexicon, grid, places))
    if aside:
        readings = tuple(replace(one, aside=tuple(aside)) for one in readings)
    if not doubt:
        return readings
    return tuple(replace(one, ambiguous=(*one.ambiguous, doubt, "another")) for one in readings)


def speaker_of(text: str) -> str | None:
    """Return who speaks in a sentence without a figure, in its own words, or nobody.

    Examples
    --------
    >>> speaker_of("Hopes are fading, the mayor told reporters.")
    'the mayor told'
    """
    tokens = tokenise(clean(text)[0])
    if not WORDS.says & set(tokens.low) and "according" not in tokens.low:
        return None
    speakers = find_speakers(tokens, find_windows(tokens))
    return speakers[-1].words if speakers else None


def read_one(text: str, *, lexicon: Lexicon | None = None, grid: float | None = None) -> Reading:
    """Read a quotation that holds exactly one clear figure.

    Parameters
    ----------
    text, lexicon, grid
        As for `parse`.

    Raises
    ------
    InputError
        If there is no figure, more than one, one that is ambiguous, whose candidates are named, or
        one that the words deny.

    Examples
    --------
    >>> read_one("a quarter of a million").point
    250000.0
    """
    readings = parse(text, lexicon=lexicon, grid=grid)
    place, first = f"phrase {clip(text)}", next(iter(readings), None)
    if first is None:  # what was a figure belongs to something else
        raise refusal("figure of a claim", "none that counts", place)
    if len(readings) > 1:
        got = f"{len(readings)} figures ({'; '.join(map(describe, readings[:5]))})"
        raise refusal("one figure of a claim", got, place)
    if first.ambiguous:
        raise refusal("one way of a claim", " or ".join(first.ambiguous), place)
    if first.denied:
        raise refusal("stated figure", f"words that deny it ({describe(first)})", place)
    return first


def describe(reading: Reading) -> str:
    """Return the numbers of a reading and what they count, in a few words."""
    if reading.low is not None and reading.high is not None:
        number = f"{reading.low:,.15g} to {reading.high:,.15g}"
    else:
        number = "unclear" if reading.point is None else f"{reading.point:,.15g}"
    words = [number, reading.unit if reading.category is None else reading.category]
    return " ".join([*words, f"per {reading.per}"] if reading.per else words)
