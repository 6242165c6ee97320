"""Quoted words around casualty figures become readings.

A reading holds the numbers that the words state, the hedge around them, what is counted, over
which window and by whom, and what the wording alone leaves open. What the words do not decide is
reported with its candidates and never guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrition.core.late import attributes
from attrition.text.lexicon import Lexicon, default_lexicon, read_lexicon
from attrition.text.reader import parse, read_one
from attrition.text.reading import Reading

if TYPE_CHECKING:
    from attrition.text.articles import Article, Mention, Refused, read_words

# which a quoted figure does not need
__getattr__ = attributes(__name__, {"text.articles": "Article Mention Refused read_words"})

__all__ = [
    "Article",
    "Lexicon",
    "Mention",
    "Reading",
    "Refused",
    "default_lexicon",
    "parse",
    "read_lexicon",
    "read_one",
    "read_words",
]
