"""Tables of claims: every row is a claim or a refusal that says why."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from attrition.core._showing import Shown
from attrition.core.checks import check_known
from attrition.core.grouping import grouped_by
from attrition.core.refusals import refusal
from attrition.data.dossier.claims import Claim
from attrition.data.dossier.dates import PartialDate
from attrition.data.dossier.dossier import Dossier, checked
from attrition.data.dossier.models import Quantity
from attrition.data.dossier.sources import Source

_KEYS = ("quantity", "source", "low", "high", "point", "as_of", "published", "since", "inferred")


@dataclass(frozen=True, slots=True)
class ClaimRow(Shown):
    """One row that holds a figure; dates and source may be unknown.

    Parameters
    ----------
    line : int
        Its line in the file.
    quantity : str
        Id of what is counted.
    source : str or None
        Id of who says so.
    low, high, point : float or None
        The numbers.
    as_of, published, since : PartialDate or None
        The day described, the day it appeared, the start of a window.
    inferred : tuple of str
        Which of these were worked out rather than stated.
    words : mapping of str to str
        The other keys of the claim that the row states.
    cells : mapping of str to str
        The row as it stands in the file.
    """

    line: int
    quantity: str
    source: str | None
    low: float | None
    high: float | None
    point: float | None
    as_of: PartialDate | None
    published: PartialDate | None
    since: PartialDate | None
    inferred: tuple[str, ...]
    words: Mapping[str, str]
    cells: Mapping[str, str]

    def claim(self, place: str, **stated: Any) -> Claim:  # noqa: ANN401 - values of keys
        """Return the row as a claim; ``stated`` are keys of a claim that overrule its own.

        Raises
        ------
        InputError
            If it makes no valid claim.
        """
        own = {key: getattr(self, key) for key in _KEYS if getattr(self, key) is not None}
        try:
            return Claim.model_validate({"kind": "level", **self.words, **own, **stated})
        except ValueError as error:
            problem = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            raise refusal("valid row", problem, place) from None

    @property
    def form(self) -> str:
        """What the numbers are: ``"range"``, ``"floor"``, ``"cap"``, ``"point"`` or ``"words"``."""
        if self.low is not None and self.high is not None:
            return "range"
        if self.point is not None:
            return "point"
        if self.low is not None:
            return "floor"
        return "cap" if self.high is not None else "words"


@dataclass(frozen=True, slots=True)
class RefusedRow(Shown):
    """One row that holds no claim, and why.

    Parameters
    ----------
    line : int
        Its line in the file.
    form : str
        ``"empty"`` when it states no figure, ``"broken"`` when it states a wrong one.
    reason : str
        What is wrong, as a sentence.
    cells : mapping of str to str
        The row as it stands in the file.
    """

    line: int
    form: str
    reason: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GroupSummary(Shown):
    """What a group of rows holds.

    Parameters
    ----------
    name : str
        What the rows have in common.
    forms : mapping of str to int
        Rows of each form, refused ones included.
    low : float
        Sum of the lower ends, or points, that are stated.
    high : float or None
        Sum of the upper ends, or points; None when a row leaves it open.
    """

    name: str
    forms: Mapping[str, int]
    low: float
    high: float | None


@dataclass(frozen=True, slots=True)
class ClaimTable(Shown):
    """A table of claims as it was read; every row is either in ``rows`` or in ``refused``.

    Parameters
    ----------
    place : str
        Name of the file.
    rows : tuple of ClaimRow
    refused : tuple of RefusedRow
    sources : mapping of str to Source
        Who says so, by id; spellings are joined.
    quantities : mapping of str to Quantity
        What is counted, by id.

    See Also
    --------
    attrition.read_claims : how it is read.

    Examples
    --------
    >>> import attrition as at
    >>> from importlib.resources import files
    >>> data = files("attrition").joinpath("bundled")
    >>> table = at.read_claims(str(data / "war_loss_claims_to_2025-06-03.csv"))
    >>> len(table.rows) + len(table.refused) == sum(table.forms.values())
    True
    """

    _parts = "rows"

    place: str
    rows: tuple[ClaimRow, ...]
    refused: tuple[RefusedRow, ...]
    sources: Mapping[str, Source]
    quantities: Mapping[str, Quantity]

    @property
    def forms(self) -> dict[str, int]:
        """Rows of each form; they sum to the rows of the file."""
        return Counter(row.form for row in self.rows) + Counter(row.form for row in self.refused)

    def summary(self, by: str) -> tuple[GroupSummary, ...]:
        """Summarise the rows that share the value of a column, in order of first appearance.

        Raises
        ------
        InputError
            If there is no such column.
        """
        rows: list[ClaimRow | RefusedRow] = [*self.rows, *self.refused]
        rows.sort(key=lambda row: row.line)
        for row in rows:
            check_known(by, row.cells, "a table is summarised by one of its columns", self.place)
        groups = grouped_by(rows, lambda row: row.cells[by])
        return tuple(_summary(name, group) for name, group in groups.items())

    def by(self, column: str) -> dict[str, ClaimTable]:
        """Return a table for each value of a column, such as one for each conflict.

        Raises
        ------
        InputError
            If there is no such column.
        """
        return {
            part.name: dataclasses.replace(
                self,
                rows=tuple(row for row in self.rows if row.cells[column] == part.name),
                refused=tuple(row for row in self.refused if row.cells[column] == part.name),
            )
            for part in self.summary(column)
        }

    def claims(self) -> tuple[Claim, ...]:
        """Return the rows as claims of a dossier.

        Raises
        ------
        InputError
            If a row has no source or no date, which a claim needs.
        """
        return tuple(self._claim(row) for row in self.rows)

    def dossier(self, id: str, **content: Any) -> Dossier:  # noqa: A002, ANN401 - keys of a dossier
        """Return the table as a dossier.

        Parameters
        ----------
        id : str
            Short name without spaces.
        **content
            Other keys of :class:`attrition.Dossier`: ``title``, ``assumptions`` and so on.
        """
        fields = {
            "sources": dict(self.sources),
            "quantities": dict(self.quantities),
            "claims": self.claims(),
        }
        return checked({"id": id, **fields, **content}, place=self.place)

    def _claim(self, row: ClaimRow) -> Claim:
        place = f"{self.place}, line {row.line}"
        for key in ("source", "as_of", "published"):
            if getattr(row, key) is None:
                raise refusal("key of a claim", "nothing", place, key=key)
        return row.claim(place)


def _summary(name: str, rows: Sequence[ClaimRow | RefusedRow]) -> GroupSummary:
    claim_rows = [row for row in rows if isinstance(row, ClaimRow)]
    lows = [row.point if row.low is None else row.low for row in claim_rows]
    highs = [row.point if row.high is None else row.high for row in claim_rows]
    known = [high for high in highs if high is not None]
    low = float(sum(value for value in lows if value is not None))
    high = float(sum(known)) if len(known) == len(highs) else None
    return GroupSummary(name, Counter(row.form for row in rows), low, high)
