"""Totals on one date: parts and wholes, sums, ratios, wounded for each killed, directions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from attrition.data.coherence.findings import (
    MANY,
    ClaimEvidence,
    Fact,
    Finding,
    count,
    extremes,
    span,
    told_once,
)
from attrition.data.elicitation import undeclared_copies

WOUNDED_PER_KILLED = (3.0, 1.7, 5.3)
"""Median and 90 % interval of a lognormal prior on the wounded for each person killed."""

_SPREAD = math.log(WOUNDED_PER_KILLED[2] / WOUNDED_PER_KILLED[1]) / (2 * 1.6449)
PLAUSIBLE = tuple(WOUNDED_PER_KILLED[0] * math.exp(z * _SPREAD) for z in (-3.29, 3.29))
"""The same prior's 99.9 % interval: outside it a ratio is questioned."""

_ADDS_UP = 0.05
_MULTIPLIES = 0.10


def parts_above_wholes(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find a part that exceeds the whole of the same date."""
    for part in evidence.levels():
        whole_id = part.quantity.part_of
        for whole in evidence.same_day(part, whole_id) if whole_id else ():
            own = part.claim.source == whole.claim.source
            if whole.is_open or not (part.median > whole.median if own else part.low > whole.high):
                continue
            who = "" if own else f" by {whole.who}"
            yield Finding(
                "part above whole",
                f"{part.who} gives {count(part.median)} for {part.what} and {count(whole.median)} "
                f"is given{who} for {whole.what}, of which it is a part, both for "
                f"{part.claim.as_of}.",
                (part.index, whole.index),
            )


def falling_totals(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find a source whose cumulative total falls."""
    series: dict[tuple[str, str], list[Fact]] = {}
    for fact in evidence.levels():
        if fact.quantity.cumulative:
            series.setdefault((fact.claim.quantity, fact.claim.source), []).append(fact)
    for facts in series.values():
        for early, late in _falls(facts):
            yield Finding(
                "falling total",
                f"{late.who} gives {count(early.median)} for {early.claim.as_of} and only "
                f"{count(late.median)} for {late.claim.as_of}: {late.what} cannot fall.",
                (early.index, late.index),
            )


def _falls(facts: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Yield the totals of one source that lie below earlier ones, each with those it contradicts.

    Of a long series each total is compared with the highest before it alone: where many fall, one
    witness for each says so.
    """
    by_end = sorted(facts, key=lambda f: f.claim.as_of.last)
    by_begin = sorted(facts, key=lambda f: f.claim.as_of.first)
    before: list[Fact] = []
    position = 0
    for late in by_begin:
        while position < len(by_end) and by_end[position].claim.as_of.last < late.claim.as_of.first:
            before.append(by_end[position])
            if len(facts) > MANY:
                before = extremes(before, (lambda f: f.low, lambda f: f.median))
            position += 1
        higher = (f for f in before if late.high < f.median or late.median < f.low)
        witnesses = [] if late.is_open else list(higher)
        for early in witnesses[:1] if len(facts) > MANY else witnesses:
            yield early, late


def sums(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find a whole that lies outside what its components add up to."""
    for whole in evidence.levels():
        parts = whole.quantity.sum_of
        addends = [
            next(
                (f for f in evidence.same_day(whole, key) if f.claim.source == whole.claim.source),
                None,
            )
            for key in parts
        ]
        known = [fact for fact in addends if fact is not None]
        if not parts or len(known) < len(parts):
            continue
        low, high = sum(f.bounds[0] for f in known), sum(f.bounds[1] for f in known)
        if whole.bounds[0] < low * (1 - _ADDS_UP) or whole.bounds[1] > high * (1 + _ADDS_UP):
            listed = " + ".join(span(*f.bounds) for f in known)
            yield Finding(
                "sum",
                f"{whole.who} gives {span(*whole.bounds)} for {whole.what} on "
                f"{whole.claim.as_of}, but its components {listed} add up to {span(low, high)}.",
                (whole.index, *(f.index for f in known)),
            )


def ratios(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find a sum that does not follow from one of its parts and the ratio that is stated."""
    sums_of: dict[frozenset[str], list[str]] = {}
    for key, quantity in evidence.dossier.quantities.items():
        sums_of.setdefault(frozenset(quantity.sum_of), []).append(key)
    for ratio in evidence.levels():
        pair = ratio.quantity.ratio_of
        for whole_id in sums_of.get(frozenset(pair), []) if pair else ():
            for base in evidence.same_day(ratio, pair[1]):
                for whole in evidence.same_day(ratio, whole_id):
                    yield from _product(evidence, ratio, base, whole)


def _product(evidence: ClaimEvidence, ratio: Fact, base: Fact, whole: Fact) -> Iterator[Finding]:
    (least, most), (fewest, highest) = ratio.bounds, base.bounds
    low, high = fewest * (1 + least), highest * (1 + most)
    ends = ((whole.bounds[0], low), (whole.bounds[1], high))
    if any(math.isinf(a) or math.isinf(b) or a <= 0 or b <= 0 for a, b in ends):
        return
    if any(abs(math.log(given / product)) > math.log1p(_MULTIPLIES) for given, product in ends):
        top = evidence.title(ratio.quantity.ratio_of[0]).lower()
        yield Finding(
            "ratio",
            f"{span(*base.bounds)} ({base.what}) with {span(least, most)} {top} for each make "
            f"{span(low, high)}, but {span(*whole.bounds)} is given for {whole.what} on "
            f"{whole.claim.as_of}.",
            (ratio.index, base.index, whole.index),
        )


def is_part(evidence: ClaimEvidence, killed: str, sum_: str) -> bool:
    """Tell whether one quantity counts the killed of another that counts killed and wounded."""
    part, whole = evidence.dossier.quantities[killed], evidence.dossier.quantities[sum_]
    all_killed = [
        key for key in whole.sum_of if evidence.dossier.quantities[key].category == "killed"
    ]
    linked = part.part_of == sum_ or all_killed == [killed]
    counted = part.category == "killed" or (
        part.category is None
        and "killed" in part.definition.lower()
        and "wounded" not in part.definition.lower()
    )
    summed = whole.category == "casualties" or (
        whole.category is None
        and all(word in whole.definition.lower() for word in ("killed", "wounded"))
    )
    return linked and counted and summed


def wholes_of(evidence: ClaimEvidence) -> dict[str, list[str]]:
    """Return, for each quantity of killed, the quantities of which :func:`is_part` holds."""
    wholes: dict[str, list[str]] = {}
    for key, quantity in evidence.dossier.quantities.items():
        parents = [quantity.part_of] if quantity.part_of is not None else []
        for part, whole in (*((key, p) for p in parents), *((p, key) for p in quantity.sum_of)):
            if whole not in wholes.get(part, ()) and is_part(evidence, part, whole):
                wholes.setdefault(part, []).append(whole)
    return wholes


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


def wounded_per_killed(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find killed and casualties of one date that leave too few or too many wounded."""
    wholes = wholes_of(evidence)
    for killed in evidence.levels():
        for whole_id in wholes.get(killed.claim.quantity, ()):
            for whole in evidence.same_day(killed, whole_id):
                if killed.is_open or whole.is_open or not evidence.related(killed, whole):
                    continue
                odd = questioned(killed.median, whole.median)
                if odd is not None:
                    few = whole.median < 2 * killed.median
                    yield Finding(
                        "wounded per killed",
                        f"{count(killed.median)} killed ({killed.who}) of {count(whole.median)} "
                        f"killed and wounded ({whole.who}) on {killed.claim.as_of} {odd}. "
                        + ("Was the sum printed as killed?" if few else "Check both figures."),
                        (killed.index, whole.index),
                    )


def directions(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find a source expected to understate that lies above one expected to overstate."""
    for under in evidence.levels():
        for over in evidence.same_day(under, under.claim.quantity):
            ways = (
                evidence.dossier.sources[under.claim.source].direction,
                evidence.dossier.sources[over.claim.source].direction,
            )
            if ways == ("understates", "overstates") and under.low > over.high:
                yield Finding(
                    "direction",
                    f"{under.who}, which is said to understate, gives more "
                    f"({count(under.median)}) than {over.who}, which is said to overstate "
                    f"({count(over.median)}), for {under.claim.as_of}.",
                    (under.index, over.index),
                )


def copies(evidence: ClaimEvidence) -> Iterator[Finding]:
    """Find figures so alike that one source may repeat another."""
    levels = [(f.index, f.claim, f.median) for f in evidence.levels() if not f.is_open]
    claims = evidence.dossier.claims
    # On one day each figure may resemble a hundred others: the few pairs that are told are put
    # into words, and no others.
    alike: dict[object, list[tuple[int, int, float]]] = {}
    for pair in undeclared_copies(evidence.dossier, levels):
        first, second = claims[pair[0]], claims[pair[1]]
        sources = sorted((first.source, second.source))
        alike.setdefault((first.quantity, *sources), []).append(pair)
    for pairs in alike.values():
        yield from told_once(
            "undeclared copy",
            [pair[:2] for pair in pairs],
            lambda number, pairs=pairs: _alike(evidence, *pairs[number]),  # type: ignore[misc]
        )


def _alike(evidence: ClaimEvidence, one: int, other: int, ratio: float) -> str:
    first, second = evidence.dossier.claims[one], evidence.dossier.claims[other]
    names = [evidence.dossier.sources[claim.source].name for claim in (first, second)]
    return (
        f"{names[0]} and {names[1]} give figures for {evidence.title(first.quantity)} on "
        f"{first.as_of} that differ by {100 * (1 - ratio):.1f} %, and no edge joins them: say "
        "in `copies` or `derived_from` if one has it from the other."
    )
