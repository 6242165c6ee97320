"""Text in the forms of others, from the templates of `bundled/templates`.

Whatever a template prints is made harmless for its form, unless it is Markup already: by the ending
of the template, HTML (``.html``), Markdown (``.md``) or lines of plain text (``.txt``).
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from attrition.reporting.words import plain

if TYPE_CHECKING:
    from jinja2 import Environment

_ISOLATES = ("\u2068", "\u2069")
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, escaped or not
    "}": r"\textbraceright{}",
    "#": r"\#",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "“": "``",
    "”": "''",
    "–": "--",
    "−": "-",
    "…": r"\ldots{}",
}
_PERCENT = re.compile(r"(?<=\d) \\%")
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~$^!]|^[-+=]|(?<=^\d)[.)])")


def for_html(text: str) -> str:
    """Return text for the body or an attribute of HTML.

    Examples
    --------
    >>> for_html("</script> & 'a'")
    '&lt;/script&gt; &amp; &#x27;a&#x27;'
    """
    return html.escape(plain(text))


def for_latex(text: str) -> str:
    r"""Return text for a LaTeX paragraph; signs that TeX acts on become their names.

    A number stays on the line of its per cent sign.

    Examples
    --------
    >>> print(for_latex(r"\input{x} 90 % of a_b & c"))
    \textbackslash{}input\textbraceleft{}x\textbraceright{} 90~\% of a\_b \& c
    """
    kept = "".join(c for c in plain(text) if c not in _ISOLATES)
    return _PERCENT.sub(r"~\%", "".join(_TEX.get(c, c) for c in kept))


def for_markdown(text: str) -> str:
    r"""Return text for a Markdown paragraph; signs that Markdown or HTML act on are escaped.

    Examples
    --------
    >>> print(for_markdown("a_b *c* <d> & [e](f)"))
    a\_b \*c\* \<d\> &amp; \[e\](f)
    """
    return _MARKS.sub(r"\\\1", plain(text).replace("&", "&amp;"))


@functools.lru_cache(maxsize=1024)
def for_csv(text: str) -> str:
    """Return a cell of a CSV file that no spreadsheet takes for a formula.

    Examples
    --------
    >>> for_csv("=cmd()"), for_csv('say "a", b')
    ("'=cmd()", '"say ""a"", b"')
    """
    cell = plain(text)
    if cell[:1] in {"=", "+", "-", "@"}:
        cell = f"'{cell}"
    quoted = cell.replace('"', '""')
    return f'"{quoted}"' if any(sign in cell for sign in ',";') else cell


def for_bibtex_url(text: str) -> str:
    """Return an address for BibTeX, with the signs that TeX acts on percent-encoded.

    Examples
    --------
    >>> for_bibtex_url("https://x.org/a_b?c={d}")
    'https://x.org/a_b?c=%7Bd%7D'
    """
    return quote(plain(text), safe=":/?#[]@!$&'()*+,;=%-._~")


# ------------------------------------------------------------------ templates


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
