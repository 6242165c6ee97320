"""Numbers as people print them, in digits and in words."""

from __future__ import annotations

from attrition.text.digits import digits_at
from attrition.text.elements import Number
from attrition.text.spelled import STARTS, words_at
from attrition.text.text import Tokens


def number_at(
    tokens: Tokens, i: int, *, dotted: bool = False, joined: bool = True
) -> Number | None:
    """Return the number that starts at a token.

    Parameters
    ----------
    tokens : Tokens
        The quotation.
    i : int
        Where to look.
    dotted : bool
        The quotation shows elsewhere that a dot groups thousands.
    joined : bool
        Whether "and" may stand inside ("two hundred and fifty").
    """
    if tokens.kind[i] == "n":
        return digits_at(tokens, i, dotted=dotted)
    if tokens.kind[i] == "c":
        return None
    if tokens.low[i] not in STARTS:
        return None
    return words_at(tokens, i, joined=joined)
