"""For how long words say that a pace has been steady: "around 300 a day, steady for six months"."""

from __future__ import annotations

import re
from typing import Final

from attrition.text.spelled import SMALL
from attrition.text.vocabulary import WORDS

_MONTHS: Final = {"week": 7 / 30.4375, "month": 1.0, "quarter": 3.0, "year": 12.0}
_COUNT: Final = "|".join(sorted(SMALL, key=len, reverse=True))
_STEADY: Final = re.compile(
    rf"(?<!not )(?<!never )(?<!less )\b(?:{'|'.join(sorted(WORDS.steady))})\b[^.;:!?]{{0,30}}?"
    r" for (?:(?:about|almost|at least|more than|nearly|over|some|the last|the past) )*"
    rf"(?:(?P<half>half an?)|(?P<one>an?)|(?P<number>\d+|{_COUNT}))[ -]"
    rf"(?P<unit>{'|'.join(_MONTHS)})s?\b",
    re.IGNORECASE,
)


def months_steady(words: str) -> int:
    """Return for how many whole months words call a pace steady; 0 where they do not.

    The words that say so are the class ``steady`` of ``words.toml``.

    Examples
    --------
    >>> months_steady("around 300 killed a day, steady for six months")
    6
    >>> [months_steady(words) for words in ("unchanged for half a year", "stable for 8 weeks")]
    [6, 1]
    >>> months_steady("not steady for six months"), months_steady("steady as she goes")
    (0, 0)
    """
    heard = _STEADY.search(words)
    if heard is None:
        return 0
    number = heard["number"] or ""
    count = 0.5 if heard["half"] else 1.0 if heard["one"] else float(SMALL.get(number.lower(), 0))
    count = float(number) if number.isdigit() else count
    return int(count * _MONTHS[heard["unit"].lower()] + 1e-9)
