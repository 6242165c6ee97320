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
        bibtex,
        csl_items,
        csl_json,
        exports,
        gather_items,
        gather_table,
        html_fragment,
        latex_macros,
        law_csv,
        law_parquet,
        markdown,
        methods_paragraph,
        write_exports,
    )
    from attrition.reporting.models import Record, record_schema
    from attrition.reporting.questions import cite_other, cite_stock
    from attrition.reporting.record import laws_of, make_record, read_record, write_record
    from attrition.reporting.rows import as_html, as_text, results
    from attrition.reporting.screen import as_screen
    from attrition.reporting.verification import Compared, Verification, verify
    from attrition.reporting.word import Picture, word_document
    from attrition.reporting.words import Scale, amount, basis_words, number, percent

__getattr__ = attributes(
    __name__,
    {
        "reporting.archive": "ArchiveScore Scored add_to_archive read_archive score_archive",
        "reporting.citation": "Citation cite",
        "reporting.comparing": "Comparison Contribution Shift compare",
        "reporting.files": "EXPORTS bibtex csl_items csl_json exports gather_items gather_table "
        "html_fragment latex_macros law_csv law_parquet markdown methods_paragraph write_exports",
        "reporting.models": "Record record_schema",
        "reporting.record": "laws_of make_record read_record write_record",
        "reporting.questions": "cite_other cite_stock",
        "reporting.rows": "as_html as_text results",
        "reporting.screen": "as_screen",
        "reporting.verification": "Compared Verification verify",
        "reporting.word": "Picture word_document",
        "reporting.words": "Scale amount basis_words number percent",
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
    "as_screen",
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
