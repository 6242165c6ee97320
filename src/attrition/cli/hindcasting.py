"""`attrition hindcast`: stand at past days of a series or a dossier, forecast, and score it."""

from __future__ import annotations

import functools
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import typer

from attrition._version import __version__
from attrition.cli.arguments import columns, day_of, json_file, number_of, show, table
from attrition.cli.options import CountOptions, noting
from attrition.cli.writing import drawn, try_out
from attrition.core.errors import refusal

if TYPE_CHECKING:
    from attrition.data.dossier import Dossier
    from attrition.data.series import Series
    from attrition.evaluation import ClaimsHindcast, ClaimsSummary, Hindcast, Summary
    from attrition.evaluation.answers import Route
    from attrition.evaluation.protocol import Thresholds

_EVERY = 14


def hindcast(
    file: Path,
    *,
    every: int = _EVERY,
    start: str | None = None,
    thresholds: list[str] | None = None,
    prob: float = 0.9,
    route: str = "count",
    dated: str = "published",
    no_series: bool = False,
    count: CountOptions,
    seed: int = 1,
    workers: str = "",
    checkpoint: Path | None = None,
    max_time: float | None = None,
    as_json: bool = False,
    out: str | None = None,
) -> None:
    """Forecast from past days of a series or a dossier, seeing nothing later, and score it.

    Parameters
    ----------
    file
        A series: CSV, JSON, XLSX, Parquet, netCDF, also .gz, or - for the standard input; or a
        dossier: TOML, or the id of a bundled one.
    every
        Days between origins.
    start : --from
        No origin before this DATE.
    thresholds
        'auto': the next 1 and 3 multiples of a round step worth 60 days; 'step:N': of N; or a
        total; may be repeated.
    prob
        Probability of the intervals scored.
    route
        Of a series: what is known at an origin, the 'count' so far, or 'two figures', its total and
        about how many a day.
    dated
        Of a dossier: figures are known from the day 'published' or 'described'.
    no_series
        Of a dossier: from its claims alone.
    out
        Write hindcast.json and the strip of forecasts into DIR.
    """
    import attrition as at

    folder = None if out is None else try_out(out)
    if is_dossier(file):
        for_series = {"--every": every != _EVERY, "--from": start, "--thresholds": thresholds}
        long = {"--checkpoint": checkpoint, "--max-time": max_time}
        own = {"--route": route != "count"}
        _refuse({**for_series, **long, **own, **count.given}, file)
        outcome = _of_claims(at.read_dossier(file), dated, prob, seed, no_series=no_series)
        draw = None
    else:
        _refuse({"--dated": dated != "published", "--no-series": no_series}, file)
        first, levels = day_of(start, "--from"), _thresholds(thresholds or ["auto"])
        with noting():
            series = count.read(file)
        past = at.hindcast(
            series,
            rng=seed,
            every=every,
            start=first,
            thresholds=levels,
            prob=prob,
            route=cast("Route", route),  # which is checked
            progress=True,
            workers=workers,
            checkpoint=checkpoint,
            max_time=max_time,
        )
        outcome, draw = _of_count(past, series), functools.partial(at.plots.hindcast, past)
    content, lines = outcome
    show(content, lines, as_json=as_json)
    if folder is not None:  # last: what was computed is printed, whatever becomes of the folder
        sys.stdout.flush()
        from attrition.core.files import write_whole

        pictures = [] if draw is None else drawn(draw, "svg", "png")
        raw = (json_file(content), *pictures)
        files = dict(zip(("hindcast.json", "strip.svg", "strip.png"), raw, strict=False))
        for name, one in files.items():
            write_whole(folder / name, one)
        if not as_json:
            typer.echo(f"Written to {folder}: {', '.join(files)}")


def _of_count(past: Hindcast, series: Series) -> tuple[dict[str, Any], list[str]]:
    """Return what came out of a recorded count, ready for JSON and as lines."""
    from attrition.evaluation import record

    content = {"attrition": __version__, **record(past), "defects": list(series.defects)}
    defects = [textwrap.fill(f"found in the series: {defect}", 80) for defect in series.defects]
    return content, [*_head(past), *_scores(past), *_by_lead(past), *_increments(past), *defects]


def _of_claims(
    dossier: Dossier, dated: str, prob: float, seed: int, *, no_series: bool
) -> tuple[dict[str, Any], list[str]]:
    """Hindcast the claims of a dossier, and return what comes out in the same way."""
    from attrition.evaluation import hindcast, record_claims

    known = cast('Literal["published", "described"]', dated)
    counts: dict[Any, Any] | None = {} if no_series else None
    past = hindcast(dossier, rng=seed, dated=known, series=counts, prob=prob, progress=True)
    content = {"attrition": __version__, **record_claims(past)}
    lines = [*_claims_head(past, dossier), *_claims_scores(past), *_missed(past, dossier)]
    return content, lines


def _refuse(given: dict[str, object], file: Path) -> None:
    wrong = [option for option, value in given.items() if value]
    if wrong:
        raise refusal("option of a hindcast", " ".join(wrong), str(file))


def _thresholds(texts: list[str]) -> Thresholds:
    asked = [part for text in texts for part in text.split()]
    if asked == ["auto"]:
        return "auto"
    steps = [text.removeprefix("step:") for text in asked if text.startswith("step:")]
    if steps and len(asked) == 1:
        return number_of(steps[0], "--thresholds")
    if steps or "auto" in asked:
        raise refusal("thresholds of a hindcast", " ".join(asked), "--thresholds")
    return tuple(number_of(text, "--thresholds") for text in asked)


def _head(past: Hindcast) -> list[str]:
    first, *_ = past.outcomes.values()
    return [
        f"{past.name}, data to {past.last}",
        *textwrap.wrap(f"{len({o.origin for o in first})} origins, {past.protocol.text}", 80),
        f"seed {past.seed}, attrition {__version__}",
        "",
    ]


def _row(row: Summary) -> list[str]:
    shares = (*row.coverage, row.early, row.late)
    return [
        *(f"{100 * share:.0f}" for share in shares),
        *(f"{value:.0f}" for value in (row.width, row.interval_score)),
        f"{row.crps:.1f}",
    ]


def _scores(past: Hindcast) -> list[str]:
    rows = past.table()
    ours = rows[0]
    chance = f"{100 * past.prob:g}"
    cells = [[row.method, *_row(row)] for row in rows]
    head = ["", "50 %", "80 %", "90 %", "early", "late", "width", "score", "CRPS"]
    return [
        f"{ours.count} forecasts, {ours.resolved} resolved, {ours.independent} that share no day",
        *["No day that was asked for came within the data: too few to tell."] * (not ours.resolved),
        "held by the 50, 80 and 90 % intervals [%]; crossed before and after the",
        f"{chance} % interval [%]; its mean width and interval score, and the CRPS [days]",
        "",
        *columns([head, *cells], range(1, 9)),
        "",
        *pit_lines(ours.pit, ours.pit_band),
    ]


def _by_lead(past: Hindcast) -> list[str]:
    head = ["", "away", "50 %", "80 %", "90 %", "early", "late", "width", "score", "CRPS"]
    cells = [[row.method, row.lead, *_row(row)] for row in past.table_by_lead()]
    heading = "by how far away the threshold was at the rate of the last 28 days"
    return table(heading, [head, *cells], range(2, 10))


def _increments(past: Hindcast) -> list[str]:
    head = ["50 %", "80 %", "90 %", "below", "above", "CRPS", "log WIS"]
    rows: list[list[str]] = []
    lead = 0
    for row in past.table_of_increments():
        if row.lead != lead:
            lead = row.lead
            rows.append([f"{lead} days: {row.count}, {row.independent} apart", *[""] * len(head)])
        shares = (*row.coverage, row.below, row.above)
        numbers = [f"{100 * share:.0f}" for share in shares]
        rows.append([f"  {row.method}", *numbers, f"{row.crps:,.4g}", f"{row.log_wis:.3f}"])
    heading = (
        "what is newly counted within so many days: held by the intervals, by the randomised PIT, "
        "and below and above the 90 % interval [%]; CRPS, and the weighted interval score of the "
        "log; 'apart' are those that share no day"
    )
    return table(heading, [["", *head], *rows], range(1, 8))


def is_dossier(file: Path) -> bool:
    """Tell whether a file is a dossier: a TOML file, or the id of a bundled one."""
    from attrition.data.dossier.files import BUNDLED

    return file.suffix.lower() == ".toml" or (str(file) in BUNDLED and not file.is_file())


def _claims_head(past: ClaimsHindcast, dossier: Dossier) -> list[str]:
    known = "from the day it appeared"
    if past.dated != "published":
        known = "from the day that it describes, whenever it appeared"
    names = " and ".join(dossier.sources[key].name for key in past.series)
    counts = f" and the daily count of {names}" if names else ""
    sentence = (
        f"every figure predicted from the claims{counts} known by the day before; a figure is "
        f"known {known}"
    )
    return [
        dossier.title or dossier.id,
        *textwrap.wrap(sentence, 80),
        f"seed {past.seed}, attrition {__version__}",
        "",
    ]


def _claims_row(summary: ClaimsSummary) -> list[str]:
    return [
        summary.method,
        str(summary.count),
        str(summary.days),
        *(f"{100 * share:.0f}" for share in summary.coverage),
        f"{100 * summary.crps:.1f}",
        f"{100 * summary.score:.0f}",
        f"{100 * summary.median_error:.1f}",
    ]


def _claims_scores(past: ClaimsHindcast) -> list[str]:
    head = ["", "figures", "days", "50 %", "80 %", "90 %", "CRPS", "score", "error"]
    rows = past.table()
    return [
        "held by the 50, 80 and 90 % intervals [%]; mean CRPS, interval score of the",
        f"{100 * past.prob:g} % interval and median error of the log of the figure, times 100;",
        "ours stands again over each other method, on the figures that it predicts",
        "",
        *columns([head, *(_claims_row(row) for row in rows)], range(1, 9)),
        "",
        *pit_lines(rows[0].pit, rows[0].pit_band),
    ]


def pit_lines(shares: Sequence[float], band: tuple[float, float]) -> list[str]:
    """Return where in their forecasts the outcomes fell, beside what chance allows."""
    low, high = band
    return [
        f"PIT, share in each tenth [%]: {' '.join(f'{100 * share:.0f}' for share in shares)}",
        f"even would be 10, and within {100 * low:.0f} to {100 * high:.0f} nine times in ten",
        "",
    ]


def _missed(past: ClaimsHindcast, dossier: Dossier) -> list[str]:
    ours = next(iter(past.figures.values()))
    outside = [figure for figure in ours if not figure.low <= figure.figure <= figure.high]
    lines = [f"outside the {100 * past.prob:g} % interval: {len(outside)} of {len(ours)}", ""]
    rows = [
        [
            str(figure.described),
            dossier.sources[figure.source].name,
            dossier.quantities[figure.quantity].title,
            f"{figure.figure:,.0f}",
            f"{figure.low:,.0f} to {figure.high:,.0f}",
        ]
        for figure in outside
    ]
    lines += columns([["of", "source", "what", "printed", "predicted"], *rows], {3, 4})
    lines += [f"not predicted: claim {i + 1}, {why}" for i, why in past.left_out.items()]
    return [*lines, ""]
