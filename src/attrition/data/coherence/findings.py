"""What is found, and the figures of a dossier as the rules compare them: who is among whom."""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from attrition.core._showing import Shown
from attrition.core.errors import InputError, clip
from attrition.core.grouping import grouped_by
from attrition.data.dossier import Claim, Dossier, PartialDate, Quantity, Source
from attrition.data.elicitation import elicit, lexicon_of, original, quantile
from attrition.data.elicitation.claims import DAYS_PER, floor_of_claim, words_of
from attrition.data.elicitation.pooling import family_of
from attrition.text import Reading, parse

WHOLES = {
    "killed": ("casualties", "irrecoverable"),
    "wounded": ("casualties",),
    "missing": ("irrecoverable",),
    "captured": ("irrecoverable",),
}
"""Categories that count another: what is killed is one of the casualties."""

EXCLUSIVE = frozenset(WHOLES)
"""Categories of which nobody is counted in two at a time."""

_FATES = re.compile(
    r"\b(?:killed|dead|deaths?|wounded|injured|injuries|missing|captured|casualties|losses|"
    r"irrecoverable|total|people|persons|and|who|died|were)\b|\W"
)

CASES = re.compile(r"\bcases?\b", re.IGNORECASE)
"""A quantity that says so counts cases, and a case of a disease is a person."""

_SURE = re.compile(r"\b(?:suspected|confirmed|probable)\b")
_SOME = re.compile(
    r"\b(?:active|current|new|recover\w+|surviv\w+|hospital\w*|severe|non-?fatal|admitted|mild)\b"
)
_LINKS = re.compile(
    r"\b(?:cases?|suspected|confirmed|probable|among|from|of|the|in|on|by|due|to)\b"
)


def wholes_of(quantities: Mapping[str, Quantity]) -> dict[str, tuple[str, ...]]:
    """Return the wholes of each quantity that has some.

    A whole is named by `part_of` or `sum_of`, or it is the total of a category that counts the
    category of the part, of the same side and scope, in the same unit, begun no later; or it counts
    the cases of the disease and the place of which the part counts the deaths.

    Examples
    --------
    >>> from attrition.data.dossier import Quantity
    >>> killed = Quantity(
    ...     title="Keldish killed",
    ...     definition="killed",
    ...     unit="persons",
    ...     category="killed",
    ...     side="Keldish",
    ... )
    >>> both = killed.model_copy(update={"title": "Keldish casualties", "category": "casualties"})
    >>> wholes_of({"killed": killed, "both": both})
    {'killed': ('both',)}
    """
    alike: dict[object, list[str]] = {}
    ill: dict[object, list[str]] = {}
    for key, quantity in quantities.items():
        alike.setdefault((quantity.category, *_people(quantity)), []).append(key)
        if quantity.category is None and CASES.search(quantity.title):
            ill.setdefault(_disease(quantity), []).append(key)
    wholes: dict[str, dict[str, None]] = {}
    for key, part in quantities.items():
        for addend in part.sum_of:
            wholes.setdefault(addend, {})[key] = None
        if part.part_of is not None:
            wholes.setdefault(key, {})[part.part_of] = None
            continue
        of_all = [
            other
            for category in WHOLES.get(part.category or "", ())
            for other in alike.get((category, *_people(part)), ())
        ]
        if part.category == "killed" and ill:
            cases = ill.get(_disease(part), ())
            of_all += [other for other in cases if _counts_the_dead(quantities[other], part)]
        for other in of_all:
            whole = quantities[other]
            late = whole.start and part.start and whole.start.first > part.start.first
            if not late and not (whole.sum_of and key not in whole.sum_of):
                wholes.setdefault(key, {})[other] = None
    return {key: tuple(names) for key, names in wholes.items()}


def _people(quantity: Quantity) -> tuple[object, ...]:
    """Return whose fate is counted: side and scope, or what the title says but for the fate."""
    side, scope = (quantity.side or "").lower(), quantity.scope
    named = "" if side or scope else _FATES.sub("", quantity.title.lower())
    return side, scope, named, quantity.unit, quantity.cumulative


def _disease(quantity: Quantity) -> tuple[object, ...] | None:
    """Return the disease, the place and the people of an epidemic that a title names, if any."""
    if quantity.kind != "epidemic":
        return None
    words = frozenset(_LINKS.sub("", _FATES.sub(" ", quantity.title.lower())).split())
    return (words, quantity.side, quantity.scope, quantity.cumulative) if words else None


def _counts_the_dead(cases: Quantity, deaths: Quantity) -> bool:
    """Tell whether all cases are counted of which the deaths may be."""
    words, dead = (f"{one.title} {one.definition}".lower() for one in (cases, deaths))
    counted, died = set(_SURE.findall(words)), set(_SURE.findall(dead))
    return not _SOME.search(words) and (not counted or (bool(died) and died <= counted))


@dataclass(frozen=True, slots=True)
class Finding(Shown):
    """Something about a dossier that a careful reader should know.

    Parameters
    ----------
    rule : str
        Short name of the rule.
    message : str
        What was found, as a sentence.
    claims : tuple of int
        Indices of the claims concerned.

    See Also
    --------
    attrition.check : all of a dossier.

    Examples
    --------
    >>> import attrition as at
    >>> dossier = at.dossier.dossier_of(
    ...     [
    ...         at.claim("1,000 killed", source="A", on="2025-06-03"),
    ...         at.claim("900 killed", source="A", on="2025-06-04"),
    ...     ]
    ... )
    >>> [(finding.rule, finding.claims) for finding in at.check(dossier)]
    [('falling total', (0, 1))]
    """

    rule: str
    message: str
    claims: tuple[int, ...]


_Ranged = TypeVar("_Ranged")


@dataclass(frozen=True, slots=True)
class Fact:
    """One claim as the rules see it.

    Parameters
    ----------
    index : int
        Its index in the dossier.
    claim : Claim
    low, median, high : float
        The ends that are stated, else the 5 % and 95 % points, and the median [unit; of a rate,
        unit per day]; ``high`` is infinite where the words put no upper end ("at least", "over"),
        ``low`` minus infinite where they put no lower one ("no more than", "fewer than").
    reading : Reading or None
        How the words were read, where they hold one figure.
    bounds : tuple of float
        The ends as an editor adds them up: the number itself where a two-sided hedge is around it.
    quantity : Quantity
        What is counted.
    source : Source
        Who says so.
    number : float or None
        The single number that is stated, whatever its hedge.
    floor : bool
        Whether it is a floor that no coverage turns into a distribution.
    hedge : str or None
        Key of the row of the lexicon, of the keys or of the words.
    """

    index: int
    claim: Claim
    low: float
    median: float
    high: float
    reading: Reading | None
    bounds: tuple[float, float]
    quantity: Quantity
    source: Source
    number: float | None = None
    floor: bool = False
    hedge: str | None = None

    @property
    def what(self) -> str:
        """The name of what is counted, in a sentence."""
        return self.quantity.title

    @property
    def who(self) -> str:
        """The name of the source, as printed."""
        return self.source.name

    @property
    def says(self) -> str:
        """The figure in the source's own words, else the numbers that it gives."""
        words, reading = self.claim.words, self.reading
        if len(words) > _LONG and reading is not None and not reading.ambiguous:
            words = words[reading.start : reading.end]
        period = self.claim.per if not words or reading is None or reading.per is None else None
        per = f" a {period}" if self.claim.kind == "rate" and period is not None else ""
        if words:
            return f"“{clip(words, _LONG)[1:-1]}”{per}"
        low, point, high = self.claim.low, self.claim.point, self.claim.high
        if point is None and low is not None and high is not None:
            return span(low, high) + per
        which = "" if point is not None else "at most " if low is None else "at least "
        given = next((end for end in (point, low, high) if end is not None), self.median)
        return which + (f"{given:g}" if self.claim.kind == "share" else count(given)) + per

    @property
    def dated(self) -> str:
        """What is said, of what and of which day, as the words of a sentence."""
        return f"{self.says} for {self.what} on {self.claim.as_of}"

    def same_source(self, other: Fact) -> bool:
        """Tell whether one source says both."""
        return self.claim.source == other.claim.source

    def and_says(self, other: Fact) -> str:
        """Return who says what, of two, as the words of a sentence."""
        who = "also" if other.who == self.who else other.who
        return f"{self.who} says {self.says} and {who} {other.says}"

    @property
    def is_open(self) -> bool:
        """Whether it has no upper end."""
        return math.isinf(self.high)

    @property
    def is_ceiling(self) -> bool:
        """Whether it has an upper end only."""
        return math.isinf(self.low)

    @property
    def is_two_sided(self) -> bool:
        """Whether it has both ends."""
        return math.isfinite(self.high - self.low)

    @property
    def is_range(self) -> bool:
        """Whether it states both ends."""
        return self.number is None and self.is_two_sided

    @property
    def passed(self) -> float:
        """The number that is said to be reached or passed, whatever share the source counts.

        Minus infinity where the words are no floor, or say only that it could be so.
        """
        if self.reading is not None and self.reading.possible:
            return -math.inf
        if self.number is not None and self.hedge in _FLOORS:
            return self.number
        return self.low if self.is_open else -math.inf

    @property
    def stated(self) -> float:
        """The least that the words leave: of a floor its number."""
        return self.low if math.isinf(self.passed) else self.passed

    @property
    def least(self) -> float:
        """The median; of a range, and of what has one end, the lower one."""
        return self.low if self.number is None or not self.is_two_sided else self.median

    @property
    def most(self) -> float:
        """The median; of a range, and of what has one end, the upper one."""
        return self.high if self.number is None or not self.is_two_sided else self.median


@dataclass(frozen=True)
class ClaimEvidence:
    """A dossier with all its claims elicited once.

    Parameters
    ----------
    dossier : Dossier
    facts : tuple of Fact
    unread : tuple of Finding
        Claims whose words could not be read, or not in one way.
    """

    dossier: Dossier
    facts: tuple[Fact, ...]
    unread: tuple[Finding, ...]

    @cached_property
    def _family(self) -> dict[str, int]:
        return family_of(self.dossier)

    @cached_property
    def _levels(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if self.dossier.is_level(fact.claim))

    @cached_property
    def wholes(self) -> dict[str, tuple[str, ...]]:
        """The quantities of which each is a part: as declared, or by category and people."""
        return wholes_of(self.dossier.quantities)

    @cached_property
    def figures(self) -> tuple[tuple[Fact, tuple[Reading, ...]], ...]:
        """Each claim with every clear figure of its whole quote."""
        return tuple((fact, self._clear(fact)) for fact in self.facts)

    def _clear(self, fact: Fact) -> tuple[Reading, ...]:
        readings: tuple[Reading, ...]
        if not fact.claim.quote:
            return ()
        if fact.reading is not None and fact.claim.words == fact.claim.quote:
            readings = (fact.reading,)  # the words were read already, and hold this one figure
        else:
            try:
                readings = parse(fact.claim.quote, lexicon=lexicon_of(self.dossier))
            except InputError:
                return ()
        return tuple(reading for reading in readings if not reading.ambiguous)

    @cached_property
    def excluding(self) -> tuple[tuple[Fact, Fact], ...]:
        """Pairs of claims on one quantity and date of which the second lies above the first."""
        return tuple(
            (fact, other)
            for fact in self.facts
            for other in self.alike(fact, fact.claim.quantity)
            if other.low > fact.high > 0
        )

    @cached_property
    def _by_day(self) -> dict[_Occasion, tuple[Fact, ...]]:
        days = grouped_by(self.facts, lambda f: (f.claim.quantity, *self._window(f)))
        return {key: tuple(facts) for key, facts in days.items()}

    def _window(self, fact: Fact) -> tuple[PartialDate, str, PartialDate | None]:
        """Return the day of a level, and of anything else its kind and first day too."""
        if self.dossier.is_level(fact.claim):
            return fact.claim.as_of, "level", None
        return fact.claim.as_of, fact.claim.kind, fact.claim.since

    @cached_property
    def _crowded(self) -> dict[_Occasion, _Crowd]:
        return {key: _Crowd.of(facts) for key, facts in self._by_day.items() if len(facts) > MANY}

    def title(self, quantity: str) -> str:
        """Return the name of a quantity in a sentence."""
        return self.dossier.quantities[quantity].title

    def related(self, one: Fact, other: Fact) -> bool:
        """Tell whether two claims are of one source, or of sources that use one another."""
        return self._family[one.claim.source] == self._family[other.claim.source]

    def levels(self, quantity: str | None = None) -> Iterator[Fact]:
        """Return the claims on totals, of one quantity or of all.

        An increment since the first day of the count is a total.
        """
        for fact in self._levels:
            if quantity in (None, fact.claim.quantity):
                yield fact

    @cached_property
    def totals(self) -> dict[tuple[str, str], tuple[Fact, ...]]:
        """The levels of each total that only grows, by quantity and source."""
        growing = (fact for fact in self._levels if fact.quantity.cumulative)
        totals = grouped_by(growing, lambda f: (f.claim.quantity, f.claim.source))
        return {key: tuple(facts) for key, facts in totals.items()}

    def original(self, fact: Fact) -> str:
        """Return the source whose figures the source of a claim repeats, or that source itself."""
        return original(self.dossier, fact.claim.source)

    def alike(self, fact: Fact, quantity: str) -> tuple[Fact, ...]:
        """Return the claims of a kind, on a quantity, for the date and window of a claim.

        Of more than forty those of the same source and the extremes: whoever contradicts any
        contradicts an extreme, and the work stays in proportion to the claims.
        """
        return self._near(fact, (quantity, *self._window(fact)))

    def same_day(self, fact: Fact, quantity: str) -> tuple[Fact, ...]:
        """Return the totals of a quantity for the date of a claim, as :meth:`alike`."""
        return self._near(fact, (quantity, fact.claim.as_of, "level", None))

    def _near(self, fact: Fact, key: _Occasion) -> tuple[Fact, ...]:
        crowd = self._crowded.get(key)
        return self._by_day.get(key, ()) if crowd is None else crowd.near(fact)


class Hit:
    """What a rule yields: the claims concerned, or their indices, and words for its text.

    Parameters
    ----------
    *about : Fact or int
    text : str
        Which text, of a rule that has several.
    **words : object
        What else the text names.
    """

    def __init__(self, *about: Fact | int, text: str = "", **words: object) -> None:
        self.about, self.text, self.words = about, text, words

    @property
    def claims(self) -> tuple[int, ...]:
        """The indices of the claims concerned."""
        return tuple(one if isinstance(one, int) else one.index for one in self.about)

    def sentence(self, text: str) -> str:
        """Return a text with its words."""
        first, second = (*self.about, None, None)[:2]
        if isinstance(first, Fact) and isinstance(second, Fact):
            self.words["both"] = first.and_says(second)
        return text.format(*self.about, **self.words)


_Occasion = tuple[str, PartialDate, str, PartialDate | None]
_LONG = 60  # characters of words that stand in a message whole
MANY = 40  # figures of one day, or windows, that are compared one with another
_FEW = 5  # of one source, where a day has more


def extremes(facts: Sequence[_Ranged], keys: Sequence[Callable[[_Ranged], float]]) -> list[_Ranged]:
    """Return the facts at both ends of each measure, each once."""
    ends = [end(facts, key=key) for key in keys for end in (min, max)]
    return list({id(one): one for one in ends}.values())


def highest(
    facts: Iterable[Fact], day: Callable[[Fact], date], measure: Callable[[Fact], float]
) -> Callable[[date], Fact | None]:
    """Return a function that tells the highest of some facts up to a day."""
    ordered = sorted(facts, key=day)
    tops: list[Fact] = []
    for fact in ordered:
        tops.append(max((fact, *tops[-1:]), key=measure))

    def until(last: date) -> Fact | None:
        place = bisect_right(ordered, last, key=day)
        return tops[place - 1] if place else None

    return until


def least(facts: Iterable[Fact], measure: Callable[[Fact], float]) -> Callable[[Fact], Fact | None]:
    """Return a function that tells the least of some facts of the days after another fact."""
    ordered = sorted(facts, key=_begun, reverse=True)
    lowest: list[Fact] = []
    for fact in ordered:
        lowest.append(min((*lowest[-1:], fact), key=measure))

    def after(fact: Fact) -> Fact | None:
        place = bisect_left(ordered, -fact.claim.as_of.last.toordinal(), key=lambda f: -_begun(f))
        return lowest[place - 1] if place else None

    return after


def _begun(fact: Fact) -> int:
    return fact.claim.as_of.first.toordinal()


@dataclass(frozen=True, slots=True)
class _Crowd:
    """Very many figures of one quantity for one day, thinned to what a rule can trip over."""

    own: dict[str, list[Fact]]
    ends: list[Fact]

    @classmethod
    def of(cls, facts: Sequence[Fact]) -> _Crowd:
        own = grouped_by(facts, lambda f: f.claim.source)
        return cls(own, extremes(facts, (lambda f: f.low, lambda f: f.median, lambda f: f.high)))

    def near(self, fact: Fact) -> tuple[Fact, ...]:
        own = self.own.get(fact.claim.source, [])[:_FEW]
        return tuple({one.index: one for one in (*own, *self.ends)}.values())


def gather(dossier: Dossier) -> ClaimEvidence:
    """Elicit every claim that is not superseded once; one that cannot be read is a finding."""
    facts: list[Fact] = []
    unread: list[Finding] = []
    past = dossier.superseded()
    for index, claim in enumerate(dossier.claims):
        if claim.kind == "forecast" or index in past:
            continue
        try:
            facts.append(_fact(dossier, index, claim))
        except InputError as error:
            unread.append(Finding("unread", str(error), (index,)))
    return ClaimEvidence(dossier, tuple(facts), tuple(unread))


def _fact(dossier: Dossier, index: int, claim: Claim) -> Fact:
    reading = _reading(dossier, claim)
    about = dossier.quantities[claim.quantity], dossier.sources[claim.source]
    place = f"claims[{index}], source '{claim.source}'"
    numbers = claim.in_percent()
    low, high, hedge, number = numbers.low, numbers.high, numbers.hedge, numbers.point
    if not claim.has_numbers and reading is not None:
        low, high, hedge, number = reading.low, reading.high, reading.hedge, reading.point
    per = claim.per or ("" if reading is None else reading.per) or ""
    days = DAYS_PER.get(per, 1.0) if claim.kind == "rate" else 1.0
    try:
        distribution = elicit(claim, dossier=dossier, place=place)
    except InputError:
        floor = floor_of_claim(claim, lexicon_of(dossier), place=place, counted=about[0].counted)
        if floor is None:
            raise
        bounds = floor, math.inf
        return Fact(
            index, claim, floor, *bounds, reading, bounds, *about, number, floor=True, hedge=hedge
        )
    lower, median, upper = (float(x) for x in quantile(distribution, [0.05, 0.5, 0.95]))
    if low is not None and high is not None:
        lower, upper = low / days, high / days
    elif claim.shape is None and hedge in _NO_UPPER_END and number is not None:
        lower, upper = number / days, math.inf
    elif claim.shape is None and (hedge in _NO_LOWER_END or high is not None):
        top = number if high is None else high
        lower, upper = -math.inf, upper if top is None else top / days
    whole = number is not None and low is None and high is None and hedge in _AROUND
    bounds = (number, number) if whole and number is not None else (lower, upper)
    return Fact(index, claim, lower, median, upper, reading, bounds, *about, number, hedge=hedge)


_NO_UPPER_END = ("over", "well-over")  # "at least" has one where a coverage gives it
_FLOORS = (*_NO_UPPER_END, "at-least")
_NO_LOWER_END = ("under", "at-most")
_AROUND = (None, "exactly", "unhedged", "unhedged-round", "about", "around")


def _reading(dossier: Dossier, claim: Claim) -> Reading | None:
    if not claim.words:
        return None
    try:
        readings = words_of(claim, lexicon_of(dossier))
    except InputError:
        return None
    return readings[0] if len(readings) == 1 else None


_ALIKE = 5  # findings of one rule, on the same quantities and sources, that are told one by one


def grouped(dossier: Dossier, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in their order; of very many that are alike the first, with their number."""

    def kind(finding: Finding) -> Hashable:
        claims = [dossier.claims[index] for index in finding.claims]
        about = frozenset((claim.quantity, claim.source) for claim in claims)
        return (finding.rule, about) if claims else finding

    kinds = grouped_by(findings, kind).values()
    return tuple(itertools.chain.from_iterable(map(_told_once, kinds)))


def _told_once(alike: list[Finding]) -> list[Finding]:
    if len(alike) <= _ALIKE:
        return alike
    claims = itertools.chain.from_iterable(finding.claims for finding in alike)
    text = f"{alike[0].message} ({len(alike) - 1:,} more of this kind, of the same sources.)"
    return [Finding(alike[0].rule, text, tuple(dict.fromkeys(claims)))]


def count(value: float) -> str:
    """Return a number as a sentence holds it.

    Examples
    --------
    >>> count(268710.0), count(3.25)
    ('268,710', '3.2')
    """
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"  # noqa: PLR2004


def span(low: float, high: float) -> str:
    """Return a range as a sentence holds it."""
    if math.isinf(high):
        return f"at least {count(low)}"
    return count(low) if low == high else f"{count(low)} to {count(high)}"
