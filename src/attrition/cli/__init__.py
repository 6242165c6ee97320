"""The `attrition` command: arguments in, calls to the library, tables or JSON out."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from attrition._version import __version__
from attrition.cli.archiving import archive
from attrition.cli.asking import when
from attrition.cli.forecasting import forecast
from attrition.cli.hindcasting import hindcast
from attrition.cli.influencing import influence, sensitivity
from attrition.cli.reading import check, import_claims, new, parse, read, schema
from attrition.cli.reporting import report
from attrition.cli.sweeping import sweep
from attrition.cli.verifying import diff, verify
from attrition.core.errors import InputError, UnfinishedError, clip

__all__ = ["app", "main"]

app = typer.Typer(
    name="attrition",
    help="From quoted words about casualties to citable threshold dates.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


_UNFINISHED = 3
_FAULT = 70  # EX_SOFTWARE of sysexits.h: ours, not the reader's
_REPORT = "No answer can be relied on; please report it with the command that you gave"


def main() -> None:
    """Run the command.

    Exit code 0: done; 1: the answer is "no"; 2: bad input; 3: it could not be finished; 70: a
    fault of ours; 130: stopped by the keyboard. All but the first two come with one message on
    standard error. ``ATTRITION_TRACEBACK=1`` lets a fault show where it arose.
    """
    with _one_message():
        try:
            app()
        finally:
            sys.stdout.flush()  # here, where a full disk still has a message


@contextmanager
def _one_message() -> Iterator[None]:
    try:
        yield
    except InputError as error:
        sys.stderr.write(f"attrition: {error}\n")
        raise SystemExit(2) from None
    except UnfinishedError as error:
        sys.stderr.write(f"attrition: {error}\n")
        raise SystemExit(_UNFINISHED) from None
    except KeyboardInterrupt:
        sys.stderr.write("attrition: stopped; no output was written\n")
        raise SystemExit(130) from None
    except BrokenPipeError:  # whoever reads has enough
        _silence()
        raise SystemExit(0) from None
    except MemoryError:
        sys.stderr.write("attrition: the memory does not suffice; ask about less at a time\n")
        raise SystemExit(_UNFINISHED) from None
    except OSError as error:
        what = f"{error.strerror or error}: {error.filename or 'standard output'}"
        sys.stderr.write(f"attrition: it could not be finished: {what}\n")
        _silence()
        raise SystemExit(_UNFINISHED) from None
    except Exception as error:
        if os.environ.get("ATTRITION_TRACEBACK"):
            raise
        what = f"{type(error).__name__}: {clip(str(error), 200)}"  # a repr: one line
        sys.stderr.write(f"attrition: a fault of attrition {__version__}: {what}. {_REPORT}\n")
        raise SystemExit(_FAULT) from None


def _silence() -> None:
    """Let what is still to be printed go nowhere: it cannot be printed, and that is said."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
app.command()(read)
app.command()(check)
app.command()(new)
app.command("import-claims")(import_claims)
app.command()(schema)
app.command()(verify)
app.command()(diff)
app.add_typer(archive, name="archive")
