"""What commands about a dossier are asked alike, and how they say what gave pause."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from typing import Annotated, TypeAlias

import typer

from attrition.core.errors import AttritionWarning

DossierPath: TypeAlias = Annotated[
    str, typer.Argument(help="A TOML file, or the id of a bundled dossier.")
]
BasisOption: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Whose count: 'latent' or a source's id. Default: the dossier's own."),
]
ThresholdsOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="Ask about this total instead of the dossier's; may be repeated."),
]
AsOfOption: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Information DATE. Default: the latest publication in the dossier."),
]
HorizonOption: TypeAlias = Annotated[
    str | None, typer.Option(help="Last DATE. Default: two years after the information date.")
]
ProbOption: TypeAlias = Annotated[
    float, typer.Option(help="Probability of the equal-tailed intervals.")
]
EndHazardOption: TypeAlias = Annotated[
    float | None,
    typer.Option(help="Probability per day of an end, for laws that allow for it, beside."),
]
ScenarioOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="Suppose another pace from a day on, '0.5 from 2025-09-01' for half of what is "
        "expected, or 'stop 2025-09-01'."
    ),
]
PaceOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--pace",
        help="steady, epidemic, conflict or disaster: how the pace of what is counted may move; of "
        "a dossier, of totals that name no kind. Default: a mixture of all.",
    ),
]
SeedOption: TypeAlias = Annotated[int, typer.Option("--seed", help="Seed of the simulation.")]
JsonOption: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print JSON instead of a table.")
]


def write_notes(caught: Sequence[warnings.WarningMessage]) -> None:
    """Write the library's warnings, of all that were caught, to the standard error."""
    for warning in caught:
        if issubclass(warning.category, AttritionWarning):
            sys.stderr.write(f"attrition: note: {warning.message}\n")
