"""The tables of a page in HTML, each spanned cell repeated where it spans."""

from __future__ import annotations

from html.parser import HTMLParser

_MOST_SPANNED = 1_000  # rows or columns that a cell is believed to span
_MOST_CELLS = 5_000_000  # of a page, so that spans within spans stay bounded
_NOTES = {"sup", "script", "style"}  # no words of a cell


def tables_of(text: str) -> list[list[list[str]]]:
    """Return the cells of each table, by rows.

    Raises
    ------
    ValueError
        If spans make more than five million cells.

    Examples
    --------
    >>> tables_of("<table><tr><th>Day<th>Deaths<tr><td>3 June<td>5<sup>[1]</sup></table>")
    [[['Day', 'Deaths'], ['3 June', '5']]]
    """
    parser = _Reader()
    parser.feed(text)
    parser.close()
    return parser.tables


class _Reader(HTMLParser):
    """Collects tables; what a table within a cell holds is read as a table of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._spans: list[dict[int, tuple[int, str]]] = []  # by column: rows still spanned, cell
        self._span: tuple[int, int] | None = None  # of the cell that is being read
        self._words: list[str] = []
        self._quiet = 0
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_cell()
            self._open.append([])
            self._spans.append({})
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
            self._repeat()
        elif tag in {"td", "th"} and self._open and self._open[-1]:
            self._end_cell()
            given = dict(attrs)
            self._span = _number(given.get("rowspan")), _number(given.get("colspan"))
        elif tag in _NOTES:
            self._quiet += 1
        elif tag == "br":
            self._words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self._end_cell()
        if tag == "table" and self._open:
            self._open.pop()
            self._spans.pop()
        if tag in _NOTES:
            self._quiet = max(self._quiet - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self._words.append(data)

    def _end_cell(self) -> None:
        if self._span is not None:
            rows, columns = self._span
            text = " ".join("".join(self._words).split())
            for _ in range(columns):
                if rows > 1:
                    self._spans[-1][len(self._open[-1][-1])] = rows - 1, text
                self._append(text)
            self._repeat()
        self._span, self._words = None, []

    def _repeat(self) -> None:
        """Fill in the cells of rows above that reach into this one."""
        row, spans = self._open[-1][-1], self._spans[-1]
        while len(row) in spans:
            rows, text = spans.pop(len(row))
            if rows > 1:
                spans[len(row)] = rows - 1, text
            self._append(text)

    def _append(self, text: str) -> None:
        self._cells += 1
        if self._cells > _MOST_CELLS:
            raise ValueError(f"more than {_MOST_CELLS:,} cells")
        self._open[-1][-1].append(text)


def _number(text: str | None) -> int:
    return min(int(text), _MOST_SPANNED) if text and text.isdecimal() and int(text) else 1
