"""The race: what the same error of a date costs in computing time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import numpy as np

from attrition.plots.canvas import Look, canvas
from attrition.plots.look import ACROSS, BODY, beside, pen, say, write

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_GREYS = ("#39424a", "#5b666f", "#7d8993")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")


def plot_race(table: xr.Dataset, ax: Axes | None = None, **look: Unpack[Look]) -> Axes:
    """Draw the error of the dates against computing time, a line for each contender.

    Parameters
    ----------
    table : xarray.Dataset, dims (run,)
        Coordinates ``contender`` in words and ``plain`` (whether its error falls as 1/√n, so that
        more draws can be extrapolated); variables ``cpu_seconds`` [s] and ``rmse_days`` [day].
        Attr ``target_days`` is the error that is asked for; ``ours`` the contender drawn first.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes
        Both axes are logarithmic. Dotted: extrapolated to the target.
    """
    names = [str(value) for value in table["contender"].to_numpy()]
    cpu, error = table["cpu_seconds"].to_numpy(), table["rmse_days"].to_numpy()
    plain = np.asarray(table["plain"].to_numpy(), dtype=bool)
    target, ours = float(table.attrs["target_days"]), str(table.attrs["ours"])
    costs: list[tuple[str, float]] = []
    ends: list[tuple[float, float, str, str]] = []
    detail = (
        "Root mean square error of the worst of three dates, in days, against computing time; "
        "both axes are logarithmic. Dotted: extrapolated by 1/√n."
    )
    source = "Source: python -m benchmarks.race, of attrition."
    with canvas(ax, 4.0, "What the same error costs", detail, source, look) as axes:
        axes.set(xscale="log", yscale="log")
        axes.axhline(target, color=pen().outer_ink, lw=1.0, ls=(0, (4, 3)))
        for position, name in enumerate(dict.fromkeys(names)):
            rows = [i for i in np.argsort(cpu) if names[i] == name]
            x, y = cpu[rows], error[rows]
            first = name == ours
            colour = pen().dated if first else _GREYS[position % len(_GREYS)]
            marker = _MARKERS[position % len(_MARKERS)]
            axes.plot(x, y, color=colour, marker=marker, ms=6, lw=2 if first else 1.2)
            needed = _needed(x, y, target, plain=bool(plain[rows[0]]))
            if needed is not None:
                costs.append((name, needed))
                if plain[rows[0]]:
                    axes.plot([x[-1], needed], [y[-1], target], color=colour, lw=0.9, ls=":")
            ends.append((float(x[0]), float(y[0]), name, colour))
        axes.grid(color=pen().pale, lw=0.6)
        axes.set_axisbelow(True)
        axes.set_xlabel("CPU seconds of one run, all threads", color=pen().ink)
        axes.xaxis.set_major_formatter(_plainly)
        axes.yaxis.set_major_formatter(_plainly)
        axes.tick_params(which="both", labelsize=BODY, length=0)
        axes.set_xlim(right=axes.get_xlim()[1] * 2)
        colours = [colour if colour == pen().dated else pen().ink for _, _, _, colour in ends]
        beside(axes, [(x, y, y, name) for x, y, name, _ in ends], inks=colours)
        ink = {"xycoords": ACROSS, "color": pen().outer_ink}
        write(axes, f"{target:g} day", (1, target), (-2, 3), ("right", "baseline"), **ink)
        axes.tick_params(axis="x", colors=pen().muted)
    seconds = "; ".join(f"{name} {value:.2g} s" for name, value in costs)
    return say(axes, f"CPU time for an error of {target:g} day in a date: {seconds}.")


def _plainly(value: float, _: object) -> str:
    return f"{value:,.10g}"


def _needed(x: np.ndarray, y: np.ndarray, target: float, *, plain: bool) -> float | None:
    """Return the CPU time that the target takes: the cheapest run, or by 1/√n from the largest."""
    reached = [float(a) for a, b in zip(x, y, strict=True) if b <= target]
    if reached:
        return min(reached)
    return float(x[-1] * (y[-1] / target) ** 2) if plain else None
