"""When a total passes a threshold: what is printed of it, and the probability of just that."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from attrition.core._typing import Floats
from attrition.core.laws import Crossing, CrossingDate, Law, crossing
from attrition.core.laws.reading import quantiles, threshold_column
from attrition.reporting.stretches import UNITS, Stretch, stretch, within
from attrition.reporting.subject import Subject, briefly, figures_words, subject_of, whoever
from attrition.reporting.words import condition, day_words, percent, rounded_amount

MOST, MOST_OF_TWO = 40, 55
"""Words of a sentence, and of one with two thresholds."""

SMALL = 0.005
"""A share below this goes into the note alone."""

_NUMBERED = re.compile(r"[0-9] %")

EVEN = (0.45, 0.55)
"""What is called an even chance, as ICD-203 does."""

PAST, LIKELY = 0.95, 0.75
"""From the one on a sentence is about the past alone; below the other, of passing or not by the
horizon, nothing is settled."""

FACT = 0.99
"""From this probability on what has been passed is said to have been, where no word fits."""

_SIDE = 0.05
"""Nothing is settled only where both sides hold at least this much."""

_FEW = 100
"""Persons below whom one more or less is worth a word of its own."""


@dataclass(frozen=True)
class Passing:
    """A threshold of a law, and what is read of it.

    Parameters
    ----------
    law : Law
    read : Crossing
    mean : ndarray of float, shape (time,)
        P(T <= day), averaged over replicates.
    """

    law: Law
    read: Crossing
    mean: Floats

    def at(self, read: Crossing) -> Passing:
        """Return the same threshold as it is read at another probability."""
        other = Passing(self.law, read, self.mean)
        vars(other).update(subject=self.subject, level=self.level)  # which are the same
        return other

    def of(self, law: Law) -> Passing:
        """Return the same of the same law in other words."""
        return self if law is self.law else dataclasses.replace(self, law=law)

    @functools.cached_property
    def subject(self) -> Subject:
        """What is counted, as the subject of a sentence.

        A law says how likely the threshold is reached; where it may stand at just that, or people
        are few, it says so, and not that it is passed.
        """
        subject, what = subject_of(self.law.provenance), self.law.provenance
        few = what.unit == "persons" and not what.verb and self.read.threshold < _FEW
        return dataclasses.replace(subject, verb="reach") if few or self._exactly else subject

    @property
    def _exactly(self) -> bool:
        """Whether the total may well be the threshold itself on the information date."""
        if self.law.source is None or self.already < SMALL:
            return False
        above = min(1 - self.already + SMALL, 1.0)
        (level,), _ = quantiles(self.law, (above,), self.law.information_date)
        return level <= self.read.threshold

    @functools.cached_property
    def unit(self) -> str:
        """The reporting unit of the dates."""
        return self.read.unit

    @functools.cached_property
    def level(self) -> str:
        """The threshold as a newspaper prints it."""
        words = self.subject.text.split()
        unit, _, whole = self.law.provenance.unit.partition(" of ")
        if whole and whole not in words:  # "a gain of territory" of percent needs no "of territory"
            unit = self.law.provenance.unit
        named = unit in words  # "losses of personnel" need no unit
        return rounded_amount(self.read.threshold, "persons" if named else unit)

    @property
    def whoever(self) -> str:
        """The words ", whoever counts," of the toll itself, else nothing."""
        return whoever(self.law)

    @property
    def whole(self) -> str:
        """How a sentence begins: what is counted, and that it is so whoever counts."""
        return f"{self.subject.first}{self.whoever}"

    @property
    def verb(self) -> str:
        """What the subject does to the threshold, some of which may be past."""
        return f"have {self.subject.passed}" if self.already >= SMALL else self.subject.verb

    def holds(self, *, short: bool = False) -> str:
        """Return under which condition that is."""
        return condition(self.law, short=short)

    def by(self, day: date) -> float:
        """Return the probability that it has been passed by the end of a day."""
        return float(self.mean[(day - self.law.information_date).days])

    @property
    def already(self) -> float:
        """The probability that it had been passed on the information date."""
        return float(self.mean[0])

    @property
    def later(self) -> float:
        """The probability that it is not passed by the horizon, for whatever reason."""
        return 1.0 - float(self.mean[-1])

    @property
    def ended(self) -> float:
        """The probability that the end comes first, by the horizon."""
        return self.read.masses.ended

    @property
    def unsettled(self) -> bool:
        """Whether the figures do not settle when: no date is said, and what lies outside is."""
        what = self.law.provenance
        if (what.contested and max(self.already, self.later) < PAST) or what.floors:
            return self.already < PAST
        dated = self.lower is not None or self.upper is not None
        sides = min(self.already, self.later) >= _SIDE
        ahead = self.already < EVEN[0] and self.later < LIKELY
        return not dated and sides and ahead and self.read.masses.within < LIKELY

    @property
    def outside(self) -> list[str]:
        """What is said where nothing is settled: "13 % already", "19 % not by 5 June 2027"."""
        already = f"{percent(self.already)} already"
        later = f"{percent(self.later)} not by {day_words(self.law.horizon)}"
        return [already] if self.law.provenance.floors else [already, later]

    def printed(self, quantile: CrossingDate, *, least: bool = True) -> Stretch | None:
        """Return what is printed for a quantile: days of the law, or None if it has no date.

        ``least`` is whether its first day counts, which must then lie after the information date.
        """
        if quantile.day is None:
            return None
        known = self.law.information_date
        after = known if least else date.min
        return within(quantile.day, self.unit, after, self.law.horizon)

    @functools.cached_property
    def lower(self) -> Stretch | None:
        """The stretch of the lower end."""
        return self.printed(self.read.lower)

    @functools.cached_property
    def upper(self) -> Stretch | None:
        """The stretch of the upper end."""
        return self.printed(self.read.upper, least=self.read.lower.day is not None)

    @property
    def within(self) -> float:
        """The probability of the printed interval, where both ends have a date."""
        if self.lower is None or self.upper is None:
            raise TypeError(self.read)
        return self.by(self.upper.last) - self.before(self.lower)

    def before(self, printed: Stretch) -> float:
        """Return the probability that it has been passed before a stretch begins."""
        return float(self.mean[(printed.first - self.law.information_date).days - 1])

    def middle(self, named_day: date | None = None) -> str:
        """Return the day of an even chance in words: "even chance by early July 2025".

        The coarsest stretch is taken by whose end, or before which, the chance is even; else that
        of the median with its own probability; nothing where the median has no date. The year is
        left out where the sentence names no other: neither for ``named_day``, the date of the
        claim, nor for the information date.
        """
        day = self.read.median.day
        if day is None:
            return ""
        known, last = self.law.information_date, self.law.horizon
        if named_day is not None and named_day.year != known.year:
            named_day = None
        units = UNITS[: UNITS.index(self.unit) + 1]
        units = units if self.unit == "day" else units[1:]
        for unit in reversed(units):
            here = stretch(day, unit)
            for printed in (here, stretch(here.first - timedelta(days=1), unit)):
                inside = known < printed.last <= last
                if inside and EVEN[0] <= self.by(printed.last) <= EVEN[1]:
                    return f"even chance by {_without(printed.until, printed.last, named_day)}"
        printed = stretch(day, units[0])
        if printed.last > last:
            return ""
        words = _without(printed.until, printed.last, named_day)
        return f"{percent(self.by(printed.last))} by {words}"


def _without(words: str, day: date, named_day: date | None) -> str:
    """Leave out the year of a day where it is that of a date that was said before."""
    same = named_day is not None and named_day.year == day.year
    whole = words == f"the end of {day.year}"  # of which the year is all
    return words.removesuffix(f" {day.year}") if same and not whole else words


def conditioned(law: Law, claim: str, *asides: str, past: bool = False) -> Iterator[str]:
    """Yield a claim with its condition, whose figures, and ever fewer asides in brackets.

    What is ``past`` holds under no condition, and is known on its own day.
    """
    stock = [aside for aside in asides if aside]
    for holds in [""] if past else [f" {condition(law, short=short)}" for short in (False, True)]:
        for count in range(len(stock) + 1):
            inside = f" ({'; '.join(stock[count:])})" if stock[count:] else ""
            why = figures_words(law, known=not past, beside=claim + inside)
            yield f"{claim}{holds}, {why}{inside}."


def passing(law: Law, threshold: float, prob: float) -> Passing:
    """Return a threshold of a law as it is read at one probability."""
    read = crossing(law, threshold, prob=prob)
    return Passing(law, read, law.weights @ threshold_column(law, threshold))


def words_in(text: str) -> int:
    """Return the number of words, split at spaces, a number and its per cent sign as one.

    Examples
    --------
    >>> words_in("95 % likely")
    2
    """
    return len(text.split()) - len(_NUMBERED.findall(text))


def fitting(candidates: Iterable[str], most: int = MOST) -> str:
    """Return the first sentence that is short enough, else the shortest."""
    stock = []
    for text in candidates:
        if words_in(text) <= most:
            return text
        stock.append(text)
    return min(stock, key=words_in)


def fitted(sentences: Callable[[Law], Iterable[str]], law: Law) -> str:
    """Return the first sentence on a law that is short enough, its sources in few words if need be.

    Parameters
    ----------
    sentences : callable
        Yields the sentences on a law, from the fullest to the shortest.
    law : Law
    """
    text = fitting(sentences(law))
    return text if words_in(text) <= MOST else fitting(sentences(briefly(law)))
