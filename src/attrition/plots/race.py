"""The race: what the same error of a date costs in computing time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from attrition.plots.look import (
    DATED,
    INK,
    MUTED,
    OUTER_INK,
    PALE,
    new_figure,
    say,
    styled,
    titled,
)

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_GREYS = ("#39424a", "#5b666f", "#7d8993")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")


def plot_race(table: xr.Dataset, ax: Axes | None = None) -> Axes:
    """Draw the error of the dates against computing time, a line for each contender.

    Parameters
    ----------
    table : xarray.Dataset, dims (run,)
        Coordinates ``contender`` in words and ``plain`` (whether its error falls as 1/√n, so that
        more draws can be extrapolated); variables ``cpu_seconds`` [s] and ``rmse_days`` [day].
        Attr ``target_days`` is the error that is asked for; ``ours`` the contender drawn first.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    matplotlib.axes.Axes
        Both axes are logarithmic. Dotted: extrapolated to the target.
    """
    names = [str(value) for value in table["contender"].to_numpy()]
    cpu, error = table["cpu_seconds"].to_numpy(), table["rmse_days"].to_numpy()
    plain = np.asarray(table["plain"].to_numpy(), dtype=bool)
    target, ours = float(table.attrs["target_days"]), str(table.attrs["ours"])
    said: list[tuple[str, float]] = []
    ends: list[tuple[float, float, str, str]] = []
    with styled():
        axes = ax if ax is not None else new_figure(7.2, 5.0)[1]
        axes.set(xscale="log", yscale="log")
        axes.axhline(target, color=OUTER_INK, lw=1.0, ls=(0, (4, 3)))
        for position, name in enumerate(dict.fromkeys(names)):
            rows = [i for i in np.argsort(cpu) if names[i] == name]
            x, y = cpu[rows], error[rows]
            first = name == ours
            colour = DATED if first else _GREYS[position % len(_GREYS)]
            marker = _MARKERS[position % len(_MARKERS)]
            axes.plot(x, y, color=colour, marker=marker, ms=6, lw=2 if first else 1.2)
            needed = _needed(x, y, target, plain=bool(plain[rows[0]]))
            if needed is not None:
                said.append((name, needed))
                if plain[rows[0]]:
                    axes.plot([x[-1], needed], [y[-1], target], color=colour, lw=0.9, ls=":")
            ends.append((float(x[0]), float(y[0]), name, colour))
        _labels(axes, ends)
        axes.grid(color=PALE, lw=0.6)
        axes.set_axisbelow(True)
        axes.set_xlabel("CPU seconds of one run, all threads", color=INK)
        axes.xaxis.set_major_formatter(_plainly)
        axes.yaxis.set_major_formatter(_plainly)
        axes.tick_params(which="both", labelsize=9, length=0)
        axes.set_xlim(right=axes.get_xlim()[1] * 2)
        axes.annotate(
            f"{target:g} day",
            (1, target),
            xycoords=("axes fraction", "data"),
            xytext=(-2, 3),
            textcoords="offset points",
            ha="right",
            fontsize=8.5,
            color=OUTER_INK,
        )
        titled(
            axes,
            "What the same error costs",
            "Root mean square error of the worst of three dates, in days, against computing time; "
            "both axes are logarithmic. Dotted: extrapolated by 1/√n.",
        )
        axes.tick_params(axis="x", colors=MUTED)
    seconds = "; ".join(f"{name} {value:.2g} s" for name, value in said)
    return say(axes, f"CPU time for an error of {target:g} day in a date: {seconds}.")


def _plainly(value: float, _: object) -> str:
    return f"{value:,.10g}"


def _needed(x: np.ndarray, y: np.ndarray, target: float, *, plain: bool) -> float | None:
    """Return the CPU time that the target takes: the cheapest run, or by 1/√n from the largest."""
    reached = [float(a) for a, b in zip(x, y, strict=True) if b <= target]
    if reached:
        return min(reached)
    return float(x[-1] * (y[-1] / target) ** 2) if plain else None


def _labels(axes: Axes, ends: list[tuple[float, float, str, str]]) -> None:
    """Write each name at the cheap end of its line, moved apart where two would meet."""
    taken: list[tuple[float, float]] = []
    for x, y, name, colour in sorted(ends, key=lambda end: -end[1]):
        place = y
        while any(abs(np.log(x / a)) < 2.2 and abs(np.log(place / b)) < 0.2 for a, b in taken):  # noqa: PLR2004 - e-folds
            place *= 0.97
        taken.append((x, place))
        axes.annotate(
            name,
            (x, place),
            xytext=(8, 4),
            textcoords="offset points",
            fontsize=8.5,
            color=colour if colour == DATED else INK,
            weight="bold" if colour == DATED else "normal",
        )
