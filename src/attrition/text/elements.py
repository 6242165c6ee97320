"""What is found in a quotation: numbers, units, figures, periods, speakers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from attrition.text.patterns import beside
from attrition.text.text import Tokens
from attrition.text.vocabulary import CURRENCY, LENGTH, SQUARE


@dataclass(slots=True)
class Window:
    """A stretch of tokens that says when.

    Attributes
    ----------
    first, last : int
        Its tokens, both included.
    words : str
        Normalised.
    role : str
        "window", "as_of" or "skip" (a date that says nothing about the figure).
    """

    first: int
    last: int
    words: str
    role: str


@dataclass(slots=True)
class Speaker:
    """A stretch of tokens that says who said so, and on which day where it is told."""

    first: int
    last: int
    words: str
    day: str | None = None


@dataclass(slots=True)
class Number:
    """One number, with the tokens it takes.

    Attributes
    ----------
    first, last : int
        Its tokens, both included.
    value : float
        As stated; nan is never used.
    step : float
        Value of one unit in the last printed digit.
    scale : int
        The scale word or letter that was said, 1 if none.
    bare : float
        The value before that scale.
    digits : bool
        Written in digits rather than words.
    choices : tuple of str
        Candidates, when the writing does not decide.
    hedge : str
        Hedge that is part of the number: "tens of thousands".
    low, high : float or None
        Ends of such a hedge.
    part : bool
        A fraction of something: "half", "a third".
    whole : int or None
        The second number of "one in four".
    decimal_comma : bool
        A comma was read as the decimal mark, which needs a scale or a measured unit.
    metres : bool
        The letter "m" was attached or followed, which may mean metres.
    """

    first: int
    last: int
    value: float
    step: float = 1.0
    scale: int = 1
    bare: float = 0.0
    digits: bool = True
    choices: tuple[str, ...] = ()
    hedge: str = ""
    low: float | None = None
    high: float | None = None
    part: bool = False
    whole: int | None = None
    decimal_comma: bool = False
    metres: bool = False


_MEASURED: Final = frozenset(
    {*LENGTH.values(), *SQUARE.values(), "percent", "percentage points", *CURRENCY.values()}
)


@dataclass(slots=True)
class Unit:
    """A unit, the last token it takes, and whether the words say it."""

    name: str
    last: int
    explicit: bool = False

    @property
    def counted(self) -> bool:
        """Return whether it comes in whole numbers."""
        return self.name not in _MEASURED


@dataclass(slots=True)
class Figure:
    """A number or a range that counts something.

    Attributes
    ----------
    tokens : Tokens
        The quotation.
    first, last : int
        Tokens of the number, its range and its unit; `first` moves left over its hedge.
    point, low, high : float or None
        As stated.
    numbers : tuple of Number
        The one or two numbers that it is made of.
    unit : Unit
        What is counted.
    hedges : list of str
        Keys found before and after it.
    choices : list of str
        What the words leave undecided about the number.
    prob : float or None
        Mass of the range, where the words give it.
    per : str or None
        Whole of a share.
    step : float
        Value of one unit in the last printed digit.
    shared : bool
        A share said as "one in four".
    """

    tokens: Tokens
    first: int
    last: int
    point: float | None
    low: float | None
    high: float | None
    numbers: tuple[Number, ...]
    unit: Unit
    hedges: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    prob: float | None = None
    per: str | None = None
    step: float = 1.0
    shared: bool = False

    def at(self, step: int) -> str:
        """Return the word so many tokens after the figure, or before it where negative."""
        return self.tokens.at(self.last + step if step > 0 else self.first + step)

    def before(self, count: int) -> list[str]:
        """Return as many words before the figure, in their order."""
        return self.tokens.low[max(self.first - count, 0) : self.first]

    def after(self, count: int) -> list[str]:
        """Return as many words after the figure."""
        return self.tokens.low[self.last + 1 : self.last + 1 + count]

    def until(self, other: Figure) -> list[str]:
        """Return the words between the figure and a later one."""
        return self.tokens.low[self.last + 1 : other.first]

    def reads(self, *patterns: str) -> bool:
        """Return whether one of some patterns stands around the figure: "of # men|women"."""
        return beside(self.tokens, self.first, self.last, *patterns)
