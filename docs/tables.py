"""Write the tables of the docs from the data and the models that they describe.

Run: python docs/tables.py, after a change of hedges.toml or of a key of the dossier. With
``--check`` it changes nothing and says which page is out of date.
"""

from __future__ import annotations

import inspect
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from attrition.data.dossier import (
    Assumption,
    Assumptions,
    Claim,
    Component,
    Coverage,
    Dossier,
    Quantity,
    Recording,
    Source,
)
from attrition.text import default_lexicon
from attrition.text.lexicon import Row

DOCS = Path(__file__).parent

_ENTRY = re.compile(r"^(\w[\w, ]*) : ([^\n]*)\n((?:    [^\n]*\n)*)", re.MULTILINE)

EXAMPLES: dict[str, dict[str, str]] = {
    "Dossier": {
        "id": '"losses-2025"',
        "title": '"Reported losses"',
        "description": '"Figures of one spring."',
        "condition": '"if the fighting continues"',
        "sources": '{ ministry = { name = "Ministry" } }',
        "quantities": '{ killed = { title = "Killed", definition = "killed", unit = "persons" } }',
        "claims": "[]",
        "series": '[{ quantity = "casualties", source = "staff", file = "staff.csv" }]',
        "assumptions": '{ day_noise = { value = 25.0, reason = "a like tally" } }',
        "hedges": "{ around = { below = 0.15, above = 0.15 } }",
    },
    "Source": {
        "name": '"UK Ministry of Defence"',
        "aliases": '["UK MoD"]',
        "derived_from": '["general-staff"]',
        "copies": '["ministry"]',
        "direction": '"overstates"',
        "coverage": "{ low = 0.45, high = 0.65 }",
        "note": '"It has said that it quotes them."',
        "url": '"https://example.org/report"',
    },
    "Coverage": {
        "low": "0.45",
        "high": "0.65",
        "prob": "0.8",
        "plus": "[{ low = 20_000, high = 24_000 }]",
        "note": '"by the analysts of the list"',
    },
    "Component": {"low": "20_000", "high": "24_000", "note": '"units that are not listed"'},
    "Quantity": {
        "title": '"Russian military casualties"',
        "definition": '"killed and wounded"',
        "scope": '"all forces since 24 February 2022"',
        "subject": '"people killed in Gaza"',
        "verb": '"passes"',
        "condition": '"if deaths go on at this pace"',
        "unit": '"persons"',
        "kind": '"stock"',
        "steady_for": "6",
        "start": "2022-02-24",
        "category": '"casualties"',
        "side": '"Russian"',
        "part_of": '"casualties"',
        "sum_of": '["killed", "wounded"]',
        "ratio_of": '["wounded", "killed"]',
        "thresholds": "[1_000_000]",
        "bases": '["uk-mod", "latent"]',
        "assumptions": '{ volatility = { value = 0.15, reason = "uneven" } }',
    },
    "Claim": {
        "quantity": '"casualties"',
        "source": '"uk-mod"',
        "kind": '"level"',
        "quote": '"around 900,000 casualties since 2022"',
        "figure": '"around 900,000"',
        "low": "290_000",
        "high": "350_000",
        "point": "320_000",
        "hedge": '"about"',
        "shape": '"split-normal"',
        "prob": "0.9",
        "coverage": "{ low = 0.45, high = 0.65 }",
        "distribution": "",
        "per": '"day"',
        "since": '"2024-01"',
        "as_of": '"2025-03"',
        "published": "2025-03-20",
        "threshold": "1_000_000",
        "by": "2025-08-31",
        "inferred": '["published"]',
        "note": '"Read as: by 31 August."',
        "id": '"ministry-march"',
        "supersedes": '"ministry-march"',
        "url": '"https://example.org/post"',
    },
    "Recording": {
        "quantity": '"casualties"',
        "source": '"general-staff"',
        "file": '"general-staff.csv"',
        "sha256": '"9f86d081884c7d65..."',
    },
    "Assumptions": {
        "volatility": '{ value = 0.07, reason = "a like tally" }',
        "spread": '{ value = 0.5, reason = "calmer than most" }',
        "day_noise": '{ value = 25.0, reason = "a like tally" }',
        "source_error": '{ value = 0.14, reason = "spread of nine figures" }',
        "source_drift": '{ value = 0.1, reason = "judgement" }',
        "share_volatility": '{ value = 0.1, reason = "judgement" }',
        "share_shape": '{ value = "logit-normal", reason = "keeps a share below 1" }',
        "end_hazard": '{ value = 0.001, reason = "one end in a thousand days" }',
    },
    "Assumption": {
        "value": "0.07",
        "reason": '"as in a like tally"',
        "origin": '"dossier"',
    },
}
"""One example for each key, as it stands in a file; empty where no file can hold it."""

MODELS: dict[str, type[BaseModel]] = {
    model.__name__: model
    for model in (
        *(Dossier, Source, Coverage, Component, Quantity, Claim, Recording),
        *(Assumptions, Assumption),
    )
}


def _default(model: type[BaseModel], key: str) -> str:
    field = model.model_fields[key]
    if field.is_required():
        return "required"
    value: Any = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value in ("", (), {}) or isinstance(value, BaseModel):
        return "—"
    return f"`{list(value)}`".replace("'", '"') if isinstance(value, tuple) else f"`{value}`"


def keys_table(name: str) -> str:
    """Return the table of the keys of one part of a dossier."""
    model = MODELS[name]
    table = {
        key: (kind, " ".join(text.split()))
        for keys, kind, text in _ENTRY.findall(f"{inspect.getdoc(model)}\n")
        for key in keys.split(", ")
    }
    lines = ["| key | type | unit | default | example | meaning |", "|---|---|---|---|---|---|"]
    for key in model.model_fields:
        example = EXAMPLES[name][key]
        if key not in table:
            continue
        kind, text = table[key]
        unit = re.search(r"\[([^\]]+)\]", text)
        cells = (
            f"`{key}`",
            kind.replace(", optional", "").replace("|", "or"),
            unit[1] if unit else "",
            _default(model, key),
            f"`{key} = {example}`" if example else "Python only",
            text.replace("``", "`").replace(f" [{unit[1]}]" if unit else "[", "" if unit else "["),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _interval(row: Row) -> str:
    if row.shape == "floor":
        return "open at the top"
    if row.shape in {"range", "atom"} or row.below == row.above == 0:
        return {"range": "as stated", "atom": "the number"}.get(row.shape, "by the unit named")
    wider = ", or half the grid if more" if row.granular else ""
    below = f"−{100 * row.below:g} %" if row.below else "the number"
    above = f"+{100 * row.above:g} %" if row.above else "the number"
    return f"{below} to {above}{wider}"


def hedges_table() -> str:
    """Return the table of the hedge lexicon."""
    lines = [
        "| row | some of its words | interval | holds | shape | evidence |",
        "|---|---|---|---|---|---|",
    ]
    for row in default_lexicon().rows:
        words = [f"“{word}”" for word in (*row.phrases, *row.after, *row.loose)[:4]]
        who = f" ({'; '.join(row.reference)})" if row.reference else ""
        cells = (
            f"`{row.key}`",
            ", ".join(words) or "no words of its own",
            _interval(row),
            f"{100 * row.prob:g} %",
            row.shape,
            f"{row.evidence}{who}",
        )
        lines.append("| " + " | ".join(cell.replace("|", "or") for cell in cells) + " |")
    return "\n".join(lines)


def names_table() -> str:
    """Return the table of what 0.1.0 called otherwise."""
    path = DOCS.parent / "src" / "attrition" / "bundled" / "names.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["names"]
    lines = [f"| {row['old']} | {row['new']} | {row['why']} |" for row in rows]
    return "\n".join(["| 0.1.0 | now | why |", "|---|---|---|", *lines])


TABLES = {"hedges": hedges_table, "names": names_table}


def rendered(page: str) -> str:
    """Return a page with each marked table written anew."""

    def table(match: re.Match[str]) -> str:
        name = match[1]
        text = TABLES[name]() if name in TABLES else keys_table(name)
        return f"<!-- table: {name} -->\n\n{text}\n\n<!-- end of table -->"

    return re.sub(r"<!-- table: (\w+) -->.*?<!-- end of table -->", table, page, flags=re.DOTALL)


def main() -> int:
    """Write the pages, or say which are out of date; return the exit code."""
    stale = []
    for path in (DOCS / name for name in ("dossier-format.md", "reading-words.md", "names.md")):
        page = path.read_text(encoding="utf-8")
        text = rendered(page)
        if text != page:
            stale.append(path.name)
            if "--check" not in sys.argv[1:]:
                path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name}: {'out of date' if '--check' in sys.argv[1:] else 'written'}")
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    raise SystemExit(main())
