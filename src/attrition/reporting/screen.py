"""A forecast as one screen of text: its table, and below it what explains the table, once."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from attrition._version import __version__
from attrition.core._showing import aligned
from attrition.core.laws import Provenance
from attrition.data.coherence import check
from attrition.data.dossier import UNNAMED
from attrition.forecasts import Forecast
from attrition.reporting.note import assumption_words, interval_words, share_ahead
from attrition.reporting.questions import other_words, stock_words
from attrition.reporting.rows import crossing_cells, results
from attrition.reporting.words import chance, day_words, number, plain, signs

WIDTH: Final = 80
"""Columns of a screen, where nobody says how many it has."""

_FEW = 3  # findings, and figures of others, that a screen has room for

Paragraph = tuple[str, str]
"""A word or two that say what follows, and what follows."""


def as_screen(forecast: Forecast) -> str:
    """Return a forecast as one screen of text: what ``print(forecast)`` and the command show.

    Parameters
    ----------
    forecast : Forecast

    See Also
    --------
    attrition.reporting.results : all of it, with reasons, as rows.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["russian-casualties"])
    >>> print(as_screen(forecast))
    Reported losses in the war in Ukraine, as known in early June 2025
    ...
    1,000,000 csis  already late Aug 2025 early Jul 2025    15 % <0.1 %
    1,000,000 toll  already Jul–Sep 2026  Jul–Sep 2025      43 %    2 %
    ...
    """
    totals = () if any(forecast.thresholds.values()) else (forecast.information_date,)
    content = results(forecast, on=totals)
    lines = [plain(forecast.dossier.title or forecast.dossier.id), "", *tables(forecast, content)]
    for lead, text in below(forecast, content):
        lines += wrapped(lead, text, WIDTH)
    return "\n".join(lines)


def wrapped(lead: str, text: str, width: int) -> list[str]:
    """Return a paragraph as lines that hang below its first; a number keeps its per cent sign."""
    kept = f"{lead}: {text}".replace(" %", "\N{NO-BREAK SPACE}%")
    lines = textwrap.wrap(kept, width, subsequent_indent="  ", break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}%", " %") for line in lines]


# ------------------------------------------------------------------ the table


def tables(forecast: Forecast, content: Mapping[str, Any], width: int = WIDTH) -> list[str]:
    """Return when each total passes its thresholds, and what else was asked, as lines."""
    rows = content["crossings"]
    lines: list[str] = []
    for hazard in sorted({row["end_hazard"] for row in rows}):
        own = [row for row in rows if row["end_hazard"] == hazard]
        lines += _crossing_table(forecast, own, width)
    return [*lines, *_by_lines(rows), *_total_lines(forecast, content)]


def _count(basis: str) -> str:
    return "toll" if basis == "latent" else basis


def _crossing_table(forecast: Forecast, rows: Sequence[Mapping[str, Any]], width: int) -> list[str]:
    head = ["threshold", "count", "from", "to", "median", "already", "later", "ended"]
    names = ["number", "count", "lower", "upper", "median", "already", "later", "ended"]
    shown = slice(8 if rows[0]["end_hazard"] > 0 else 7)
    cells = [crossing_cells(row, names[shown], _count(row["basis"])) for row in rows]
    first, *rest = aligned([head[shown], *cells], {0, 5, 6, 7}, " ")
    heading = f"When each total passes its thresholds, {rows[0]['condition']}"
    lines = [*textwrap.wrap(heading, width), "", first]
    last = None
    for row, line in zip(rows, rest, strict=True):
        if row["quantity"] != last:
            last = row["quantity"]
            what = forecast.law(last).provenance
            lines += ["", *textwrap.wrap(f"{plain(what.title)} ({what.unit}{_marks(what)})", width)]
        lines.append(line)
    return [*lines, ""]


def _marks(what: Provenance) -> str:
    """Return what of a total rests on the library alone, to stand beside its title."""
    alone = what.figures == 1 and not what.counted
    unnamed = any(row[1] in _ALL_KINDS and row[3] == _LIBRARY for row in what.assumptions)
    marks = ["one figure"] * alone
    marks += ["no kind named"] * unnamed
    marks += ["minimums alone"] * what.floors
    return "".join(f"; {mark}" for mark in marks)


_ALL_KINDS = (UNNAMED, "of any kind")
_LIBRARY = "library default"


def _by_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    asked = [
        [
            by["date"],
            row["quantity"],
            _count(row["basis"]) + (", may end" if row["end_hazard"] else ""),
            number(row["threshold"]),
            signs(by["probability"]),
        ]
        for row in rows
        for by in row["by"]
    ]
    head = ["by", "total", "count", "threshold", "probability"]
    return _table("Probability of having passed by a day", [head, *asked], {3, 4}) if asked else []


def _total_lines(forecast: Forecast, content: Mapping[str, Any]) -> list[str]:
    rows = [["on", "total", "count", "from", "to", "median"]]
    for row in content["totals"]:
        printed = [row["printed"][name] for name in ("lower", "upper", "median")]
        rows.append([row["on"], row["quantity"], _count(row["basis"]), *printed])
    heading = f"{chance(forecast.prob)} intervals of the totals on a day"
    return _table(heading, rows, {3, 4, 5}) if content["totals"] else []


def _table(heading: str, rows: list[list[str]], right: set[int]) -> list[str]:
    return [heading, "", *aligned(rows, right, " "), ""]


# ------------------------------------------------------------------ below it


def below(
    forecast: Forecast, content: Mapping[str, Any], *, tolerance: float | None = None
) -> Iterator[Paragraph]:
    """Yield what stands below a table, most wanted first.

    Parameters
    ----------
    forecast : Forecast
    content : mapping
        As :func:`attrition.reporting.results` returns it.
    tolerance : float, optional
        What was asked of the error of a date [day].
    """
    rows = content["crossings"]
    if rows:
        yield "Key", _key(forecast, rows)
    # the first sentence, and the first that allows for an end where there is one
    first = {row["end_hazard"] > 0: row["sentence"] for row in reversed(rows)}
    for ends in sorted(first):
        yield "To cite", first[ends]
    for row in content["totals"]:
        yield "To cite", row["sentence"]
    yield from (("No date", text) for text in _to_ask(forecast))
    if forecast.others:
        yield "Others", " ".join(other_words(forecast))
    if forecast.stocks:
        yield "Strengths, not forecast", "; ".join(map(stock_words, forecast.stocks))
    if notes := _notes(content):
        yield "Notes", "; ".join(notes)
    if assumed := [*_assumed(content), *_ahead(forecast)]:
        yield "Assumed", "; ".join(assumed)
    yield from (("Left out", f"{key}: {why}") for key, why in content["left_out"].items())
    findings = [finding.message for finding in check(forecast.dossier)]
    yield from (("To check", text) for text in findings[:_FEW])
    if len(findings) > _FEW:
        yield "To check", f"{len(findings) - _FEW} more, by attrition check"
    precision = "" if tolerance is None else f", tolerance {tolerance:g} days"
    run = (
        f"dossier {forecast.dossier.id} (sha256 {content['dossier']['sha256'][:12]}), information "
        f"date {forecast.information_date}, horizon {forecast.horizon}, prob {forecast.prob:g}"
        f"{precision}, seed {forecast.seed}, attrition {__version__}"
    )
    yield "Made", f"{run}; reasons and notes in full: --assumptions, --out DIR"


def _key(forecast: Forecast, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what the words of the table mean, as far as they stand in it."""
    known, last = day_words(forecast.information_date), day_words(forecast.horizon)
    printed = [row["printed"][end] for row in rows for end in ("lower", "median", "upper")]
    thirds = any(text.startswith(("early ", "mid-", "late ")) for text in printed)
    texts = [
        f"from, to = {interval_words(forecast.prob)}",
        "median = as likely before as after",
        f"already = passed by {known}",
        f"later = not by {last}",
        "ended = the end came first" * any(row["end_hazard"] for row in rows),
        "early, mid, late = days 1 to 10, 11 to 20, from 21" * thirds,
        "not determined = no figure puts an end above" * ("not determined" in printed),
        "toll = the toll itself, whoever counts" * any(row["basis"] == "latent" for row in rows),
    ]
    return "; ".join(filter(None, texts))


def _to_ask(forecast: Forecast) -> list[str]:
    """Return how a date is asked for, where nothing was asked: by the next round total."""
    if any(forecast.thresholds.values()) or not forecast.laws:
        return []
    law = next(iter(forecast.laws.values()))
    (likely,) = law.quantiles(0.9, on=forecast.information_date)
    step = 10.0 ** math.floor(math.log10(max(likely, 1.0)))
    level = f"{math.ceil(likely / step) * step:.12g}"
    return [
        f"name a threshold, --threshold {level} or in the file thresholds = [{level}] of the total"
    ]


def _notes_of(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return each note on how figures were used, with the totals that it is of."""
    of: dict[str, list[str]] = {}
    for row in content["crossings"]:
        for note in row["notes"]:
            names = of.setdefault(note, [])
            names += [row["quantity"]] * (row["quantity"] not in names)
    return of


def reasons(content: Mapping[str, Any]) -> Iterator[Paragraph]:
    """Yield every note and every assumption by itself, with its totals, its value and its reason.

    Parameters
    ----------
    content : mapping
        As :func:`attrition.reporting.results` returns it.
    """
    for note, ids in _notes_of(content).items():
        yield "Note", f"{note} ({', '.join(ids)})"
    for row in content["assumptions"]:
        whose = ", ".join(row["for"])
        yield (
            "Assumption",
            f"{row['name']} = {row['value']} ({row['origin']}; for {whose}): {row['reason']}",
        )


def _notes(content: Mapping[str, Any]) -> list[str]:
    """Return the notes that a screen has room for: those on figures, not on the computing."""
    every = len({row["quantity"] for row in content["crossings"]})
    notes = (
        (note, ids) for note, ids in _notes_of(content).items() if not note.endswith(_COMPUTED)
    )
    return [note + (f" ({', '.join(ids)})" if len(ids) < every else "") for note, ids in notes]


_COMPUTED = (
    "no finer than their error allows",
    "chains of elliptical slice sampling took their place",
)
"""How notes end that are on the computing alone."""

_ORIGINS = {
    "dossier": "by the dossier, ",
    _LIBRARY: "by the library, ",
    "learnt": "learnt from the figures, ",
}


def _assumed(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield by who assumes it what no report says: each assumption once, in plain words."""
    every = len({name for row in content["assumptions"] for name in row["for"]})
    for origin, lead in _ORIGINS.items():
        own = [row for row in content["assumptions"] if row["origin"] == origin]
        names = dict.fromkeys(row["name"] for row in own)
        texts = [_spread([row for row in own if row["name"] == name], every) for name in names]
        if texts:
            yield lead + ", ".join(texts)


def _spread(rows: Sequence[Mapping[str, Any]], every: int) -> str:
    """Return an assumption in words, by its least and its largest value where totals differ."""
    values = [row["value"] for row in rows]
    words = assumption_words(rows[0]["name"], values[0])
    if len(values) > 1:
        if any(isinstance(value, str) for value in values):
            words = " or ".join(assumption_words(rows[0]["name"], value) for value in values)
        else:
            words = assumption_words(rows[0]["name"], (min(values), max(values)))
    some = len({name for row in rows for name in row["for"]})
    return words + (f" ({some} of {every} totals)" if some < every else "")


def _ahead(forecast: Forecast) -> list[str]:
    """Return how much of the answer the assumed pace decides."""
    laws = forecast.laws.values()
    shares = sorted({share for law in laws if (share := share_ahead(law.provenance))})
    if not shares:
        return []
    span = " to ".join(str(share) for share in dict.fromkeys((shares[0], shares[-1])))
    text = f"the days ahead, of which no report tells, make about {span} % of the uncertainty about"
    return [f"{text} what is added"]
