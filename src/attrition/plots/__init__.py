"""Pictures of laws, claims and hindcasts: they draw what was computed and compute nothing."""

from attrition.plots.archive import plot_archive
from attrition.plots.canvas import Look
from attrition.plots.claim import plot_claim
from attrition.plots.claims import plot_claims
from attrition.plots.crossings import plot_intervals, plot_law
from attrition.plots.dots import DOTS, Dots, dot_layout, plot_crossing
from attrition.plots.fan import plot_fan
from attrition.plots.look import Style, figure_bytes, new_figure, styled, text_alternative
from attrition.plots.race import plot_race
from attrition.plots.reports import plot_reports
from attrition.plots.ridges import plot_ridges
from attrition.plots.scores import plot_pit
from attrition.plots.sources import plot_sources
from attrition.plots.strips import plot_hindcast
from attrition.plots.tornado import plot_tornado

__all__ = [
    "DOTS",
    "Dots",
    "Look",
    "Style",
    "dot_layout",
    "figure_bytes",
    "new_figure",
    "plot_archive",
    "plot_claim",
    "plot_claims",
    "plot_crossing",
    "plot_fan",
    "plot_hindcast",
    "plot_intervals",
    "plot_law",
    "plot_pit",
    "plot_race",
    "plot_reports",
    "plot_ridges",
    "plot_sources",
    "plot_tornado",
    "styled",
    "text_alternative",
]
