"""The tornado: by how many days the median moves when something is left out or changed."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from attrition._version import __version__
from attrition.core._typing import Floats
from attrition.core.errors import refusal
from attrition.plots.canvas import Look, canvas, source_of
from attrition.plots.look import BODY, LABEL, fitted, pen, say, size_of

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_NAMES = 0.42  # of the width, for the words; on a narrow figure they stand above the bars
_NAME = 0.4  # of its lines, for the name of a source that leaves its words no room
_AFTER = 1.0  # inches, for the days beside a bar
_NOTED, _SIGNS = 1.6, 22  # inches, for a note in place of a bar, and signs of each of its lines
_NARROW = 5.0  # inches; a telephone
_SMALL = 0.5  # days


def plot_tornado(table: xr.Dataset, ax: Axes | None = None, **look: Unpack[Look]) -> Axes:
    """Draw what moves a date, the strongest first.

    Parameters
    ----------
    table : xarray.Dataset, dims (item,)
        Coordinate ``item`` in words; either ``shift_days``, or ``lower_days`` and ``upper_days``,
        relative to the median [day]. A shift that is no number has its reason in ``note``. Attrs
        ``title`` and ``detail`` are the heading.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If the table lacks its variables or has no row.

    See Also
    --------
    attrition.forecasts.influence : what each report moves.
    attrition.forecasts.sensitivity : what each assumption moves.

    Examples
    --------
    >>> import attrition as at
    >>> import xarray as xr
    >>> moved = xr.Dataset(
    ...     {"shift_days": ("item", [3.0, -9.0])}, coords={"item": ["one report", "another"]}
    ... )
    >>> print(at.plots.text_alternative(at.plots.tornado(moved)))
    What moves the date? another: 9 days earlier; one report: 3 days later.
    """
    known, record = table.attrs.get("as_of"), look.get("record")
    source = f"Computed with attrition {__version__}."
    if known is not None:
        source = source_of((), date.fromisoformat(known), record)
    title, detail = "What moves the date?", "Days by which the median moves."
    words = {"title": title, "detail": detail, "source": source} | table.attrs
    shifts = Shifts(*_rows(table), *(str(words[name]) for name in ("title", "detail", "source")))
    return draw_tornado(shifts, ax, **look)


@dataclass(frozen=True, slots=True)
class Shifts:
    """What a tornado shows: days by which each item moves the median, and the words around it."""

    items: Sequence[str]
    low: Floats
    high: Floats
    notes: Sequence[str]
    title: str
    detail: str
    source: str


def draw_tornado(shifts: Shifts, ax: Axes | None = None, **look: Unpack[Look]) -> Axes:
    """Draw what moves a date, the strongest first; see :func:`plot_tornado`."""
    items, notes = shifts.items, shifts.notes
    # what is called no change has no bar
    low, high = (np.where(abs(ends) < _SMALL, 0.0, ends) for ends in (shifts.low, shifts.high))
    order = np.argsort(-np.nan_to_num(np.maximum(abs(low), abs(high)), nan=-1.0), kind="stable")
    body = (0.62 if look.get("size") == "column" else 0.46) * len(items) + 0.4
    least = 0.34 * len(items) + 0.4
    with canvas(ax, body, shifts.title, shifts.detail, shifts.source, look, least=least) as axes:
        narrow = size_of(axes)[0] < _NARROW
        names = 0.0 if narrow else _NAMES * size_of(axes)[0]
        left = min(0.0, float(np.nanmin(np.minimum(low, high), initial=0.0)))
        right = max(0.0, float(np.nanmax(np.maximum(low, high), initial=0.0)))
        after = _NOTED if np.isnan(low + high).any() else _AFTER
        before = _AFTER if left < 0 else 0.1  # inches that words left of the longest bar need
        inch = ((right - left) or 2.0) / (size_of(axes)[0] - names - before - after - 0.2)
        edge = left - (names + before) * inch
        for row, index in enumerate(order):
            _bar(axes, row, (low[index], high[index]), notes[index], 0.06 * inch)
            words = _row_words(axes, items[index], 1.0 if narrow else _NAMES, 1 if narrow else 2)
            plain: dict[str, Any] = {"va": "center", "color": pen().ink, "in_layout": False}
            axes.text(edge, 0.4 * narrow - row, words, fontsize=LABEL, **plain)
        axes.set_ylim(-len(items) + 0.35, 0.65)
        axes.set_xlim(edge, right + after * inch)
        axes.set_yticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set_xticks([0], ["median with all"])
        axes.tick_params(axis="x", length=0, labelsize=BODY)
    lines = [f"{items[i]}: {notes[i] or _days(low[i], high[i])}" for i in order]
    return say(axes, f"{shifts.title} {'; '.join(lines)}.")


def _row_words(axes: Axes, item: str, share: float, lines: int) -> str:
    """Return an item on a few lines: of a long name the beginning, so that its words have room."""
    name, colon, words = item.partition(": ")
    whole = fitted(axes, item, share, lines=lines)
    if not colon or "…" not in whole:
        return whole
    short = fitted(axes, name, _NAME * share * lines, lines=1)
    return fitted(axes, f"{short}: {words}", share, lines=lines)


def _rows(table: xr.Dataset) -> tuple[list[str], Floats, Floats, list[str]]:
    names = ("shift_days",) * 2 if "shift_days" in table else ("lower_days", "upper_days")
    if not {*names} <= set(table.data_vars) or table.sizes.get("item", 0) == 0:
        raise refusal(
            "tornado", f"variables {', '.join(map(str, table.data_vars)) or 'none'}", "plot_tornado"
        )
    items = [str(value) for value in table["item"].to_numpy()]
    low, high = (np.asarray(table[name].to_numpy(), dtype=float) for name in names)
    notes = [str(v) for v in table["note"].to_numpy()] if "note" in table else [""] * len(items)
    return items, low, high, notes


def _days(low: float, high: float) -> str:
    def one(value: float) -> str:
        if abs(value) < _SMALL:
            return "no change"
        days = f"{abs(value):.0f} day{'s' if round(abs(value)) != 1 else ''}"
        return f"{days} {'later' if value > 0 else 'earlier'}"

    return one(high) if low == high else f"{one(low)} to {one(high)}"


def _bar(axes: Axes, row: int, ends: tuple[float, float], note: str, gap: float) -> None:
    low, high = ends
    axes.plot([0, 0], [-row - 0.34, -row + 0.26], color=pen().muted, lw=0.9)
    look: dict[str, Any] = {"va": "center", "fontsize": LABEL, "in_layout": False}
    if np.isnan(low) or np.isnan(high):
        axes.text(gap, -row, textwrap.fill(note, _SIGNS), color=pen().muted, **look)
        return
    left, right = min(low, high, 0.0), max(low, high, 0.0)
    axes.barh([-row], [right - left], left=[left], height=0.4, color=pen().dated, lw=0)
    outward = right >= -left
    x, side = (right + gap, "left") if outward else (left - gap, "right")
    axes.text(x, -row, note or _days(low, high), ha=side, color=pen().ink, **look)
