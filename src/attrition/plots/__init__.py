"""Pictures of laws and claims: they draw what was computed and compute nothing."""

from attrition.plots.archive import plot_archive
from attrition.plots.claims import plot_claim, plot_claims
from attrition.plots.crossings import (
    DOTS,
    figure_bytes,
    new_figure,
    plot_crossing,
    plot_intervals,
    styled,
)

__all__ = [
    "DOTS",
    "figure_bytes",
    "new_figure",
    "plot_archive",
    "plot_claim",
    "plot_claims",
    "plot_crossing",
    "plot_intervals",
    "styled",
]
