"""`attrition forecast` and `when`: arguments in, calls to the library, tables or JSON out."""

from __future__ import annotations

import dataclasses
import math
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from attrition._version import __version__
from attrition.cli.arguments import columns, figure_form, harmless, number_of, say, show, table
from attrition.cli.options import CountOptions, QuestionOptions, data_of, noting
from attrition.cli.writing import drawn, try_out, write_outputs
from attrition.core.errors import InputError, UnfinishedError, refusal
from attrition.core.files import try_file, write_whole

if TYPE_CHECKING:
    from attrition.core.laws import CrossingDate
    from attrition.forecasts import Forecast, When

_BUNDLED = "russia-ukraine-2025-06"


def forecast(
    dossier: str = _BUNDLED,
    *,
    asked: QuestionOptions,
    count: CountOptions,
    on: list[str] | None = None,
    by: list[str] | None = None,
    series: Path | None = None,
    tolerance: float | None = None,
    workers: str = "",
    max_time: float | None = None,
    size: int | None = None,
    check: bool = False,
    as_json: bool = False,
    out: str | None = None,
    word: bool = False,
) -> None:
    """Say when each total of a dossier passes its thresholds, with credible intervals.

    Parameters
    ----------
    on
        Give the totals on this DATE; may be repeated.
    by
        Give the probability of having crossed by this DATE; may be repeated.
    series
        Forecast this recorded count instead of a dossier: CSV, JSON, XLSX, Parquet, netCDF, also
        .gz; - is the standard input.
    tolerance
        How far a date may be off because it was simulated, in days (Monte Carlo standard error).
        Default: a fiftieth to an eighth of the unit in which it is printed.
    max_time
        Give up, with exit code 3, after so many seconds. Default: no limit.
    size
        Largest number of points per replicate, of which there are 16.
    check
        Say what speaks against each total's first date: reports that surprise, a prior that
        decides.
    out
        Write sentences, record, exports, figures and a page into this DIR.
    word
        Write citation.docx into DIR too (extra `word`).
    """
    _check_word(out, word=word)
    # Everything that can be refused is looked at before anything slow is imported or computed.
    if out is not None:
        try_out(out)
    words = asked.words()
    from attrition.core.days import days_from

    days_on, days_by = days_from(on or (), "--on"), days_from(by or (), "--by")
    with noting():
        with _progress() as shown:
            import attrition as at

            named = {"quantity": asked.quantity, "basis": asked.basis}
            data = data_of(dossier, _BUNDLED, series, count, **named)
            forecast = at.forecast(
                data,
                on=days_on,
                size=size,
                tolerance=tolerance,
                seconds=max_time,
                progress=shown,
                workers=workers,
                **words,
            )
            if not any(forecast.thresholds.values()):  # which leaves the totals as they stand
                days_on = days_on or (forecast.information_date,)
            content = at.reporting.results(forecast, on=days_on, by=days_by)
            judgements = [forecast.check(*key) for key in _first_dates(forecast)] if check else []
        if not as_json:
            _print(forecast, content, tolerance)
        show(content, (f"{judgement}\n" for judgement in judgements), as_json=as_json)
    if out is not None:  # last: what was computed is printed, whatever becomes of the folder
        sys.stdout.flush()
        try:
            written = write_outputs(forecast, content, out, on=days_on, word=word)
        except InputError as error:
            raise UnfinishedError(f"printed, but not written: {error}") from None
        if not as_json:
            _prose(written)


def _check_word(out: str | None, *, word: bool) -> None:
    if not word:
        return
    if out is None:
        raise refusal("folder for Word", "--word without --out", "--word")
    from attrition.reporting.word import check_word

    check_word()


def _first_dates(answer: Forecast) -> list[tuple[str, float, str]]:
    """Return quantity, threshold and basis of the first date of each total."""
    keys: dict[str, str] = {}
    for quantity, basis in answer.laws:
        keys.setdefault(quantity, basis)
    return [
        (quantity, answer.thresholds[quantity][0], basis)
        for quantity, basis in keys.items()
        if answer.thresholds[quantity]
    ]


@contextmanager
def _progress() -> Iterator[Callable[[str, int, float], None] | None]:
    """Show what is simulated on a line of standard error, in a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading the dossier") as status:
        yield lambda quantity, points, excess: status.update(
            f"{quantity}: {points} points, error {excess:.2g} of the tolerance"
        )


# ------------------------------------------------------------------ what is printed


def _prose(text: str, bullet: str = "", *, bold: bool = False) -> None:
    """Print a paragraph wrapped to the width of the terminal."""
    width = min(shutil.get_terminal_size().columns, 96)
    kept = harmless(text).replace(" %", "\N{NO-BREAK SPACE}%")  # a number and its sign
    for line in textwrap.wrap(
        kept, width, initial_indent=bullet, subsequent_indent=" " * len(bullet)
    ):
        plain = line.replace("\N{NO-BREAK SPACE}%", " %")
        typer.echo(typer.style(plain, bold=True) if bold else plain)


def _print(forecast: Forecast, content: Mapping[str, Any], tolerance: float | None) -> None:
    """Print tables whole and prose wrapped to the width of the terminal."""
    precision = "1/8 of the printed unit" if tolerance is None else f"{tolerance:g} days"
    _prose(forecast.dossier.title or forecast.dossier.id, bold=True)
    _prose(
        f"dossier {forecast.dossier.id} (sha256 {content['dossier']['sha256'][:12]}), information "
        f"date {forecast.information_date}, horizon {forecast.horizon}, prob {forecast.prob:g}, "
        f"tolerance {precision}, seed {forecast.seed}, attrition {__version__}"
    )
    typer.echo("")
    for line in (*_crossing_lines(forecast, content), *_total_lines(forecast, content)):
        say(line)
    for heading, items in _sections(forecast, content):
        if items:
            _prose(heading, bold=True)
            for item in items:
                _prose(item, "  - ")
            typer.echo("")


def _sections(forecast: Forecast, content: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    import attrition as at

    used: dict[str, list[str]] = {}
    for row in content["crossings"]:
        for note in row["notes"]:
            titles = used.setdefault(note, [])
            if row["title"] not in titles:
                titles.append(row["title"])
    notes = [f"{', '.join(titles)}: {note}" for note, titles in used.items()]
    # the first sentence, and the first that allows for an end where there is one
    first = {row["end_hazard"] > 0: row["sentence"] for row in reversed(content["crossings"])}
    assumed = [
        f"{row['name']} = {row['value']} ({row['origin']}; for {', '.join(row['for'])}): "
        f"{row['reason']}"
        for row in content["assumptions"]
    ]
    return [
        ("Strengths, reported and not forecast", [r["sentence"] for r in content["stocks"]]),
        (
            "Forecasts by others, next to ours",
            [row["sentence"] for row in content["forecasts_by_others"]],
        ),
        ("To cite (one sentence of many)", [first[ends] for ends in sorted(first)]),
        ("No date is told, because no threshold is named", _to_ask(forecast)),
        ("To cite, of the totals on a day", [row["sentence"] for row in content["totals"]]),
        ("How the figures were used", notes),
        ("Assumed, because no report says it", assumed),
        ("Left out", [f"{key}: {why}" for key, why in content["left_out"].items()]),
        ("To check", [finding.message for finding in at.check(forecast.dossier)]),
    ]


def _to_ask(forecast: Forecast) -> list[str]:
    """Return how a date is asked for, where nothing was asked: by the next round total."""
    if any(forecast.thresholds.values()) or not forecast.laws:
        return []
    law = next(iter(forecast.laws.values()))
    (likely,) = law.quantiles(0.9, on=forecast.information_date)
    step = 10.0 ** math.floor(math.log10(max(likely, 1.0)))
    level = f"{math.ceil(likely / step) * step:.12g}"
    return [f"add --threshold {level}, or in the file thresholds = [{level}] to the total"]


def _crossing_lines(forecast: Forecast, content: Mapping[str, Any]) -> list[str]:

    rows = content["crossings"]
    lines: list[str] = []
    for hazard in sorted({row["end_hazard"] for row in rows}):
        lines += _crossing_table(forecast, [row for row in rows if row["end_hazard"] == hazard])
    return [*lines, *_by_lines(rows)]


def _crossing_table(forecast: Forecast, rows: list[dict[str, Any]]) -> list[str]:
    from attrition.reporting.rows import crossing_cells

    head = ["threshold", "count", "from", "to", "median", "already", "later", "ended"]
    names = ["number", "count", "lower", "upper", "median", "already", "later", "ended"]
    shown = slice(8 if rows[0]["end_hazard"] > 0 else 7)
    counts = ["toll" if row["basis"] == "latent" else row["basis"] for row in rows]
    key = "early, mid, late: days 1 to 10, 11 to 20 and from 21 of a month"
    key += "; toll: the toll itself, whoever counts" if "toll" in counts else ""
    cells = [
        crossing_cells(row, names[shown], count) for row, count in zip(rows, counts, strict=True)
    ]
    first, *rest = columns([head[shown], *cells], {0, 5, 6, 7})
    lines = [
        f"{100 * forecast.prob:g} % credible intervals of the day each total passes its threshold,",
        *textwrap.wrap(f"{rows[0]['condition']} ({key})", 80),
        "",
        first,
    ]
    last = None
    for row, line in zip(rows, rest, strict=True):
        if row["quantity"] != last:
            last = row["quantity"]
            what = forecast.law(last).provenance
            lines += ["", f"{what.title} ({what.unit})"]
        lines.append(line)
    return [*lines, ""]


def _by_lines(rows: list[dict[str, Any]]) -> list[str]:
    from attrition.reporting.words import number, signs

    asked = [
        [
            by["date"],
            row["quantity"],
            row["basis"] + (", may end" if row["end_hazard"] else ""),
            number(row["threshold"]),
            signs(by["probability"]),
        ]
        for row in rows
        for by in row["by"]
    ]
    head = ["by", "total", "count", "threshold", "probability"]
    heading = "Probability of having passed by a day"
    return table(heading, [head, *asked], {3, 4}) if asked else []


def _total_lines(forecast: Forecast, content: Mapping[str, Any]) -> list[str]:
    rows = [["on", "total", "count", "from", "to", "median"]]
    for row in content["totals"]:
        printed = [row["printed"][name] for name in ("lower", "upper", "median")]
        rows.append([row["on"], row["quantity"], row["basis"], *printed])
    heading = f"{100 * forecast.prob:g} % credible intervals of the totals on a day"
    return table(heading, rows, {3, 4, 5}) if content["totals"] else []


@dataclass(frozen=True, slots=True)
class WhenOptions:
    """What is known of a total, and asked, as options: arguments of :func:`attrition.when`.

    Parameters
    ----------
    level
        How many there are, in words: '900,000 to 1,000,000'.
    rate
        How many are added, in words: 'around 1,000 a day'.
    on : DATE
        The day that the level describes.
    kind
        steady (the pace stays as it is), epidemic or conflict (it moves as in recorded ones) or
        disaster (it levels off). Default: a mixture of all, most of it wider than any of these.
    horizon
        Last DATE. Default: two years ahead, or four times what the stated pace needs.
    unit
        What is counted.
    """

    level: str
    rate: str
    on: str
    kind: str | None = None
    priors: Path | None = None
    horizon: str | None = None
    prob: float = 0.9
    seed: int = 1
    unit: str = "persons"


def when(
    threshold: str, *, known: WhenOptions, plot: Path | None = None, as_json: bool = False
) -> None:
    """Say when a total passes a threshold, from how many there are and how many a day.

    Parameters
    ----------
    threshold
        The total that is passed: '1,000,000'.
    plot
        Draw the answer to this FILE (.svg or .png).
    """
    form = figure_form(plot, "--plot")
    try_file(plot)
    total = number_of(threshold, "THRESHOLD")
    import attrition as at

    answer = at.when(total, **dataclasses.asdict(known))
    if as_json:
        show(_content(answer), as_json=True)
    else:
        say(f"{answer}\n\n{answer.cite().sentence}")
    if plot is not None:
        write_whole(plot, *drawn(answer.plot, form))


def _content(answer: When) -> dict[str, Any]:
    read, citation = answer.crossing(), answer.cite()
    return {
        "threshold": answer.threshold,
        "level": answer.level.words,
        "rate": answer.rate.words,
        "on": answer.on.isoformat(),
        "horizon": answer.horizon.isoformat(),
        "kind": answer.kind,
        "prob": answer.prob,
        "seed": answer.seed,
        **{name: _end(getattr(read, name)) for name in ("lower", "median", "upper")},
        **{name: getattr(read.masses, name) for name in ("already", "within", "beyond")},
        "sentence": citation.sentence,
        "note": citation.note,
    }


def _end(end: CrossingDate) -> dict[str, Any]:
    day = None if end.day is None else end.day.isoformat()
    return {"state": end.state, "day": day, "mcse": end.mcse}
