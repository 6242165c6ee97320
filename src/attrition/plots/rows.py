"""Rows of a picture, each with its words above an interval and a dot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrition.plots.densities import amount_ticks
from attrition.plots.look import ACROSS, cleared, pen, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def name_row(axes: Axes, y: float, words: str) -> None:
    """Draw the line of a row, and its words above it."""
    axes.axhline(y, color=pen().pale, lw=0.8, zorder=0)
    look: dict[str, Any] = {"xycoords": ACROSS, "linespacing": 1.0, "in_layout": False}
    look |= cleared()
    write(axes, words, (0, y), (1, 5), ("left", "bottom"), **look)


def draw_interval(
    axes: Axes, y: float, ends: tuple[float, float, float], *, history: bool = False
) -> None:
    """Draw an interval and the dot of its middle: lower end, middle and upper end."""
    low, middle, high = ends
    bar, dot = (pen().muted, pen().muted) if history else (pen().dated, pen().ink)
    axes.plot([low, high], [y, y], color=bar, lw=3.5, solid_capstyle="butt")
    axes.plot([middle], [y], "o", color=dot, ms=5.5, zorder=4)


def frame_rows(
    axes: Axes, rows: int, ends: Sequence[float], threshold: float | None, margin: float
) -> None:
    """Lay out axes for rows from 0 down, with a threshold as a dashed line.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    rows : int
    ends : sequence of float
        All ends of intervals [unit].
    threshold : float, optional
        A total that is marked [unit].
    margin : float
        Room on either side, as a share of the spread.
    """
    every = [*ends] if threshold is None else [*ends, threshold]
    spread = (max(every) - min(every)) or 0.2 * max(*every, 1.0)
    axes.set_xlim(max(min(every) - margin * spread, 0.0), max(every) + margin * spread)
    axes.set_ylim(-rows + 0.45, 0.62)
    axes.set_yticks([])
    amount_ticks(axes)
    if threshold is not None:
        axes.axvline(threshold, color=pen().outer_ink, lw=1.0, ls=(0, (4, 3)), zorder=0)
