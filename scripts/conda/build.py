"""Build and test the recipe without a channel of conda's: from this Python and wheels of PyPI.

    python -m venv env && env/bin/pip install py-rattler-build
    env/bin/python scripts/conda/build.py FOLDER

In FOLDER, a new one, it makes a channel of this Python and of every wheel that the recipe needs, as
they are; against it rattler-build solves, builds, and runs the recipe's tests. On Linux.
"""

# ruff: noqa: INP001, S603, T201 - a command, run by path; it runs pip, and says what it built
from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import rattler_build as rb

RECIPE = Path(__file__).with_name("recipe.yaml")
CONDA = {"matplotlib": "matplotlib-base"}  # where the name is not that of PyPI
PYPI = {theirs: name for name, theirs in CONDA.items()}
RELEASE = ".".join(str(part) for part in sys.version_info[:3])
SITE = f"lib/python{RELEASE.rpartition('.')[0]}/site-packages"


def main(folder: Path) -> None:
    """Make the channel, then build."""
    (folder / "linux-64").mkdir(parents=True)
    (folder / "noarch").mkdir()
    recipe = rb.Stage0Recipe.from_file(RECIPE)
    asked = recipe.to_dict()["requirements"]
    add_python(folder)
    add_wheels(
        folder, {PYPI.get(re.split(" ", one)[0], one) for one in asked["host"] + asked["run"]}
    )
    for part in ("linux-64", "noarch"):
        index(folder / part)
    tools = rb.ToolConfiguration(
        test_strategy="native", use_zstd=False, use_bz2=False, use_sharded=False
    )
    for variant in recipe.render(rb.VariantConfig()):
        channels, out = [folder.resolve().as_uri()], folder / "built"
        built = variant.run_build(channels=channels, output_dir=out, tool_config=tools)
        print(*built.log, *built.packages, sep="\n")


def add_python(folder: Path) -> None:
    """Put this Python into the channel, without what is installed in it."""
    own = folder / "files" / "python"
    skipped = shutil.ignore_patterns("site-packages", "__pycache__", "test", "config-*", "*.a")
    for part in ("bin", "lib"):
        shutil.copytree(Path(sys.base_prefix, part), own / part, symlinks=True, ignore=skipped)
    for file in (own / "bin").iterdir():
        if not re.fullmatch(r"python[\d.]*", file.name):
            file.unlink()
    (own / SITE).mkdir()
    (own / SITE / "README").write_text("A place for packages.\n", encoding="utf-8")
    add(folder, "python", RELEASE, own, [])


def add_wheels(folder: Path, asked: set[str]) -> None:
    """Put what is asked for, and what that needs, into the channel."""
    pip: list[Any] = [sys.executable, "-m", "pip", "--quiet"]
    wanted = [one.replace(" ", "") for one in asked if not one.startswith("python")]
    subprocess.run([*pip, "download", "--dest", folder / "wheels", *wanted], check=True)
    wheels = {name_of(file.name.split("-")[0]): file for file in (folder / "wheels").iterdir()}
    for name, file in wheels.items():
        own = folder / "files" / name
        placed = ["--no-deps", "--no-compile", "--ignore-installed", "--prefix", own]
        subprocess.run([*pip, "install", *placed, file], check=True)
        shutil.rmtree(own / "bin", ignore_errors=True)  # their first lines name this folder
        metadata = next((own / SITE).glob("*.dist-info/METADATA")).read_text(encoding="utf-8")
        lines = re.findall(r"^Requires-Dist: ([\w.-]+)(?!.*extra ==)", metadata, re.MULTILINE)
        needs = sorted({name_of(line) for line in lines} & set(wheels))
        depends = ["python", *(CONDA.get(need, need) for need in needs)]
        add(folder, CONDA.get(name, name), file.name.split("-")[1], own, depends)


def name_of(words: str) -> str:
    """Return the name of a distribution as PyPI writes it."""
    return re.sub(r"[-_.]+", "-", words).lower()


def add(folder: Path, name: str, version: str, files: Path, depends: list[str]) -> None:
    """Put a folder of files into the channel as one package."""
    words = (name, version, "linux-64", "0", folder / "linux-64")
    how = {"compression_level": 1, "detect_prefix": False}
    rb.assemble_package(*words, files_dir=files, depends=depends, **how)


def index(part: Path) -> None:
    """Write what the channel holds where it is looked for."""
    rows = {
        file.name: {
            **{key: value for key, value in rb.Package.from_file(file).to_dict().items() if value},
            "build": "0",
            "build_number": 0,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        }
        for file in part.glob("*.conda")
    }
    content = {"info": {"subdir": part.name}, "packages": {}, "packages.conda": rows}
    (part / "repodata.json").write_text(json.dumps(content), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
