"""When did a figure appear? What its address and the code of a post say about it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from attrition.core.errors import InputError
from attrition.data.dossier.dates import PartialDate

_EPOCH = 1_288_834_974_657
"""Milliseconds from 1970 to the first post whose number holds a time."""

_POST = re.compile(r"(?:^|\.)(?:twitter|x)\.com/[^/]+/status/(\d{10,20})(?!\d)")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)/(0[1-9]|1[0-2])(?:/|$)")


def post_date(address: str) -> date | None:
    """Return the day (UTC) coded in the number of a post on Twitter or X, if there is one.

    The number, shifted right by 22 bits, counts milliseconds since 2010-11-04T01:42:54.657Z.

    Examples
    --------
    >>> post_date("https://x.com/DefenceHQ/status/1876584633103507960/photo/2").isoformat()
    '2025-01-07'
    """
    match = _POST.search(_path(address))
    if match is None:
        return None
    stamp = ((int(match[1]) >> 22) + _EPOCH) / 1000
    return datetime.fromtimestamp(stamp, UTC).date()


def address_date(address: str) -> PartialDate | None:
    """Return the latest day, or else month, that the path of an address names.

    Examples
    --------
    >>> str(address_date("https://www.reuters.com/world/15000-killed-2022-07-20/#:~:text=x"))
    '2022-07-20'
    >>> str(address_date("https://www.iiss.org/military-balance/2025/02/combat-losses"))
    '2025-02'
    """
    path = _path(address)
    if _POST.search(path):
        return None
    days = [_parsed(f"{hit[1]}-{hit[3]}-{hit[4]}") for hit in _DAY.finditer(path)]
    dates = [hit for hit in days if hit is not None]
    if not dates:
        months = [_parsed(f"{hit[1]}-{hit[2]}") for hit in _MONTH.finditer(path)]
        dates = [hit for hit in months if hit is not None]
    return max(dates, key=lambda hit: hit.last, default=None)


def infer_published(as_of: PartialDate, address: str) -> tuple[PartialDate, str]:
    """Return when a figure had surely appeared, as far as its row tells, and what says so.

    Parameters
    ----------
    as_of : PartialDate
        The day that the figure describes.
    address : str
        Where it stands.

    Returns
    -------
    published : PartialDate
        The latest of the day described, a date in the address and the time of a post.
    reason : str
        Which of them it is.
    """
    candidates = [(as_of, "the date of the row")]
    named, post = address_date(address), post_date(address)
    if named is not None:
        candidates.append((named, "a date in the address"))
    if post is not None:
        candidates.append((PartialDate(post, post), "the time coded in the number of the post"))
    return max(candidates, key=lambda pair: pair[0].last)


def _path(address: str) -> str:
    """Return host and path of an address: its query and fragment name no dates of ours."""
    try:
        split = urlsplit(address.strip())
    except ValueError:
        return ""
    return f"{split.netloc.lower()}{split.path}"


def _parsed(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse(text)
    except InputError:
        return None
