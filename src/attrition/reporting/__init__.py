"""From a law to words: the sentence that can be cited, and the record that proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrition.core.late import attributes

if TYPE_CHECKING:
    from attrition.reporting.archive import (
        ArchiveScore,
        Scored,
        add_to_archive,
        read_archive,
        score_archive,
    )
    from attrition.reporting.citation import Citation, cite
    from attrition.reporting.comparing import Comparison, Contribution, Shift, compare
    from attrition.reporting.files import (
        EXPORTS,
        exports,
        html_fragment,
        latex_macros,
        law_csv,
        law_parquet,
        markdown,
        write_exports,
    )
    from attrition.reporting.gather import gather_items, gather_table, methods_paragraph
    from attrition.reporting.models import Record, record_schema
    from attrition.reporting.record import make_record, read_record, write_record
    from attrition.reporting.record_laws import laws_of
    from attrition.reporting.rows import results
    from attrition.reporting.sentence import cite_other, cite_stock
    from attrition.reporting.shown import as_html, as_text
    from attrition.reporting.sources import bibtex, csl_items, csl_json
    from attrition.reporting.verification import Compared, Verification, verify
    from attrition.reporting.word import Picture, word_document
    from attrition.reporting.words import Scale, amount, basis_words, number, percent

__getattr__ = attributes(
    __name__,
    {
        "reporting.archive": (
            "ArchiveScore",
            "Scored",
            "add_to_archive",
            "read_archive",
            "score_archive",
        ),
        "reporting.citation": ("Citation", "cite"),
        "reporting.comparing": ("Comparison", "Contribution", "Shift", "compare"),
        "reporting.files": (
            "EXPORTS",
            "exports",
            "html_fragment",
            "latex_macros",
            "law_csv",
            "law_parquet",
            "markdown",
            "write_exports",
        ),
        "reporting.gather": ("gather_items", "gather_table", "methods_paragraph"),
        "reporting.models": ("Record", "record_schema"),
        "reporting.record": ("make_record", "read_record", "write_record"),
        "reporting.record_laws": ("laws_of",),
        "reporting.rows": ("results",),
        "reporting.sentence": ("cite_other", "cite_stock"),
        "reporting.shown": ("as_html", "as_text"),
        "reporting.sources": ("bibtex", "csl_items", "csl_json"),
        "reporting.verification": ("Compared", "Verification", "verify"),
        "reporting.word": ("Picture", "word_document"),
        "reporting.words": ("Scale", "amount", "basis_words", "number", "percent"),
    },
)

__all__ = [
    "EXPORTS",
    "ArchiveScore",
    "Citation",
    "Compared",
    "Comparison",
    "Contribution",
    "Picture",
    "Record",
    "Scale",
    "Scored",
    "Shift",
    "Verification",
    "add_to_archive",
    "amount",
    "as_html",
    "as_text",
    "basis_words",
    "bibtex",
    "cite",
    "cite_other",
    "cite_stock",
    "compare",
    "csl_items",
    "csl_json",
    "exports",
    "gather_items",
    "gather_table",
    "html_fragment",
    "latex_macros",
    "law_csv",
    "law_parquet",
    "laws_of",
    "make_record",
    "markdown",
    "methods_paragraph",
    "number",
    "percent",
    "read_archive",
    "read_record",
    "record_schema",
    "results",
    "score_archive",
    "verify",
    "word_document",
    "write_exports",
    "write_record",
]
