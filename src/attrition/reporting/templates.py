"""Text in the forms of others, from the templates of `bundled/templates`.

Whatever a template prints is made harmless for its form, unless it is Markup already: by the ending
of the template, HTML (``.html``), Markdown (``.md``) or lines of plain text (``.txt``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from attrition.reporting.escape import for_html, for_markdown
from attrition.reporting.words import plain

if TYPE_CHECKING:
    from jinja2 import Environment


def _html(text: str) -> str:
    """Return text for HTML in which a number stays on the line of its per cent sign."""
    return re.sub(r"(?<=\d) %", "&nbsp;%", for_html(text))


_ESCAPES: dict[str, Callable[[str], str]] = {"html": _html, "md": for_markdown, "txt": plain}


def rendered(name: str, **content: object) -> str:
    """Return a template of `bundled/templates` with its content."""
    return _environment(name.rsplit(".", 1)[-1]).get_template(name).render(**content)


def fragment(name: str, **content: object) -> str:
    """Return the same of HTML as Markup, which another template prints as it is."""
    from markupsafe import Markup

    return Markup(rendered(name, **content))  # noqa: S704 - every part was escaped


@functools.lru_cache
def _environment(form: str) -> Environment:
    """Return what reads the templates of one form; imported where something is written."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def harmless(value: Any) -> Any:  # noqa: ANN401 - whatever a template prints
        return value if isinstance(value, Markup) else Markup(_ESCAPES[form](str(value)))  # noqa: S704 - escaped

    return Environment(
        loader=PackageLoader("attrition", "bundled/templates"),
        autoescape=True,
        finalize=harmless,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
