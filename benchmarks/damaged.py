"""Read damaged files of every kind: each is read rightly or refused in four parts, and soon.

``python -m benchmarks.damaged --kind records --inputs 100_000 --seed 1`` takes good articles,
dossiers, tables of claims, series, records or stored laws, damages each at random (letters, lines,
cells, bytes, values of another type) and does with it what a reader does. Anything that is no
answer and no `InputError`, a warning of another library, a stored law that reads back as another,
and what takes more than two seconds of CPU is printed. They are small, so that a million of them
take an hour at most. Sentences have a command of their own, ``benchmarks.mutated``. Without
``--kind`` each kind has its turn; ``--seconds`` ends one sooner, ``--first`` goes on with others.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from benchmarks.effort import as_measured
from benchmarks.mutated import damaged, sentences

import attrition as at
from attrition.reporting.exchange import law_digest
from attrition.reporting.files import bibtex
from attrition.reporting.record import laws_of, read_record, write_record

_SLOW: Final = 2.0
_DATA: Final = files("attrition") / "bundled"
_VALUES: Final[tuple[Any, ...]] = (
    *(
        None,
        True,
        -1,
        0,
        1e308,
        float("nan"),
        float("inf"),
        10**400,
        -0.0,
        "",
        "x" * 999,
        "9999-12",
    ),
    *([], {}, [[]], {"": None}, "2025-02-30", "\ud800", "0001-01-01", "1e9", ["2025-06-03"] * 3),
)
_HEAD: Final = """[dossier]
id = "d"
title = "T"
[sources.a]
name = "A"
[quantities.q]
title = "Deaths"
definition = "deaths"
unit = "persons"
thresholds = [1_000]
"""
_CLAIM: Final = """[[claims]]
quantity = "q"
source = "a"
as_of = 2025-06-03
published = 2025-06-04
"""
_DOSSIERS: Final = (
    f"{_HEAD}{_CLAIM}quote = 'up to 900 killed'\n",
    f"{_HEAD}{_CLAIM}point = 900\nhedge = 'about'\n",
    f"{_HEAD}{_CLAIM}kind = 'rate'\nlow = 3\nhigh = 9\nper = 'day'\n",
    f"{_HEAD}{_CLAIM}kind = 'increment'\nlow = 10\nhigh = 30\nsince = 2025-05-01\n",
)
_LINES: Final = ("", ";;;;", ",,,", '"', "2204-12-01,5", "NA,NA", "\x00", "2025-W54,1e400", "{")


@dataclass(frozen=True, slots=True)
class Kind:
    """Good contents of one kind of file, how they are damaged, and what is done with them."""

    seeds: list[bytes]
    damage: Callable[[bytes, random.Random, list[bytes]], bytes]
    use: Callable[[bytes, random.Random], str]


# ------------------------------------------------------------------ damage


def _text(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Change letters, words, lines and cells."""
    text = content.decode()
    if chance.random() < 0.6:
        lines = text.split("\n")
        for _ in range(chance.randrange(1, 4)):
            i = chance.randrange(len(lines))
            new = chance.choice([*_LINES, lines[chance.randrange(len(lines))]])
            if chance.random() < 0.5:
                sign = next((s for s in (" = ", ",", ";", "\t") if s in lines[i]), " ")
                cells = lines[i].split(sign)
                cells[chance.randrange(len(cells))] = chance.choice(
                    [str(chance.choice(_VALUES))[:400], new, "'" + new, "[" + new]
                )
                new = sign.join(cells)
            lines[i : i + chance.randrange(3)] = [new]
            lines = lines or [""]
        text = "\n".join(lines)
    else:
        text = damaged(text, chance, [other.decode() for other in others[:3]])
    raw = text.encode("utf-8", "surrogatepass")
    return _bytes(raw, chance, others) if chance.random() < 0.1 else raw


def _values(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Give some keys of a dossier other values, such as another has, or leave their lines out."""
    if chance.random() < 0.3:
        return _text(content, chance, others)
    lines = content.decode().split("\n")
    keys = [i for i, line in enumerate(lines) if " = " in line and line[0] != "#"]
    for i in chance.sample(keys, min(chance.randrange(1, 4), len(keys))):
        key, value = lines[i].split(" = ", 1)
        others_of = [
            line.split(" = ", 1)[1]
            for other in others
            for line in other.decode().split("\n")
            if line.startswith(f"{key} = ")
        ]
        number = str(round(10 ** chance.uniform(-1, 7), chance.choice((0, 0, 2))))
        day = str(date(2010, 1, 1) + timedelta(chance.randrange(10_000)))
        quote = json.dumps(damaged(chance.choice(_quotes()), chance, _quotes()), ensure_ascii=False)
        digits = value.replace("_", "").replace(".", "").isdigit()
        near = (
            number if digits else day if value[:2] == "20" else quote if key == "quote" else value
        )
        lines[i] = f"{key} = {chance.choice([near, near, near, *others_of])}"
        if chance.random() < 0.1:
            lines[i] = ""
    return "\n".join(lines).encode("utf-8", "surrogatepass")


@cache
def _quotes() -> list[str]:
    return sentences()


def _bytes(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Flip bits, cut, double, and join with another."""
    raw = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 4, 64))):
        i, j = sorted((chance.randrange(len(raw) + 1), chance.randrange(len(raw) + 1)))
        what = chance.randrange(8)
        if what < 5 and i < len(raw):
            raw[i] ^= 1 << chance.randrange(8)
        elif what == 5:
            del raw[i:j]
        elif what == 6:
            raw[i:i] = raw[i : min(j, i + 999)]
        else:
            raw[i:] = chance.choice(others)[i:]
        if not raw:
            return b""
    return bytes(raw)


def _json(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Put a value of another type in some places, leave keys out, add others."""
    if chance.random() < 0.2:
        return _text(content, chance, others)
    document = json.loads(content)
    nodes = [node for node in _nodes(document) if len(node)]
    for _ in range(chance.choice((1, 1, 2, 5))):
        node = chance.choice(nodes)
        key = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
        if isinstance(node, dict) and chance.random() < 0.3:
            node.pop(key, None)
            node[chance.choice(("x", "id", key))] = chance.choice(_VALUES)
        elif len(node):
            other = chance.choice(nodes)
            node[key] = chance.choice([*_VALUES, json.loads(json.dumps(other))])
        nodes = [node for node in nodes if len(node)]
    return json.dumps(document).encode("utf-8", "surrogatepass")


def _nodes(document: Any) -> Iterator[Any]:
    if isinstance(document, (dict, list)):
        yield document
        for value in document.values() if isinstance(document, dict) else document:
            yield from _nodes(value)


# ------------------------------------------------------------------ use


class _Readers:
    """What a reader does with each kind of file, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        starter = at.forecast(
            str(_DATA / "starter.toml"), seed=1, horizon="2026-12-31", tolerance=30
        )
        write_record(at.reporting.make_record(starter), folder / "record.json")
        counted = at.forecast(at.read_series(_counts(120)), seed=1, tolerance=60)
        write_record(at.reporting.make_record(counted), folder / "count.json")
        steady = at.when(
            600, level=500, rate=10, on="2025-06-03", kind="steady", seed=1, horizon="2025-06-20"
        )
        paths = 500.0 + 10.0 * np.arange(12) * np.linspace(0.8, 1.2, 64)[:, None]
        drawn = at.Law.from_paths(paths.T, [550, 600], start="2025-06-03", unit="persons")
        laws = {"steady": steady.law, "drawn": drawn}
        self.laws = [f"{name}.{form}" for name in laws for form in ("nc", "parquet")]
        for name in self.laws:
            at.exchange.write_law(laws[name.split(".")[0]], folder / name)
        self._own = {law_digest(law) for law in laws.values()}

    def good(self, *names: str) -> list[bytes]:
        return [(self._folder / name).read_bytes() for name in names]

    def _file(self, content: bytes, ending: str) -> Path:
        path = self._folder / f"damaged{ending}"
        path.write_bytes(content)
        return path

    def article(self, content: bytes, chance: random.Random) -> str:
        path = self._file(content, chance.choice((".txt", ".html", ".md")))
        clipping = at.read_article(path, published=chance.choice((None, "2025-06-03")))
        if clipping.published is not None and clipping.claims:
            clipping.toml()
        return ""

    def dossier(self, content: bytes, _: random.Random) -> str:
        dossier = at.read_dossier(self._file(content, ".toml"))
        str(at.check(dossier))
        again = at.read_dossier(at.write_dossier(dossier, self._folder / "written.toml"))
        return "" if again.claims == dossier.claims else "it is not what was written"

    def table(self, content: bytes, _: random.Random) -> str:
        table = at.read_claims(self._file(content, ".csv"))
        str(table)
        if table.rows:
            at.check(table.dossier("id", title="title"))
        return ""

    def series(self, content: bytes, chance: random.Random) -> str:
        words: dict[str, Any] = {"kind": chance.choice((None, "new", "total"))}
        if b"issued" in content:
            words["report_date"] = "issued"
        ending = ".json" if content.lstrip()[:1] in {b"{", b"["} else ".csv"
        series = at.read_series(self._file(content, ending), **words)
        series.due(30)
        if chance.random() < 0.02:
            at.forecast(series, seed=1, tolerance=300, horizon=series.last_day + timedelta(60))
        right = np.isfinite(series.totals).all() and list(series.days) == sorted(series.days)
        return "" if right else "no count"

    def record(self, content: bytes, _: random.Random) -> str:
        record = read_record(self._file(content, ".json"))
        laws_of(record)
        bibtex(record)
        return ""

    def law(self, content: bytes, _: random.Random) -> str:
        ending = ".nc" if content[:4] == b"\x89HDF" else ".parquet"
        law = at.exchange.read_law(self._file(content, ending))
        return "" if law_digest(law) in self._own else "another law"


def kinds(folder: Path) -> dict[str, Kind]:
    """Return every kind of file, with good ones; damaged ones are written into a folder."""
    read = _Readers(folder)
    lines = sentences()
    chance = random.Random(1)  # noqa: S311 - no secret
    page = "<html><title>T</title><meta name=date content=2025-06-03><p>{}</p><table><tr><td>"
    articles = [
        form.format(" ".join(chance.sample(lines, chance.choice((1, 1, 2, 3))))).encode()
        for form in ("{}\n", page) * 40
    ]
    dossiers = [(_DATA / f"{n}.toml").read_bytes() for n in ("starter", "russia-ukraine-2025-06")]
    dossiers += [line.encode() for line in _DOSSIERS] * 2
    rows = (_DATA / "war_loss_claims_to_2025-06-03.csv").read_text("utf-8").split("\n")
    tables = ["\n".join([rows[0], *rows[i : i + 3]]).encode() for i in range(1, 70, 3)]
    return {
        "articles": Kind(articles, _text, read.article),
        "dossiers": Kind(dossiers, _values, read.dossier),
        "tables": Kind(tables, _text, read.table),
        "series": Kind(_series(), _text, read.series),
        "records": Kind(read.good("record.json", "count.json"), _json, read.record),
        "laws": Kind(read.good(*read.laws, *read.laws[2:] * 9), _bytes, read.law),
    }


def _counts(days: int) -> pd.Series[float]:
    rng = np.random.default_rng(1)
    dates = pd.date_range("2025-01-01", periods=days)
    return pd.Series(rng.poisson(40, days).cumsum().astype(float), dates, name="cumulative")


def _series() -> list[bytes]:
    total = _counts(12)
    frame = pd.DataFrame({"date": total.index.strftime("%Y-%m-%d"), "cumulative": total.values})
    daily = pd.DataFrame({"Date": total.index.strftime("%d.%m.%Y"), "New deaths": total.diff()})
    weeks = pd.DataFrame({"week": [f"2025-W{i:02}" for i in range(1, 10)], "deaths": 9})
    rng = np.random.default_rng(2)
    rows = [(day, day + age, int(rng.poisson(6 - 2 * age))) for day in range(6) for age in range(3)]
    event, issued, deaths = np.array([row for row in rows if row[1] < 6]).T
    first = np.datetime64("2025-01-01")
    triangle = pd.DataFrame({"event_date": first + event, "issued": first + issued, "new": deaths})
    places = frame.assign(place=["A", "B"] * 6)
    return [
        frame.to_csv(index=False).encode(),
        daily[1:].to_csv(index=False, sep=";").encode(),
        frame[::2].to_json(orient="records", indent=0).encode(),
        triangle.to_csv(index=False).encode(),
        weeks.to_csv(index=False, sep="\t").encode(),
        places.to_csv(index=False).encode(),
    ]


# ------------------------------------------------------------------ the run


def fault_of(kind: Kind, content: bytes, chance: random.Random) -> str | None:
    """Use a content, and return what went wrong: nothing of what is read, `None` if refused."""
    began = time.process_time()
    fault: str | None = ""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", at.AttritionWarning)
        try:
            fault = kind.use(content, chance)
        except at.InputError as error:
            parts = (error.rule, error.got, error.place, error.remedy)
            fault = None if all(parts) else f"a refusal with an empty part: {error}"
        except Exception as error:  # noqa: BLE001 - whatever comes is what is looked for
            fault = f"{type(error).__name__}: {str(error)[:200]}"
    spent = time.process_time() - began
    slow = spent > _SLOW and as_measured(spent) > _SLOW
    return fault or (f"{spent:.1f} seconds" if slow else fault)


@dataclass(slots=True)
class Tried:
    """How many contents were used, how many of them read, and what went wrong."""

    number: int = 0
    read: int = 0
    faults: list[str] = field(default_factory=list)


def run(kind: Kind, inputs: int, seed: int, seconds: float = np.inf, first: int = 0) -> Tried:
    """Damage and use so many contents; what is let go unfinished and complains is a fault, too."""
    end = time.process_time() + seconds
    tried = Tried()
    before = sys.unraisablehook
    sys.unraisablehook = lambda told: tried.faults.append(f"{i}: left behind: {told.exc_value!r}")
    try:
        for i in range(first, first + inputs):
            chance = random.Random(seed * 1_000_003 + i)  # noqa: S311 - each can be made again
            content = kind.damage(chance.choice(kind.seeds), chance, kind.seeds)
            fault = fault_of(kind, content, chance)
            tried.number += 1
            tried.read += fault == ""
            if fault:
                tried.faults.append(f"{i}: {fault}")
            if time.process_time() > end:
                break
    finally:
        sys.unraisablehook = before
    return tried


def main() -> None:
    """Print what went wrong, by kind, and how many were read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=np.inf, help="of CPU, for each kind")
    parser.add_argument("--kind", default="")
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    wishes = parser.parse_args()
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        known = kinds(Path(folder))
        for name, kind in known.items():
            if wishes.kind in {"", name}:
                began = time.process_time()
                tried = run(kind, wishes.inputs, wishes.seed, wishes.seconds, wishes.first)
                for fault in tried.faults[:40]:
                    print(f"{name} {fault}")
                spent = time.process_time() - began
                print(f"{tried.number:,} damaged {name} in {spent:,.0f} seconds, {tried.read:,} of")
                print(f"    them read, the others refused, {len(tried.faults)} faults", flush=True)
                total += len(tried.faults)
    sys.exit(bool(total))


if __name__ == "__main__":
    main()
