"""`attrition migrate`: a dossier, a record or a script of 0.1.0, and what is needed today."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer

from attrition import MOVED
from attrition.core.errors import InputError, clip
from attrition.core.files import read_file, write_whole

_LARGEST = 50_000_000  # bytes


def migrate(
    file: Annotated[
        Path, typer.Argument(help="A dossier (.toml), a record (.json), or a script of 0.1.0.")
    ],
    *,
    out: Annotated[Path | None, typer.Option(help="Write it to this new FILE.")] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Write it over FILE.")] = False,
) -> None:
    """Say what a file of 0.1.0 needs today, and write it where --out or --in-place says so."""
    if file.suffix == ".json":
        _tell_record(file)
        return
    text = _read(file)
    if file.suffix == ".toml":
        from attrition.data.dossier.migrating import migrate_dossier

        new, changes, notes = migrate_dossier(text, file.name)
    else:
        new, changes, notes = migrate_script(text, python=file.suffix == ".py", place=file.name)
    for heading, lines in (("changed", changes), ("to decide", notes)):
        for line in lines:
            typer.echo(f"{heading}: {line}")
    if not changes:
        typer.echo(f"{file.name}: nothing that can be changed by itself")
        return
    target = file if in_place and out is None else out
    if target is None:
        typer.echo("Nothing was written: give --out FILE or --in-place")
        return
    if out is not None and out.exists():
        raise InputError(
            "a migrated file is written to a new file",
            got="one that exists",
            place=str(out),
            remedy="Name another, or give --in-place and no --out",
        )
    write_whole(target, new.encode())
    typer.echo(f"Written to {target}")


def _read(file: Path) -> str:
    try:
        return read_file(file, _LARGEST).decode("utf-8")
    except OSError as error:
        raise InputError(
            "a file to migrate must be there, and readable",
            got=clip(error.strerror or str(error)),
            place=str(file),
            remedy="Check its path and its rights",
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(
            "a file to migrate must be UTF-8 text",
            got=clip(str(error)),
            place=str(file),
            remedy="Convert it, for example with iconv",
        ) from None


def _tell_record(file: Path) -> None:
    """Say what `attrition verify` will do with a record: none is rewritten."""
    import attrition as at
    from attrition.forecasts.question import MODELS
    from attrition.reporting.recomputing import is_counted

    record = at.reporting.read_record(file)
    counted = is_counted(record)
    name = "count" if counted else "posterior"
    asked = record.question or {}
    given = record.series if counted else record.dossier
    typer.echo(f"record {record.id} of attrition {record.versions.attrition}: nothing is rewritten")
    if given is None or given.content is None:
        option = "--series" if counted else "--dossier"
        typer.echo(f"verify needs {option} FILE, for the record does not hold its inputs")
    if record.question is None:
        typer.echo("verify takes the question from what the record holds of its settings and laws")
    version = asked.get("model_version", 1)
    if (asked.get("model", name), version) == (name, MODELS[name]):
        typer.echo(f"verify computes it again with the same model, '{name}' {version}")
    else:
        was = f"'{asked['model']}' {version}" if "model" in asked else "that of its release"
        typer.echo(
            f"verify computes it again with the model '{name}' {MODELS[name]}, names the one "
            f"that answered ({was}), and says of each number whether it is the same"
        )


_Edit = tuple[int, int, str]
"""First and last place of what is replaced, and by which words."""


def _rows() -> list[dict[str, Any]]:
    text = files("attrition").joinpath("bundled", "names.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["names"]
    return rows


def migrate_script(text: str, *, python: bool, place: str) -> tuple[str, list[str], list[str]]:
    """Return a script as today needs it, what was changed, and what a person has to decide.

    Parameters
    ----------
    text : str
    python : bool
        Calls of the package are looked for; else lines of the command.
    place : str
        Name of the file, for errors.

    Examples
    --------
    >>> script = "import attrition as at" + chr(10) + "made = at.assimilate(d, rng=1)"
    >>> migrate_script(script, python=True, place="a.py")[0].splitlines()[-1]
    'made = at.forecast(d, seed=1)'
    """
    look = _python if python else _shell
    changes: list[str] = []
    notes: list[str] = []
    edits: list[_Edit] = []
    for line, row, edit in look(text, place):
        note = f"line {line}: {row['old']} is now {row['new']} ({row['why']})"
        (notes if edit is None else changes).append(note)
        edits += [] if edit is None else [edit]
    for begin, end, words in sorted(edits, key=lambda one: -one[0]):
        text = text[:begin] + words + text[end:]
    return text, changes, notes


_Places = Iterator[tuple[int, Mapping[str, Any], _Edit | None]]


def _shell(text: str, place: str) -> _Places:
    """Yield what changed in lines that run `attrition`; a line may go on after a backslash."""
    del place
    rows = [row for row in _rows() if "command" in row]
    for call in re.finditer(r"\battrition[ \t]+([a-z-]+)((?:\\\n|[^\n|;&])*)", text):
        for row in rows:
            if call[1] in row["command"]:
                option = re.search(rf"[ \t]+{row['option']}(?![\w-])", call[2])
                if option is None and row["option"]:
                    continue
                begin = call.start(2) + (option.start() if option and row["option"] else 0)
                end = call.start(2) + (option.end() if option and row["option"] else 0)
                edit = (begin, end, row["becomes"]) if "becomes" in row else None
                yield text.count("\n", 0, begin) + 1, row, edit


def _python(text: str, place: str) -> _Places:
    """Yield what changed in calls of the package, whatever name it was imported by."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise InputError(
            "a script that ends in .py must be Python",
            got=str(error),
            place=place,
            remedy="Correct it first, or give it another ending for lines of the command",
        ) from None
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    whole = text.encode()

    def offset(line: int, column: int) -> int:  # ast counts bytes
        return len(whole[: starts[line - 1] + column].decode())

    aliases, bare = _imported(tree)
    rows = [row for row in _rows() if "call" in row]
    for node in ast.walk(tree):
        yield from _moved(node, aliases, offset)
        name = _called(node, aliases, bare)
        if isinstance(node, ast.Call) and name is not None:
            for row in rows:
                if name in row["call"]:
                    yield from _in_call(node, row, offset)


def _moved(node: ast.AST, aliases: set[str], offset: Callable[[int, int], int]) -> _Places:
    """Yield a name that stands in a room now."""
    if isinstance(node, ast.ImportFrom) and node.module == "attrition":
        for one in node.names:
            if one.name in MOVED:
                yield node.lineno, _row_of(one.name), None  # its uses would have to change, too
    ours = isinstance(node, ast.Attribute) and ast.unparse(node.value) in aliases
    if ours and isinstance(node, ast.Attribute) and node.attr in MOVED:
        end = offset(node.end_lineno or 0, node.end_col_offset or 0)
        yield node.lineno, _row_of(node.attr), (end - len(node.attr), end, MOVED[node.attr])


def _row_of(name: str) -> dict[str, str]:
    """Return how a name that moved is told."""
    why = "thirty names stand at the root, the rest in their rooms"
    return {"old": f"`at.{name}`", "new": f"`at.{MOVED[name]}`", "why": why}


def _imported(tree: ast.Module) -> tuple[set[str], dict[str, str]]:
    """Return the names of the package in a script, and those of its functions."""
    aliases, bare = {"attrition"}, dict[str, str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            ours = [one for one in node.names if one.name.split(".")[0] == "attrition"]
            aliases |= {one.asname or one.name for one in ours}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "attrition":
            bare |= {one.asname or one.name: one.name for one in node.names}
    return aliases, bare


def _called(node: ast.AST, aliases: set[str], bare: Mapping[str, str]) -> str | None:
    """Return the function of the package that a node calls, if it calls one."""
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    if isinstance(function, ast.Name):
        return bare.get(function.id)
    if isinstance(function, ast.Attribute) and ast.unparse(function.value) in aliases | set(bare):
        return function.attr
    return None


def _in_call(node: ast.Call, row: Mapping[str, Any], offset: Callable[[int, int], int]) -> _Places:
    words = row.get("becomes")
    function = node.func
    if "argument" in row:
        named = [one for one in node.keywords if one.arg == row["argument"]]
        spots = [
            (begin := offset(one.lineno, one.col_offset), begin + len(row["argument"]))
            for one in named
        ]
    elif "place" in row:
        placed = node.args[row["place"] : row["place"] + 1]
        spots = [(begin := offset(one.lineno, one.col_offset), begin) for one in placed]
    else:
        end = offset(function.end_lineno or 0, function.end_col_offset or 0)
        spots = [(end, end)]
        if isinstance(function, ast.Attribute):
            spots = [(end - len(function.attr), end)]
        else:
            words = None  # its import would have to change, too
    for begin, end in spots:
        yield node.lineno, row, None if words is None else (begin, end, words)
