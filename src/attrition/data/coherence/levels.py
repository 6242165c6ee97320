"""Totals of one date, and of different days, kinds and sources: parts, sums, ratios, directions.

And what a forecast of them would refuse, or leave open, said before anybody asks for one.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta

from attrition.core.grouping import grouped_by
from attrition.data.coherence.findings import (
    MANY,
    ClaimEvidence,
    Fact,
    Hit,
    count,
    extremes,
    highest,
    least,
    span,
)
from attrition.data.elicitation import original
from attrition.data.elicitation.pooling import groups, undeclared_copies
from attrition.text.widths import grid_of

WOUNDED_PER_KILLED = (3.0, 1.7, 5.3)
"""Median and 90 % interval of a lognormal prior on the wounded for each person killed."""

_SPREAD = math.log(WOUNDED_PER_KILLED[2] / WOUNDED_PER_KILLED[1]) / (2 * 1.6449)
PLAUSIBLE = tuple(WOUNDED_PER_KILLED[0] * math.exp(z * _SPREAD) for z in (-3.29, 3.29))
"""The same prior's 99.9 % interval: outside it a ratio is questioned."""

_ADDS_UP = 0.05
_MULTIPLIES = 0.10


def parts_above_wholes(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a part that exceeds the whole of the same date: a total, an increase or a pace."""
    for part in evidence.facts:
        for key in evidence.wholes.get(part.claim.quantity, ()):
            for whole in evidence.alike(part, key) if part.claim.kind != "share" else ():
                own = part.same_source(whole)
                if part.least > whole.most if own else part.low > whole.high:
                    yield Hit(part, whole)


def falling_totals(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a source whose cumulative total falls: each total with the earlier it contradicts.

    Of a long series each total is compared with the highest before it alone: where many fall, one
    witness for each says so.
    """
    for facts in evidence.totals.values():
        by_end = deque(sorted(facts, key=lambda f: f.claim.as_of.last))
        before: list[Fact] = []
        for late in sorted(facts, key=lambda f: f.claim.as_of.first):
            while by_end and by_end[0].claim.as_of.last < late.claim.as_of.first:
                before.append(by_end.popleft())
                if len(facts) > MANY:
                    before = extremes(before, (lambda f: f.low, lambda f: f.least))
            witnesses = [early for early in before if _fell(early, late)]
            for early in witnesses[:1] if len(facts) > MANY else witnesses:
                yield Hit(early, late)


def _fell(early: Fact, late: Fact) -> bool:
    """Tell whether the widths of two totals, or else their rounding, leave a fall."""
    if late.high < early.low or early.number is None or late.number is None:
        return late.high < early.low
    rounding = (grid_of(early.number) + grid_of(late.number)) / 2
    two_sided = early.is_two_sided and late.is_two_sided
    return two_sided and early.number - late.number >= rounding


def sums(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a whole that lies outside what its components add up to."""
    for whole in evidence.levels():
        parts = whole.quantity.sum_of
        own = [
            next((f for f in evidence.same_day(whole, key) if f.same_source(whole)), None)
            for key in parts
        ]
        known = [fact for fact in own if fact is not None]
        if not parts or len(known) < len(parts):
            continue
        low, high = (sum(f.bounds[end] for f in known) for end in (0, 1))
        least, most = whole.bounds
        outside = most < low * (1 - _ADDS_UP) or least > high * (1 + _ADDS_UP)
        if whole.is_two_sided:
            outside |= least < low * (1 - _ADDS_UP) or most > high * (1 + _ADDS_UP)
        if outside:
            listed = " + ".join(span(*f.bounds) for f in known)
            yield Hit(whole, *known, listed=listed, total=span(low, high))


def sums_of_earlier_parts(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find components that together exceed a later total of their source."""
    addends = {key for what in evidence.dossier.quantities.values() for key in what.sum_of}
    until = {
        key: highest(facts, _described, lambda f: f.low)
        for key, facts in evidence.totals.items()
        if key[0] in addends
    }
    for whole in evidence.levels():
        keys = [(part, whole.claim.source) for part in whole.quantity.sum_of]
        if whole.claim.as_of.first == date.min:  # the calendar has no day before
            continue
        before = whole.claim.as_of.first - timedelta(1)
        known = (until[key](before) for key in keys if key in until and whole.quantity.cumulative)
        parts = list(filter(None, known))
        if sum(max(part.low, 0.0) for part in parts) > whole.most * (1 + _ADDS_UP):
            yield Hit(whole, *parts, parts=" and ".join(part.dated for part in parts))


_APART = 1.05
"""Factor by which floors exceed a ceiling that denies them."""


def floors_above_ceilings(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a ceiling below the floors, of another source, of the whole or of its parts together."""
    growing = (fact for fact in evidence.levels() if fact.quantity.cumulative)
    passed = (fact for fact in growing if math.isfinite(fact.passed))
    floors = grouped_by(passed, lambda f: f.claim.quantity)
    until = {key: highest(facts, _described, lambda f: f.passed) for key, facts in floors.items()}
    for cap in evidence.levels() if floors else ():
        if not cap.is_ceiling or not cap.quantity.cumulative:
            continue
        for keys in ((cap.claim.quantity,), cap.quantity.sum_of):
            before = (until[key](cap.claim.as_of.first) for key in keys if key in until)
            known = list(filter(None, before))
            others = any(not fact.same_source(cap) for fact in known)
            over = any(fact.source.direction == "overstates" for fact in known)
            biased = over and cap.source.direction == "understates"
            whole = len(known) == len(keys) and others and not biased
            if whole and sum(fact.passed for fact in known) > _APART * cap.high:
                listed = " and ".join(f"{fact.dated} ({fact.who})" for fact in known)
                yield Hit(cap, *known, floors=listed)


def _described(fact: Fact) -> date:
    return fact.claim.as_of.last


def forecasts_of_the_past(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a forecast of a number that its own source had counted before."""
    dossier, past = evidence.dossier, evidence.dossier.superseded()
    forecasts = [
        (index, claim)
        for index, claim in enumerate(dossier.claims)
        if claim.kind == "forecast" and index not in past
    ]
    growing = (f for f in evidence.levels() if forecasts and f.quantity.cumulative)
    totals = grouped_by(growing, lambda f: (f.claim.quantity, evidence.original(f)))
    until = {key: highest(facts, _published, lambda f: f.stated) for key, facts in totals.items()}
    for index, claim in forecasts:
        own = claim.quantity, original(dossier, claim.source)
        total = until[own](claim.published.first) if own in until else None
        if total is None or claim.threshold is None:
            continue
        if total.stated > claim.threshold and total.claim.as_of.last <= claim.as_of.first:
            who, threshold = dossier.sources[claim.source].name, count(claim.threshold)
            yield Hit(index, total, who=who, threshold=threshold, by=claim.by)


def _published(fact: Fact) -> date:
    return fact.claim.published.last


def ratios(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a ratio, or a sum made of it and a part, that the figures of its day deny."""
    quantities = evidence.dossier.quantities
    sums_of = grouped_by(quantities, lambda key: frozenset(quantities[key].sum_of))
    for ratio in evidence.levels():
        pair = ratio.quantity.ratio_of
        for base in evidence.same_day(ratio, pair[1]) if pair else ():
            for top in evidence.same_day(ratio, pair[0]):
                if base.same_source(ratio) and top.same_source(ratio) and base.low > 0:
                    yield from _quotient(ratio, top, base)
        for whole_id in sums_of.get(frozenset(pair), []) if pair else ():
            for base in evidence.same_day(ratio, pair[1]):
                for whole in evidence.same_day(ratio, whole_id):
                    yield from _product(evidence, ratio, base, whole)


def _quotient(ratio: Fact, top: Fact, base: Fact) -> Iterator[Hit]:
    low, high = top.low / base.high, top.high / base.low
    half = _rounding(ratio)
    least, most = min(ratio.low, ratio.least - half), max(ratio.high, ratio.most + half)
    if high * (1 + _MULTIPLIES) < least or low > most * (1 + _MULTIPLIES):
        yield Hit(ratio, top, base, text="quotient", quotient=count(top.median / base.median))


def _rounding(ratio: Fact) -> float:
    """Return half a step of a ratio: "about three" may be two and a half."""
    return 0.0 if ratio.number is None else grid_of(ratio.number) / 2


def _product(evidence: ClaimEvidence, ratio: Fact, base: Fact, whole: Fact) -> Iterator[Hit]:
    (least, most), (fewest, highest) = ratio.bounds, base.bounds
    low, high = fewest * (1 + least), highest * (1 + most)
    ends = ((whole.bounds[0], low), (whole.bounds[1], high))
    if any(math.isinf(a) or math.isinf(b) or a <= 0 or b <= 0 for a, b in ends):
        return
    slack = math.log1p(_MULTIPLIES) + _rounding(ratio) / (1 + least)
    room = math.exp(slack)
    if low == high and whole.bounds[0] / room <= low <= whole.bounds[1] * room:
        return  # a range holds the one product
    if any(abs(math.log(given / product)) > slack for given, product in ends):
        yield Hit(
            *(ratio, base, whole),
            text="product",
            base=span(*base.bounds),
            each=span(least, most),
            top=evidence.title(ratio.quantity.ratio_of[0]).lower(),
            product=span(low, high),
            given=span(*whole.bounds),
        )


def casualties_of(evidence: ClaimEvidence, killed: str) -> Iterator[str]:
    """Yield the quantities that count the killed of one, all of them, and the wounded beside."""
    part = evidence.dossier.quantities[killed]
    for key in evidence.wholes.get(killed, ()):
        whole = evidence.dossier.quantities[key]
        categories = [evidence.dossier.quantities[one].category for one in whole.sum_of]
        words = whole.definition.lower()
        counted = part.category == "killed" or (
            part.category is None
            and "killed" in part.definition.lower()
            and "wounded" not in part.definition.lower()
        )
        both = whole.category is None and "killed" in words and "wounded" in words
        linked = part.part_of == key or categories.count("killed") <= 1
        if linked and counted and (whole.category == "casualties" or both):
            yield key


def questioned(killed: float, casualties: float) -> str | None:
    """Return what is odd about the wounded that are left for each killed, or None.

    Examples
    --------
    >>> questioned(250.0, 950.0) is None
    True
    >>> questioned(260_000.0, 268_710.0)
    'leave 8,710 wounded, 0.034 for each killed; wars have about 3 (90 % of them 1.7 to 5.3)'
    """
    if not 0 < killed <= casualties:
        return None
    left = casualties - killed
    ratio = left / killed
    if PLAUSIBLE[0] <= ratio <= PLAUSIBLE[1]:
        return None
    usual, low, high = WOUNDED_PER_KILLED
    return (
        f"leave {count(left)} wounded, {ratio:.2g} for each killed; wars have about {usual:g} "
        f"(90 % of them {low:g} to {high:g})"
    )


def looked_at(killed: float, casualties: float) -> str:
    """Return what to do about killed of whom too few or too many wounded are left."""
    few = casualties < 2 * killed
    return "Was the sum printed as killed?" if few else "Check both figures."


def wounded_per_killed(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find killed and casualties of one date that leave too few or too many wounded."""
    for killed in evidence.levels():
        for whole_id in casualties_of(evidence, killed.claim.quantity):
            for whole in evidence.same_day(killed, whole_id):
                two_sided = killed.is_two_sided and whole.is_two_sided
                if not (two_sided and evidence.related(killed, whole)):
                    continue
                odd = questioned(killed.median, whole.median)
                if odd is not None:
                    yield Hit(killed, whole, odd=odd, remedy=looked_at(killed.median, whole.median))


def directions(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a source expected to understate that lies above one expected to overstate."""
    for under in evidence.levels():
        for over in evidence.same_day(under, under.claim.quantity):
            ways = under.source.direction, over.source.direction
            if ways == ("understates", "overstates") and under.low > over.high:
                yield Hit(under, over)


def copies(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find figures of so many digits in common that one source may repeat another."""
    by_index = {fact.index: fact for fact in evidence.facts}
    numbers = [(fact.index, fact.claim, fact.number) for fact in evidence.facts]
    for pair in undeclared_copies(evidence.dossier, numbers):
        first, second = (by_index[index] for index in pair)
        page = first.claim.url and first.claim.url == second.claim.url
        yield Hit(first, second, text="page" if page else "number")


def _together(evidence: ClaimEvidence) -> Iterator[list[Fact]]:
    """Yield the claims of quantities that a forecast ties to one another, by parts and sums."""
    quantities = evidence.dossier.quantities
    ties = (
        (key, other)
        for key, quantity in quantities.items()
        for other in filter(None, (quantity.part_of, *quantity.sum_of, *quantity.ratio_of))
    )
    tied = {key: place for place, keys in enumerate(groups(list(quantities), ties)) for key in keys}
    yield from grouped_by(evidence.facts, lambda f: tied[f.claim.quantity]).values()


def floors_alone(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find quantities of which only floors are known."""
    for facts in _together(evidence):
        if all(fact.floor for fact in facts):
            yield Hit(*facts)


def shares_alone(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find quantities of which only shares are known."""
    for facts in _together(evidence):
        if all(fact.claim.kind == "share" for fact in facts):
            yield Hit(*facts)


def nothing_counted(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find figures of nought, which a forecast cannot compare on the log scale."""
    for fact in evidence.facts:
        if fact.claim.kind != "share" and not fact.floor and -math.inf < fact.low <= 0:
            yield Hit(fact)


_FAR_APART = 3.0
"""Factor between the nearest ends of two sources above which both cannot be right; what sources of
one war count (names, estimates of killed) differs by up to 2.2 in the bundled dossiers."""
_ROUNDED = 1.02  # ... of one source, or of a copy and its original, above which they differ
_RANGES = 1.05  # ... of two ranges, however narrow
_DERIVED = 1.25  # ... of a source and one that enters it


def sources_apart(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find totals of sources that do not use one another: far apart, or ranges that do not meet.

    Two ranges exclude one another where they would not meet were each three times as wide.
    """
    for low, high in evidence.excluding:
        if low.claim.kind != "level" or evidence.related(low, high):
            continue
        ways = low.source.direction, high.source.direction
        most = _FAR_APART
        if low.is_range and high.is_range and low.low > 0 and ways != ("understates", "overstates"):
            most = min(most, max(_RANGES, low.high / low.low * high.high / high.low))
        if high.low > most * low.high:
            yield Hit(high, low)


def one_source_apart(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find figures of one source that exclude one another, and of which none replaces another."""
    for low, high in evidence.excluding:
        own = low.same_source(high) and high.low > _ROUNDED * low.high
        if own and (not _in_one_day(low, high) or _slip(low, high)):
            yield Hit(high, low)


def copies_apart(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a figure of a copy that is not that of its original."""
    for low, high in evidence.excluding:
        copied = evidence.original(low) == evidence.original(high)
        if copied and not low.same_source(high) and high.low > _ROUNDED * low.high:
            yield Hit(high, low)


def derived_apart(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a figure far from that of a source which enters it."""
    for low, high in evidence.excluding:
        inputs = {*low.source.derived_from, *high.source.derived_from}
        biased = any(f.source.direction or f.source.coverage for f in (low, high))
        enters = not inputs.isdisjoint({low.claim.source, high.claim.source})
        if enters and high.low > (_FAR_APART if biased else _DERIVED) * low.high:
            yield Hit(high, low)


def _in_one_day(low: Fact, high: Fact) -> bool:
    """Tell whether two counts may be of the morning and the evening of the day they describe."""
    days = {day for fact in (low, high) for day in (fact.claim.as_of, fact.claim.published)}
    return len(days) == 1 and low.quantity.cumulative and not (low.is_ceiling or low.is_range)


_DIGITS = 3


def _slip(low: Fact, high: Fact) -> bool:
    """Tell whether two exact counts differ in one digit before the last, or by two that changed."""
    one, other = f"{low.median:.0f}", f"{high.median:.0f}"
    exact = low.low == low.high and high.low == high.high
    if not exact or len(one) != len(other) or len(one) < _DIGITS:
        return False
    wrong = [place for place, pair in enumerate(zip(one, other, strict=True)) if len({*pair}) > 1]
    first, last = wrong[0], wrong[-1] + 1
    swapped = last - first == 2 and one[first:last] == other[first:last][::-1]  # noqa: PLR2004
    return swapped or (last - first == 1 and last < len(one))


def parts_above_later_wholes(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a part that exceeds the whole of a later day: both only grow."""
    for key, wholes in evidence.wholes.items():
        for other in wholes:
            if not all(evidence.dossier.quantities[one].cumulative for one in (key, other)):
                continue
            closed = [fact for fact in evidence.levels(other) if not fact.is_open]
            ends = [least(closed, lambda f: f.most), least(closed, lambda f: f.high)]
            for part in evidence.levels(key):
                later = filter(None, (after(part) for after in ends))
                for whole in {fact.index: fact for fact in later}.values():
                    own = evidence.related(part, whole)
                    if part.least > whole.most if own else part.low > whole.high:
                        yield Hit(part, whole)


def totals_that_fall_across_sources(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a later total far below what another source had counted before."""
    for key, quantity in evidence.dossier.quantities.items():
        if not quantity.cumulative:
            continue
        facts = list(evidence.levels(key))
        least_after = least((fact for fact in facts if not fact.is_open), lambda f: f.high)
        for early in facts:
            late = least_after(early)
            if late and not evidence.related(early, late) and early.low > _FAR_APART * late.high:
                yield Hit(early, late)


def duplicates(evidence: ClaimEvidence) -> Iterator[Hit]:
    """Find a claim that stands twice, and would count as two reports."""

    def content(fact: Fact) -> tuple[object, ...]:
        claim = fact.claim
        about = claim.quantity, claim.source, claim.kind, claim.as_of, claim.since
        return (*about, claim.quote, fact.low, fact.high)

    for facts in grouped_by(evidence.facts, content).values():
        for one, other in itertools.pairwise(facts):
            yield Hit(one, other)
