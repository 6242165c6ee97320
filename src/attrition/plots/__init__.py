"""Pictures of laws, claims and hindcasts: they draw what was computed and compute nothing."""

from attrition.plots.archive import plot_archive
from attrition.plots.claim import plot_claim
from attrition.plots.claims import plot_claims
from attrition.plots.crossings import (
    DOTS,
    figure_bytes,
    new_figure,
    plot_crossing,
    plot_intervals,
    styled,
)
from attrition.plots.strips import plot_hindcast

__all__ = [
    "DOTS",
    "figure_bytes",
    "new_figure",
    "plot_archive",
    "plot_claim",
    "plot_claims",
    "plot_crossing",
    "plot_hindcast",
    "plot_intervals",
    "styled",
]
