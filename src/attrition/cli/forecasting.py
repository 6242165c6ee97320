"""`attrition forecast` and `when`: arguments in, calls to the library, tables or JSON out."""

from __future__ import annotations

import dataclasses
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from attrition.cli.arguments import figure_form, harmless, number_of, say, show
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
    full: bool = False,
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
    full
        Print more than one screen: every row and note, and each assumption with its value and
        reason.
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
            _print(forecast, content, tolerance, full=full)
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


def _prose(text: str) -> None:
    """Print a paragraph wrapped to the width of the terminal."""
    width = min(shutil.get_terminal_size().columns, 96)
    kept = harmless(text).replace(" %", "\N{NO-BREAK SPACE}%")  # a number and its sign
    for line in textwrap.wrap(kept, width):
        typer.echo(line.replace("\N{NO-BREAK SPACE}%", " %"))


def _print(
    forecast: Forecast, content: Mapping[str, Any], tolerance: float | None, *, full: bool
) -> None:
    """Print one screen of the width of the terminal, or all there is to say."""
    from attrition.reporting.screen import screen

    width = min(shutil.get_terminal_size().columns, 96)
    lines = screen(forecast, content, width=width, full=full, tolerance=tolerance)
    for bold, rest in lines:
        typer.echo(typer.style(harmless(bold), bold=True) + harmless(rest))


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
        steady (the pace stays as it is), epidemic or conflict (it moves as in recorded ones),
        disaster (it levels off) or 'steady for 6 months'. Default: a mixture of all, most of it
        wider than any of these.
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
