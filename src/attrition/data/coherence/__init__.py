"""Do the figures of a dossier fit together? Findings, in words an editor understands."""

from __future__ import annotations

from attrition.data.coherence import levels, windows, words
from attrition.data.coherence.findings import Finding, gather, grouped
from attrition.data.dossier import Dossier

__all__ = ["Finding", "check"]

_RULES = (
    levels.parts_above_wholes,
    levels.falling_totals,
    levels.sums,
    levels.ratios,
    levels.wounded_per_killed,
    levels.directions,
    levels.copies,
    windows.killed_in_windows,
    windows.increments_against_totals,
    windows.rates_against_windows,
    words.persons_and_incidents,
    words.categories,
    words.scopes,
    words.kinds,
    words.dates,
    words.far_apart,
)


def check(dossier: Dossier) -> tuple[Finding, ...]:
    """Look for figures that contradict one another, or the table they are filed in.

    Parameters
    ----------
    dossier : Dossier

    Returns
    -------
    tuple of Finding
        Empty when nothing was found. The rules: words that can be read; killed at most the
        casualties, in level and in window; totals that do not fall; components that add up;
        ratios that multiply out; plausible wounded for each killed; sources on the side of the
        truth where they are said to be; copies that are declared; increments against totals;
        rates against windows; persons against incidents; categories, scopes, kinds and dates of
        the words; figures decades apart. More than five findings of one rule on the same quantities
        and sources are told as one.

    Examples
    --------
    >>> import attrition as at
    >>> at.check(at.read_dossier())
    ()
    """
    held = gather(dossier)
    found = [*held.unread, *(finding for rule in _RULES for finding in rule(held))]
    return grouped(dossier, dict.fromkeys(found))
