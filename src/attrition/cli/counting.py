"""How a recorded count is read from a file: the options of every command that takes one."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from attrition.cli.arguments import number_of
from attrition.cli.options import write_notes
from attrition.core.errors import AttritionWarning, InputError

if TYPE_CHECKING:
    from attrition.data.series import Series

DateColumnOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--date-column", help="Of a series: its column of dates, if not a known name."),
]
ValueColumnOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--value-column", help="Of a series: its column of counts, if not a known name."),
]
KindOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--kind", help="Of a series: 'total' so far, or 'new' counts."),
]
WhereOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="COLUMN=VALUE",
        help="Of a series: read only such rows; may be repeated.",
    ),
]
PeriodOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--period", help="Of a series: weeks or months are labelled by their 'start' or 'end'."
    ),
]
ScaleOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--scale", help="Of a series: what one unit counts, 1000 for thousands."),
]
IncompleteOption: TypeAlias = Annotated[
    int, typer.Option("--incomplete", help="Of a series: so many last days are still incomplete.")
]


def given_words(**words: object) -> dict[str, object]:
    """Return the options that were given, by their names on the command line."""
    return {f"--{name.replace('_', '-')}": value for name, value in words.items() if value}


def count_of(
    file: Path,
    *,
    date_column: str | None,
    value_column: str | None,
    kind: str | None,
    where: list[str] | None,
    period: str | None,
    scale: str | None,
    incomplete: int,
) -> Series:
    """Read a recorded count as the options say."""
    import attrition as at

    words: dict[str, Any] = {"kind": kind, "period": period}  # read_series checks the two
    return at.read_series(
        file,
        date=date_column,
        value=value_column,
        where=_pairs(where or []),
        scale=1.0 if scale is None else number_of(scale, "--scale"),
        incomplete=incomplete,
        **words,
    )


def plain_count_of(file: Path) -> Series:
    """Read a recorded count by its known names, and say on the standard error what is odd."""
    import attrition as at

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", AttritionWarning)
        series = at.read_series(file)
    write_notes(caught)
    return series


def _pairs(texts: list[str]) -> dict[str, object]:
    pairs: dict[str, object] = {}
    for text in texts:
        column, sign, value = text.partition("=")
        if not sign or not column:
            raise InputError(
                "`--where` must be COLUMN=VALUE",
                got=repr(text),
                place="--where",
                remedy="Write for example --where country=Sudan",
            )
        pairs[column] = value
    return pairs
