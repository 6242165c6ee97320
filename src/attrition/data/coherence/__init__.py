"""Do the figures of a dossier fit together? Findings, in words an editor understands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrition.data.coherence import across, levels, quotes, refusals, windows, words
from attrition.data.coherence.findings import ClaimEvidence, Finding, Hit, gather, grouped
from attrition.data.dossier import Dossier

__all__ = ["RULES", "Finding", "check"]

RULES: tuple[tuple[str, Callable[[ClaimEvidence], Iterator[Hit]]], ...] = (
    ("floors alone", refusals.floors_alone),
    ("shares alone", refusals.shares_alone),
    ("nothing counted", refusals.nothing_counted),
    ("sources apart", across.sources_apart),
    ("two figures of one source", across.one_source_apart),
    ("copy apart", across.copies_apart),
    ("derived apart", across.derived_apart),
    ("number", quotes.numbers),
    ("unit", quotes.units),
    ("period", quotes.periods),
    ("share", quotes.shares),
    ("share against figures", quotes.shares_against_figures),
    ("sum in a sentence", quotes.arithmetic),
    ("sum in a sentence", quotes.fractions),
    ("sum in a sentence", quotes.differences_in_sentences),
    ("kind", words.kinds),
    ("category", words.categories),
    ("mixed scopes", words.scopes),
    ("persons and incidents", words.persons_and_incidents),
    ("part above whole", levels.parts_above_wholes),
    ("part above whole", across.parts_above_later_wholes),
    ("falling total", levels.falling_totals),
    ("falling across sources", across.totals_that_fall_across_sources),
    ("increment above total", windows.increments_above_totals),
    ("sum", levels.sums),
    ("sum", levels.sums_of_earlier_parts),
    ("floor above ceiling", levels.floors_above_ceilings),
    ("ratio", levels.ratios),
    ("increment against totals", windows.increments_against_totals),
    ("increment against totals", windows.increments_between_totals),
    ("increment above a longer one", windows.windows_above_longer_ones),
    ("killed in a window", windows.killed_in_windows),
    ("killed in a window", windows.killed_between_totals),
    ("rate against window", windows.rates_against_windows),
    ("wounded per killed", levels.wounded_per_killed),
    ("direction", levels.directions),
    ("forecast of the past", levels.forecasts_of_the_past),
    ("dates", words.dates),
    ("far apart", words.far_apart),
    ("duplicate", across.duplicates),
    ("undeclared copy", levels.copies),
)
"""Most serious first: what excludes something else, what is filed wrongly, what is odd."""

_OF_READING = frozenset(("number", "unit", "period", "kind", "category", "mixed scopes", "dates"))
"""Rules that compare a quotation with its own keys, which a reader may have filed on purpose."""

_READ_AS = "Read as"
"""So begins the note of a claim whose keys a reader has set against how its words are read."""


def check(dossier: Dossier) -> tuple[Finding, ...]:
    """Look for figures that contradict one another, or the table they are filed in.

    Parameters
    ----------
    dossier : Dossier

    Returns
    -------
    tuple of Finding
        Empty when nothing was found; most serious first. ``attrition.data.coherence.RULES`` names
        the rules: what a forecast refuses or leaves open; figures of one date that exclude one
        another, of one source, of a copy, of an input and of strangers; a quote against the keys
        beside it and against its own arithmetic; what the words count against the table they are
        filed in; parts above wholes; totals that fall; increases, shares, ratios and rates against
        totals; wounded for each killed; dates; claims that stand twice and copies that nobody
        declares. More than five findings of one rule on the same quantities and sources are told
        as one. Keys that a reader has set against the words, with a ``note`` that begins "Read as",
        are not compared with these again.

    See Also
    --------
    attrition.read_dossier : what is checked.
    attrition.forecasts.influence : which report the others contradict.

    Examples
    --------
    >>> import attrition as at
    >>> at.check(at.read_dossier())
    ()
    """
    evidence = gather(dossier)
    findings = [
        Finding(name, message, tuple(one if isinstance(one, int) else one.index for one in about))
        for name, rule in RULES
        for message, about in rule(evidence)
    ]
    findings = [one for one in findings if not _is_corrected(dossier, one)]
    return grouped(dossier, dict.fromkeys([*evidence.unread, *findings]))


def _is_corrected(dossier: Dossier, finding: Finding) -> bool:
    """Return whether a reader has said that the words of one claim are to be read as it is filed.

    What speaks against other claims is told all the same.
    """
    notes = [dossier.claims[index].note for index in finding.claims]
    return finding.rule in _OF_READING and len(notes) == 1 and notes[0].startswith(_READ_AS)
