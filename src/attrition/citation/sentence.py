"""From a law to words: the sentence that can be cited, in three lengths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from attrition.citation.spans import by_words, end_words, span_words
from attrition.citation.words import (
    Scale,
    amount,
    basis_words,
    chance,
    condition,
    day_words,
    end_hazard,
    likelihood,
    number,
    percent,
    plain,
)
from attrition.dossier import Dossier
from attrition.errors import InputError, clip
from attrition.forecasts import OtherForecast, Stock
from attrition.laws import Crossing, Law, crossing, round_count

Form = Literal["standard", "short", "full"]
"""How long a citation is."""

_SURE, _EVEN = 0.999, 0.55


def cite(
    law: Law,
    threshold: float | Sequence[float],
    *,
    prob: float = 0.9,
    form: Form = "standard",
    scale: Scale | None = None,
    record: str | None = None,
) -> str:
    """Return in words when a total passes a threshold, and how sure that is.

    Parameters
    ----------
    law : Law
    threshold : float or sequence of float
        The total that is passed [unit]; several share one sentence.
    prob : float
        Probability of the equal-tailed credible interval.
    form : {"standard", "short", "full"}
        One sentence with what an article needs; one clause with the id of a record; or every
        slot, in a few sentences, for a note or an appendix.
    scale : {"ICD-203", "PHIA", "IPCC"}, optional
        Whose likelihood words to use, always next to the number.
    record : str, optional
        Id of the record that holds the numbers. When left out, the short and the full form carry
        the id of the record that :func:`make_record` makes of this law and threshold.

    Returns
    -------
    str
        Standard and full always hold the quantity and its definition, whose count it is, the
        threshold, the probability and the interval, the median, both outer masses, the condition,
        the information date, the figures behind it, and version, model and seed.

    Raises
    ------
    InputError
        If ``form``, ``scale``, ``prob`` or a threshold is out of range.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), rng=1, quantities=["russian-casualties"])
    >>> law = forecast.law("russian-casualties")
    >>> "90 % credible interval" in at.cite(law, 1_000_000)
    True
    >>> at.cite(law, 1_000_000, form="short", record="0123456789abcdef")
    'Russian military casualties ... (90 % credible interval; record 0123456789abcdef).'
    """
    asked = [threshold] if isinstance(threshold, (int, float)) else list(threshold)
    if not asked or form not in ("standard", "short", "full"):
        raise InputError(
            "a citation needs a threshold, and one of three forms",
            got=f"{len(asked)} thresholds, form {clip(form)}",
            place="cite",
            remedy='Give a threshold, and form="standard", "short" or "full"',
        )
    reads = [crossing(law, float(value), prob=prob) for value in asked]
    likelihood(0.5, scale)  # an unknown scale is refused for every form
    name = record
    if name is None and form != "standard":
        name = _own_record(law, asked, prob)
    return worded(law, reads, form, scale, name)


def worded(
    law: Law, reads: Sequence[Crossing], form: Form, scale: Scale | None, record: str | None
) -> str:
    """Return what was read off a law in words; see :func:`cite`."""
    if form == "standard" or record is None:
        return _standard(law, reads, scale, record)
    return _short(law, reads, record) if form == "short" else _full(law, reads, scale, record)


def _own_record(law: Law, thresholds: Sequence[float], prob: float) -> str:
    from attrition.citation.record import make_record

    return make_record(law, thresholds, prob=prob).id


def _plural(reads: Sequence[Crossing]) -> str:
    return "" if len(reads) == 1 else "s"


def _join(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{'; '.join(parts[:-1])}; and {parts[-1]}"


def _short(law: Law, reads: Sequence[Crossing], record: str) -> str:
    what = law.provenance
    clauses = _join([clause(law, read) for read in reads])
    return (
        f"{plain(what.title)} ({plain(what.definition)}) {clauses} "
        f"({chance(reads[0].prob)} credible interval{_plural(reads)}; record {record})."
    )


def _standard(law: Law, reads: Sequence[Crossing], scale: Scale | None, record: str | None) -> str:
    what = law.provenance
    made = _made_with(law) + (f", record {record}" if record else "")
    head = (
        f"{_figures(law)} known on {day_words(law.information_date)}, and {condition(law)}, "
        f"{plain(what.title)} ({plain(what.definition)}), in {basis_words(law)},"
    )
    interval = f"{chance(reads[0].prob)} credible interval"
    if len(reads) == 1:
        read = reads[0]
        details = f"{interval}{_whole(law, read)}{_median(law, read)}; {_outer(law, read, scale)}"
        return f"{head} {clause(law, read)} ({details}; {made})."
    clauses = _join(
        [
            f"{clause(law, r)} ({(_whole(law, r) or _median(law, r))[2:]}; {_outer(law, r, scale)})"
            for r in reads
        ]
    )
    return f"{head} {clauses}, as {interval}s ({made})."


def _full(law: Law, reads: Sequence[Crossing], scale: Scale | None, record: str) -> str:
    what = law.provenance
    scope = f"; {plain(what.scope)}" if what.scope else ""
    holds = condition(law)
    parts = [
        f"{holds[0].upper()}{holds[1:]}, {plain(what.title)} ({plain(what.definition)}{scope}), "
        f"in {basis_words(law)}, "
        + _join(
            [
                f"{clause(law, r, whole=True)} ({chance(r.prob)} equal-tailed credible interval"
                f"{_whole(law, r)}{_median(law, r)})"
                for r in reads
            ]
        )
        + "."
    ]
    parts += [f"Of {_level(law, r)}: {_outer(law, r, scale, within=True)}." for r in reads]
    parts.append(f"{_figures(law)} known on {day_words(law.information_date)}.")
    if what.assumptions:
        stated = ", ".join(
            f"{plain(n)} = {value:g}"
            if isinstance(value, float)
            else f"{plain(n)} = {plain(value)}"
            for n, value, _, _ in what.assumptions
        )
        parts.append(f"Assumed, because no report says it: {stated}.")
    error = max(read.mcse for read in reads)
    parts.append(
        f"Made with {_made_with(law)}; Monte Carlo standard error at most {error:.2g} days; "
        f"record {record}."
    )
    return " ".join(parts)


def _level(law: Law, read: Crossing) -> str:
    return amount(read.threshold, law.provenance.unit)


def _states(read: Crossing) -> tuple[str, ...]:
    return tuple(str(end.state) for end in read.dates)


def clause(law: Law, read: Crossing, *, whole: bool = False) -> str:
    """Say what happens to the threshold and when, without its probability."""
    level, states = _level(law, read), _states(read)
    start, end = day_words(law.information_date), day_words(law.horizon)
    if states == ("already",) * 3:
        sure = "" if read.masses.already > _SURE else "almost certainly "
        return f"had {sure}already passed {level} by {start}"
    if states[0] == "beyond":
        return f"would not pass {level} until after {end}"
    if states[0] == "ended":
        return f"would not pass {level} before the fighting ends"
    if states[:2] == ("already", "already"):
        likely = "probably" if read.masses.already >= _EVEN else "as likely as not"
        known = f"had {likely} passed {level} already by {start}"
        if states[2] == "date":
            upper = end_words(law, read.upper, read.unit)
            return f"{known}, or else would {by_words(upper, read.unit)}"
        return f"{known}, or else may not by {end}"
    return f"would pass {level} {span_words(law, read, whole=whole)}"


def _whole(law: Law, read: Crossing) -> str:
    """Say that an interval lies wholly on one side, where it has no date at all."""
    states = _states(read)
    if states == ("already",) * 3:
        return f", wholly on or before {day_words(law.information_date)}"
    if states == ("beyond",) * 3:
        return f", wholly after {day_words(law.horizon)}"
    return ""


def _median(law: Law, read: Crossing) -> str:
    if _whole(law, read):
        return ""
    return f"; median {end_words(law, read.median, read.unit)}"


def _outer(law: Law, read: Crossing, scale: Scale | None, *, within: bool = False) -> str:
    """Say what share lies before the first day, after the last and, with an end, in neither."""
    start, end = day_words(law.information_date), day_words(law.horizon)
    ended: float | None = getattr(read.masses, "ended", None)
    hazard = end_hazard(law)
    parts = [(read.masses.already, f"that it had been passed by {start}")]
    if within:
        parts.append((read.masses.within, f"that it is passed between then and {end}"))
    unsplit = " or that the fighting ends first" if hazard and ended is None else ""
    parts.append((read.masses.beyond, f"that it is not passed by {end}{unsplit}"))
    if hazard and ended is not None:
        parts.append((ended, "that the fighting ends first"))
    said = [f"{likelihood(share, scale)} {what}" for share, what in parts]
    lead = "probability "
    joined = said[0].startswith(lead)
    said[1:] = [text.removeprefix(lead) if joined else text for text in said[1:]]
    return f"{', '.join(said[:-1])} and {said[-1]}"


def _figures(law: Law) -> str:
    what = law.provenance
    if what.figures == 0:
        return "From simulated paths of the total"
    figures = "1 reported figure" if what.figures == 1 else f"{what.figures:,} reported figures"
    count = what.independent_sources
    if not float(count).is_integer():
        return f"From {figures} (worth {count:.2g} independent sources)"
    return f"From {figures} ({count:.0f} independent source{'' if count == 1 else 's'})"


def _made_with(law: Law) -> str:
    what = law.provenance
    seed = f"seed {what.seed}" if what.seed is not None else "no seed"
    model = plain(what.model) or "no model named"
    return f"attrition {what.version}, {model}, {seed}"


def cite_stock(stock: Stock) -> str:
    """Return one sentence about a strength: reported with its interval, not forecast."""
    lower, median, upper = round_count(
        stock.lower, stock.median, stock.upper, whole=stock.unit == "persons"
    )
    return (
        f"{plain(stock.title)}, by the {plain(stock.basis_name)} for {stock.as_of}, reported as "
        f"“{plain(stock.quote)}”: {number(lower)} to {amount(upper, stock.unit)} "
        f"({chance(stock.prob)} credible interval of what the words mean; "
        f"median {number(median)}; a strength, not forecast)."
    )


def cite_other(dossier: Dossier, other: OtherForecast) -> str:
    """Return one sentence that sets somebody else's forecast next to our probability."""
    whose = (
        "latent total"
        if other.basis == "latent"
        else (f"count of {plain(dossier.sources[other.basis].name)}")
    )
    return (
        f"{plain(dossier.sources[other.source].name)} expected {number(other.threshold)} "
        f"“{plain(other.quote)}” (read as by {day_words(other.by)}): by the {whose} the "
        f"probability of that is {percent(other.probability)}."
    )
