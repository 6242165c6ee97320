"""A citation: the sentence for an article, and the note for those who check it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from attrition.core._showing import Shown
from attrition.core.checks import check_prob
from attrition.core.days import day_from
from attrition.core.errors import InputError, clip, refusal
from attrition.core.laws import Law
from attrition.core.laws.reading import offset_of
from attrition.forecasts import Forecast
from attrition.forecasts.question import numbers_of
from attrition.reporting.dates import (
    apart,
    by_day_words,
    clause,
    counts_words,
    thresholds_words,
    when_words,
)
from attrition.reporting.note import exact_words, interval_words, note_words, threshold_parts
from attrition.reporting.passing import Passing, passing
from attrition.reporting.questions import (
    before_words,
    gain_words,
    law_of_event,
    ratio_words,
    total_words,
)
from attrition.reporting.words import Scale, check_scale, day_words

if TYPE_CHECKING:
    from attrition.forecasts.joint import Event


@dataclass(frozen=True, slots=True)
class Citation(Shown):
    """What can be printed of a forecast.

    Parameters
    ----------
    sentence : str
        For the text of an article: claim, probability, whose count, the day on which that was
        known, condition. At most forty words, of two thresholds at most 55.
    note : str
        For a footnote: definition, figures and sources by name, interval, outer shares, condition,
        assumptions, method, and the record where there is one, all in plain words.
    technical : str
        The same method in the terms of the field, for those who compute it again.

    See Also
    --------
    attrition.cite : how it is made.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> print(at.cite(law, 600).sentence)
    The total is 96 % likely to pass 600 between 12 and 15 June 2025 if it goes on at this pace,
    on the two figures given for 3 June.
    >>> print(at.cite(law, 600).full[-110:])
    e terms of the field: 90 % equal-tailed credible interval, kind steady, two figures and a
    pace of families v1.
    """

    sentence: str
    note: str
    technical: str = ""

    @property
    def full(self) -> str:
        """Sentence, note, and the method in the terms of the field."""
        return " ".join(filter(None, (self.sentence, self.note, self.technical)))

    def __str__(self) -> str:
        """Return the sentence."""
        return self.sentence

    def __repr__(self) -> str:
        """Return the sentence, marked as a citation."""
        return f"<Citation: {self.sentence}>"

    def _repr_html_(self) -> str:
        from attrition.reporting.templates import for_html

        return f"<p>{for_html(self.sentence)}</p><p><small>{for_html(self.note)}</small></p>"


def cite(  # noqa: PLR0913 - each is one question or one choice of words
    what: Law | Sequence[Law] | Forecast,
    threshold: float | Sequence[float] | None = None,
    *,
    prob: float | None = None,
    by: date | str | None = None,
    on: date | str | None = None,
    since: date | str | None = None,
    before: tuple[Event, Event] | None = None,
    ratio: tuple[str, str] | None = None,
    quantity: str | None = None,
    basis: str | None = None,
    scale: Scale | None = None,
    record: str | None = None,
    subject: str | None = None,
    verb: str | None = None,
    condition: str | None = None,
) -> Citation:
    """Return in words what a forecast says: a sentence to print, and its note.

    Parameters
    ----------
    what : Law, sequence of Law, or Forecast
        One total; one threshold by several counts, which may disagree; or a forecast, for what
        needs whole paths or two totals.
    threshold : float or sequence of float, optional
        The total that is passed [unit]: when is it? Several share a sentence.
    prob : float, optional
        Probability of the equal-tailed credible interval; the forecast's own, or 0.9. What is
        printed beside rounded dates and totals is the probability of these.
    by : datetime.date, optional
        With a threshold: how likely it is passed by the end of this day.
    on : datetime.date, optional
        Without a threshold: what the total is on this day.
    since : datetime.date, optional
        With ``on``, of a forecast: what is added from this day on; of a ratio, its first day.
    before : tuple, optional
        Of a forecast: two events, each (quantity, threshold) or (quantity, threshold, basis), and
        how likely the one comes first.
    ratio : tuple of str, optional
        Of a forecast: numerator and denominator.
    quantity, basis : str, optional
        Of a forecast: which total, and whose count; all counts that were forecast where ``basis``
        is left out and a threshold is given.
    scale : {"ICD-203", "PHIA", "IPCC"}, optional
        Whose likelihood words to use; ICD-203 when left out. The note names it.
    record : str, optional
        Id of the record that holds the numbers, for the note.
    subject, verb, condition : str, optional
        Words in place of those of the dossier: "people killed in Gaza", "passes", "if deaths go on
        at this pace".

    Returns
    -------
    Citation

    Raises
    ------
    InputError
        If nothing or two things are asked, or something is out of range.

    See Also
    --------
    attrition.reporting.make_record : what lets a reader check it.
    attrition.plots.crossing : the same as a picture.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["russian-casualties"])
    >>> law = forecast.law("russian-casualties")
    >>> print(at.cite(law, 900_000))
    Russia’s killed and wounded had passed 900,000 by 5 June 2025 (...).
    >>> "90 % interval (5 % on either side)" in at.cite(law, 1_000_000).note
    True
    >>> "90 % equal-tailed credible interval" in at.cite(law, 1_000_000).full
    True
    """
    check_scale(scale)
    asked_days = {"by": by, "on": on, "since": since}
    days = {name: None if day is None else day_from(day, name) for name, day in asked_days.items()}
    if before is not None or ratio is not None:
        forecast = _forecast(what)
        chosen = check_prob(forecast.prob if prob is None else prob)
        if before is not None:
            law = law_of_event(forecast, before[0])
            sentence, parts = before_words(forecast, *before)
        else:
            pair, whose = ratio or ("", ""), basis or "latent"
            law, on_day = forecast.law(pair[0], whose), days["on"] or forecast.information_date
            span = (on_day, days["since"])
            sentence, parts = ratio_words(forecast, pair, span, basis=whose, prob=chosen)
        note = note_words(law, parts, scale=scale, record=record)
        return Citation(sentence, note, exact_words(law, prob=chosen))
    laws = [_worded(law, subject, verb, condition) for law in _laws(what, quantity, basis)]
    chosen = check_prob(prob if prob is not None else getattr(what, "prob", 0.9))
    if threshold is None:
        return _total(what, laws[0], days, chosen, scale, record)
    asked = numbers_of(threshold)
    if not asked or (len(asked) > 1 and (len(laws) > 1 or by is not None)):
        raise _unasked(f"{len(asked)} thresholds of {len(laws)} counts")
    reads = [passing(law, value, chosen) for law in laws for value in asked]
    if days["by"] is not None:
        offset_of(days["by"], laws[0], "by")
        sentence = by_day_words(reads[0], days["by"])
        note = note_words(laws[0], threshold_parts(reads), scale=scale, record=record)
        return Citation(sentence, note, exact_words(laws[0], reads))
    return worded(reads, scale, record)


def worded(
    reads: Sequence[Passing], scale: Scale | None = None, record: str | None = None
) -> Citation:
    """Return the citation of what was read: of one total, or of one threshold by several counts."""
    several = len({read.read.threshold for read in reads}) > 1
    groups = [reads] if several else [[read] for read in reads]  # each count has its own note
    notes = [
        note_words(own[0].law, threshold_parts(own), scale=scale, record=record) for own in groups
    ]
    exacts = dict.fromkeys(exact_words(own[0].law, own) for own in groups)
    words = thresholds_words if several else counts_words
    sentence = when_words(reads[0], scale) if len(reads) == 1 else words(reads)
    return Citation(sentence, " ".join(notes), " ".join(exacts))


def disagreeing(forecast: Forecast, prob: float | None = None) -> Citation | None:
    """Return the citation of the first threshold by all its counts, if these share no date."""
    laws = forecast.laws.items()
    first = next((key for (key, _), _ in laws if forecast.thresholds[key]), None)
    chosen = forecast.prob if prob is None else prob
    reads = [
        passing(law, forecast.thresholds[key][0], chosen) for (key, _), law in laws if key == first
    ]
    return worded(reads) if len(reads) > 1 and apart(reads) else None


def _total(  # noqa: PLR0917 - a half of `cite`
    what: Law | Sequence[Law] | Forecast,
    law: Law,
    days: dict[str, date | None],
    prob: float,
    scale: Scale | None,
    record: str | None,
) -> Citation:
    on, since = days["on"], days["since"]
    if on is None:
        raise _unasked("neither a threshold nor a day")
    last = offset_of(on, law, "on")
    if since is None:
        sentence, exact = total_words(law, on, prob)
        of_what = "of the total"
    else:
        forecast = _forecast(what)
        first = offset_of(since, law, "since")
        if first >= last:
            raise refusal("since before on", f"{since} and {on}", "cite")
        key = (law.provenance.quantity, law.provenance.basis)
        from attrition.forecasts.joint import increment_of  # with all of assimilation

        read, draws = increment_of(forecast, since, on, key, prob)
        sentence, exact = gain_words(law, read, draws)
        of_what = f"of what is added after {day_words(since)}, of {draws.size:,} paths"
    part = f"{interval_words(prob)} {of_what}: {exact} on {day_words(on)}."
    note = note_words(law, [part], scale=scale, record=record)
    return Citation(sentence, note, exact_words(law, prob=prob))


def _forecast(what: Law | Sequence[Law] | Forecast) -> Forecast:
    if isinstance(what, Forecast):
        return what
    raise refusal("joined in a forecast", type(what).__name__, "cite")


def _laws(
    what: Law | Sequence[Law] | Forecast, quantity: str | None, basis: str | None
) -> list[Law]:
    if isinstance(what, Law):
        return [what]
    if not isinstance(what, Forecast):
        several = list(what) if isinstance(what, Iterable) else []
        if not several or not all(isinstance(law, Law) for law in several):
            raise _unasked("no law")
        return several
    names = list(dict.fromkeys(key for key, _ in what.laws))
    if quantity is None and len(names) != 1:
        raise refusal("one total cited", "no quantity", "cite", names=", ".join(names))
    name = quantity or names[0]
    what.law(name, basis)  # refuses what was not forecast
    return [
        law for (key, whose), law in what.laws.items() if key == name and basis in (None, whose)
    ]


def _worded(law: Law, subject: str | None, verb: str | None, condition: str | None) -> Law:
    if (subject, verb, condition) == (None, None, None):
        return law
    from attrition.forecasts.asking import worded as in_words  # which brings the posterior

    return law.with_provenance(in_words(law.provenance, subject, verb, condition))


def _unasked(got: str) -> InputError:
    return refusal("one question cited", clip(got), "cite")


__all__ = ["Citation", "cite", "clause", "worded"]
