"""The `attrition` command: arguments in, calls to the library, tables or JSON out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from attrition._version import __version__
from attrition.cli.archiving import archive
from attrition.cli.asking import when
from attrition.cli.benchmarking import bench
from attrition.cli.forecasting import forecast
from attrition.cli.hindcasting import hindcast
from attrition.cli.influencing import influence, sensitivity
from attrition.cli.reading import check, import_claims, new, parse, schema
from attrition.cli.reporting import report
from attrition.cli.sweeping import sweep
from attrition.cli.verifying import diff, verify
from attrition.core.errors import InputError, UnfinishedError

__all__ = ["app", "main"]

app = typer.Typer(
    name="attrition",
    help="From quoted words about casualties to citable threshold dates.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: run it again


def main() -> None:
    """Run the command.

    Bad input ends with one message on standard error and exit code 2; work that was stopped by
    its time limit, with 75.
    """
    with _one_message():
        app()


@contextmanager
def _one_message() -> Iterator[None]:
    try:
        yield
    except InputError as error:
        sys.stderr.write(f"attrition: {error}\n")
        raise SystemExit(2) from None
    except UnfinishedError as error:
        sys.stderr.write(f"attrition: {error}\n")
        raise SystemExit(_AGAIN) from None
    except KeyboardInterrupt:
        sys.stderr.write("attrition: stopped; no output was written\n")
        raise SystemExit(130) from None


def _version(value: bool) -> None:
    if value:
        typer.echo(f"attrition {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Hold the options that precede a command."""


app.command()(forecast)
app.command()(when)
app.command()(report)
app.command()(hindcast)
app.command()(influence)
app.command()(sensitivity)
app.command()(sweep)
app.command()(parse)
app.command()(check)
app.command()(new)
app.command("import-claims")(import_claims)
app.command()(schema)
app.command()(verify)
app.command()(diff)
app.command()(bench)
app.add_typer(archive, name="archive")
