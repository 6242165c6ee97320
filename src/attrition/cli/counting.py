"""How a recorded count is read from a file: the options of every command that takes one."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrition.cli.arguments import number_of, pairs_of
from attrition.cli.options import noting
from attrition.core.errors import InputError

if TYPE_CHECKING:
    from attrition.data.dossier import Dossier
    from attrition.data.series import Series


@dataclass(frozen=True, slots=True)
class CountOptions:
    """How a recorded count is read from a file, as options.

    Parameters
    ----------
    date_column
        Of a series: its column of dates, if not a known name.
    value_column
        Of a series: its column of counts, if not a known name.
    value_kind
        Of a series: 'total' so far, 'new' counts, or 'rows', each of which is one.
    where : COLUMN=VALUE
        Of a series: read only such rows; may be repeated. '*' adds all values.
    day_first : --day-first/--month-first
        Of a series: whether 3/4/2025 begins with the day.
    timezone : ZONE
        Of a series: the time zone, as Europe/Kyiv, of the day of a time with an offset.
    period
        Of a series: weeks or months are labelled by their 'start' or 'end'.
    scale
        Of a series: what one unit counts, 1000 for thousands.
    year
        Of a series: the year of dates that have none; of others, read this one.
    incomplete
        Of a series: so many last days are still incomplete.
    report_date_column
        Of a series by date of event: its column of dates of report. What is still to come about
        the last days is learnt from it.
    """

    date_column: str | None = None
    value_column: str | None = None
    value_kind: str | None = None
    where: list[str] | None = None
    day_first: bool | None = None
    timezone: str | None = None
    period: str | None = None
    scale: str | None = None
    year: int | None = None
    incomplete: int = 0
    report_date_column: str | None = None

    @property
    def given(self) -> dict[str, object]:
        """The options that were given, by their names on the command line."""
        words = ((field, getattr(self, field.name)) for field in dataclasses.fields(self))
        return {
            f"--{field.name.replace('_', '-')}": value
            for field, value in words
            if value not in (field.default, [])
        }

    def read(self, file: Path) -> Series:
        """Read a recorded count as the options say."""
        import attrition as at

        words: dict[str, Any] = {
            "kind": self.value_kind,
            "period": self.period,
        }  # which are checked
        return at.read_series(
            file,
            date=self.date_column,
            value=self.value_column,
            where=dict(
                pairs_of(self.where or [], "--where", "COLUMN=VALUE", "country=Sudan", empty=True)
            ),
            scale=None if self.scale is None else number_of(self.scale, "--scale"),
            incomplete=self.incomplete,
            report_date=self.report_date_column,
            day_first=self.day_first,
            timezone=self.timezone,
            year=self.year,
            **words,
        )


def plain_count_of(file: Path) -> Series:
    """Read a recorded count by its known names, and say on the standard error what is odd."""
    import attrition as at

    with noting():
        return at.read_series(file)


def data_of(
    dossier: str, bundled: str, series: Path | None, count: CountOptions, **others: object
) -> Dossier | Series:
    """Read what is asked about: a dossier, or a recorded count instead of it.

    ``others`` are options, by name, that go with a dossier only.
    """
    import attrition as at

    if series is None:
        if count.given:
            raise InputError(
                "an option must go with what is read",
                got=" ".join(count.given),
                place="dossier",
                remedy="Name the file of a recorded count: --series FILE",
            )
        return at.read_dossier(dossier)
    clashes = {"dossier": dossier != bundled, **others}
    for name, given in clashes.items():
        if given:
            raise InputError(
                "a recorded count is asked about by itself",
                got=f"--series and a {name}",
                place="--series",
                remedy=f"Leave the {name} out",
            )
    return count.read(series)
