"""From a law to words: the sentence that can be cited, and the record that proves it."""

from attrition.citation.archive import (
    ArchiveScore,
    Scored,
    add_to_archive,
    read_archive,
    score_archive,
)
from attrition.citation.differences import Difference, Moved, diff
from attrition.citation.files import (
    EXPORTS,
    exports,
    html_fragment,
    latex_macros,
    law_csv,
    law_parquet,
    markdown,
    write_exports,
)
from attrition.citation.gather import gather_items, gather_table, methods_paragraph
from attrition.citation.held import laws_of
from attrition.citation.models import Record, record_schema
from attrition.citation.record import make_record, read_record, write_record
from attrition.citation.rows import results
from attrition.citation.sentence import Form, cite, cite_other, cite_stock
from attrition.citation.shown import as_html, as_text
from attrition.citation.sources import bibtex, csl_items, csl_json
from attrition.citation.verification import Compared, Verification, verify
from attrition.citation.words import Scale, amount, basis_words, likelihood, number, percent

__all__ = [
    "EXPORTS",
    "ArchiveScore",
    "Compared",
    "Difference",
    "Form",
    "Moved",
    "Record",
    "Scale",
    "Scored",
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
    "csl_items",
    "csl_json",
    "diff",
    "exports",
    "gather_items",
    "gather_table",
    "html_fragment",
    "latex_macros",
    "law_csv",
    "law_parquet",
    "laws_of",
    "likelihood",
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
    "write_exports",
    "write_record",
]
