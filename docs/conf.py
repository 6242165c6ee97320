"""How Sphinx builds the pages; nothing here asks the network."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import runpy
from pathlib import Path
from types import FunctionType, ModuleType

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.writers.html5 import HTML5Translator

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
html_static_path = ["_static"]
html_css_files = ["site.css"]
# A page opened as a file may not fetch others, which the lines below each hit would be taken from.
html_show_search_summary = False

myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 3

# A room's `__all__` is what it offers, in the order in which it offers it.
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # numpydoc's type lines say it, with shapes
autodoc_default_options = {
    "exclude-members": "model_config, model_post_init",  # pydantic's
}
numpydoc_show_class_members = False  # automodule lists them


# Formulas as MathML, which browsers draw by themselves: Sphinx's own way fetches a script.
html_math_renderer = "mathml"


def setup(app: Sphinx) -> None:
    """Draw formulas without a network, and put the page of the bundled dossier beside the docs."""
    written = {"reference/rooms": _rooms(), "benchmarks": _benchmarks()}

    def append(_app: Sphinx, page: str, source: list[str]) -> None:
        source[0] += written.get(page, "")

    app.connect("source-read", append)
    app.connect("build-finished", _example)
    app.connect("build-finished", _links)
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))


def _inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def _block(translator: HTML5Translator, node: nodes.math_block) -> None:
    formula = tex2mathml(node.astext(), as_block=True)
    translator.body.append(f'<div class="math">{formula}</div>')
    raise nodes.SkipNode


def _links(app: Sphinx, failure: Exception | None) -> None:
    if failure is None and app.builder.format == "html":
        lost = runpy.run_path(str(Path(app.confdir) / "links.py"))["broken"](Path(app.outdir))
        if lost:
            raise SphinxError("links that lead nowhere: " + ", ".join(lost))


def _rooms() -> str:
    """Return what each room offers the others, from its `__all__`."""
    parts = []
    for info in pkgutil.walk_packages(attrition.__path__, "attrition."):
        room = importlib.import_module(info.name) if info.ispkg else None
        # Each name is asked for, so that autodoc sees also those that are loaded at first use.
        rows = [(name, _summary(getattr(room, name))) for name in getattr(room, "__all__", ())]
        if rows:
            head = [f"## {info.name}", "", _summary(room), "", "| name | |", "|---|---|"]
            parts += [*head, *(f"| `{name}` | {text} |" for name, text in rows), ""]
    return "\n".join(parts)


def _benchmarks() -> str:
    """Return the page of the benchmarks, with each result that it names below it."""
    folder = Path(__file__).parent.parent / "benchmarks"
    page = (folder / "README.md").read_text(encoding="utf-8").replace("](../docs/", "](")
    names = dict.fromkeys(re.findall(r"\(results/([\w-]+)\.md\)", page))
    parts = [re.sub(r"\(results/([\w-]+)\.md\)", r"(#result-\1)", page)]
    for name in names:
        text = (folder / "results" / f"{name}.md").read_text(encoding="utf-8")
        head = "" if text.startswith("# ") else f"# {name}\n\n"
        parts.append(f"(result-{name})=\n" + re.sub(r"^#", "##", head + text, flags=re.MULTILINE))
    return "\n".join(parts)


def _summary(thing: object) -> str:
    """Return the first paragraph of what a name says of itself, without links."""
    core = inspect.unwrap(thing) if callable(thing) else thing
    if isinstance(core, ModuleType | type | FunctionType):
        first = " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())
        return re.sub(r":\w+:`~?([^`]+)`|``([^`]+)``", r"`\1\2`", first).replace("|", "\\|")
    return f"`{type(thing).__name__}`"


def _example(app: Sphinx, failure: Exception | None) -> None:
    if failure is None and app.builder.format == "html":
        forecast = attrition.forecast(attrition.read_dossier("russia-ukraine-2025-06"), seed=1)
        attrition.page.write_page(forecast, Path(app.outdir) / "example.html")
