"""Do the figures of a dossier fit together? Findings, in words an editor understands."""

from __future__ import annotations

from attrition.data.coherence import across, levels, quotes, refusals, windows, words
from attrition.data.coherence.findings import Finding, gather, grouped
from attrition.data.dossier import Dossier

__all__ = ["RULES", "Finding", "check"]

RULES = (
    refusals.without_a_total,
    refusals.nothing_counted,
    across.figures_apart,
    quotes.numbers,
    quotes.units,
    quotes.periods,
    quotes.shares,
    quotes.shares_against_figures,
    quotes.arithmetic,
    quotes.fractions,
    words.kinds,
    words.categories,
    words.scopes,
    words.persons_and_incidents,
    levels.parts_above_wholes,
    across.parts_above_later_wholes,
    levels.falling_totals,
    across.totals_that_fall_across_sources,
    windows.increments_above_totals,
    levels.sums,
    levels.sums_of_earlier_parts,
    levels.ratios,
    windows.increments_against_totals,
    windows.windows_above_longer_ones,
    windows.killed_in_windows,
    windows.rates_against_windows,
    levels.wounded_per_killed,
    levels.directions,
    words.dates,
    words.far_apart,
    across.duplicates,
    levels.copies,
)
"""Most serious first: what excludes something else, what is filed wrongly, what is odd."""


def check(dossier: Dossier) -> tuple[Finding, ...]:
    """Look for figures that contradict one another, or the table they are filed in.

    Parameters
    ----------
    dossier : Dossier

    Returns
    -------
    tuple of Finding
        Empty when nothing was found; most serious first. The rules: words that can be read; what
        a forecast refuses or leaves open (floors alone, shares alone, nought); sources
        that do not exclude one another; numbers, units, periods, shares and sums of a quote against
        the keys beside it; kinds, categories and scopes of the words; parts at most their wholes,
        of the same day, of later days and in pace; totals that do not fall, of one source and
        across sources; increments against totals; components that add up; ratios that multiply
        out; rates against windows; plausible wounded for each killed; sources on the side of the
        truth where they are said to be; dates; figures decades apart; claims that stand twice;
        copies that are declared. More than five findings of one rule on the same quantities
        and sources are told as one.

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
    findings = [*evidence.unread, *(finding for rule in RULES for finding in rule(evidence))]
    return grouped(dossier, dict.fromkeys(findings))
