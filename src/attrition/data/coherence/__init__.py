"""Do the figures of a dossier fit together? Findings, in words an editor understands."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module
from operator import attrgetter
from typing import NamedTuple

from attrition.core.checks import check_type
from attrition.core.files import bundled
from attrition.data.coherence.findings import ClaimEvidence, Finding, Hit, gather, grouped
from attrition.data.dossier import Dossier

__all__ = ["RULES", "Finding", "check"]


class CheckRule(NamedTuple):
    """What is looked for, and how it is said: a row of ``bundled/findings.toml``."""

    name: str
    find: Callable[[ClaimEvidence], Iterator[Hit]]
    texts: dict[str, str]

    @classmethod
    def of(cls, name: str, find: str, text: str | dict[str, str]) -> CheckRule:
        """Return a row of the table, with the generator that it names."""
        module, function = find.split(".")
        finder = attrgetter(function)(import_module(f"{__name__}.{module}"))
        return cls(name, finder, text if isinstance(text, dict) else {"": text})

    def findings(self, evidence: ClaimEvidence) -> Iterator[Finding]:
        """Yield what is found, in words."""
        for hit in self.find(evidence):
            yield Finding(self.name, hit.sentence(self.texts[hit.text]), hit.claims)


RULES = tuple(CheckRule.of(**row) for row in tomllib.loads(bundled("findings.toml"))["rules"])
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
    check_type(dossier, Dossier, "dossier", "a dossier: at.read_dossier(…)")
    evidence = gather(dossier)
    findings = (finding for rule in RULES for finding in rule.findings(evidence))
    sure = (finding for finding in findings if not _is_corrected(dossier, finding))
    return grouped(dossier, dict.fromkeys([*evidence.unread, *sure]))


def _is_corrected(dossier: Dossier, finding: Finding) -> bool:
    """Return whether a reader has said that the words of one claim are to be read as it is filed.

    What speaks against other claims is told all the same.
    """
    notes = [dossier.claims[index].note for index in finding.claims]
    return finding.rule in _OF_READING and len(notes) == 1 and notes[0].startswith(_READ_AS)
