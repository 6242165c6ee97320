"""The sources of a record and the software, for reference managers: CSL-JSON and BibTeX."""

from __future__ import annotations

import json
import re
from typing import Any

from attrition.reporting.escape import for_bibtex_url, for_latex
from attrition.reporting.given import dossier_from
from attrition.reporting.models import Record
from attrition.reporting.subject import named
from attrition.reporting.words import plain

_AUTHOR = "The attrition developers"
_TITLE = "attrition: threshold dates from reported figures that disagree"


def csl_items(record: Record) -> list[dict[str, Any]]:
    """Return the sources of a record, then the software, as items of CSL-JSON.

    Each source is one item: who says so, where, and when the last figure of it that the dossier
    holds appeared.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["kharkiv-advance"])
    >>> [item["id"] for item in csl_items(at.reporting.make_record(forecast))]
    ['csis', 'uk-mod', 'press', 'attrition']
    """
    items: list[dict[str, Any]] = []
    given = record.dossier
    content = given.content if given is not None and given.content is not None else {}
    claims: list[dict[str, Any]] = content.get("claims", [])
    if content:  # what a source has replaced is not cited
        dossier = dossier_from(content, f"record {record.id}")
        past = dossier.superseded(record.settings.information_date)
        claims = [claim for index, claim in enumerate(claims) if index not in past]
    for key, source in content.get("sources", {}).items():
        own = [claim for claim in claims if claim.get("source") == key]
        item = {
            "id": key,
            "type": "report",
            "title": f"Figures reported by {named(source['name'])}",
            "author": [{"literal": plain(source["name"])}],
        }
        if source.get("url"):
            item["URL"] = for_bibtex_url(source["url"])
        if own:
            latest = max(str(claim["published"]) for claim in own)
            item["issued"] = {"date-parts": [[int(part) for part in latest.split("-")]]}
        quotes = [plain(claim["quote"]) for claim in own if claim.get("quote")]
        if quotes:
            item["note"] = "; ".join(f"“{quote}”" for quote in dict.fromkeys(quotes))
        items.append(item)
    software = {
        "id": "attrition",
        "type": "software",
        "title": _TITLE,
        "author": [{"literal": _AUTHOR}],
        "version": record.versions.attrition,
        "note": f"record {record.id}",
    }
    return [*items, software]


def csl_json(record: Record) -> str:
    """Return the sources and the software as the text of a CSL-JSON file."""
    return json.dumps(csl_items(record), indent=2, ensure_ascii=False) + "\n"


def bibtex(record: Record) -> str:
    r"""Return the sources and the software as the text of a BibTeX file.

    Keys are the ids of the dossier with what BibTeX does not allow left out.
    """
    entries: list[str] = []
    for item in csl_items(record):
        fields = {
            "author": "{" + for_latex(item["author"][0]["literal"]) + "}",
            "title": "{" + for_latex(item["title"]) + "}",
        }
        if "issued" in item:
            parts = item["issued"]["date-parts"][0]
            fields |= {"year": str(parts[0]), "date": "-".join(f"{part:02d}" for part in parts)}
        if "version" in item:
            fields["version"] = for_latex(item["version"])
        if "URL" in item:
            fields["url"] = item["URL"]
        if "note" in item:
            fields["note"] = for_latex(item["note"])
        kind = "software" if item["type"] == "software" else "misc"
        key = re.sub(r"[^A-Za-z0-9_.:-]", "", item["id"]) or "source"
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        entries.append(f"@{kind}{{{key},\n{lines}}}\n")
    return "\n".join(entries)
