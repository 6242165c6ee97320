"""From a law to words: the sentence that can be cited, and the record that proves it."""

from attrition.citation.differences import Difference, Moved, diff
from attrition.citation.models import Record, record_schema
from attrition.citation.record import laws_of, make_record, read_record, write_record
from attrition.citation.rows import results
from attrition.citation.sentence import Form, cite, cite_other, cite_stock
from attrition.citation.verification import Compared, Verification, verify
from attrition.citation.words import Scale, likelihood, number, percent

__all__ = [
    "Compared",
    "Difference",
    "Form",
    "Moved",
    "Record",
    "Scale",
    "Verification",
    "cite",
    "cite_other",
    "cite_stock",
    "diff",
    "laws_of",
    "likelihood",
    "make_record",
    "number",
    "percent",
    "read_record",
    "record_schema",
    "results",
    "verify",
    "write_record",
]
