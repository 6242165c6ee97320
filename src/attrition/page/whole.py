"""The whole page: its parts in their order, with styles, script and data inside."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from pathlib import Path

from attrition.core.files import write_whole
from attrition.forecasts import Forecast
from attrition.page import figures, tables
from attrition.page.grid import grid_of, packed
from attrition.page.headline import headline
from attrition.page.telling import Told, told
from attrition.reporting.escape import for_html
from attrition.reporting.gather import methods_steps

_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="attrition {version}">
<title>{title}</title>
<style>{style}</style></head>
<body><a class="skip" href="#main">To the content</a>
"""


_MARKS = '<p class="small">[P]: published; [J]: our judgement.</p>'


def write_page(forecast: Forecast, path: str | Path, *, title: str | None = None) -> Path:
    """Write one HTML page that needs no network and can be kept, printed and checked.

    Parameters
    ----------
    forecast : Forecast
    path : str or pathlib.Path
        The file to write; whole or not at all.
    title : str, optional
        Line above the headline; the dossier's title when left out.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    target = Path(path)
    write_whole(target, page_html(told(forecast), title=title).encode())
    return target


def page_html(made: Told, *, title: str | None = None) -> str:
    """Return the text of the page; see :func:`write_page`."""
    dossier = made.forecast.dossier
    above = title or dossier.title or dossier.id
    finding = _finding(made)
    style, script = (_asset(name) for name in ("page.css", "page.js"))
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    )
    head = _HEAD.format(
        policy=policy,
        version=made.content["attrition"],
        title=for_html(" – ".join(filter(None, (finding, above)))),
        style=style,
    )
    results = _results(made) if made.asked else []
    parts = [_first(made, above, finding), *results, *_around(made)]
    data = ""
    if made.asked:
        grid = packed(grid_of(made.forecast, _record(made)))
        data = f'<script type="text/plain" id="grid">{grid}</script><script>{script}</script>'
    body = "\n".join(part for part in parts if part)
    body = body.replace(" %", "&nbsp;%")  # a number stays on the line of its sign
    return f"{head}{body}\n</main>{_foot(made)}{data}</body></html>\n"


def _asset(name: str) -> str:
    return files("attrition").joinpath("bundled", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _section(name: str, heading: str, *parts: str) -> str:
    held = "\n".join(part for part in parts if part)
    if not held:
        return ""
    return f'<section id="{name}"><h2>{heading}</h2>\n{held}</section>'


def _finding(made: Told) -> str:
    """Return the headline: what the first law says of its first threshold."""
    if not made.asked:
        return ""
    return headline(*made.asked[0], prob=made.forecast.prob)


def _record(made: Told) -> str | None:
    return None if made.record is None else made.record.id


def _first(made: Told, above: str, finding: str) -> str:
    """Return what is seen first: a line above, the headline and, below, one figure."""
    line = f'<p class="above">{for_html(above)}</p>' if finding else ""
    head = f"<header>{line}<h1>{for_html(finding or above)}</h1></header>"
    return f'{head}<main id="main">{_lead(made)}'


def _lead(made: Told) -> str:
    """Return the figure of the headline, its sentence with its note, and what can be copied."""
    about = for_html(made.forecast.dossier.description)
    described = f'<p class="small">{about}</p>' if about else ""
    if not made.asked:
        return described
    first = made.content["crossings"][0]
    f'<p class="small" id="note">{for_html(first["note"])}</p>'
    return (
        f'<div id="first">{figures.dots(made)}</div>'
        f'<p class="lead" id="lead">{for_html(first["sentence"])}</p>'
        + _details(
            "Note to the sentence", f'<p class="small" id="note">{for_html(first["note"])}</p>'
        )
        + _buttons("lead", "note", "first")
        + described
    )


def _buttons(sentence: str, note: str, figure: str) -> str:
    """Return buttons that copy; they are shown when the script runs."""
    names = (("sentence", sentence), ("note", note), ("figure", figure))
    inside = "".join(
        f'<button type="button" data-{"picture" if what == "figure" else "copy"}="{place}">'
        f"Copy {what}</button>"
        for what, place in names
    )
    return f'<p class="copy" hidden>{inside}<span role="status"></span></p>'


def _results(made: Told) -> list[str]:
    content = made.content
    rest = [row["sentence"] for row in content["crossings"][1:]]
    evidence = _items(tables.evidence(made))
    return [
        _section(
            "reports",
            "Who says what" if made.forecast.carried is None else "What was reported",
            figures.reports(made),
            _details("Every report, and how its words were read", tables.claims(made)),
            _details("Why the words are read so", evidence and _MARKS + evidence),
        ),
        _explorer(),
        _section(
            "when",
            "When each total passes its threshold",
            figures.intervals(made),
            tables.crossings(content),
            _details("All sentences, to cite", _list(rest)),
        ),
        _section("curve", "How likely by each day", figures.law(made)),
        _section("fan", "The total on each day", figures.fan(made)),
        _section("moves", "Which report moves the date", figures.tornado(made), _moves(made)),
        _section(
            "held",
            "How often such intervals have held",
            _past_words(made),
            tables.past(made),
            figures.strip(made),
        ),
        _section("methods", "How this was computed", _methods(made)),
    ]


def _around(made: Told) -> list[str]:
    content = made.content
    assumed = [
        f"<b>{for_html(row['name'])} = {for_html(str(row['value']))}</b> "
        f"({for_html(', '.join(row['for']))}; {for_html(row['origin'])}): {for_html(row['reason'])}"
        for row in content["assumptions"]
    ]
    change = (
        '<p class="small">Whoever disagrees writes another value and its reason under '
        "<code>[assumptions]</code> of the dossier and runs the same command.</p>"
    )
    others = [for_html(row["sentence"]) for row in content["forecasts_by_others"]]
    stocks = [for_html(row["sentence"]) for row in content["stocks"]]
    left = [f"{for_html(key)}: {for_html(why)}" for key, why in content["left_out"].items()]
    record = _record(made) or ""
    gather = _details("The GATHER table", tables.gather(made))
    return [
        _section("assumed", "What no report says, assumed here", _items(assumed), change)
        if assumed
        else "",
        _section("others", "Forecasts by others", _items(others)),
        _section("stocks", "Strengths, reported and not forecast", _items(stocks)),
        _section("left", "Left out", _items(left)),
        _section("check", f"Check it: record {record}", _verify(made)),
        _section("gather-table", "For reviewers", gather),
    ]


def _items(items: list[str]) -> str:
    held = "".join(f'<li dir="auto">{item}</li>' for item in items)
    return f"<ul>{held}</ul>" if items else ""


def _list(texts: list[str]) -> str:
    return _items([for_html(text) for text in texts])


def _details(words: str, held: str) -> str:
    return f"<details><summary>{words}</summary>{held}</details>" if held else ""


def _explorer() -> str:
    """Return the place for the sliders; it is shown when the script runs, and empty without."""
    return f"""<section id="choose" hidden><h2>Another threshold, another probability</h2>
<div class="controls">
<label for="law">Total and count</label><select id="law"></select>
<label for="typed">Threshold, typed</label>
<input type="text" id="typed" inputmode="decimal" autocomplete="off" aria-describedby="typed-said">
<label for="threshold">Threshold: <output id="threshold-said" for="threshold"></output></label>
<input type="range" id="threshold" min="0" step="1">
<label for="prob">Probability of the interval: <output id="prob-said" for="prob"></output></label>
<input type="range" id="prob" min="0" step="1">
</div>
<p id="typed-said" class="small" role="status"></p>
<div id="dots" aria-hidden="true"></div>
<p id="said" aria-live="polite"></p>
<dl id="row"><div><dt>From</dt><dd id="lower"></dd></div><div><dt>Median</dt><dd id="median"></dd>
</div><div><dt>To</dt><dd id="upper"></dd></div><div><dt>Already</dt><dd id="already"></dd></div>
<div><dt>Not by horizon</dt><dd id="beyond"></dd></div>
<div hidden><dt>Ended first</dt><dd id="ended"></dd></div></dl>
<details><summary>Note to the sentence</summary><p class="small" id="noted"></p></details>
{_buttons("said", "noted", "dots")}
<p class="small">Every row, sentence and note was computed beforehand by attrition; the page only
chooses among them. The address of the page holds what is chosen, and can be sent.</p></section>"""


def _methods(made: Told) -> str:
    if made.record is None:
        return ""
    steps = "".join(
        f"<li>{for_html(step.replace('`', ''))}</li>"
        for step in methods_steps(made.record, assumed=False)
    )
    return f"<ol>{steps}</ol>"


def _moves(made: Told) -> str:
    if made.moved is None:
        return ""
    how = "Each bar is the same forecast, with the same random numbers, without one report."
    if made.forecast.outlooks:
        how = "Each bar is the posterior of all reports, as if one had not been made."
    against = (
        [
            for_html(str(item))
            for item, found in zip(
                made.moved["item"].to_numpy(), made.moved["contradicted"].to_numpy(), strict=True
            )
            if found
        ]
        if "contradicted" in made.moved
        else []
    )
    said = f" Contradicted by the others: {'; '.join(against)}." if against else ""
    return f'<p class="small">{how}{said}</p>'


def _past_words(made: Told) -> str:
    first = made.past[0]
    counted = made.forecast.carried is not None
    kind = (
        "This page is such a forecast."
        if counted
        else "These forecasts start from a recorded count; a forecast from a few reports, as on "
        "this page, rests on its assumptions too. How well reported figures were foreseen from "
        "those before them, “attrition hindcast” with a dossier tells."
    )
    return (
        f"<p>Tried on recorded daily counts, {first.protocol}. The record was made by "
        f"attrition {for_html(first.version)} with seed {first.seed} and is stored with it. "
        f"{kind}</p>"
    )


def _verify(made: Told) -> str:
    if made.record is None:
        return ""
    text = json.loads(made.record.to_json())
    data = base64.b64encode(
        json.dumps(text, ensure_ascii=False, separators=(",", ":")).encode()
    ).decode()
    content = made.content
    dossier = content["dossier"]
    return (
        f'<p>This page carries its record: <a download="record.json" '
        f'href="data:application/json;base64,{data}">save record.json</a> and run</p>'
        "<pre><code>attrition verify record.json</code></pre>"
        "<p>It computes everything again and says of each number whether it is the same. Dossier "
        f"{for_html(dossier['id'])}, sha256 <code>{dossier['sha256']}</code>, "
        f"seed {content['seed']}, attrition {for_html(content['attrition'])}.</p>"
    )


def _foot(made: Told) -> str:
    record = "" if made.record is None else f", record {made.record.id}"
    return (
        f'<footer class="small"><p>Made with attrition {for_html(made.content["attrition"])}'
        f"{record}. These figures are people. The page says of them only what is known.</p>"
        "</footer>"
    )
