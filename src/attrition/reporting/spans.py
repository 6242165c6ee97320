"""One quantile of a date in words, as tables, figures and notes print it."""

from __future__ import annotations

from attrition.core.laws import CrossingDate, Law, print_date
from attrition.reporting.stretches import within
from attrition.reporting.words import day_words


def end_words(law: Law, quantile: CrossingDate, unit: str, *, short: bool = False) -> str:
    """Return one quantile in words: the stretch that a sentence prints, or its state."""
    state = str(quantile.state)
    if state == "already":
        return "already" if short else f"on or before {day_words(law.information_date)}"
    if law.provenance.floors:
        return "not determined"
    if state == "ended":
        ending = law.provenance.ending or "the fighting"
        return "never" if short else f"never, because {ending} ends first"
    if state == "beyond" or quantile.day is None:
        return f"after {print_date(law.horizon, 'day', short=short)}"
    printed = within(quantile.day, unit, law.information_date, law.horizon)
    return printed.short if short else printed.words
