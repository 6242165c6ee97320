"""When a total passes a threshold: what is printed of it, and the probability of just that."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from attrition.core._typing import Floats
from attrition.core.laws import Crossing, CrossingDate, Law, crossing
from attrition.core.laws.digits import FINE, TENTHS, rounded, surest
from attrition.core.laws.reading import mean_of, opened, quantiles
from attrition.reporting.stretches import Stretch, between, undated, within
from attrition.reporting.subject import (
    Subject,
    briefer,
    closing,
    counted_subject,
    its,
    owned,
    owner,
    unit_beside,
)
from attrition.reporting.words import condition, day_words, percent, plain, rounded_amount

MOST, MOST_OF_TWO, LONG = 40, 55, 32
"""Words of a sentence, of one with two thresholds, and of one that needs no second aside."""

SMALL = 0.005
"""A share below this goes into the note alone."""

_NUMBERED = re.compile(r"[0-9] %")

EVEN = (0.45, 0.55)
"""What is called an even chance, as ICD-203 does."""

_EVEN_OR_MORE = "more likely than not"
"""What is said of the end of the stretch of the median where its number is not known finely."""

PAST, LIKELY = 0.95, 0.75
"""From the one on a sentence is about the past alone; below the other, of passing or not by the
horizon, nothing is settled."""

FACT = 0.99
"""From this probability on what has been passed is said to have been, where no word fits."""

_SIDE = 0.05
"""Nothing is settled only where both sides hold at least this much."""

_GAIN = 0.1
"""By so much it is likelier by the median than already, else that is not worth saying."""

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
        subject, what = counted_subject(self.law), self.law.provenance
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
        return self.printed.unit

    @functools.cached_property
    def level(self) -> str:
        """The threshold as a newspaper prints it."""
        unit = unit_beside(self.law.provenance, self.subject.text)
        return rounded_amount(self.read.threshold, unit)

    def holds(self, *, short: bool = False) -> str:
        """Return under which condition that is."""
        return condition(self.law, short=short)

    def percent(self, share: float) -> str:
        """Return a probability as it is printed: as finely as it is known."""
        return percent(share, self.law.draws)

    def rounded(self, share: float) -> float:
        """Return the number that is printed, by which what is said is chosen."""
        return rounded(share, self.law.draws)

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
    def unsettled(self) -> bool:
        """Whether the figures do not settle when: no date is said, and what lies outside is."""
        what = self.law.provenance
        already, later = self.rounded(self.already), self.rounded(self.later)
        if (what.contested and max(already, later) < PAST) or what.floors:
            return already < PAST
        dated = self.lower is not None or self.upper is not None
        ahead = already < EVEN[0] and later < LIKELY
        within = self.rounded(self.read.masses.within)
        return not dated and min(already, later) >= _SIDE and ahead and within < LIKELY

    def outside(self, *, short: bool = False) -> list[str]:
        """Return what is said where nothing is settled: how likely it is past, and how likely far.

        "16 % that they already have", "25 % that they still have not by 5 June 2027".
        """
        they, have = self.subject.they, self.subject.have
        past, far = self.percent(self.already), self.percent(self.later)
        end = f"by {day_words(self.law.horizon)}"
        texts = [f"{past} that {they} already {have}", f"{far} that {they} still {have} not {end}"]
        if short:
            texts = [f"{past} already", f"{far} not {end}"]
        if self.law.provenance.floors:
            return texts[:1]
        seen = [share >= SMALL for share in (self.already, self.later)]
        return [text for text, one in zip(texts, seen, strict=True) if one]

    @property
    def unsettled_words(self) -> str:
        """When is not settled, after whose figures: "when its count of people killed passes"."""
        what, text = self.law.provenance, self.subject.text
        if owned(what) and owner(what):
            text = text.replace(f"{owner(what)} ", f"{its(what)} ")
        return f"when {text} {self.subject.passes}"

    @property
    def ended_words(self) -> str:
        """How far an end that comes first explains that, where it does."""
        share = self.read.masses.ended
        if share < SMALL:
            return ""
        return f"{self.percent(share)} because {plain(self.law.provenance.ending)} ends first"

    def asides(self, claim: Statement) -> list[str]:
        """Return what else is worth saying beside a claim, the most important first."""
        past = f"{self.percent(self.already)} already" if self._started else ""
        if (
            past
            and claim.form == "have"
            and self.percent(claim.share) == self.percent(self.already)
        ):
            past = "as likely already"
        if claim.form == "be still below":
            return [*filter(None, (past and f"{past} past it", self.ended_words))]
        middle = self.middle(claim.day)
        wide = self.unit not in {"day", "week"}  # else the interval says enough
        if (
            not claim.form
            and claim.when.startswith("between ")
            and not (wide and "%" not in middle)
        ):
            middle = ""
        # where no date is known but the last day of the law, the even chance says most
        return [middle, past] if middle and claim.day == self.law.horizon else [past, middle]

    @functools.cached_property
    def statements(self) -> tuple[Statement, ...]:
        """What is said of it: one thing, or two where it may be past and a date follows.

        The words follow the probability that it is past, never the level of an interval.
        """
        lower, upper, end = self.lower, self.upper, self.law.horizon
        past = Statement(self.already, "have", f"by {day_words(self.law.information_date)}")
        already = self.rounded(self.already)
        if already >= PAST or self.read.upper.state == "already":
            return (past,)
        claim = Statement(1 - self.later, self._may_have, f"by {day_words(end)}", end)
        if upper is not None:
            claim = self.until(upper)
        if already >= EVEN[0]:
            return past, claim
        far = self.read.lower.state in {"beyond", "ended"}
        if far or (upper is None and self.rounded(self.later) >= LIKELY):
            claim = self.below(end)
        elif (
            lower is not None
            and upper is not None
            # of "between 16 March and June" June alone is news
            and (lower.unit != "day" or upper.unit in {"day", "week"})
        ):
            share = self.by(upper.last) - self.before(lower)
            claim = Statement(share, "", between(lower, upper), upper.last)
        return (claim,)

    @property
    def _may_have(self) -> str:
        """Whether part of what is dated may be past: "have", else nothing."""
        return "have" if self._started else ""

    @property
    def _started(self) -> bool:
        """Whether it may be past already, so that this is worth a number, and no "less than"."""
        seen = self.already >= 1 - surest(self.law.draws)
        return seen and self.rounded(self.already) >= SMALL

    def until(self, upper: Stretch) -> Statement:
        """Return that it is passed by the end of a stretch."""
        return Statement(self.by(upper.last), self._may_have, f"by {upper.until}", upper.last)

    def below(self, day: date) -> Statement:
        """Return that it is not passed by the end of a day."""
        return Statement(1 - self.by(day), "be still below", f"on {day_words(day)}", day)

    def to(self, claim: Statement) -> str:
        """Return a claim as an infinitive: "to have passed 1,000 by 5 June 2025"."""
        return f"to {claim.verb(self.subject)} {self.level} {claim.when}"

    @functools.cached_property
    def printed(self) -> Crossing:
        """What was read, without the dates of open ends."""
        return opened(self.law, self.read)

    def _stretch(self, quantile: CrossingDate) -> Stretch | None:
        """Return what is printed for a quantile: days of the law, or None if it has no date."""
        if quantile.day is None:
            return None
        return within(quantile.day, self.unit, self.law.information_date, self.law.horizon)

    @functools.cached_property
    def lower(self) -> Stretch | None:
        """The stretch of the lower end."""
        return self._stretch(self.printed.lower)

    @functools.cached_property
    def upper(self) -> Stretch | None:
        """The stretch of the upper end."""
        return self._stretch(self.printed.upper)

    def before(self, printed: Stretch) -> float:
        """Return the probability that it has been passed before a stretch begins."""
        return self.by(printed.first - timedelta(days=1))

    def middle(self, named: date | None = None) -> str:
        """Return how likely it is by the median: "even chance by early July 2025".

        It is the stretch that a table and a figure print for the median, and nothing where that
        has no date or would say nearly the same as the claim. The year is left out where the
        sentence names no other: neither for ``named``, the date of the claim, nor for the
        information date.
        """
        printed, known = self._stretch(self.read.median), self.law.information_date
        if printed is None:
            return ""
        share, words = self.rounded(self.by(printed.last)), printed.until
        if share >= LIKELY or share < self.rounded(self.already) + _GAIN:
            return ""
        if named is not None and {named.year, printed.last.year} == {known.year}:
            words = undated(words, known.year)
        chance = "even chance" if EVEN[0] < share < EVEN[1] else self.percent(share)
        if (
            self.law.draws < FINE
        ):  # another seed prints another number, and this is true of all of them
            chance = _EVEN_OR_MORE
        return f"{chance} by {words}"


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said of a threshold, and the probability of just that.

    Parameters
    ----------
    share : float
        The probability.
    form : str
        "have" of what may be past, nothing of what is not, or "be still below".
    when : str
        "by late August 2025".
    day : datetime.date, optional
        The day of that which stands last in words, where it lies ahead.
    """

    share: float
    form: str
    when: str
    day: date | None = None

    def verb(self, subject: Subject) -> str:
        """Return what the subject does: "have passed", "pass", "be still below"."""
        return {"": subject.verb, "have": f"have {subject.passed}"}.get(self.form, self.form)


def conditioned(law: Law, claim: str, *asides: str, past: bool = False) -> Iterator[str]:
    """Yield a claim with ever fewer asides in brackets, its condition, and whose figures.

    Both of two asides stand only where the sentence is not long with them, else the first, else the
    second, else none: they are in the note. A condition is rather told briefly than all asides left
    out, unless it is that of an end. What is ``past`` holds under no condition, and is known on its
    own day.
    """
    holds = [""] if past else [f" {condition(law, short=short)}" for short in (False, True)]
    sets = [[*filter(None, few)] for few in (asides, *((one,) for one in asides), ())]
    pairs = list(itertools.product(holds, sets))
    # of few draws the asides are another with another seed, and not worth it
    if not law.provenance.end_hazard and law.draws >= TENTHS:
        pairs.sort(key=lambda pair: not pair[1])
    for then, few in pairs:
        whole = f"{claim}{bracketed(few)}{then}"
        text = f"{whole}{closing(law, past=past, beside=whole)}"
        if len(few) <= 1 or words_in(text) <= LONG:
            yield text


def bracketed(asides: Sequence[str]) -> str:
    """Return asides in brackets, after a space; nothing of none."""
    return f" ({'; '.join(asides)})" if asides else ""


def passing(law: Law, threshold: float, prob: float) -> Passing:
    """Return a threshold of a law as it is read at one probability."""
    read = crossing(law, threshold, prob=prob)
    return Passing(law, read, mean_of(law, threshold))


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


def fitted(law: Law, *tellings: Callable[[Law], Iterable[str]], most: int = MOST) -> str:
    """Return the first sentence on a law that is short enough, its sources in few words if need be.

    Parameters
    ----------
    law : Law
    *tellings : callable
        Each yields sentences on a law, from the fullest to the shortest; the next is of fewer words
        than all of one with its sources unnamed.
    most : int
        Words.
    """
    every = (
        (telling, brief) for telling in tellings for brief in itertools.chain([law], briefer(law))
    )
    return fitting((text for telling, brief in every for text in telling(brief)), most)
