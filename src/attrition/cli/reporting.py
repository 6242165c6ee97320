"""`attrition report`: one page that a newsroom or a reviewer can open, keep and print."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated

import typer

from attrition.cli.arguments import day_of, number_of
from attrition.cli.options import (
    AsOfOption,
    BasisOption,
    DossierPath,
    EndHazardOption,
    HorizonOption,
    ProbOption,
    ScenarioOption,
    SeedOption,
    ThresholdsOption,
    write_notes,
)
from attrition.cli.writing import ours_in, try_out
from attrition.core.errors import AttritionWarning, InputError


def report(
    dossier: DossierPath,
    *,
    out: Annotated[str, typer.Option(help="Write page.html and record.json into this DIR.")],
    quantity: Annotated[
        list[str] | None, typer.Option(help="Report only this total; may be repeated.")
    ] = None,
    basis: BasisOption = None,
    threshold: ThresholdsOption = None,
    as_of: AsOfOption = None,
    horizon: HorizonOption = None,
    prob: ProbOption = 0.9,
    end_hazard: EndHazardOption = None,
    scenario: ScenarioOption = None,
    title: Annotated[
        str | None, typer.Option(help="Heading of the page. Default: the dossier's title.")
    ] = None,
    seed: SeedOption = 1,
) -> None:
    """Write one self-contained page about a dossier, and the record that verifies it."""
    try_out(out)
    totals = [number_of(text) for text in threshold] if threshold else None
    first = day_of(as_of, "--as-of") if as_of else None
    last = day_of(horizon, "--horizon") if horizon else None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", AttritionWarning)
        import attrition as at

        data = at.read_dossier(dossier)
        made = at.forecast(
            data,
            seed=seed,
            quantities=quantity or None,
            bases=basis,
            thresholds=totals,
            as_of=first,
            horizon=last,
            prob=prob,
            end_hazard=end_hazard,
            scenario=scenario,
        )
        from attrition.core.files import write_folder
        from attrition.page import page_html, told

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
    done = "Replaced what was in" if write_folder(Path(out), files, ours_in(out)) else "Written to"
    typer.echo(f"{done} {out}: {', '.join(files)} ({len(files['page.html']) / 1e6:.1f} MB)")
    typer.echo(f"record {page.record.id}")
    write_notes(caught)
