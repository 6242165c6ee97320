"""The `attrition` command: arguments in, calls to the library, tables or JSON out."""

from __future__ import annotations

import codecs
import contextlib
import functools
import gc
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from attrition._version import __version__
from attrition.cli.forecasting import forecast, when
from attrition.cli.hindcasting import hindcast
from attrition.cli.influencing import influence, sensitivity, sweep
from attrition.cli.informing import info
from attrition.cli.options import expanded
from attrition.cli.reading import check, import_claims, migrate, new, parse, read, schema
from attrition.cli.records import archive, compare, verify
from attrition.cli.writing import report
from attrition.core import late
from attrition.core.errors import InputError, UnfinishedError, clip

__all__ = ["app", "main"]

_FORECASTING = (forecast, when, report, hindcast, influence, sensitivity, sweep)
_READING = (parse, read, check, new, import_claims, schema)
_KEEPING = (verify, compare, migrate, info)
_COMMANDS: dict[str, Callable[..., None]] = {
    one.__name__.replace("_", "-"): one for one in (*_FORECASTING, *_READING, *_KEEPING)
}


def _version(value: bool) -> None:
    if value:
        typer.echo(f"attrition {__version__}")
        raise typer.Exit


def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Hold the options that precede a command."""


def _app_of(names: Iterable[str]) -> typer.Typer:
    """Return the application with some of its commands, in their order."""
    app = typer.Typer(
        name="attrition",
        help="From quoted words about casualties to citable threshold dates.",
        epilog="To begin: attrition forecast --out results",
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    for name in names:
        app.command(name)(expanded(_COMMANDS[name]))
    return app


_WIDE = 0x10000  # first sign that needs eight digits
_PLAIN = 2  # words of a `parse` without options
_UNFINISHED = 3
_FAULT = 70  # EX_SOFTWARE of sysexits.h: ours, not the reader's
_REPORT = (
    "No answer can be relied on; please report it with the command that you gave and what "
    "`attrition info` prints"
)


def main() -> None:
    """Run the command that the arguments of the process name.

    Exit code 0: done; 1: the answer is "no"; 2: bad input; 3: it could not be finished; 70: a
    fault of ours; 130: stopped by the keyboard. All but the first two come with one message on
    standard error. ``ATTRITION_TRACEBACK=1`` lets a fault show where it arose.
    """
    gc.set_threshold(300_000, 20, 100)  # next to nothing is in circles, and a command ends soon
    codecs.register_error("attrition", _nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="attrition")
    stdout = sys.stdout
    with _one_message():
        try:
            _run(sys.argv[1:])
        except SystemExit:
            if sys.stdout is not stdout:  # so click ends where a pipe is closed, with a verdict's 1
                raise BrokenPipeError from None
            raise
        finally:
            sys.stdout.flush()  # here, where a full disk still has a message


_NEAREST = {"–": "-", "−": "-", "×": "x", "’": "'", "…": "..."}


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for signs that a terminal does not know: of words their numbers."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    text = "".join(
        _NEAREST.get(s) or (f"\\u{ord(s):04x}" if ord(s) < _WIDE else f"\\U{ord(s):08x}")
        for s in signs
    )
    return text, error.end


def _run(words: Sequence[str]) -> None:
    """Run the command that is named first; make ready no more of the commands than that one."""
    # Plug-ins of pydantic are searched for among all packages that are installed; none is wanted.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    for library in ("OPENBLAS", "OMP", "MKL"):  # what is computed takes one, and others would spin
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    late.spared += ("numpy.f2py", "numpy.testing", "numpy.polynomial")
    if words[:1] == ["parse"] and len(words) == _PLAIN and not words[1].startswith("-"):
        parse(words[1])  # without an option nothing is left for typer to read
        raise SystemExit(0)
    one = [name for name in words[:1] if name in _COMMANDS]
    (_app_of(one) if one else _whole())()


@contextmanager
def _one_message() -> Iterator[None]:
    try:
        yield
    except (InputError, UnfinishedError) as error:
        sys.stderr.write(f"attrition: {error}\n")
        raise SystemExit(2 if isinstance(error, InputError) else _UNFINISHED) from None
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
        if isinstance(error, ModuleNotFoundError) and "attrition" not in f"{error.name}":
            what = f"{error.name} is not installed, and what was asked for needs it"
            sys.stderr.write(f"attrition: {what}; `attrition info` says what is missing\n")
            raise SystemExit(_UNFINISHED) from None
        what = f"{type(error).__name__}: {clip(str(error), 200)}"  # a repr: one line
        sys.stderr.write(f"attrition: a fault of attrition {__version__}: {what}. {_REPORT}\n")
        raise SystemExit(_FAULT) from None


def _silence() -> None:
    """Let what is still to be printed go nowhere: it cannot be printed, and that is said."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@functools.cache
def _whole() -> typer.Typer:
    """Return all commands, made ready when they are asked for."""
    whole = _app_of(_COMMANDS)
    whole.add_typer(archive, name="archive")
    return whole


def __getattr__(name: str) -> typer.Typer:
    if name == "app":
        return _whole()
    raise AttributeError(name)
