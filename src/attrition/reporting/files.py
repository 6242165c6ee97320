"""A record in the form that each writer uses, and what editors and reviewers ask for.

GATHER is a checklist of 18 items for estimates (Stevens et al. 2016,
doi:10.1371/journal.pmed.1002056), used here beyond health for what it asks.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from attrition.core.files import write_whole
from attrition.core.late import optional
from attrition.core.laws import Provenance
from attrition.reporting.models import Record, RecordedCrossing, RecordedLaw, stated_of
from attrition.reporting.note import counted_words, exact_assumption
from attrition.reporting.record import clauses_of, dossier_from, unpacked
from attrition.reporting.subject import capital, count_words, named
from attrition.reporting.templates import for_bibtex_url, for_csv, for_latex, for_markdown, rendered
from attrition.reporting.verification import is_counted
from attrition.reporting.words import amount, chance, day_words, plain


def write_exports(record: Record, folder: str | Path) -> list[Path]:
    """Write a record in every text form into a folder, each file whole or not at all.

    Returns
    -------
    list of pathlib.Path
        The files, named as ``EXPORTS`` lists them.

    Raises
    ------
    InputError
        If the folder cannot be written.

    See Also
    --------
    attrition.reporting.word_document : a file of Word.
    attrition.page.write_page : a page.

    Examples
    --------
    >>> import attrition as at, tempfile
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> record = at.reporting.make_record(law, [600])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print([file.name for file in at.reporting.write_exports(record, folder)])
    ['citation.md', 'citation.tex', 'citation.html', 'law.csv', 'sources.json', 'sources.bib',
    'gather.md', 'methods.md']
    """
    contents = exports(record)
    for name, content in contents.items():
        write_whole(Path(folder) / name, content)
    return [Path(folder) / name for name in contents]


def exports(record: Record) -> dict[str, bytes]:
    """Return the content of each file of ``EXPORTS`` by its name."""
    return {name: make(record).encode() for name, make in _FORMS.items()}


def cited_of(record: Record) -> list[tuple[RecordedLaw, RecordedCrossing, str, str]]:
    """Return law, threshold, sentence and note of each citation."""
    both = [(law, one) for law in record.laws for one in law.crossings]
    return [
        (*pair, text.sentence, text.note) for pair, text in zip(both, record.sentences, strict=True)
    ]


def markdown(record: Record) -> str:
    """Return each sentence with a footnote that holds its note."""
    return rendered("citation.md", record=record)


def latex_macros(record: Record) -> str:
    r"""Return a file of LaTeX macros, to be read by ``\input``.

    ``\attrTitle``, ``\attrThreshold``, ``\attrClause`` (what happens, when, how likely),
    ``\attrProb``, ``\attrMedian``, ``\attrLower``, ``\attrUpper``, ``\attrAlready``,
    ``\attrWithin``, ``\attrBeyond``, ``\attrEnded``, ``\attrCondition``, ``\attrBasis``,
    ``\attrSentence`` and ``\attrNote`` belong to the first citation of the record; those of the
    next end in B, C, … ``\attrRecord``, ``\attrVersion``, ``\attrInformationDate`` and
    ``\attrHorizon`` belong to all. ``\attrEnded`` is defined where the law knows of an end.

    See Also
    --------
    attrition.reporting.write_exports : every form, as files.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> record = at.reporting.make_record(law, [600])
    >>> print(
    ...     [line for line in at.reporting.latex_macros(record).splitlines() if "Median" in line][0]
    ... )
    \newcommand{\attrMedian}{13 June 2025}
    """
    lines = [f"% attrition {record.versions.attrition}, record {record.id}; do not edit"]

    def define(name: str, text: str) -> None:
        lines.append(rf"\newcommand{{\attr{name}}}{{{for_latex(text)}}}")

    define("Record", record.id)
    define("Version", record.versions.attrition)
    define("InformationDate", day_words(date.fromisoformat(record.settings.information_date)))
    define("Horizon", day_words(date.fromisoformat(record.settings.horizon)))
    clauses = clauses_of(record)
    for index, (law, one, sentence, note) in enumerate(cited_of(record)):
        facts = {
            "Prob": chance(record.settings.prob),
            "Threshold": amount(one.threshold, str(law.provenance["unit"])),
            "Title": str(law.provenance["title"]),
            "Clause": clauses[index],
            "Condition": law.condition,
            "Basis": _count(law),
            **{name.capitalize(): text for name, text in one.printed.items()},
            "Sentence": sentence,
            "Note": note,
        }
        for name, text in facts.items():
            define(name + _letters(index), text)
    return "\n".join(lines) + "\n"


def _letters(index: int) -> str:
    """Return nothing for 0, B for 1, C for 2, … Z, AA, AB: names of macros hold letters only."""
    name = ""
    count = index + 1 if index else 0
    while count:
        count, rest = divmod(count - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def html_fragment(record: Record) -> str:
    """Return a fragment of HTML: each standard sentence, its numbers, and where it comes from.

    See Also
    --------
    attrition.reporting.write_exports : every form, as files.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> record = at.reporting.make_record(law, [600])
    >>> record.id in at.reporting.html_fragment(record)
    True
    """
    labels = _labels(record)
    cited = [
        (name_of(law, one), sentence, note, [(labels[k], text) for k, text in one.printed.items()])
        for law, one, sentence, note in cited_of(record)
    ]
    return rendered("citation.html", record=record, cited=cited)


def name_of(law: RecordedLaw, one: RecordedCrossing) -> str:
    """Return which total, threshold and count a citation is about."""
    what, end = law.provenance, ", allowing for an end" if law.end_hazard else ""
    return f"{what['title']}, {amount(one.threshold, what['unit'])}, {_count(law)}{end}"


def _count(law: RecordedLaw) -> str:
    """Return whose count a recorded law is, in words that need no key."""
    return count_words(Provenance(**stated_of(law)))


def _labels(record: Record) -> dict[str, str]:
    """Return what each printed number is, in words."""
    settings = record.settings
    start, end = (
        day_words(date.fromisoformat(day)) for day in (settings.information_date, settings.horizon)
    )
    return {
        "lower": f"{chance(settings.prob)} credible interval from",
        "median": "median",
        "upper": "to",
        "already": f"probability that it had been passed by {start}",
        "within": f"that it is passed between then and {end}",
        "beyond": f"that it is not passed by {end}",
        "ended": "that the end comes first",
    }


def law_rows(record: Record) -> Iterator[tuple[str, str, str, float, str, float]]:
    """Yield record, quantity, basis, threshold, day and P(T <= day) of every recorded law."""
    first = date.fromisoformat(record.settings.information_date)
    for law, one, _, _ in cited_of(record):
        what = law.provenance
        basis = str(what["basis"]) + (" with an end" if law.end_hazard else "")
        for offset, probability in enumerate(unpacked(one.exceedance)):
            day = (first + timedelta(days=offset)).isoformat()
            yield record.id, str(what["quantity"]), basis, one.threshold, day, float(probability)


COLUMNS = ("record", "quantity", "basis", "threshold", "date", "probability")
"""Columns of the law as CSV and Parquet."""


def law_csv(record: Record) -> str:
    """Return P(T <= day) of every threshold and day as CSV, in full precision."""
    lines = [",".join(COLUMNS)]
    for name, quantity, basis, threshold, day, probability in law_rows(record):
        cells = (for_csv(name), for_csv(quantity), for_csv(basis))
        lines.append(f"{','.join(cells)},{threshold!r},{day},{probability!r}")
    return "\n".join(lines) + "\n"


def law_parquet(record: Record) -> bytes:
    """Return the same table as Parquet.

    Raises
    ------
    InputError
        If pyarrow is not installed.
    """
    optional("pyarrow", "law_parquet", "Install `attrition[parquet]`, or use law_csv")
    pd = importlib.import_module("pandas")  # xarray brings it
    table = pd.DataFrame(list(law_rows(record)), columns=list(COLUMNS))
    table["date"] = pd.to_datetime(table["date"])
    stream = BytesIO()
    table.to_parquet(stream, index=False)
    return stream.getvalue()


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
    named_sources = [s["name"] + (f", {s['url']}" if s.get("url") else "") for s in sources]
    first, last = (date.fromisoformat(d) for d in (settings.information_date, settings.horizon))
    facts = {
        "first": day_words(first),
        "last": day_words(last),
        "counted": is_counted(record),
        "figures": max(int(law["figures"]) for law in laws),
        "what": _distinct([counted_words(Provenance(**stated_of(law))) for law in record.laws]),
        "notes": capital(_distinct([note for law in laws for note in law.get("notes", ())])),
        "sources": _distinct(named_sources),
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
    if "series" in kept:  # what a count is read with is no dossier of anybody
        kept = [kind for kind in kept if kind != "dossier"]
    names = ["dossier" if kind == "dossier" else "recorded count" for kind in kept]
    return " ".join(f"The {name} stands in the record in full." for name in names)


def _distinct(texts: Sequence[str]) -> str:
    kept = [plain(text).removesuffix(".") for text in dict.fromkeys(texts)]
    return "; ".join(kept) + "." if kept else ""


def _biases(sources: Sequence[Mapping[str, Any]]) -> str:
    known = [f"{s['name']} {s['direction']}" for s in sources if s.get("direction")]
    given = [(s["name"], s.get("derived_from")) for s in sources]
    return _distinct([*known, *(f"{n} draws on {', '.join(own)}" for n, own in given if own)])


def _assumed(record: Record) -> str:
    rows = [row for law in record.laws for row in law.provenance.get("assumptions", ())]
    stated = [
        f"{exact_assumption(name, value)} ({reason.replace('`', '').rstrip('.')})"
        for name, value, reason, _ in rows
    ]
    return f"Assumed: {_distinct(stated)}" if stated else "Nothing was assumed."


def gather_table(record: Record) -> str:
    """Return the 18 items as a Markdown table."""
    return rendered("gather.md", items=gather_items(record))


def methods_paragraph(record: Record) -> str:
    """Return how the numbers came about, in plain language, as Markdown."""
    head, _, tail = " ".join(methods_steps(record)).rpartition("`attrition verify`")
    return f"{for_markdown(head)} `attrition verify`{tail}\n"


def methods_steps(record: Record, *, assumed: bool = True) -> list[str]:
    """Return how the numbers came about as a list of steps, in plain language.

    Without ``assumed`` for who lists the assumptions elsewhere.
    """
    return _lines("methods.txt", record, _assumed(record) if assumed else "")


_AUTHOR = "The attrition developers"
_TITLE = "attrition: threshold dates from reported figures that disagree"


def csl_items(record: Record) -> list[dict[str, Any]]:
    """Return the sources of a record, then the software, as items of CSL-JSON.

    Each source is one item: who says so, where, and when the last figure of it that the dossier
    holds appeared.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["kharkiv-advance"])
    >>> [item["id"] for item in csl_items(at.reporting.make_record(forecast))]
    ['csis', 'uk-mod', 'press', 'attrition']
    """
    items: list[dict[str, Any]] = []
    given = record.dossier
    content = given.content if given is not None and given.content is not None else {}
    claims: list[dict[str, Any]] = content.get("claims", [])
    if content:  # what a source has replaced is not cited
        dossier = dossier_from(content, f"record {record.id}")
        past = dossier.superseded(record.settings.information_date)
        claims = [claim for index, claim in enumerate(claims) if index not in past]
    for key, source in content.get("sources", {}).items():
        own = [claim for claim in claims if claim.get("source") == key]
        item = {
            "id": key,
            "type": "report",
            "title": f"Figures reported by {named(source['name'])}",
            "author": [{"literal": plain(source["name"])}],
        }
        if source.get("url"):
            item["URL"] = for_bibtex_url(source["url"])
        if own:
            latest = max(str(claim["published"]) for claim in own)
            item["issued"] = {"date-parts": [[int(part) for part in latest.split("-")]]}
        quotes = [plain(claim["quote"]) for claim in own if claim.get("quote")]
        if quotes:
            item["note"] = "; ".join(f"“{quote}”" for quote in dict.fromkeys(quotes))
        items.append(item)
    software = {
        "id": "attrition",
        "type": "software",
        "title": _TITLE,
        "author": [{"literal": _AUTHOR}],
        "version": record.versions.attrition,
        "note": f"record {record.id}",
    }
    return [*items, software]


def csl_json(record: Record) -> str:
    """Return the sources and the software as the text of a CSL-JSON file."""
    return json.dumps(csl_items(record), indent=2, ensure_ascii=False) + "\n"


def bibtex(record: Record) -> str:
    r"""Return the sources and the software as the text of a BibTeX file.

    Keys are the ids of the dossier with what BibTeX does not allow left out.
    """
    entries: list[str] = []
    for item in csl_items(record):
        fields = {
            "author": "{" + for_latex(item["author"][0]["literal"]) + "}",
            "title": "{" + for_latex(item["title"]) + "}",
        }
        if "issued" in item:
            parts = item["issued"]["date-parts"][0]
            fields |= {"year": str(parts[0]), "date": "-".join(f"{part:02d}" for part in parts)}
        if "version" in item:
            fields["version"] = for_latex(item["version"])
        if "URL" in item:
            fields["url"] = item["URL"]
        if "note" in item:
            fields["note"] = for_latex(item["note"])
        kind = "software" if item["type"] == "software" else "misc"
        key = re.sub(r"[^A-Za-z0-9_.:-]", "", item["id"]) or "source"
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        entries.append(f"@{kind}{{{key},\n{lines}}}\n")
    return "\n".join(entries)


_FORMS = {
    "citation.md": markdown,
    "citation.tex": latex_macros,
    "citation.html": html_fragment,
    "law.csv": law_csv,
    "sources.json": csl_json,
    "sources.bib": bibtex,
    "gather.md": gather_table,
    "methods.md": methods_paragraph,
}

EXPORTS = tuple(_FORMS)
"""Files that :func:`write_exports` writes."""
