"""A record in the form that each writer uses: Markdown, LaTeX, HTML, CSV and Parquet."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from attrition.core.files import write_whole
from attrition.core.late import optional
from attrition.core.laws import Provenance
from attrition.reporting.escape import for_csv, for_latex
from attrition.reporting.gather import gather_table, methods_paragraph
from attrition.reporting.models import Record, RecordedCrossing, RecordedLaw, stated_of
from attrition.reporting.record_laws import clauses_of, unpacked
from attrition.reporting.sources import bibtex, csl_json
from attrition.reporting.subject import count_words
from attrition.reporting.templates import rendered
from attrition.reporting.words import amount, chance, day_words


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
    attrition.write_page : a page.

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
    written: list[Path] = []
    for name, content in exports(record).items():
        write_whole(Path(folder) / name, content)
        written.append(Path(folder) / name)
    return written


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
