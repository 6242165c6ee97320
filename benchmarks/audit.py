"""What a careful stranger looks for in the code: network, pickles, code out of data, dependencies.

``python -m benchmarks.audit`` walks the syntax trees of ``src``, prints every import of a module
that opens connections, starts programs or unpickles, and every call that makes code out of data,
then what the package needs, with the versions and licences that are installed. What is known and
explained is listed in `KNOWN`; anything else makes it fail.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from attrition.text.text import listed

SOURCE: Final = Path(__file__).parent.parent / "src"
MODULES: Final = frozenset(
    listed("""
    socket ssl http urllib ftplib smtplib poplib imaplib telnetlib socketserver xmlrpc
    asyncio requests httpx aiohttp urllib3 websockets paramiko webbrowser distributed
    pickle marshal shelve dill cloudpickle joblib ctypes cffi code codeop runpy subprocess
    multiprocessing pty yaml
    """)
)
CALLS: Final = frozenset(
    listed("""
    eval exec compile __import__ os.system os.popen os.execv os.fork os.spawnv yaml.load
    pickle.load pickle.loads np.load numpy.load tempfile.mktemp
    """)
)
KNOWN: Final[dict[tuple[str, str], str]] = {
    ("attrition/core/files.py", "ctypes"): "one call of the system, which exchanges two folders",
    ("attrition/core/tasks.py", "np.load()"): "with allow_pickle=False",
    ("attrition/core/workers.py", "pickle"): "work for your own processes",
    ("attrition/core/workers.py", "pickle.loads()"): "work from your own process",
    ("attrition/core/workers.py", "cloudpickle"): "work for your own processes",
    ("attrition/core/workers.py", "multiprocessing"): "your own processes",
}


def findings(source: Path = SOURCE) -> Iterator[tuple[str, int, str]]:
    """Yield file, line and name of all that is looked for."""
    for path in sorted(source.rglob("*.py")):
        place = str(path.relative_to(source))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for name in _names(node):
                yield place, getattr(node, "lineno", 0), name


def _names(node: ast.AST) -> Iterator[str]:
    """Yield the modules that a node imports and the calls that it makes, if they are listed."""
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and not node.level:
        names = [node.module or ""]
    elif isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        if called in CALLS:
            yield f"{called}()"
        first = node.args[0] if node.args else None
        if called.endswith("import_module") and isinstance(first, ast.Constant):
            names = [str(first.value)]
    # taking an address apart opens no connection
    yield from (n for n in names if n.split(".")[0] in MODULES and n != "urllib.parse")


def needs(lines: list[str], seen: dict[str, str]) -> dict[str, str]:
    """Return what a list of requirements needs, and what that needs: version and licence."""
    for line in lines:
        wanted = re.split(r"[\s;<>=!~\[(]", line, maxsplit=1)[0].lower()
        if "extra ==" in line or wanted in seen:
            continue
        try:
            found = distribution(wanted)
        except PackageNotFoundError:  # of another system or version of Python
            continue
        about = found.metadata
        words = [*(about.get_all("License-Expression") or []), *_licences(about)]
        first = [text.strip().split("\n")[0][:40] for text in about.get_all("License") or []]
        seen[wanted] = f"{found.version:12} {', '.join(words or first) or 'not stated'}"
        needs(found.requires or [], seen)
    return seen


def _licences(about: PackageMetadata) -> list[str]:
    classifiers = about.get_all("Classifier") or []
    return [c.rsplit(" :: ", 1)[1] for c in classifiers if c.startswith("License :: ")]


def main() -> None:
    """Print what there is, and fail on what is not known."""
    unknown = 0
    for place, line, name in findings():
        reason = KNOWN.get((place, name))
        unknown += reason is None
        print(f"{place}:{line}: {name}: {reason or 'NOT KNOWN'}")
    print()
    project = tomllib.loads((SOURCE.parent / "pyproject.toml").read_text("utf-8"))["project"]
    for name, words in sorted(needs(project["dependencies"], {}).items()):
        print(f"{name:20} {words}")
    sys.exit(bool(unknown))


if __name__ == "__main__":
    main()
