"""`attrition hindcast DOSSIER`: predict every figure from those before it, and score it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import typer

from attrition._version import __version__
from attrition.cli.arguments import columns, json_file, show

if TYPE_CHECKING:
    from attrition.data.dossier import Dossier
    from attrition.evaluation import ClaimsHindcast, ClaimsSummary


def is_dossier(file: Path) -> bool:
    """Tell whether a file is a dossier: a TOML file, or the id of a bundled one."""
    from attrition.data.dossier.files import BUNDLED

    return file.suffix.lower() == ".toml" or (str(file) in BUNDLED and not file.is_file())


def hindcast_dossier(
    dossier: Dossier,
    *,
    dated: str,
    no_series: bool,
    prob: float,
    seed: int,
    as_json: bool,
    out: Path | None,
) -> None:
    """Hindcast the claims of a dossier; print and write what comes out."""
    from attrition.core.files import write_whole
    from attrition.evaluation import hindcast, record_claims

    past = hindcast(
        dossier,
        rng=seed,
        dated=cast('Literal["published", "described"]', dated),
        series={} if no_series else None,
        prob=prob,
        progress=True,
    )
    content = {"attrition": __version__, **record_claims(past)}
    lines = (*_head(past, dossier), *_scores(past), *_missed(past, dossier))
    show(content, lines, as_json=as_json)
    if out is not None:
        write_whole(out / "hindcast.json", json_file(content))
        if not as_json:
            typer.echo(f"Written to {out}: hindcast.json")


def _head(past: ClaimsHindcast, dossier: Dossier) -> list[str]:
    known = (
        "from the day it appeared"
        if past.dated == "published"
        else "from the day that it describes, whenever it appeared"
    )
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


def _row(summary: ClaimsSummary) -> list[str]:
    return [
        summary.method,
        str(summary.count),
        str(summary.days),
        *(f"{100 * share:.0f}" for share in summary.coverage),
        f"{100 * summary.crps:.1f}",
        f"{100 * summary.score:.0f}",
        f"{100 * summary.median_error:.1f}",
    ]


def _scores(past: ClaimsHindcast) -> list[str]:
    head = ["", "figures", "days", "50 %", "80 %", "90 %", "CRPS", "score", "error"]
    rows = past.table()
    return [
        "held by the 50, 80 and 90 % intervals [%]; mean CRPS, interval score of the",
        f"{100 * past.prob:g} % interval and median error of the log of the figure, times 100;",
        "ours stands again over each other method, on the figures that it predicts",
        "",
        *columns([head, *(_row(row) for row in rows)], set(range(1, 9))),
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
