"""The whole page, by its template, with styles, script and data inside."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

from markupsafe import Markup

from attrition.core.files import bundled, write_whole
from attrition.core.laws import Law, print_date
from attrition.forecasts import Forecast
from attrition.page import figures, tables
from attrition.page.content import PageContent, page_content, past_command
from attrition.page.grid import grid_of, packed
from attrition.reporting.files import methods_steps
from attrition.reporting.note import assumption_words
from attrition.reporting.passing import FACT, passing
from attrition.reporting.subject import subject_of
from attrition.reporting.templates import rendered
from attrition.reporting.words import chance, day_words


def write_page(forecast: Forecast, path: str | Path, *, title: str | None = None) -> Path:
    """Write one HTML page that needs no network and can be kept, printed and checked.

    Parameters
    ----------
    forecast : Forecast
    path : str or pathlib.Path
        The file to write; whole or not at all.
    title : str, optional
        Line above the headline; the dossier's title when left out.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        If the folder cannot be written.

    See Also
    --------
    attrition.reporting.write_exports : text forms of a record.
    attrition.plots.crossing : one figure.

    Examples
    --------
    >>> import os, tempfile
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["russian-casualties"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = write_page(forecast, os.path.join(folder, "page.html"))
    ...     page.stat().st_size < 1_000_000
    True
    """
    target = Path(path)
    write_whole(target, page_html(page_content(forecast), title=title).encode())
    return target


def page_html(page: PageContent, *, title: str | None = None) -> str:
    """Return the text of the page; see :func:`write_page`."""
    forecast, rows = page.forecast, page.content["crossings"]
    style, script = (bundled(name) for name in ("page.css", "page.js"))
    record = None if page.record is None else page.record.id
    moved = () if page.moved is None else page.moved.rows
    steps = [] if page.record is None else methods_steps(page.record, assumed=False)
    grid = packed(grid_of(forecast, record)) if page.asked else ""
    return rendered(
        "page.html",
        page=page,
        forecast=forecast,
        content=page.content,
        asked=page.asked,
        figures=figures,
        tables=tables,
        chance=chance,
        assumption=assumption_words,
        past_command=past_command(),
        digests=(_digest(style), _digest(script)),
        above=title or forecast.dossier.title or forecast.dossier.id,
        finding=_finding(page),
        known=print_date(forecast.information_date, "day"),
        until=print_date(forecast.horizon, "day"),
        crossings=tables.crossings(rows),
        ends=any(row["end_hazard"] for row in rows),
        contradicted=[row.name for row in moved if row.contradicted],
        steps=[step.replace("`", "") for step in steps],
        record=Markup(_packed(page)),  # noqa: S704 - base64
        style=Markup(style),  # noqa: S704 - ours
        script=Markup(script),  # noqa: S704 - ours
        grid=Markup(grid),  # noqa: S704 - base64
    )


def _finding(page: PageContent) -> str:
    """Return the headline: what the first count says, or that counts say nothing in common."""
    if not page.asked:
        return ""
    if page.counts is not None:
        first = passing(*page.asked[0], page.forecast.prob)
        subject = subject_of(first.law.provenance)
        return f"Counts disagree on when {subject.text} {subject.passes} {first.level}"
    return headline(*page.asked[0], prob=page.forecast.prob)


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _packed(page: PageContent) -> str:
    """Return the record of a page without white space, in base64."""
    if page.record is None:
        return ""
    content = json.loads(page.record.to_json())
    compact = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(compact.encode()).decode()


def headline(law: Law, threshold: float, *, prob: float = 0.9) -> str:
    """Return what a law says of a threshold, without condition and figures: these stand below.

    Parameters
    ----------
    law : Law
    threshold : float
        The total that is passed [unit].
    prob : float
        Probability of the interval whose ends are the dates.

    Returns
    -------
    str
        The probability printed is that of what is printed.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["russian-casualties"])
    >>> headline(forecast.law("russian-casualties"), 900_000)
    'Russia’s killed and wounded had passed 900,000 by 5 June 2025 (... % probable)'
    """
    read = passing(law, threshold, prob)
    subject, level = read.subject, read.level
    start = day_words(law.information_date)
    if read.unsettled:
        outside = ", ".join(read.outside(short=True))
        return f"When {subject.text} {subject.passes} {level} is open: {outside}"
    if read.rounded(read.already) >= FACT:
        sure = f"({read.percent(read.already)} probable)"
        return f"{subject.first} had {subject.passed} {level} by {start} {sure}"
    claim = read.statements[0]
    return f"{subject.first} {subject.are} {read.percent(claim.share)} likely {read.to(claim)}"
