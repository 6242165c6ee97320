"""How Sphinx builds the pages; nothing here asks the network."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

import attrition

project = "attrition"
author = "The attrition developers"
copyright = "2026, the attrition developers"
release = version = attrition.__version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
]
exclude_patterns = ["_build", "examples"]

html_theme = "furo"
html_title = f"attrition {version}"

myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 3

# A room's `__all__` is what it offers, in the order in which it offers it.
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # numpydoc's type lines say it, with shapes
numpydoc_show_class_members = False  # automodule lists them


def setup(app: Sphinx) -> None:
    """Put the page of the bundled dossier beside the docs, for figures.md to lead to."""
    app.connect("build-finished", _example)


def _example(app: Sphinx, failure: Exception | None) -> None:
    if failure is None and app.builder.format == "html":
        forecast = attrition.forecast(attrition.read_dossier("russia-ukraine-2025-06"), seed=1)
        attrition.write_page(forecast, Path(app.outdir) / "example.html")
