"""What happens to a threshold and when, and what lies outside of the interval, in words."""

from __future__ import annotations

from collections.abc import Sequence

from attrition.core.laws import Crossing, Law
from attrition.reporting.spans import by_words, end_words, span_words
from attrition.reporting.words import (
    Scale,
    amount,
    condition,
    day_words,
    end_hazard,
    likelihood,
    what_ends,
)

_SURE, _EVEN = 0.999, 0.55


def level_words(law: Law, read: Crossing) -> str:
    """Return the threshold with its unit."""
    return amount(read.threshold, law.provenance.unit)


def _states(read: Crossing) -> tuple[str, ...]:
    return tuple(str(end.state) for end in read.dates)


def is_past(reads: Sequence[Crossing]) -> bool:
    """Tell whether all intervals lie in the past, so that the rest alone is conditional."""
    return all(_states(read) == ("already",) * 3 for read in reads)


def clause(law: Law, read: Crossing, *, whole: bool = False) -> str:
    """Say what happens to the threshold and when, without its probability."""
    level, states = level_words(law, read), _states(read)
    if states[1] == "already":
        return _past_clause(law, read)
    if states[0] == "beyond":
        return f"would not pass {level} by {day_words(law.horizon)}"
    if states[0] == "ended":
        return f"would not pass {level} before {what_ends(law)} ends"
    return f"would pass {level} {span_words(law, read, whole=whole)}"


def _past_clause(law: Law, read: Crossing) -> str:
    """Say of a total that has been passed, at least as likely as not, what else may be."""
    level, start = level_words(law, read), day_words(law.information_date)
    if read.upper.state == "already":
        sure = "" if read.masses.already > _SURE else "almost certainly "
        return f"had {sure}already passed {level} by {start}"
    likely = "probably" if read.masses.already >= _EVEN else "as likely as not"
    known = f"had {likely} passed {level} already by {start}, or else"
    if read.upper.state == "date":
        upper = end_words(law, read.upper, read.unit)
        return f"{known} would do so {by_words(upper, read.unit)}"
    if read.upper.state == "ended":
        return f"{known} might never, because {what_ends(law)} ends first"
    return f"{known} might not do so by {day_words(law.horizon)}"


def whole_words(law: Law, read: Crossing) -> str:
    """Say that an interval lies wholly on one side, where it has no date at all."""
    states = _states(read)
    if states == ("already",) * 3:
        return f", wholly on or before {day_words(law.information_date)}"
    if states == ("beyond",) * 3:
        return f", wholly after {day_words(law.horizon)}"
    return ""


def median_words(law: Law, read: Crossing) -> str:
    """Say where the median lies, unless the interval lies wholly on one side."""
    if whole_words(law, read):
        return ""
    colon = ":" if read.median.state == "ended" else ""
    return f"; median{colon} {end_words(law, read.median, read.unit)}"


def outer_words(law: Law, read: Crossing, scale: Scale | None, *, within: bool = False) -> str:
    """Say what share lies before the first day, after the last and, with an end, in neither."""
    start, end = day_words(law.information_date), day_words(law.horizon)
    masses = read.masses
    said = [f"{likelihood(masses.already, scale)} that it had been passed by {start}"]
    if within:
        share = likelihood(masses.within, scale)
        said.append(f"{share} that it is passed between then and {end}")
    said.append(f"{likelihood(masses.beyond, scale)} that it is not passed by {end}")
    if end_hazard(law):
        said.append(f"{likelihood(masses.ended, scale)} that {what_ends(law)} ends first")
    if said[0].startswith("probability "):
        said[1:] = [text.removeprefix("probability ") for text in said[1:]]
    if not is_past([read]):
        return _listed(said)
    return f"{said[0]} and, {condition(law)}, {_listed(said[1:])}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def shares_words(law: Law, read: Crossing, scale: Scale | None) -> str:
    """Say median and outer shares in few words; :func:`key_words` says what these mean."""
    parts = [(read.masses.already, "already"), (read.masses.beyond, "later")]
    if end_hazard(law):
        parts.append((read.masses.ended, "ended"))
    shares = [f"{likelihood(share, scale).removeprefix('probability ')} {w}" for share, w in parts]
    median = median_words(law, read)
    return f"{median.removeprefix('; ')}{'; ' if median else ''}{', '.join(shares)}"


def key_words(law: Law, reads: Sequence[Crossing]) -> str:
    """Say what *already*, *later* and *ended* are the probability of."""
    start, end = day_words(law.information_date), day_words(law.horizon)
    later = f"{condition(law)}, " if is_past(reads) else ""
    ended = f", “ended” that {what_ends(law)} ends first" if end_hazard(law) else ""
    return (
        f"“already” is the probability that the total had been passed by {start}, {later}“later” "
        f"that it is not passed by {end}{ended}"
    )
