"""``python -m benchmarks.races eu|flu|conflict --data DIR``.

Or ``settings|together|elsewhere --corpus FILE``: what the trend was learnt from, and the European
race run on other places.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import pandas as pd
from benchmarks.races import conflict, elsewhere, settings, weekly

from attrition.models.trend import bundled_prior


def weekly_text(name: str, scores: pd.DataFrame) -> str:
    """Return the table of a weekly race in Markdown."""
    table = weekly.summary(scores)
    lines = [
        f"## {weekly.RACES[name].title}",
        "",
        f"{int(table['targets'].max()):,} targets that all models forecast.",
        "",
        "| model | horizon | WIS | ratio to ensemble | log WIS | ratio | in 50 % | in 90 % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.model} | {row.horizon} | {row.wis:.2f} | {row.ratio:.3f} | {row.log_wis:.3f} "
        f"| {row.log_ratio:.3f} | {row.in50:.1%} | {row.in90:.1%} |"
        for row in table.itertuples()
    ]
    return "\n".join(lines)


def conflict_text(scores: pd.DataFrame) -> str:
    """Return the table of the monthly race in Markdown."""
    lines = [
        "## Monthly deaths in conflict by country",
        "",
        "| year | country-months | attrition, CRPS | last 12 months | any death: forecast | came |",
        "|---|---|---|---|---|---|",
    ]
    for year, rows in scores.groupby("year"):
        mean = rows[["attrition", "last 12 months", "any", "came"]].mean()
        lines.append(
            f"| {year} | {len(rows):,} | {mean['attrition']:.2f} | {mean['last 12 months']:.2f} "
            f"| {mean['any']:.1%} | {mean['came']:.1%} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run what the command line asks for and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.races", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in (*weekly.RACES, "conflict"):
        one = commands.add_parser(name)
        one.add_argument("--data", type=Path, required=True, help="directory with the race's files")
        one.add_argument("--draws", type=int, default=1_000 if name == "conflict" else 2_000)
        one.add_argument("--seed", type=int, default=1)
        one.add_argument(
            "--trend",
            nargs="*",
            default=[],
            metavar="NAME=VALUE",
            help="other settings of the trend",
        )
        one.add_argument("--alone", action="store_true", help="no growth in common")
    learn = commands.add_parser("settings", help="score settings on a corpus of other places")
    learn.add_argument("--corpus", type=Path, required=True, help="date, location, cumulative")
    learn.add_argument("--before", help="only weeks that end before this day")
    for name, about in (
        ("together", "score a growth that places have in common"),
        ("elsewhere", "the European race on places that run in none, beside simple rivals"),
    ):
        other = commands.add_parser(name, help=about)
        other.add_argument("--corpus", type=Path, required=True, help="date, location, cumulative")
    given = parser.parse_args()
    shipped = bundled_prior()
    if given.command == "settings":
        print(settings.text(given.corpus, given.before))
        return
    if given.command == "together":
        print(settings.together(given.corpus))
        return
    if given.command == "elsewhere":
        print(elsewhere.text(given.corpus))
        return
    changes = {name: float(value) for name, value in (one.split("=") for one in given.trend)}
    prior = replace(
        shipped,
        trend=replace(shipped.trend, **changes),
        shares=(0.0,) if given.alone else shipped.shares,
    )
    if given.command == "conflict":
        print(conflict_text(conflict.race(given.data, prior, given.draws, given.seed)))
    else:
        scores = weekly.race(given.command, given.data, prior, given.draws, given.seed)
        print(weekly_text(given.command, scores))


if __name__ == "__main__":
    main()
