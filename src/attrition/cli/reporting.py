"""`attrition report`: one page that a newsroom or a reviewer can open, keep and print."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

from attrition.cli.arguments import day_of, number_of
from attrition.errors import AttritionWarning, InputError


def report(
    dossier: Annotated[str, typer.Argument(help="A TOML file, or the id of a bundled dossier.")],
    *,
    out: Annotated[Path, typer.Option(help="Write page.html and record.json into this DIR.")],
    quantity: Annotated[
        list[str] | None, typer.Option(help="Report only this total; may be repeated.")
    ] = None,
    basis: Annotated[
        str | None,
        typer.Option(help="Whose count: 'latent' or a source's id. Default: the dossier's own."),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option(help="Ask about this total instead of the dossier's; may be repeated."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="Information DATE. Default: the latest publication in the dossier."),
    ] = None,
    horizon: Annotated[
        str | None, typer.Option(help="Last DATE. Default: two years after the information date.")
    ] = None,
    prob: Annotated[float, typer.Option(help="Probability of the equal-tailed intervals.")] = 0.9,
    end_hazard: Annotated[
        float | None,
        typer.Option(help="Probability per day of an end, for laws that allow for it, beside."),
    ] = None,
    assimilate: Annotated[
        bool,
        typer.Option(
            "--assimilate",
            help="Confront all claims and counts with one another in one posterior, instead of "
            "carrying each source's latest figure forward.",
        ),
    ] = False,
    title: Annotated[
        str | None, typer.Option(help="Heading of the page. Default: the dossier's title.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the simulation.")] = 1,
) -> None:
    """Write one self-contained page about a dossier, and the record that verifies it."""
    import attrition as at
    from attrition.files import write_folder
    from attrition.page import page_html, told

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", AttritionWarning)
        method = at.assimilate if assimilate else at.forecast
        made = method(
            at.read_dossier(dossier),
            rng=seed,
            quantities=quantity or None,
            basis=basis,
            thresholds=[number_of(text) for text in threshold] if threshold else None,
            as_of=day_of(as_of, "--as-of") if as_of else None,
            horizon=day_of(horizon, "--horizon") if horizon else None,
            prob=prob,
            end_hazard=end_hazard,
        )
        page = told(made)
        if page.record is None:
            raise InputError(
                "a report needs a threshold that is asked about",
                got="none",
                place=f"dossier '{made.dossier.id}'",
                remedy="Name one with --threshold, or under `thresholds` of a quantity",
            )
        text = page_html(page, title=title)
    files = {"page.html": text.encode(), "record.json": page.record.to_json().encode()}
    done = "Replaced what was in" if write_folder(out, files) else "Written to"
    typer.echo(f"{done} {out}: {', '.join(files)} ({len(files['page.html']) / 1e6:.1f} MB)")
    typer.echo(f"record {page.record.id}")
    for warning in caught:
        if issubclass(warning.category, AttritionWarning):
            sys.stderr.write(f"attrition: note: {warning.message}\n")
