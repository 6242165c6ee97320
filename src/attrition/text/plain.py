"""An article in one manner of writing: what houses print differently and mean alike.

"Killed Tuesday", "March 13, 2025", "Nov. 6" and "the 4th of May" become "killed on Tuesday",
"13 March 2025", "6 November" and "the 4 May", and "--" a dash, so that no rule of an article has to
know more than one of them. What is quoted stays as it is printed: `place_in` finds it again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from attrition.text.dates import COUNTED, MONTH, MONTHS, WEEKDAYS
from attrition.text.text import listed

_NTH: Final = "(?:st|nd|rd|th)"
_SHORT: Final = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
_YEAR: Final = r",? (?:1[5-9]|20)\d\d\b(?![\d,.]*\d)"
_LED: Final = listed("""
    on by of to the and from late last this next every since until till early after before between
    through than is was or each past a
    """)
"""Words before a day that lacks no "on"."""
_UNLED: Final = "".join(rf"(?<!\b[{word[0]}{word[0].upper()}]{word[1:]} )" for word in _LED)
_FEASTS: Final = {
    "New Year's Day": "1 January",
    "Christmas Eve": "24 December",
    "Christmas Day": "25 December",
    "Boxing Day": "26 December",
    "New Year's Eve": "31 December",
}
_MANNERS = re.compile(
    rf"(?<![Ii]n )(?<!-)\b(?P<both>(?<=etween ))?(?P<month>{MONTHS}|{_SHORT}) "
    rf"(?P<day>\d{{1,2}}{_NTH}?(?:(?:[-–]| ?- ?| – | to | through |(?(both) and |(?!)))"
    rf"\d{{1,2}}{_NTH}?)?)(?![-–\d.,:]*\d| ?%)"
    rf"(?! (?:more|others|dead|died|were|{'|'.join(sorted(COUNTED - {'%'}))})\b)(?P<year>{_YEAR})?"
    rf"|\b(?P<nth>\d{{1,2}})(?:{_NTH}(?: of)? (?P<its>{MONTHS}|{_SHORT})| (?P<cut>{_SHORT}))"
    rf"(?P<in>{_YEAR})?"
    rf"|{_UNLED}(?<=[a-z\d] )(?P<on>{WEEKDAYS})"
    r"(?=[,.;:]|$| (?:morning|afternoon|evening|night|that|in|after|when|as|and|at|near|for|from"
    r"|with|but|while|it|he|she|they|the|there|his|her|its|an?|\d+)\b)"
    rf"|\b[Oo]n (?P<feast>{'|'.join(_FEASTS).replace(chr(39), '[’' + chr(39) + ']')})\b"
    r"|(?P<dash> ?--+ ?)"
)
"""How houses write days, and dashes; a number after "in March" is no day."""


def plain(text: str) -> str:
    """Return a text in the manner in which the rules of articles are written.

    Examples
    --------
    >>> plain("On March 13, 2025, and by Nov. 3-9 -- the 4th of May, police said Friday.")
    'On 13 March 2025, and by 3-9 November – the 4 May, police said on Friday.'
    """
    pieces, begin = [], 0
    for start, end, words in _changes(text):
        pieces += [text[begin:start], words]
        begin = end
    return "".join([*pieces, text[begin:]])


def place_in(text: str, place: int) -> int:
    """Return where in a text stands what is at a place of it when it is `plain`.

    Examples
    --------
    >>> place_in("On Nov. 3, 9 died.", "On 3 November, 9 died.".index("9"))
    11
    """
    for start, end, words in _changes(text):
        if start >= place:
            break
        place += end - start - len(words)
    return place


@lru_cache(maxsize=1024)
def _changes(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what is printed in another manner: where it begins and ends, and its words in ours."""
    return tuple((*match.span(), _in_one_manner(match)) for match in _MANNERS.finditer(text))


def _in_one_manner(match: re.Match[str]) -> str:
    if match["dash"]:
        return " – "
    if match["feast"]:
        return f"on {_FEASTS[match['feast'].replace('’', chr(39))]}"
    if match["on"]:
        return f"on {match['on']}"
    day = re.sub(rf"(?<=\d){_NTH}", "", match["day"] or match["nth"])
    month = MONTH[(match["month"] or match["its"] or match["cut"]).lower().rstrip(".")]
    return f"{day} {month}{(match['year'] or match['in'] or '').removeprefix(',')}"
