"""One self-contained HTML page: sentences, table and figures, with nothing fetched."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from attrition.citation import percent
from attrition.files import write_whole

_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; color: #1f2933; background: #fff;
 max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; line-height: 1.25; }} h2 {{ font-size: 1.15rem; margin-top: 2rem; }}
table {{ border-collapse: collapse; width: 100%; font-size: .9rem; }}
th, td {{ text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #d5dbe1;
 vertical-align: top; }}
.wide {{ overflow-x: auto; }} img {{ max-width: 100%; height: auto; }}
.lead {{ font-size: 1.1rem; }} .small {{ font-size: .85rem; color: #4a5560; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #14191f; color: #e4e9ee; }}
 th, td {{ border-color: #3a444e; }} .small {{ color: #a9b4be; }}
 img {{ background: #fff; padding: .5rem; }} }}
</style></head><body>
"""


def write_page(
    content: Mapping[str, Any], figures: Mapping[str, bytes], path: str | Path, *, title: str
) -> Path:
    """Write one HTML page that needs no network.

    Parameters
    ----------
    content : mapping
        What :func:`attrition.results` returned.
    figures : mapping of str to bytes
        SVG figures by their text alternative.
    path : str or pathlib.Path
        The file to write; whole or not at all.
    title : str
        Heading.

    Returns
    -------
    pathlib.Path
        The file written.
    """
    target = Path(path)
    write_whole(target, page_html(content, figures, title=title).encode())
    return target


def page_html(content: Mapping[str, Any], figures: Mapping[str, bytes], *, title: str) -> str:
    """Return the text of the page; see :func:`write_page`."""
    crossings = content["crossings"]
    parts = [_HEAD.format(title=escape(title)), f"<h1>{escape(title)}</h1>"]
    if crossings:
        parts.append(f'<p class="lead">{escape(crossings[0]["sentence"])}</p>')
    for alternative, svg in figures.items():
        data = base64.b64encode(svg).decode()
        parts.append(
            f'<p><img alt="{escape(alternative)}" src="data:image/svg+xml;base64,{data}"></p>'
        )
    parts.append(_table(crossings))
    parts.append(_list("Sentences", [row["sentence"] for row in crossings[1:]]))
    parts.append(_list("Strengths", [row["sentence"] for row in content["stocks"]]))
    others = [row["sentence"] for row in content["forecasts_by_others"]]
    parts.append(_list("Forecasts by others", others))
    parts.append(
        _list(
            "What no report says, assumed here",
            [
                f"{row['name']} = {row['value']} ({row['origin']}): {row['reason']} "
                f"[{', '.join(row['for'])}]"
                for row in content["assumptions"]
            ],
        )
    )
    parts.append(
        f'<p class="small">attrition {escape(content["attrition"])}, '
        f"dossier {escape(content['dossier']['id'])} "
        f"(sha256 {escape(content['dossier']['sha256'][:16])}…), seed {content['seed']}.</p>"
        "</body></html>\n"
    )
    return "\n".join(part for part in parts if part)


def _table(crossings: list[Mapping[str, Any]]) -> str:
    ends = any(row["end_hazard"] for row in crossings)
    rows = [
        "<tr>"
        + "".join(
            f"<td>{escape(str(cell))}</td>"
            for cell in (
                row["title"],
                row["basis_name"] + (" (may end)" if row["end_hazard"] else ""),
                row["printed"]["threshold"],
                f"{row['printed']['lower']} – {row['printed']['upper']}",
                row["printed"]["median"],
                percent(row["already"]),
                percent(row["beyond"]),
                *((percent(row["ended_first"]),) if ends else ()),
            )
        )
        + "</tr>"
        for row in crossings
    ]
    if not rows:
        return ""
    heads = ["Total", "Count", "Threshold", "Interval", "Median", "Already", "Not by horizon"]
    if ends:
        heads.append("Ended first")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    caption = f"{100 * crossings[0]['prob']:g} % credible intervals, {crossings[0]['condition']}"
    return (
        f'<h2>When each total passes its threshold</h2><div class="wide"><table>'
        f"<caption>{caption}</caption><tr>{head}</tr>{''.join(rows)}</table></div>"
    )


def _list(heading: str, items: list[str]) -> str:
    if not items:
        return ""
    entries = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<h2>{escape(heading)}</h2><ul>{entries}</ul>"
