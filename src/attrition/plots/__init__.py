"""Pictures of laws, claims and hindcasts: they draw what was computed and compute nothing."""

from attrition.plots.canvas import Look
from attrition.plots.crossings import plot_intervals as intervals
from attrition.plots.crossings import plot_law as law
from attrition.plots.crossings import plot_ridges as ridges
from attrition.plots.densities import plot_claim as claim
from attrition.plots.dots import DOTS, Dots, dot_layout
from attrition.plots.dots import plot_crossing as crossing
from attrition.plots.fans import plot_fan as fan
from attrition.plots.look import Style, figure_bytes, new_figure, styled, text_alternative
from attrition.plots.marks_by_source import plot_claims as claims
from attrition.plots.past import plot_archive as archive
from attrition.plots.past import plot_hindcast as hindcast
from attrition.plots.past import plot_pit as pit
from attrition.plots.rows import plot_reports as reports
from attrition.plots.rows import plot_sources as sources
from attrition.plots.shifts import plot_tornado as tornado

__all__ = [
    "DOTS",
    "Dots",
    "Look",
    "Style",
    "archive",
    "claim",
    "claims",
    "crossing",
    "dot_layout",
    "fan",
    "figure_bytes",
    "hindcast",
    "intervals",
    "law",
    "new_figure",
    "pit",
    "reports",
    "ridges",
    "sources",
    "styled",
    "text_alternative",
    "tornado",
]
