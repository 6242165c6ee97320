"""Tables of an article: a cell is read by the words of its column and of its row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from attrition.core.errors import InputError
from attrition.text.reader import read_one
from attrition.text.reading import Reading
from attrition.text.text import clean, tokenise
from attrition.text.vocabulary import CATEGORY, LOOSE_CATEGORY, SCOPE, WORDS
from attrition.text.windows import find_windows

_PARTED = re.compile(r"\s*\|\s*|\t+| {3,}")
_RULE = re.compile(r"^[\s|:=+-]+$")
_COUNT = re.compile(r"^[*_~≈]*((?:\d{1,3}(?:[,  ]\d{3})+|\d+))[*_]*(?:\s?\[\w+\]|[*†‡])?$")
_A_YEAR = re.compile(r"(?:19|20)\d\d$")
_IN_WHOLE = re.compile(
    r"(?:- )?(?:of (?:whom|which|them|these)|including|incl\.|thereof)\b", re.IGNORECASE
)
"""A row that is a part of the one before it."""
_DAY = re.compile(r"\b\d{1,2}\b(?! \d{4}$)|today|yesterday|day$")
_WORD = re.compile(r"[^\W\d_]+")
_PIECE = re.compile(r"[,;()\[\]]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A count in a table: its reading, what is open about it, and the part that its row names."""

    reading: Reading
    doubt: str = ""
    place: str = ""


def cells_of(text: str) -> Iterator[tuple[int, list[Cell]]]:
    r"""Yield the rows of all tables of a text: where each begins, and its counts of people.

    Examples
    --------
    >>> table = "Town | Cases | Deaths\nLusa | 1,204 | 31\nTotal | 2,394 | 56"
    >>> [[(one.reading.point, one.place) for one in row] for _, row in cells_of(table)]
    [[], [(31.0, ' in Lusa')], [(56.0, '')]]
    """
    block: list[tuple[int, str]] = []
    caption, start = "", 0
    for line in [*text.split("\n"), ""]:
        row = _PARTED.search(line.strip(" |")) is not None or (block and _RULE.match(line))
        if row:
            block.append((start + len(line) - len(line.lstrip()), line.strip()))
        else:
            yield from _rows(block, caption)
            block = []
            caption = line.strip() or caption
        start += len(line) + 1


def _rows(block: list[tuple[int, str]], caption: str) -> Iterator[tuple[int, list[Cell]]]:
    """Yield the rows of one table, if it is one: names in its first row, and rows as long as it."""
    lines = [(start, line, _cells(line)) for start, line in block if not _RULE.match(line)]
    if len(lines) < 2:  # noqa: PLR2004  # a header and a row
        return
    header = lines[0][2]
    widths = {len(cells) for _, _, cells in lines}
    if len(widths) > 1 or any(_COUNT.match(cell) and not _A_YEAR.match(cell) for _, cell in header):
        return
    yield from ((start, []) for start, line in block if _RULE.match(line))
    yield lines[0][0], []
    columns = [cell for _, cell in header]
    alone = sum(bool(_COUNT.match(cell)) for _, cell in lines[1][2]) == 1
    counts, whole = [], ""
    for _, line, row in lines[1:]:
        part = _IN_WHOLE.match(row[0][1])
        whole = whole if part else row[0][1]
        lead = whole if part and _category(whole) else caption if alone else ""
        counts.append([*_counts(line, row, columns, lead)])
    if len(counts) > 2 and _adds_up(counts):  # noqa: PLR2004  # two parts and their sum
        counts[-1] = [replace(one, place="") for one in counts[-1]]
    yield from zip((start for start, _, _ in lines[1:]), counts, strict=True)


def _adds_up(rows: list[list[Cell]]) -> bool:
    """Return whether the last row is the sum of the others, whatever it is called."""
    numbers = [[one.reading.point or 0.0 for one in row] for row in rows]
    return (
        len({len(row) for row in rows}) == 1
        and [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1] != []
    )


def _cells(line: str) -> list[tuple[int, str]]:
    """Return the cells of a row with their places in it."""
    lead = len(line) - len(line.lstrip().removeprefix("|").lstrip())
    body, place, cells = line[lead:].rstrip().removesuffix("|").rstrip(), lead, []
    for match in [*_PARTED.finditer(body), None]:
        end = len(body) if match is None else match.start()
        cells.append((place, body[place - lead : end].strip(" *_`")))
        place = lead + (len(body) if match is None else match.end())
    return cells


def _counts(
    line: str, cells: list[tuple[int, str]], columns: list[str], caption: str
) -> Iterator[Cell]:
    """Yield the counts of people in a row."""
    row = cells[0][1]
    for (place, cell), column in zip(cells[1:], columns[1:], strict=True):
        amount = _COUNT.match(cell)
        category = _category(column) or _category(row) or _category(caption)
        about = column if _category(column) else f"{column} {row}"
        if amount is None or category is None or WORDS.cells_other & _words(about):
            continue
        begin = line.index(amount[1], place)
        part = row if not _category(row) else column
        with_times = (row, column, *_PIECE.split(column), caption)
        window, as_of = next(filter(any, map(_time, with_times)), ("", ""))
        periodic = WORDS.periodic & _words(column) and not WORDS.cumulative & _words(column)
        new = not window and periodic
        scope = next((SCOPE[w] for w in _words(column) | _words(row) if w in SCOPE), None)
        reading = replace(
            _plain_count(amount[1]),
            text=line,
            category=category,
            kind="increment" if window or new else "level",
            window=window or None,
            as_of=as_of or None,
            scope=scope,
            reached="own",
            start=begin,
            end=begin + len(amount[1]),
        )
        doubt = "a column of what is new: in which days?" if new else ""
        yield Cell(reading, doubt, _part(part))


def _plain_count(number: str) -> Reading:
    return read_one(f"{re.sub(r'[^0-9]', '', number)} people were killed")


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def _category(text: str) -> str | None:
    """Return what befell the people of a column, a row or a table, if one thing did."""
    named = {CATEGORY[word] for word in _words(text) if word in CATEGORY} - LOOSE_CATEGORY
    return named.pop() if len(named) == 1 else None


def _time(words: str) -> tuple[str, str]:
    """Return the period or the day that a name of a row or a column holds."""
    for form in (words, f"in {words}"):
        try:
            tokens = tokenise(clean(form)[0])
        except InputError:
            return "", ""
        for window in find_windows(tokens):
            if window.role == "window":
                return window.words, ""
            if window.role == "as_of":  # a quarter or a year in a table is what came in it
                return ("", window.words) if _DAY.search(window.words) else (window.words, "")
    return "", ""


def _part(row: str) -> str:
    """Return in words which part of the whole a row counts; nothing where it is the whole."""
    if WORDS.cells_named & _words(row):
        return f" ({row})"
    return "" if WORDS.cells_whole & _words(row) or any(_time(row)) or not row else f" in {row}"
