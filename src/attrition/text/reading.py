"""What was read: an interval, and the reading of one figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from attrition.core._showing import Shown
from attrition.text.text import listed

SHAPES: Final = tuple(
    listed(
        "atom uniform triangular lognormal loglaplace exponential-below exponential-above floor "
        "top-of-range cap range loguniform mixture"
    )
)
"""Families of distribution that a row of the lexicon may name."""


CONFIDENCE: Final = {
    "own": 1_554 / 1_616,
    "far": 132 / 144,
    "neighbour": 125 / 135,
    "loose": 97 / 145,
    "": 17 / 18,
}
"""Share of clear readings that were right, by the way of their category: 1,553 of 1,614, 131 of
142, 124 of 133, 96 of 143 and 16 of 16 in rounds 37 to 55 and 58 of the gold sentences, as the
readers before each read them; one is added each way."""


_KEYS: Final = listed(
    "text low high point hedge kind unit per window category side interval shape evidence "
    "ambiguous scope hedged_by possible spill grid as_of standing start end reached confidence "
    "aside"
)


@dataclass(frozen=True, slots=True)
class Interval(Shown):
    """What the words leave open about a number, before any error of the source.

    Attributes
    ----------
    prob : float
        Mass that the interval holds, in (0, 1].
    lower, upper : float
        Its ends, in the unit of the reading.

    Examples
    --------
    >>> Interval(0.9, 900_000.0, 1_000_000.0).upper
    1000000.0
    """

    prob: float
    lower: float
    upper: float

    def to_dict(self) -> dict[str, float]:
        """Return the three numbers by name."""
        return {"prob": self.prob, "lower": self.lower, "upper": self.upper}


@dataclass(frozen=True, slots=True)
class Reading(Shown):
    """One figure of a quoted sentence, as an editor would read it.

    Attributes
    ----------
    text : str
        The words read: the whole quotation.
    low, high : float or None
        Ends that the words state ("60,000 to 100,000").
    point : float or None
        The single number that the words state. Shares are in percent.
    hedge : str
        Key of the row of the lexicon.
    kind : str
        "level", "increment", "rate" or "share".
    unit : str
        "persons", "m", "km", "km2", "percent", "tanks" and so on.
    per : str or None
        "day", "week", "month" or "year" of a rate; what a share is a share of.
    window : str or None
        The period counted, in normalised words: "since 2022".
    category : str or None
        "killed", "wounded", "missing", "captured", "casualties", "irrecoverable", "losses"
        (the word, undefined by its speaker), or two of these joined by "and".
    scope : str or None
        Who is counted: "soldiers", "civilians", "people" and so on.
    side : str or None
        Whose: "Russian", "North Korean", "both".
    hedged_by : str or None
        Who said so, in the words of the text.
    possible : bool
        The words say only that it could be so: never a central estimate by itself.
    interval : Interval or None
        What the wording leaves open; none for an open floor or an ambiguous number.
    shape : str
        Family of the distribution that goes with the interval, one of `SHAPES`.
    spill : float
        Mass on the far side of the stated number, for one-sided words.
    grid : float or None
        The rounding that was used, in the unit of the reading.
    evidence : str
        What the width rests on.
    ambiguous : tuple of str
        Candidates among which the words do not decide; empty when they do.
    as_of : str or None
        The day a level describes, where said: "31 December 2024".
    standing : str
        How the words stand to the figure: "stated", "denied", "unconfirmed", "hypothetical" or
        "future".
    reached : str
        How the category was found: "own" words of the figure, "far" in its sentence, from a
        "neighbour", or not (""); "loose" where signs stand that it may be wrong: words that no
        table knows after the number, a round number of which far words tell, a share.
    aside : tuple of str
        Numbers of the words that were left aside, because they count no casualties.
    start, end : int
        Characters of the text, as given, that hold the figure with its hedge; `end` is the first
        after them.

    See Also
    --------
    attrition.parse : how it is made.
    attrition.elicit : the distribution that it leaves open.

    Examples
    --------
    >>> import attrition as at
    >>> (reading,) = at.parse("up to 250,000 killed")
    >>> reading.hedge, reading.point, reading.kind, reading.category
    ('up-to', 250000.0, 'level', 'killed')
    >>> round(reading.confidence, 1), reading.denied, reading.to_dict()["point"]
    (1.0, False, 250000.0)
    """

    text: str
    low: float | None
    high: float | None
    point: float | None
    hedge: str
    kind: str
    unit: str
    per: str | None
    window: str | None
    category: str | None
    scope: str | None
    side: str | None
    hedged_by: str | None
    possible: bool
    interval: Interval | None
    shape: str
    spill: float
    grid: float | None
    evidence: str
    ambiguous: tuple[str, ...] = field(default=())
    as_of: str | None = None
    standing: str = "stated"
    start: int = 0
    end: int = 0
    reached: str = ""
    aside: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """How often such a reading was right in sentences that the reader had not seen.

        In [0, 1]; nought where the words do not decide. By the way in which the category was
        found, `reached`; `python -m benchmarks.reading` prints the shares.
        """
        return 0.0 if self.ambiguous else CONFIDENCE[self.reached]

    @property
    def denied(self) -> bool:
        """Whether the words deny the figure."""
        return self.standing == "denied"

    def to_dict(self) -> dict[str, object]:
        """Return the reading as plain values, ready for JSON.

        Returns
        -------
        dict
            The keys that every report of a reading shows, then the rest.
        """
        plain = {name: getattr(self, name) for name in _KEYS}
        interval = None if self.interval is None else self.interval.to_dict()
        lists = {"ambiguous": list(self.ambiguous), "aside": list(self.aside)}
        return plain | {"interval": interval} | lists
