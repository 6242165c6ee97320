"""A record as a document of Word: sentences, notes, the table of crossings, and a figure."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from attrition.core.late import optional
from attrition.reporting.files import cited_of, name_of
from attrition.reporting.models import Record
from attrition.reporting.words import chance, day_words, plain

if TYPE_CHECKING:
    from docx.document import Document

_BEGINNING = (1980, 1, 1, 0, 0, 0)  # of time in a zip file: the same record gives the same bytes
_WIDTH = 15.5  # cm, between the margins of a page
_HEADS = {
    "lower": "From",
    "median": "Median",
    "upper": "To",
    "already": "Already",
    "beyond": "Later",
    "ended": "Ended first",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure for a document.

    Parameters
    ----------
    png : bytes
    alternative : str
        What it shows, in words, for those who cannot see it.
    source : str
        The line below it: whose figures, known when, how made again.
    """

    png: bytes
    alternative: str
    source: str


def check_word() -> None:
    """Refuse to write for Word where the library for it is not installed."""
    _library("docx")


def word_document(record: Record, picture: Picture | None = None) -> bytes:
    """Return a record as a file of Word (.docx); the same record gives the same bytes.

    Parameters
    ----------
    record : Record
    picture : Picture, optional
        A figure below the table.

    Returns
    -------
    bytes
        A heading; each sentence with its note; every number of them as a table; the figure with
        its text alternative and source; how to check it.

    Raises
    ------
    InputError
        If python-docx is not installed: the extra ``word`` brings it.

    See Also
    --------
    attrition.reporting.write_exports : Markdown, LaTeX, HTML and tables.

    Examples
    --------
    >>> import attrition as at
    >>> law = at.when(600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1).law
    >>> at.reporting.word_document(at.reporting.make_record(law, [600]))[:2]
    b'PK'
    """
    docx = _library("docx")
    document: Document = docx.Document()
    content = record.dossier.content if record.dossier is not None else None
    titles = dict.fromkeys(str(law.provenance["title"]) for law in record.laws)
    title = plain((content or {}).get("title") or "; ".join(titles))
    document.core_properties.title = title[:255]  # as many letters as the form allows
    known = date.fromisoformat(record.settings.information_date)
    document.core_properties.created = document.core_properties.modified = datetime(
        known.year, known.month, known.day, tzinfo=UTC
    )
    document.core_properties.author = f"attrition {record.versions.attrition}"
    document.core_properties.comments = f"record {record.id}"
    document.add_heading(title, level=1)
    small = _library("docx.shared").Pt(8.5)

    def write_small(text: str) -> None:
        document.add_paragraph().add_run(text).font.size = small

    for _, _, sentence, note in cited_of(record):
        document.add_paragraph(sentence)
        write_small(note)
    write_small(
        f"{chance(record.settings.prob)} credible intervals of the day of passing, as known on "
        f"{day_words(known)}. Already: passed by then; later: not by the end of the forecast."
    )
    _add_table(document, record)
    if picture is not None:
        width = _library("docx.shared").Cm(_WIDTH)
        drawn = document.add_picture(BytesIO(picture.png), width=width)
        drawn._inline.docPr.set("descr", picture.alternative)  # noqa: SLF001 - it has no other door
        write_small(picture.source)
    write_small(
        f"Computed with attrition {record.versions.attrition}; record {record.id}, to be checked "
        "with: attrition verify record.json"
    )
    stream = BytesIO()
    document.save(stream)
    return _dateless(stream)


def _add_table(document: Document, record: Record) -> None:
    """Add a row for each citation, as it is printed; its heads stand again on each page."""
    cited = cited_of(record)
    names = [name for name in _HEADS if any(name in one.printed for _, one, _, _ in cited)]
    table = document.add_table(rows=1, cols=1 + len(names), style="Table Grid")
    rows = [
        ("Total", _HEADS),
        *((plain(name_of(law, one)), one.printed) for law, one, _, _ in cited),
    ]
    for index, (title, texts) in enumerate(rows):
        cells = table.rows[0].cells if index == 0 else table.add_row().cells
        for cell, text in zip(cells, (title, *(texts.get(n, "") for n in names)), strict=True):
            cell.text = text
    head: Any = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - it has no other door
    head.append(_library("docx.oxml").OxmlElement("w:tblHeader"))


def _library(name: str) -> Any:  # noqa: ANN401 - a module
    remedy = "Install `attrition[word]`, or use Markdown, LaTeX or HTML"
    return optional(name, "word_document", remedy)


def _dateless(stream: BytesIO) -> bytes:
    """Return a zip file whose parts bear no date."""
    fresh = BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(fresh, "w") as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _BEGINNING)
            new.writestr(part, old.read(name), compress_type=zipfile.ZIP_DEFLATED)
    return fresh.getvalue()
