"""How large the house is: lines of code, files and public names, room by room.

Run: python -m benchmarks.size [--against REVISION]

A line counts where something of code stands on it, neither a comment nor a docstring. A public name
is one that ``attrition/__init__.py`` offers in ``__all__``; it belongs to the room that defines it.
A revision is read from the repository, not checked out.
"""

from __future__ import annotations

import argparse
import ast
import io
import tokenize
from collections import Counter
from pathlib import Path

from benchmarks.jobs import sources

ROOT = Path(__file__).parents[1]
PACKAGE = "src/attrition"
REST = "(rest)"  # what lies in no room
COUNTED = ("lines", "files", "names")
_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def lines_of(source: str) -> int:
    """Return how many lines of a module hold code, without its docstrings and comments."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            match node.body:
                case [ast.Expr(ast.Constant(str()), end_lineno=int(end)) as docstring, *_]:
                    lines.difference_update(range(docstring.lineno, end + 1))
    return len(lines)


def names_of(source: str) -> Counter[str]:
    """Return how many names in ``__all__`` come from each room, by the imports of that module."""
    rooms: dict[str, str] = {}
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module=str(module), names=imported):
                room = [*module.split("."), REST][1]
                rooms |= {name.name: REST if room.startswith("_") else room for name in imported}
            case ast.Assign(targets=[ast.Name("__all__")], value=value):
                names = ast.literal_eval(value)
    return Counter(rooms[name] for name in names)


def sizes(modules: dict[str, str]) -> dict[str, Counter[str]]:
    """Return what is counted of each room, of a package's modules by their paths in it."""
    rooms: dict[str, Counter[str]] = {}
    for path, source in modules.items():
        room, inside, _ = path.partition("/")
        counts = rooms.setdefault(room if inside else REST, Counter())
        counts.update(lines=lines_of(source), files=1)
    for room, number in names_of(modules["__init__.py"]).items():
        rooms.get(room, rooms[REST])["names"] += number  # some come from a module beside the rooms
    return rooms


def modules_of(root: Path) -> dict[str, str]:
    """Return the modules of the package in a checkout."""
    package = root / PACKAGE
    return {
        path.relative_to(package).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(package.rglob("*.py"))
    }


def table(now: dict[str, Counter[str]], before: dict[str, Counter[str]] | None = None) -> str:
    """Return a room a line, the largest first, and their sum; with what it was before."""
    states = [before, now] if before is not None else [now]
    rooms = sorted(set().union(*states), key=lambda room: -now.get(room, Counter())["lines"])
    rows = [(room, [state.get(room, Counter()) for state in states]) for room in rooms]
    rows.append(("all", [sum(state.values(), Counter()) for state in states]))
    arrow = " → "
    width = 7 * len(states) + len(arrow) * (len(states) - 1)
    lines = [f"{'room':<12}" + "".join(f"{column:>{width}}" for column in COUNTED)]
    for room, counters in rows:
        cells = (arrow.join(f"{counts[column]:>7,}" for counts in counters) for column in COUNTED)
        lines.append(f"{room:<12}" + "".join(cells))
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.size", description=__doc__)
    parser.add_argument("--against", metavar="REVISION", help="also as it was in this revision")
    named, before = parser.parse_args().against, None
    if named is not None:
        with sources(named) as root:
            before = sizes(modules_of(root))
    print(table(sizes(modules_of(ROOT)), before))


if __name__ == "__main__":
    main()
