"""From a law to words: the sentence that can be cited, in three lengths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from attrition.core.errors import InputError, clip
from attrition.core.laws import Crossing, Law, crossing, round_count
from attrition.data.dossier import Dossier
from attrition.forecasts import OtherForecast, Stock
from attrition.reporting.clauses import (
    clause,
    is_past,
    key_words,
    level_words,
    median_words,
    outer_words,
    shares_words,
    whole_words,
)
from attrition.reporting.words import (
    Scale,
    amount,
    basis_words,
    chance,
    condition,
    day_words,
    likelihood,
    number,
    percent,
    plain,
)

Form = Literal["standard", "short", "full"]
"""How long a citation is."""


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
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["russian-casualties"])
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
    from attrition.reporting.record import make_record

    return make_record(law, thresholds, prob=prob).id


def _plural(reads: Sequence[Crossing]) -> str:
    return "" if len(reads) == 1 else "s"


def _join(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{'; '.join(parts[:-1])}; and {parts[-1]}"


def _short(law: Law, reads: Sequence[Crossing], record: str) -> str:
    what = law.provenance
    clauses = _join([clause(law, read) for read in reads])
    return (
        f"{plain(what.title)} ({plain(what.definition)}), in {basis_words(law)}, {clauses} "
        f"({chance(reads[0].prob)} credible interval{_plural(reads)}; record {record})."
    )


def _standard(law: Law, reads: Sequence[Crossing], scale: Scale | None, record: str | None) -> str:
    what = law.provenance
    made = _made_with(law) + (f", record {record}" if record else "")
    holds = "" if is_past(reads) else f"and {condition(law)}, "
    head = (
        f"{_figures(law)} known on {day_words(law.information_date)}, {holds}"
        f"{plain(what.title)} ({plain(what.definition)}), in {basis_words(law)},"
    )
    interval = f"{chance(reads[0].prob)} credible interval"
    if len(reads) == 1:
        read = reads[0]
        middle = f"{interval}{whole_words(law, read)}{median_words(law, read)}"
        return f"{head} {clause(law, read)} ({middle}; {outer_words(law, read, scale)}; {made})."
    clauses = _join([f"{clause(law, r)} ({shares_words(law, r, scale)})" for r in reads])
    return f"{head} {clauses}; these are {interval}s ({key_words(law, reads)}; {made})."


def _full(law: Law, reads: Sequence[Crossing], scale: Scale | None, record: str) -> str:
    what = law.provenance
    scope = f"; {plain(what.scope)}" if what.scope else ""
    holds = "" if is_past(reads) else f"{_capital(condition(law))}, "
    parts = [
        f"{holds}{plain(what.title)} ({plain(what.definition)}{scope}), "
        f"in {basis_words(law)}, "
        + _join(
            [
                f"{clause(law, r, whole=True)} ({chance(r.prob)} equal-tailed credible interval"
                f"{whole_words(law, r)}{median_words(law, r)})"
                for r in reads
            ]
        )
        + "."
    ]
    parts += [
        f"Of {level_words(law, r)}: {outer_words(law, r, scale, within=True)}." for r in reads
    ]
    parts.append(f"{_figures(law)} known on {day_words(law.information_date)}.")
    if what.assumptions:
        assumed = ", ".join(
            f"{plain(n)} = {value:g}"
            if isinstance(value, float)
            else f"{plain(n)} = {plain(value)}"
            for n, value, _, _ in what.assumptions
        )
        parts.append(f"Assumed, because no report says it: {assumed}.")
    error = max(read.mcse for read in reads)
    stated = f"Monte Carlo standard error at most {error:.2g} days; " if error else ""
    parts.append(f"Made with {_made_with(law)}; {stated}record {record}.")
    return " ".join(parts)


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _figures(law: Law) -> str:
    what = law.provenance
    if what.figures == 0:
        return "From simulated paths of the total"
    if what.counted:
        return f"From {what.figures:,} reports of one count"
    figures = "1 reported figure" if what.figures == 1 else f"{what.figures:,} reported figures"
    count = what.independent_sources
    if count == 0:  # stated without a source
        return f"From {what.figures} stated figures"
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
