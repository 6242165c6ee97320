"""Hindcast the 103 claims of the bundled table: every figure from those before it.

    python -m benchmarks.claims --out benchmarks/results/claims.md

The shares held of what a reader asks today go to bundled/coverage.json, which the page quotes.

Figures are known from the day they appeared, or from the day they describe; with the daily count of
the General Staff, or from the claims alone; with the errors of sources assumed half and twice as
large, to see what hangs on them; and from the table as it is imported, where they are learnt.
"""

from __future__ import annotations

import argparse
import itertools
import re
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Literal

from benchmarks.coverage import keep
from benchmarks.spline import SPLINE, spline_figure

import attrition as at
from attrition.evaluation import ClaimsHindcast, ClaimsSummary
from attrition.evaluation.claims import CARRIED, OURS, SPREAD

CLAIMS = 103
Variant = tuple[Literal["published", "described"], bool, float | None]
VARIANTS: tuple[Variant, ...] = (
    ("published", True, 1.0),
    ("published", False, 1.0),
    ("described", True, 1.0),
    ("described", False, 1.0),
    ("published", True, 0.5),
    ("published", True, 2.0),
    ("published", False, None),
)
"""Which day a figure is known from, whether the count is, and how many times the errors of sources;
None for the table as it is imported, with nothing declared or stated."""

ROUTES = {VARIANTS[0]: "claims beside a count", VARIANTS[1]: "claims"}
"""The variants that a page quotes: what a reader who forecasts today knows."""


def table_only(scale: float = 1.0, share: float = 1.0) -> at.Dossier:
    """Return the bundled dossier with the claims of the table alone.

    Errors of sources, and how far shares move, are so many times what the dossier states.
    """
    dossier = at.read_dossier("war-in-ukraine-2025-06")
    factors = {"source_error": scale, "source_drift": scale, "share_volatility": share}
    quantities = {
        key: quantity.model_copy(update={"assumptions": _scaled(quantity.assumptions, factors)})
        for key, quantity in dossier.quantities.items()
    }
    return dossier.model_copy(
        update={
            "claims": dossier.claims[:CLAIMS],
            "quantities": quantities,
            "assumptions": _scaled(dossier.assumptions, factors),
        }
    )


def imported() -> at.Dossier:
    """Return the table as `attrition import-claims` reads it."""
    table = Path(at.__path__[0]) / "bundled" / "war_loss_claims_to_2025-06-03.csv"
    return at.read_claims(table).dossier("imported")


def _scaled(
    assumptions: at.dossier.Assumptions, factors: Mapping[str, float]
) -> at.dossier.Assumptions:
    table = {name: getattr(assumptions, name) for name in factors}
    return assumptions.model_copy(
        update={
            name: one.model_copy(update={"value": float(one.value) * factors[name]})
            for name, one in table.items()
            if one is not None
        }
    )


def run(variant: Variant, share: float) -> tuple[ClaimsHindcast, float]:
    """Return one hindcast, and the seconds that it took."""
    dated, counted, scale = variant
    begun = time.perf_counter()
    dossier = imported() if scale is None else table_only(scale, share)
    past = at.hindcast(
        dossier,
        rng=1,
        dated=dated,
        series=None if counted else {},
        baselines={SPLINE: spline_figure},
    )
    return past, time.perf_counter() - begun


def heading(variant: Variant) -> str:
    """Return what a variant is, in words."""
    dated, counted, scale = variant
    words = "known from the day it appeared"
    if dated == "described":
        words = "known from the day that it describes"
    count = "with the daily count" if counted else "claims alone"
    extra = "" if scale in (1, None) else f", errors of sources x {scale:g}"
    if scale is None:
        extra = ", the table as imported: errors of sources learnt"
    return f"{words}, {count}{extra}"


def row(summary: ClaimsSummary, figures: str) -> str:
    """Return a row of a table in Markdown."""
    text = " / ".join(f"{100 * share:.0f}" for share in summary.coverage)
    text = "none" if summary.method == CARRIED else text
    cells = [
        summary.method,
        figures,
        f"{summary.count} on {summary.days}",
        text,
        f"{100 * summary.crps:.1f}",
        f"{100 * summary.score:.0f}",
        f"{100 * summary.median_error:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def report(variant: Variant, past: ClaimsHindcast) -> list[str]:
    """Return the scores of one variant as Markdown."""
    lines = [
        f"## {heading(variant)[0].upper()}{heading(variant)[1:]}",
        "",
        "| method | on | figures, days | held 50 / 80 / 90 % | CRPS | score | error |",
        "|---|---|---|---|---|---|---|",
        row(past.summary(), "all"),
    ]
    lines += [row(past.summary(OURS, group), f"{group} figures") for group in ("next", "first")]
    for method in (CARRIED, SPREAD, SPLINE):
        lines.append(row(past.summary(OURS, as_by=method), f"those of '{method}'"))
        lines.append(row(past.summary(method), "the same"))
    ours = past.summary()
    outside = [f for f in past.figures[OURS] if not f.low <= f.figure <= f.high]
    names = ", ".join(
        f"{f.source} {f.quantity.replace('russian', 'RU').replace('ukrainian', 'UA')} {f.described}"
        for f in outside
    )
    left = ", ".join(f"claims[{i}] ({why})" for i, why in past.left_out.items()) or "none"
    return [
        *lines,
        "",
        f"PIT in tenths [%]: {' '.join(f'{100 * share:.0f}' for share in ours.pit)}.",
        f"Outside the 90 % interval: {len(outside)}: {names}. Not predicted: {left}.",
        "",
    ]


HEAD = """# Claims hindcast

`python -m benchmarks.claims`, seed 1. Each of the 103 figures of the bundled table is predicted
from what was known on the day before it: *next* figures are of a source that had printed one of the
quantity and kind before, *first* ones are not. CRPS, interval score and median error are of the log
of the figure, times 100. Each baseline stands below ours on the same figures, those that it can
predict. A single number (the last figure at its pace) has its absolute error as CRPS.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all variants and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="a Markdown file")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--share", type=float, default=1.0, help="how far shares move, x as stated")
    asked = parser.parse_args(arguments)
    if asked.share != 1 and asked.out is not None:
        parser.error("--share is an experiment: it is printed and not kept")
    lines = [HEAD]
    with ProcessPoolExecutor(asked.workers) as pool:
        pasts = pool.map(run, VARIANTS, itertools.repeat(asked.share))
        for variant, (past, seconds) in zip(VARIANTS, pasts, strict=True):
            print(f"{heading(variant)}: {seconds:.0f} s", flush=True)
            lines += report(variant, past)
            if variant in ROUTES and asked.share == 1:
                ours = past.summary()
                counts = (ours.count, ours.days)
                keep(ROUTES[variant], "python -m benchmarks.claims", counts, ours.coverage)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    if asked.out is not None:
        asked.out.write_text(text.rstrip() + "\n", encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
