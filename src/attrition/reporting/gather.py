"""What editors and reviewers ask for: the GATHER table, and a paragraph on methods.

GATHER is a checklist of 18 items for estimates (Stevens et al. 2016,
doi:10.1371/journal.pmed.1002056), used here beyond health for what it asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attrition.core.laws import Provenance
from attrition.reporting.escape import for_markdown
from attrition.reporting.models import Record, stated_of
from attrition.reporting.note import counted_words, exact_assumption
from attrition.reporting.recomputing import is_counted
from attrition.reporting.subject import capital
from attrition.reporting.templates import rendered
from attrition.reporting.words import chance, day_words, plain


def gather_items(record: Record) -> list[tuple[int, str, str]]:
    """Return number, question and answer of the 18 items, filled from a record.

    Returns
    -------
    list of tuple
        What the record cannot know begins with "n/a because".

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["kharkiv-advance"])
    >>> len(gather_items(at.reporting.make_record(forecast)))
    18
    """
    rows = [line.split("\t") for line in _lines("gather.txt", record, _assumed(record))]
    return [(index, what, answer) for index, (what, answer) in enumerate(rows, start=1)]


def _lines(template: str, record: Record, assumed: str) -> list[str]:
    """Return the lines of a template, filled from a record."""
    laws = [law.provenance for law in record.laws]
    given, settings = record.dossier, record.settings
    content = given.content if given is not None and given.content is not None else {}
    sources = list(content.get("sources", {}).values())
    first, last = (date.fromisoformat(d) for d in (settings.information_date, settings.horizon))
    facts = {
        "first": day_words(first),
        "last": day_words(last),
        "counted": is_counted(record),
        "figures": max(int(law["figures"]) for law in laws),
        "what": _distinct([counted_words(Provenance(**stated_of(law))) for law in record.laws]),
        "notes": capital(_distinct([note for law in laws for note in law.get("notes", ())])),
        "sources": _distinct(
            [s["name"] + (f", {s['url']}" if s.get("url") else "") for s in sources]
        ),
        "biases": _biases(sources),
        "counts": ", ".join(
            f"recorded count “{plain(one.id)}” (sha256 {one.sha256[:12]})"
            for one in record.inputs
            if one.kind == "series"
        ),
        "embedded": _embedded(record),
        "model": laws[0]["model"],
        "models": _distinct([str(law["model"]) for law in laws]),
        "interval": chance(settings.prob),
        "holds": _distinct([law.condition for law in record.laws]).removesuffix("."),
        "assumed": assumed,
    }
    return rendered(template, record=record, **facts).splitlines()


def _embedded(record: Record) -> str:
    kept = [one.kind for one in record.inputs if one.content is not None]
    own = "series" in kept  # what a count is read with is no dossier of anybody
    names = ["The dossier" if kind == "dossier" else "The recorded count" for kind in kept]
    return " ".join(
        f"{name} stands in the record in full."
        for kind, name in zip(kept, names, strict=True)
        if kind != "dossier" or not own
    )


def _distinct(texts: Sequence[str]) -> str:
    kept = [plain(text).removesuffix(".") for text in dict.fromkeys(texts)]
    return "; ".join(kept) + "." if kept else ""


def _biases(sources: Sequence[Mapping[str, Any]]) -> str:
    known = [f"{s['name']} {s['direction']}" for s in sources if s.get("direction")]
    known += [
        f"{s['name']} draws on {', '.join(s['derived_from'])}"
        for s in sources
        if s.get("derived_from")
    ]
    return _distinct(known)


def _assumed(record: Record) -> str:
    rows = [row for law in record.laws for row in law.provenance.get("assumptions", ())]
    reasons = [reason.replace("`", "").rstrip(".") for _, _, reason, _ in rows]
    stated = [
        f"{exact_assumption(name, value)} ({reason})"
        for (name, value, _, _), reason in zip(rows, reasons, strict=True)
    ]
    return f"Assumed: {_distinct(stated)}" if stated else "Nothing was assumed."


def gather_table(record: Record) -> str:
    """Return the 18 items as a Markdown table."""
    return rendered("gather.md", items=gather_items(record))


def methods_paragraph(record: Record) -> str:
    """Return how the numbers came about, in plain language, as Markdown."""
    head, _, tail = methods_words(record).rpartition("`attrition verify`")
    return f"{for_markdown(head)} `attrition verify`{tail}\n"


def methods_words(record: Record) -> str:
    """Return the same paragraph as plain text."""
    return " ".join(methods_steps(record))


def methods_steps(record: Record, *, assumed: bool = True) -> list[str]:
    """Return how the numbers came about as a list of steps, in plain language.

    Without ``assumed`` for who lists the assumptions elsewhere.
    """
    return _lines("methods.txt", record, _assumed(record) if assumed else "")
