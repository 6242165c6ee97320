"""`attrition report`: one page that a newsroom or a reviewer can open, keep and print."""

from __future__ import annotations

import typer

from attrition.cli.arguments import say
from attrition.cli.options import DossierPath, QuestionOptions, noting
from attrition.cli.writing import try_out, written
from attrition.core.errors import InputError


def report(
    dossier: DossierPath,
    *,
    out: str,
    asked: QuestionOptions,
    title: str | None = None,
    on: list[str] | None = None,
) -> None:
    """Write one self-contained page about a dossier, and the record that verifies it.

    Parameters
    ----------
    out
        Write page.html and record.json into this DIR.
    title
        Heading of the page. Default: the dossier's title.
    on
        Say what the totals are on this DATE too; may be repeated.
    """
    try_out(out)
    words = asked.words()
    from attrition.core.days import days_from

    days = days_from(on or (), "--on")
    with noting():
        import attrition as at

        forecast = at.forecast(at.read_dossier(dossier), on=days, **words)

        from attrition.page import page_content, page_html

        page = page_content(forecast, on=days)
        if page.record is None:
            raise InputError(
                "a report needs a threshold that is asked about",
                got="none",
                place=f"dossier '{forecast.dossier.id}'",
                remedy="Name one with --threshold, or under `thresholds` of a quantity",
            )
        text = page_html(page, title=title)
        files = {"page.html": text.encode(), "record.json": page.record.to_json().encode()}
        typer.echo(f"{written(out, files)} ({len(files['page.html']) / 1e6:.1f} MB)")
        typer.echo(f"record {page.record.id}")
        for law in forecast.laws.values():
            for day in days:
                say(at.cite(law, on=day, prob=forecast.prob).sentence)
