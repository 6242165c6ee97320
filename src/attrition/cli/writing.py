"""What `attrition forecast --out` and `attrition report` write: text, figures and a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from attrition.cli.arguments import json_file, say
from attrition.cli.options import QuestionOptions, noting
from attrition.core.errors import refusal

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from attrition.forecasts import Forecast
    from attrition.reporting import Record


def write_outputs(
    forecast: Forecast, content: Mapping[str, Any], out: str, *, on: Sequence[date], word: bool
) -> str:
    """Write everything into a folder at once, and return a line that says so.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    return written(out, _files(forecast, content, on, word=word))


def written(out: str, files: Mapping[str, bytes]) -> str:
    """Write files into a folder in place of those of an older run, and return a line."""
    from attrition.core.files import write_folder

    done = "Replaced what was in" if write_folder(Path(out), files, ours_in(out)) else "Written to"
    return f"{done} {out}: {', '.join(files)}"


def try_out(out: str) -> Path:
    """Return an output folder; refuse one that cannot be written, before minutes of work.

    Raises
    ------
    InputError
        If the name is empty or that of a file, or the folder can neither be written nor made.
    """
    from attrition.core.files import try_folder

    file = Path(out).suffix[1:] in {"html", "json", "csv", "txt", "md", "pdf", "docx", *_FORMS}
    if not out.strip() or (file and not Path(out).is_dir()):
        name = "output folder, no file" if file else "output folder"
        raise refusal(name, out if file else "an empty one", "--out")
    try_folder(Path(out))
    return Path(out)


def drawn(draw: Callable[[], Axes], *forms: Literal["svg", "png"]) -> list[bytes]:
    """Return a figure as files, drawn without matplotlib, which takes longer than the figure."""
    from attrition.plots import figure_bytes
    from attrition.plots.sheet import on_sheets

    with on_sheets():
        axes = draw()
    return [figure_bytes(axes, form) for form in forms]


def ours_in(out: str) -> set[str]:
    """Return the names of what an older run wrote into a folder, if one did.

    Only beside our own results or record: a figure of somebody else's may bear one of the names.
    """
    from attrition.reporting import EXPORTS

    if not any((Path(out) / name).is_file() for name in ("results.json", "record.json")):
        return set()
    own = {"results.json", "sentences.txt", "record.json", "citation.docx", "page.html"}
    drawn = {f"{name}.{form}" for name in _FIGURES for form in _FORMS}
    return {*own, *EXPORTS, *drawn}


_FIGURES = ("crossing", "law", "fan", "intervals")
_FORMS: tuple[Literal["svg", "png"], ...] = ("svg", "png")


def _files(
    forecast: Forecast, content: Mapping[str, Any], on: Sequence[date], *, word: bool
) -> dict[str, bytes]:
    import attrition as at
    from attrition.page import page_content, page_html
    from attrition.reporting import exports

    rows = [row for kind in ("crossings", "stocks", "forecasts_by_others") for row in content[kind]]
    sentences = [
        "\n".join(row[part] for part in ("sentence", "note") if part in row) for row in rows
    ]
    files: dict[str, bytes] = {}
    record = None
    if content["crossings"]:
        record = at.reporting.make_record(forecast, prob=forecast.prob, on=on)
        content = {**content, "record": record.id}
        sentences[: len(record.sentences)] = [
            f"{one.sentence}\n{one.note}" for one in record.sentences
        ]
        files = {"record.json": record.to_json().encode(), **exports(record)}
        if word:
            files["citation.docx"] = _document(forecast, record)
    page = page_content(forecast, content=content, record=record, on=on)
    return {
        "results.json": json_file(content),
        "sentences.txt": ("\n\n".join(sentences) + "\n").encode(),
        **files,
        **_figures(forecast, record.id if record else None),
        "page.html": page_html(page).encode(),
    }


def _document(forecast: Forecast, record: Record) -> bytes:
    """Return the record for Word, with the dotplot of its first date."""
    from attrition import plots
    from attrition.plots.canvas import source_words
    from attrition.plots.sheet import on_sheets
    from attrition.reporting import Picture, word_document

    law, threshold = next(
        (law, threshold)
        for (quantity, _), law in forecast.laws.items()
        for threshold in forecast.thresholds[quantity]
    )
    with on_sheets():
        axes = plots.crossing(law, threshold, prob=forecast.prob, record=record.id)
    png, source = plots.figure_bytes(axes, "png"), source_words(law, record.id)
    return word_document(record, Picture(png, plots.text_alternative(axes), source))


def _figures(forecast: Forecast, record: str | None) -> dict[str, bytes]:
    """Return each figure's bytes by file name."""
    import attrition as at
    from attrition.plots.crossings import named_rows

    asked = named_rows(
        (law, threshold)
        for (quantity, _), law in forecast.laws.items()
        for threshold in forecast.thresholds[quantity]
    )
    if not asked:
        return {}
    _, law, threshold = asked[0]
    own = forecast.thresholds[law.provenance.quantity]
    plots, dossier = at.plots, forecast.dossier
    look: dict[str, Any] = {"prob": forecast.prob, "record": record}
    figures: dict[str, Callable[[], Axes]] = {
        "crossing": lambda: plots.crossing(law, threshold, **look),
        "law": lambda: plots.law(law, threshold, **look),
        "fan": lambda: plots.fan(law, thresholds=own, dossier=dossier, record=record),
        "intervals": lambda: plots.intervals(asked, **look),
    }
    files: dict[str, bytes] = {}
    for name, draw in figures.items():
        files |= zip([f"{name}.{form}" for form in _FORMS], drawn(draw, *_FORMS), strict=True)
    return files


def report(
    dossier: str,
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
            place = f"dossier '{forecast.dossier.id}'"
            raise refusal("threshold of a report", "none", place)
        text = page_html(page, title=title)
        files = {"page.html": text.encode(), "record.json": page.record.to_json().encode()}
        typer.echo(f"{written(out, files)} ({len(files['page.html']) / 1e6:.1f} MB)")
        typer.echo(f"record {page.record.id}")
        for law in forecast.laws.values():
            for day in days:
                say(at.cite(law, on=day, prob=forecast.prob).sentence)
