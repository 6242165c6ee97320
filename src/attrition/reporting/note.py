"""The note of a citation: all that the sentence leaves out, for a footnote or an appendix."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrition.core.laws import Law, Provenance
from attrition.models.families import UNNAMED, months_of
from attrition.reporting.passing import EVEN, Passing
from attrition.reporting.stretches import end_words
from attrition.reporting.subject import count_words, named
from attrition.reporting.words import (
    DEFAULT_SCALE,
    TABLE,
    Scale,
    amount,
    chance,
    condition,
    day_words,
    percent,
    plain,
)

_THIRDS = (
    "A date stands for the whole of what is printed, early, mid- and late for days 1 to 10, 11 to "
    "20 and 21 to the end of a month, and each probability for just that."
)

_MANY = 3_000
"""Draws from which all probabilities are printed."""


def note_words(
    law: Law, parts: Sequence[str], *, scale: Scale | None = None, record: str | None = None
) -> str:
    """Return a note: what is counted by whom, what was read, and how it was computed.

    Parameters
    ----------
    law : Law
    parts : sequence of str
        Sentences of what was read off the law.
    scale : {"ICD-203", "PHIA", "IPCC"}, optional
    record : str, optional
        Id of the record that holds the numbers; nothing is said of one that is not known.
    """
    what, even = law.provenance, " to ".join(f"{100 * end:g}" for end in EVEN)
    return " ".join(
        (
            f"Counted: {counted_words(what)}; {count_words(what)}.",
            f"{_figures(law)}.",
            *_contested(law),
            *[_FLOORS] * what.floors,
            *[_LEAST] * what.least,
            *_doubted(law),
            *parts,
            _holds(law),
            *_assumed(law),
            f"Words of likelihood follow {scale or DEFAULT_SCALE}; an even chance is {even} %.",
            _origin_words(law, record),
        )
    )


_FLOORS = (
    "Every figure is a minimum: how much more there is rests on an assumed coverage, so that no "
    "date is told, and of a total the lower end alone."
)


_LEAST = (
    "The last figure says “at least”: what is dated is this count, and the total itself may be "
    "higher."
)


def counted_words(what: Provenance) -> str:
    """Return what is counted: title, definition and scope, none of it twice.

    Examples
    --------
    >>> counted_words(Provenance(quantity="q", title="People killed", definition="killed, as told"))
    'People killed, as told'
    """
    title, definition = plain(what.title), plain(what.definition)
    scope = f"; {plain(what.scope)}" if what.scope else ""
    for same in (title.lower(), title.rsplit(" ", 1)[-1].lower()):
        if definition.lower().startswith(same):  # "killed: killed, including …" would stutter
            return f"{title}{definition[len(same) :]}{scope}"
    known = not definition or definition.lower() in title.lower()
    return f"{title}{scope}" if known else f"{title}: {definition}{scope}"


def _figures(law: Law) -> str:
    what, day = law.provenance, day_words(law.information_date)
    if what.basis == "stated":
        return f"Figures: {plain(what.definition)}, given for {day}"
    if what.basis == "series":
        return f"Figures: {what.figures:,} reports of one count, up to {day}"
    if what.figures == 0:
        few = ", too few to be surer than that" * (law.draws < _MANY)
        return f"Figures: none; simulated paths from {day}{few}"
    number = "one" if what.figures == 1 else f"{what.figures:,}"
    from_whom = ""
    if what.sources:
        both = "both " if what.figures == 2 and len(what.sources) == 1 else ""  # noqa: PLR2004
        from_whom = f", {both}from {'; '.join(named(name) for name in what.sources)}"
    worth = float(f"{what.independent_sources:.2g}")
    if 0 < worth < len(what.sources):
        from_whom += f" (not independent of one another: they count as about {worth:g})"
    return f"Figures: {number}{from_whom}, known on {day}"


def _contested(law: Law) -> list[str]:
    """Return where sources that exclude one another put the total, and how likely each is."""
    unit = law.provenance.unit
    near = [
        f"near {amount(float(f'{middle:.2g}'), unit)}, as of {named(name)}, with "
        f"{percent(share, law.draws)}"
        for name, share, middle in law.provenance.contested
    ]
    return [f"Sources exclude one another: the total is {'; '.join(near)}."] if near else []


def threshold_parts(passings: Sequence[Passing]) -> list[str]:
    """Return interval, median and outer shares of each threshold, and how dates are meant."""
    several = len(passings) > 1
    parts = [_interval(one, several=several) for one in passings]
    return [*parts, _THIRDS]


def exact_words(law: Law, passings: Sequence[Passing] = (), prob: float | None = None) -> str:
    """Return in the terms of the field what the note says in plain words.

    Parameters
    ----------
    law : Law
    passings : sequence of Passing, optional
        Thresholds that were read.
    prob : float, optional
        Probability of the interval that was read, where no threshold was.
    """
    what = law.provenance
    probs = {one.read.prob: None for one in passings} | ({} if prob is None else {prob: None})
    error = max((one.read.mcse for one in passings if not what.floors), default=0.0)
    texts = [f"{chance(one)} equal-tailed credible interval" for one in probs]
    texts += [f"Monte Carlo standard error at most {error:.2g} days"] if error else []
    texts += [exact_assumption(name, value) for name, value, *_ in what.assumptions]
    texts += [f"{name.replace('_', ' ')} {value:.3g}" for name, value in what.diagnostics]
    return (
        f"In the terms of the field: {', '.join([*texts, plain(what.model) or 'no model named'])}."
    )


def _interval(passing: Passing, *, several: bool) -> str:
    law, read = passing.law, passing.read
    lower, median, upper = (end_words(law, end, passing.unit) for end in passing.printed.dates)
    start, end = day_words(law.information_date), day_words(law.horizon)
    what = f"{amount(read.threshold, law.provenance.unit)}: " if several else ""
    span = f": {lower} to {upper}"
    if law.provenance.floors and lower != upper:
        span = f": from {lower}, its end not determined"
    if passing.printed.lower.state == passing.printed.upper.state != "date":
        span = f", wholly {lower}"
    share, passed = passing.percent(read.masses.ended), passing.subject.passed
    ended = f", {share} that {plain(law.provenance.ending)} ends first"
    ended = ended if law.provenance.end_hazard else ""
    already, inside, beyond = map(
        passing.percent, (read.masses.already, read.masses.within, read.masses.beyond)
    )
    between = f"that it is {passed} between then and {end}"
    later = f"{beyond} that it is not {passed} by {end}{ended}"
    outer = f"{inside} {between}, {later}"
    if not _sums(already, inside, beyond, share if ended else ""):
        outer = f"{later}, the rest {between}"
    return (
        f"{what}{interval_words(read.prob)}{span}; median (as likely before as after) {median}; "
        f"{already} that it had been {passed} by {start}, {outer}."
    )


def _sums(*shares: str) -> bool:
    """Tell whether shares sum to one as they are printed, each rounded by itself."""
    if any(share.startswith("more than") for share in shares):
        return True
    numbers = [float(one.removesuffix(" %")) for one in shares if one[:1].isdigit()]
    return abs(sum(numbers) - _WHOLE) < 0.75  # noqa: PLR2004 - what nobody adds up to 99 or 101


_WHOLE = 100


def _doubted(law: Law) -> list[str]:
    """Return what a reader must know of a recorded count: its defects, and what is in doubt."""
    what = law.provenance
    # of two figures the first note tells the mixture, which stands in the table
    notes = {"series": what.notes, "stated": what.notes[1:]}.get(what.basis, ())
    texts = [f"{plain(note[:1].upper() + note[1:])}." for note in notes]
    for term, words in (("prior of the pace", "assumption on the pace"), (" prior", " assumption")):
        texts = [text.replace(term, words) for text in texts]
    return texts


def _holds(law: Law) -> str:
    what = law.provenance
    if not what.end_hazard:
        return f"It holds {condition(law)}."
    return (
        f"It is assumed that {plain(what.ending)} ends with probability {what.end_hazard:g} a day."
    )


def _assumed(law: Law) -> list[str]:
    """Return what is assumed: by who asks, and by the library, which decides where nobody does."""
    what = law.provenance
    own, default = (
        [assumption_words(*row[:2]) for row in what.assumptions if (row[3] == _DEFAULT) == library]
        for library in (False, True)
    )
    texts = [f"Assumed, because no report says it: {', '.join(own)}."] if own else []
    if default:
        texts.append(f"Assumed by the library, because nobody says it: {', '.join(default)}.")
    if what.figures == 1 and not what.counted:
        return [*texts, _ALONE]
    share = share_ahead(what)
    return [*texts, *[_AHEAD.format(share)] * (share > 0)]


def share_ahead(what: Provenance) -> int:
    """Return how much of the spread of what is added the days ahead make, in tens of percent.

    No report tells of these, so that what is assumed of the pace decides; 0 where that is not
    known, or less than a twentieth.
    """
    return 10 * round(10 * dict(what.diagnostics).get("share_ahead", 0.0))


def interval_words(prob: float) -> str:
    """Return the kind of an interval in plain words: "90 % interval (5 % on either side)".

    Examples
    --------
    >>> interval_words(0.9), interval_words(0.5)
    ('90 % interval (5 % on either side)', '50 % interval (25 % on either side)')
    """
    return f"{chance(prob)} interval ({chance((1 - prob) / 2)} on either side)"


def exact_assumption(name: str, value: float | str) -> str:
    """Return an assumption by its name in a dossier: "day noise 8.1"."""
    if (name, value) == ("kind", UNNAMED):
        return "no kind of total is named, so a mixture of all"
    text = f"{value:g}" if isinstance(value, float) else plain(value)
    return f"{plain(name).replace('_', ' ')} {text}"


def assumption_words(name: str, value: float | str | tuple[float, float]) -> str:
    """Return an assumption in words for those who do not know its name.

    A pair is the least and the largest value, where several totals share the words.

    Examples
    --------
    >>> assumption_words("day_noise", 8.1)
    'daily counts vary 8.1 times as much as by chance'
    >>> assumption_words("volatility", (0.07, 0.15))
    'the pace changes by 7 to 15 % in a typical week'
    >>> assumption_words("source_error", (0.2, 3.2))
    'a source’s count is typically off by 20 to 320 %'
    >>> assumption_words("pace", "epidemic"), assumption_words("source_drift", 0.0)
    ('the pace moves as in recorded epidemic totals', 'the error of a source stays as it is')
    """
    if not isinstance(value, str) and name in TABLE["spreads"]:
        words, nothing = TABLE["spreads"][name]
        span = _span(value, lambda one: f"{float(f'{100 * one:.2g}'):,.10g}")
        return str(nothing if value == 0 else words.format(f"{span} %"))
    if not isinstance(value, str) and name in _TIMES:
        times = _span(value, lambda one: f"{one:g}")
        return _ONCE.get((name, times)) or _TIMES[name].format(times)
    if name == "coverage":
        shares = [f"{100 * float(one):.3g}" for one in str(value).split(" to ")]
        return f"{' to '.join(shares)} % of all are counted"
    if name in {"pace", "kind"}:
        if months_of(str(value)):
            return f"the pace moves as others did that had been {value}"
        every = value in {UNNAMED, "of any kind"}
        of = "totals of all kinds" if every else f"recorded {plain(str(value))} totals"
        return f"the pace moves as in {of}"
    return exact_assumption(name, value if not isinstance(value, tuple) else _span(value, str))


_TIMES = {
    "day_noise": "daily counts vary {} times as much as by chance",
    "spread": "the pace moves {} times as far as is usual of its kind",
}

_ONCE = {
    ("day_noise", "0"): "daily counts do not scatter",
    ("day_noise", "1"): "daily counts vary as by chance",
    ("spread", "1"): "the pace moves as far as is usual of its kind",
}


def _span(value: float | tuple[float, float], printed: Callable[[float], str]) -> str:
    ends = value if isinstance(value, tuple) else (value,)
    return " to ".join(dict.fromkeys(map(printed, ends)))


_DEFAULT = "library default"
_AHEAD = (
    "About {} % of the uncertainty about what is added is about the days ahead, of which no report "
    "tells: what is assumed of the pace decides it."
)
_ALONE = "One figure tells no pace: how the total goes on is an assumption of the library alone."


def _origin_words(law: Law, record: str | None) -> str:
    what = law.provenance
    seed = f"seed {what.seed}" if what.seed is not None else "no seed"
    release = f"attrition {plain(what.version)}".strip()
    model = plain(what.model)
    parts = [release, TABLE["methods"].get(model, model) or "no model named", seed]
    return f"Method: {', '.join([*parts, *([f'record {record}'] if record else [])])}."
