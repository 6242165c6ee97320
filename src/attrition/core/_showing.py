"""How a thing of any room shows itself: in a line, as a small table, as a pandas DataFrame.

A law prints as its sentence, but the room of laws comes before the room of sentences and imports
nothing from it. So what a notebook calls asks the package itself, by name, at that moment; see
docs/decisions/0007.
"""

from __future__ import annotations

import dataclasses
import importlib
import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

_LINE, _CELL = 160, 60  # letters of a line, and of a cell of it
_LISTED = 3  # entries of a list that are shown one by one
_WHOLE = 1_000  # from here on a number has no decimals


def front(name: str) -> Any:  # noqa: ANN401 - whatever the package offers
    """Return a public name of the package, as ``cite`` or ``plots.fan``."""
    return operator.attrgetter(name)(importlib.import_module("attrition"))


class Shown:
    """A thing that somebody gets back: its fields are the cells of one row, or of a row a part.

    A class names in ``_parts`` the field, or method, that gives what it is a list of, in ``_cell``
    the fields of which the first that is there stands for it inside another thing, and in
    ``_tells`` what no field holds and yet is the result.
    """

    __slots__ = ()
    _parts: ClassVar[str] = ""
    _cell: ClassVar[tuple[str, ...]] = ()
    _tells: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **keywords: Any) -> None:  # noqa: ANN401 - pydantic's
        """Keep the short line of a class that has none of its own: a dataclass would write one."""
        super().__init_subclass__(**keywords)
        if not any("__repr__" in vars(one) for one in cls.__mro__[: cls.__mro__.index(Shown)]):
            cls.__repr__ = Shown.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        """Return the fields that say something, in a line."""
        results = [(name, getattr(self, name)) for name in self._tells]
        cells = ", ".join(
            f"{name}={shown(value)!r}" if isinstance(value, str) else f"{name}={shown(value)}"
            for name, value in (*results, *_fields(self, brief=True))
        )
        line = f"{type(self).__name__}({cells})"
        return line if len(line) <= _LINE else f"{line[: _LINE - 2]}…)"

    def table_rows(self) -> list[dict[str, Any]]:
        """Return its rows, by the names of their columns."""
        parts: Any = getattr(self, self._parts) if self._parts else (self,)
        parts = parts() if callable(parts) else parts
        return [row_of(part) for part in (parts.values() if isinstance(parts, Mapping) else parts)]

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas ships no types
        """Return its fields as a pandas DataFrame, one row or a row for each of its parts."""
        import pandas as pd

        table = pd.DataFrame(self.table_rows())
        for name in table:
            if table[name].map(lambda cell: isinstance(cell, date)).any():
                table[name] = pd.to_datetime(table[name], errors="coerce")
        return table

    def _repr_html_(self) -> str:
        return str(front("reporting.as_html")(self))

    def _repr_mimebundle_(
        self,
        include: Any = None,  # noqa: ANN401, ARG002 - IPython's protocol
        exclude: Any = None,  # noqa: ANN401, ARG002 - the same
    ) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self._repr_html_()}


def _fields(thing: object, *, brief: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield the public fields of a thing; ``brief`` leaves out those at their defaults."""
    stated: Mapping[str, Any] = getattr(type(thing), "model_fields", None) or {
        field.name: field
        for field in dataclasses.fields(thing)  # type: ignore[arg-type]
    }
    for name, field in stated.items():
        value = getattr(thing, name)
        usual = field.default
        same = type(value) is type(usual) and isinstance(value, (str, float, bool, tuple))
        empty = value is None or (isinstance(value, (str, Sequence, Mapping)) and not len(value))
        if not name.startswith("_") and not (brief and (empty or (same and value == usual))):
            yield name, value


def row_of(thing: object) -> dict[str, Any]:
    """Return the fields of a thing as the cells of a row; those of a thing inside it are cells too.

    What has no fields is one cell.
    """
    if not isinstance(thing, Shown):
        return {"value": thing}
    row: dict[str, Any] = {}
    for name, value in _fields(thing):
        own = type(value).__module__.startswith("attrition.")
        if not isinstance(value, Shown):
            row[name] = str(value) if own else value  # "2025-05", of a month
        elif value._cell:  # noqa: SLF001 - of its own kind
            first, *others = value._cell  # noqa: SLF001
            row[name] = getattr(value, first)
            row |= {f"{name}_{other}": getattr(value, other) for other in others}
        else:
            row |= {key: cell for key, cell in row_of(value).items() if key not in row}
    return row


def aligned(
    rows: Sequence[Sequence[str]], right: Collection[int] = (), gap: str = "  "
) -> list[str]:
    """Return rows as lines in columns; those in ``right`` are flush right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        gap.join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def shown(value: object) -> str:
    """Return a value as a cell of text: digits that can be read, and of much only how much it is.

    Examples
    --------
    >>> shown(1234567.891), shown(0.123456789), shown(date(2025, 6, 3)), shown(None)
    ('1,234,568', '0.1235', '2025-06-03', '–')
    >>> shown((1.0, 2.0)), shown(tuple("abcdefg")), shown({"a": 1, "b": 2})
    ('1, 2', '7 entries', 'a, b')
    """
    match value:
        case None:
            return "–"
        case float():
            return f"{value:,.0f}" if abs(value) >= _WHOLE else f"{value:.4g}"
        case str() | date() | bool() | int():
            text = f"{value:,}" if type(value) is int else str(value)
        case Mapping() | Sequence() if len(value) > _LISTED:
            text = f"{len(value):,} entries"
        case Mapping() | Sequence():
            text = ", ".join(map(shown, value))
        case Shown(_cell=()):
            text = repr(value)
        case Shown():
            cells = (getattr(value, key) for key in value._cell)  # noqa: SLF001 - of its own kind
            text = shown(next((cell for cell in cells if cell is not None), None))
        case _:
            shape = getattr(value, "shape", None)
            text = str(value) if shape is None else f"array {' × '.join(map(str, shape))}"
            text = text if len(text) <= _CELL else f"<{type(value).__name__}>"
    text = " ".join(text.split())
    return text if len(text) <= _CELL else f"{text[: _CELL - 1]}…"
