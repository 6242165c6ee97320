"""Windows of time: increments against totals, killed against casualties, rates against both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from attrition.data.coherence.findings import Evidence, Fact, Finding, count
from attrition.data.coherence.levels import is_part, questioned

_LONGEST = 366
_FACTOR = 2.0
_MOST = 60


@dataclass(frozen=True, slots=True)
class Window:
    """What a quantity grew by between two days: as stated, or as the difference of two totals."""

    quantity: str
    begin: date
    end: date
    low: float
    median: float
    high: float
    facts: tuple[Fact, ...]

    @property
    def days(self) -> int:
        """Length, both ends included."""
        return (self.end - self.begin).days + 1

    def matches(self, other: Window) -> bool:
        """Tell whether two windows are the same but for a few days."""
        slack = max(10.0, 0.03 * max(self.days, other.days))
        begins, ends = (self.begin - other.begin).days, (self.end - other.end).days
        return abs(begins) <= slack and abs(ends) <= slack

    def __str__(self) -> str:
        """Return the window in words."""
        return f"from {self.begin} to {self.end}"


def stated(held: Evidence) -> list[Window]:
    """Return the increments that are reported."""
    return [
        Window(
            f.claim.quantity, f.claim.since.first, f.claim.as_of.last, f.low, f.median, f.high, (f,)
        )
        for f in held.facts
        if f.claim.kind == "increment" and f.claim.since is not None
    ]


def differences(held: Evidence) -> list[Window]:
    """Return what lies between any two totals of one source that are no floors."""
    found: list[Window] = []
    series: dict[tuple[str, str], list[Fact]] = {}
    for fact in held.levels():
        if not fact.is_open and held.quantity(fact).kind == "cumulative":
            series.setdefault((fact.claim.quantity, fact.claim.source), []).append(fact)
    for (quantity, _), facts in series.items():
        ordered = sorted(facts, key=lambda f: f.claim.as_of.last)[-_MOST:]
        for position, early in enumerate(ordered):
            for late in ordered[position + 1 :]:
                begin, end = early.claim.as_of.last, late.claim.as_of.last
                if begin < end:
                    grown = (
                        late.low - early.high,
                        late.median - early.median,
                        late.high - early.low,
                    )
                    found.append(Window(quantity, begin, end, *grown, (early, late)))
    return found


def killed_in_windows(held: Evidence) -> Iterator[Finding]:
    """Find more killed in a window than killed and wounded, or too few wounded left."""
    said = stated(held)
    everything = [*said, *differences(held)]
    for killed in said:
        for whole in everything:
            if not is_part(held, killed.quantity, whole.quantity) or not killed.matches(whole):
                continue
            if not held.related(killed.facts[0], whole.facts[0]):
                continue
            odd = questioned(killed.median, whole.median)
            if killed.median > whole.median:
                odd = "are more than the whole"
            if odd is not None:
                few = whole.median < 2 * killed.median
                who, whose = held.name(killed.facts[0]), held.name(whole.facts[0])
                yield Finding(
                    "killed in a window",
                    f"{count(killed.median)} killed {killed} ({who}) of "
                    f"{count(whole.median)} killed and wounded ({whose}) {odd}. "
                    + ("Was the sum printed as killed?" if few else "Check both figures."),
                    (*_indices(killed), *_indices(whole)),
                )


def increments_against_totals(held: Evidence) -> Iterator[Finding]:
    """Find a stated increment that the same family's totals contradict."""
    grown = differences(held)
    for said in stated(held):
        for between in grown:
            same = said.quantity == between.quantity and said.matches(between)
            if not same or not held.related(said.facts[0], between.facts[0]):
                continue
            if said.low > 1.1 * between.high or said.high < between.low / 1.1:
                yield Finding(
                    "increment against totals",
                    f"{held.name(said.facts[0])} gives {count(said.median)} for "
                    f"{held.title(said.quantity)} {said}, but the totals of "
                    f"{held.name(between.facts[0])} differ by {count(between.median)} {between}.",
                    (*_indices(said), *_indices(between)),
                )


def rates_against_windows(held: Evidence) -> Iterator[Finding]:
    """Find a rate that, kept up over a window of at most a year, misses what was counted in it."""
    rates = [fact for fact in held.facts if fact.claim.kind == "rate"]
    windows = (
        [w for w in (*stated(held), *differences(held)) if w.days <= _LONGEST] if rates else []
    )
    for rate in rates:
        for window in windows:
            within = window.begin <= rate.claim.as_of.last and rate.claim.as_of.first <= window.end
            if window.quantity != rate.claim.quantity or not within or window.median <= 0:
                continue
            made = (rate.low * window.days, rate.median * window.days, rate.high * window.days)
            apart = max(made[1] / window.median, window.median / made[1]) if made[1] else 0.0
            if apart > _FACTOR and (made[0] > window.high or made[2] < window.low):
                yield Finding(
                    "rate against window",
                    f"{count(rate.median)} a day ({held.name(rate)}) make {count(made[1])} in "
                    f"{window.days} days, but {held.title(window.quantity)} grew by "
                    f"{count(window.median)} {window} ({held.name(window.facts[0])}).",
                    (rate.index, *_indices(window)),
                )


def _indices(window: Window) -> tuple[int, ...]:
    return tuple(fact.index for fact in window.facts)
