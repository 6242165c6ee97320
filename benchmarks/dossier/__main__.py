"""Write the bundled dossier of all claims: the table of claims joined with what is declared.

python -m benchmarks.dossier          # writes it into the package
python -m benchmarks.dossier --check  # says whether it is up to date, and changes nothing
"""

from __future__ import annotations

import hashlib
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrition as at
from attrition.data.dossier import Dossier
from attrition.data.dossier.files import dossier_toml

HERE = Path(__file__).parent
DATA = Path(at.__path__[0]) / "bundled"
TABLE = DATA / "war_loss_claims_to_2025-06-03.csv"


def build() -> Dossier:
    """Return the dossier of the table and what is declared about it."""
    declared = tomllib.loads((HERE / "declared.toml").read_text(encoding="utf-8"))
    corrections, chart, names = (declared.pop(key) for key in ("corrections", "chart", "names"))
    spelled = {
        spelling: key
        for key, source in declared["sources"].items()
        for spelling in (key, source["name"], *source.get("aliases", ()))
    }
    rows = [
        _claim(row, names, spelled, _of_line(corrections, row.line), chart)
        for row in at.read_claims(TABLE).rows
    ]
    for entry in declared["series"]:
        entry["sha256"] = hashlib.sha256((DATA / entry["file"]).read_bytes()).hexdigest()
    return Dossier.of(**{**declared, "claims": [*rows, *declared["claims"]]})


def _of_line(corrections: Sequence[Mapping[str, Any]], line: int) -> Mapping[str, Any]:
    return next((correction for correction in corrections if line in correction["lines"]), {})


def _claim(
    row: at.dossier.ClaimRow,
    names: Mapping[str, str],
    spelled: Mapping[str, str],
    correction: Mapping[str, Any],
    chart: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the claim of one row, corrected where that is declared."""
    if row.as_of is None:
        message = f"line {row.line} has no date"
        raise SystemExit(message)
    described = row.as_of.first
    stated = {"url": row.cells["source_url"], **row.words}
    table: dict[str, Any] = {
        **stated,
        **{
            key: value
            for key in ("low", "high", "point")
            if (value := getattr(row, key)) is not None
        },
        "quantity": row.quantity,
        "as_of": described,
        "published": str(row.published),
        "inferred": row.inferred,
    }
    for key, value in correction.get("was", {}).items():
        if str(table[key]) != str(value):
            message = f"line {row.line} has {key} = {table[key]}, and {value} is to be corrected"
            raise SystemExit(message)
    table["quantity"] = names[row.quantity]
    table["source"] = spelled[row.cells["source"]]
    if chart["address"] in table["url"]:
        month = described - timedelta(days=1)
        table |= {"kind": "increment", "since": chart["since"], "as_of": month}
        correction = {"note": chart["note"]}
    table |= correction.get("now", {})
    notes = (correction.get("note"), row.words.get("note"))
    if "published" in correction.get("now", {}):
        notes = (correction.get("note"), None)
    table["note"] = " ".join(note for note in (*notes, f"Line {row.line} of the table.") if note)
    return {key: value for key, value in table.items() if value != ""}


def main() -> None:
    """Write the dossier, or check it."""
    dossier = build()
    text = "# Written by `python -m benchmarks.dossier`.\n\n" + dossier_toml(dossier)
    place = DATA / f"{dossier.id}.toml"
    if "--check" in sys.argv[1:]:
        if not place.is_file() or place.read_text(encoding="utf-8") != text:
            raise SystemExit(f"{place.name} is out of date: run python -m benchmarks.dossier")
        return
    place.write_text(text, encoding="utf-8")
    print(f"wrote {place.name}: {len(dossier.claims)} claims, {len(dossier.sources)} sources")


if __name__ == "__main__":
    main()
