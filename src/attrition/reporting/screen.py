"""A forecast as one screen of text: its table, and below it what explains the table, once."""

from __future__ import annotations

import math
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from attrition._version import __version__
from attrition.core._showing import aligned
from attrition.core.laws import Provenance
from attrition.data.coherence import check
from attrition.data.dossier.phrases import UNNAMED
from attrition.forecasts import Forecast
from attrition.reporting.citation import disagreeing
from attrition.reporting.note import assumption_words, interval_words, share_ahead
from attrition.reporting.questions import other_words, stock_words
from attrition.reporting.rows import crossing_cells, results
from attrition.reporting.words import chance, day_words, number, plain, signs

WIDTH: Final = 80
"""Columns of a screen, where nobody says how many it has."""

LINES: Final = 40
"""Lines of a screen: what does not fit is told by how much it is, and printed when asked for."""

_WIDE, _SHORTEST = 100, 12  # columns of a table, and letters of a name that is cut for them

ScreenLine = tuple[str, str]
"""What is printed bold, and what follows it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What stands below a table.

    Parameters
    ----------
    lead : str
        A word or two that say what follows.
    items : tuple of str
        The most wanted first: where there is no room for all, the last are counted.
    mark : str
        What stands between two of them; a line of its own for each where it ends one.
    least : int
        So many of them are never left out.
    where : str
        Where those left out are told, after how many they are; of none that is told nothing stands
        where this is empty.
    """

    lead: str
    items: tuple[str, ...]
    mark: str = "; "
    least: int = 1
    where: str = ""

    def lines(self, width: int, dropped: int = 0) -> list[str]:
        """Return it as lines that hang below its first; a number keeps its per cent sign."""
        items = list(self.items[: len(self.items) - dropped])
        if not items and not self.where:
            return []
        if dropped:
            items.append(f"{dropped}{' more' * bool(items)}{self.where}")
        kept = f"{self.lead}: {self.mark.join(items)}".replace(" %", "\N{NO-BREAK SPACE}%")
        wrapped = [
            line.replace("\N{NO-BREAK SPACE}%", " %")
            for part in kept.split("\n")
            for line in textwrap.wrap(part, width - 2, break_on_hyphens=False)
        ]
        return [f"{'  ' * (k > 0)}{line}" for k, line in enumerate(wrapped)]


def as_screen(forecast: Forecast) -> str:
    """Return a forecast as one screen of text: what ``print(forecast)`` and the command show.

    It has at most forty lines of a hundred columns. Of many totals each has one line, and what has
    no room is counted: ``attrition forecast --full`` prints it,
    :func:`attrition.reporting.results` has it as rows.

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
    return "\n".join("".join(line) for line in screen(forecast, content))


def screen(
    forecast: Forecast,
    content: Mapping[str, Any],
    *,
    width: int = WIDTH,
    full: bool = False,
    tolerance: float | None = None,
) -> Iterator[ScreenLine]:
    """Yield a forecast as lines.

    Parameters
    ----------
    forecast : Forecast
    content : mapping
        As :func:`attrition.reporting.results` returns it.
    width : int
        Columns.
    full : bool
        Whether all is told, with values and reasons, however long it becomes.
    tolerance : float, optional
        What was asked of the error of a date [day].
    """
    head = textwrap.wrap(plain(forecast.dossier.title or forecast.dossier.id), width)
    yield from ((line, "") for line in (*head, ""))
    paragraphs = [one for one in below(forecast, content, tolerance=tolerance) if one.items]
    table, room = tables(forecast, content, width), LINES - len(head) - 1
    if full:
        paragraphs, room = [*paragraphs, *reasons(content)], sys.maxsize
    least = sum(len(text) for _, text in _below_table(paragraphs, width, 0))
    for most in range(room, 0, -1):  # one row of each total, as many as fit
        if len(table) <= room - least:
            break
        table = tables(forecast, content, width, most)
    yield from (("", line) for line in table)
    for lead, lines in _below_table(paragraphs, width, room - len(table)):
        yield lead, lines[0].removeprefix(lead)
        yield from (("", line) for line in lines[1:])


def _below_table(
    paragraphs: Sequence[Paragraph], width: int, room: int
) -> Iterator[tuple[str, list[str]]]:
    """Yield leads and lines of what stands below a table, without what has no room."""
    dropped = [len(one.items) - min(one.least, len(one.items)) for one in paragraphs]
    lines = [one.lines(width, less) for one, less in zip(paragraphs, dropped, strict=True)]
    for k, one in enumerate(paragraphs):  # the most wanted first
        while dropped[k]:
            longer = one.lines(width, dropped[k] - 1)
            if sum(map(len, lines)) - len(lines[k]) + len(longer) > room:
                break
            dropped[k], lines[k] = dropped[k] - 1, longer
    yield from ((one.lead, text) for one, text in zip(paragraphs, lines, strict=True) if text)


# ------------------------------------------------------------------ the table


def tables(
    forecast: Forecast, content: Mapping[str, Any], width: int = WIDTH, most: int | None = None
) -> list[str]:
    """Return when each total passes its thresholds, and what else was asked, as lines.

    With ``most`` a table has no more than so many rows, of each total one before any has two.
    """
    rows = content["crossings"]
    lines: list[str] = []
    for hazard in sorted({row["end_hazard"] for row in rows}):
        own = [row for row in rows if row["end_hazard"] == hazard]
        lines += _crossing_table(forecast, own, width, most)
    return [*lines, *_by_lines(rows, width, most), *_total_lines(forecast, content, width, most)]


def _count(basis: str) -> str:
    return "toll" if basis == "latent" else basis


def _crossing_table(
    forecast: Forecast, rows: Sequence[Mapping[str, Any]], width: int, most: int | None
) -> list[str]:
    head = ["threshold", "count", "from", "to", "median", "already", "later", "ended"]
    names = ["number", "count", "lower", "upper", "median", "already", "later", "ended"]
    shown = slice(8 if rows[0]["end_hazard"] > 0 else 7)
    heading = f"When each total passes its thresholds, {rows[0]['condition']}"
    names[0] = "threshold" if most is not None else "number"  # with its unit, or without
    cells = [crossing_cells(row, names[shown], _count(row["basis"])) for row in rows]
    if most is not None:
        marks = ["*" * bool(_marks(forecast.law(row["quantity"]).provenance)) for row in rows]
        named = [
            [f"{row['quantity']}{mark}", *one]
            for row, mark, one in zip(rows, marks, cells, strict=True)
        ]
        if any(marks):
            heading += " (*: one figure, minimums alone, or no kind named)"
        return _table(heading, [["total", *head[shown]], *named], {1, 6, 7, 8}, width, most)
    first, *rest = _fitting([head[shown], *cells], {0, 5, 6, 7}, 1)
    lines = [*textwrap.wrap(heading, width), "", first]
    last = None
    for row, line in zip(rows, rest, strict=True):
        if row["quantity"] != last:
            last = row["quantity"]
            what = forecast.law(last).provenance
            title = f"{plain(what.title)} ({what.unit}{_marks(what)})"
            lines += textwrap.wrap(title, width)
        lines.append(line)
    return [*lines, ""]


def _fitting(rows: list[list[str]], right: set[int], *names: int) -> list[str]:
    """Return rows as lines in columns, names cut so that they are no wider than a screen."""
    for name in names:
        over = max(map(len, aligned(rows, right, " "))) - _WIDE
        if over > 0:
            longest = max(len(row[name]) for row in rows)
            cut = _cut([row[name] for row in rows], max(longest - over, _SHORTEST))
            rows = [
                [*row[:name], text, *row[name + 1 :]] for row, text in zip(rows, cut, strict=True)
            ]
    return aligned(rows, right, " ")


def _cut(names: Sequence[str], room: int) -> list[str]:
    """Return names of so many letters, cut at that end where they stay apart."""
    ends = [name if len(name) <= room else f"{name[: room - 1]}…" for name in names]
    starts = [name if len(name) <= room else f"…{name[1 - room :]}" for name in names]
    return starts if len(set(starts)) > len(set(ends)) else ends


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


def _by_lines(rows: Sequence[Mapping[str, Any]], width: int, most: int | None) -> list[str]:
    asked = [
        [
            row["quantity"],
            by["date"],
            _count(row["basis"]) + (", may end" if row["end_hazard"] else ""),
            number(row["threshold"]),
            signs(by["probability"]),
        ]
        for row in rows
        for by in row["by"]
    ]
    head = ["total", "by", "count", "threshold", "probability"]
    heading = "Probability of having passed by a day"
    return _table(heading, [head, *asked], {3, 4}, width, most) if asked else []


def _total_lines(
    forecast: Forecast, content: Mapping[str, Any], width: int, most: int | None
) -> list[str]:
    rows = [["total", "on", "count", "from", "to", "median"]]
    for row in content["totals"]:
        printed = [row["printed"][name] for name in ("lower", "upper", "median")]
        rows.append([row["quantity"], row["on"], _count(row["basis"]), *printed])
    heading = f"{chance(forecast.prob)} intervals of the totals on a day"
    return _table(heading, rows, {3, 4, 5}, width, most) if content["totals"] else []


def _table(
    heading: str, rows: list[list[str]], right: set[int], width: int, most: int | None
) -> list[str]:
    """Return a table of rows that begin with their total; with ``most``, one row of each."""
    head, *whole = rows
    shown = whole if most is None else _spread_over(whole, most)
    lines = [
        *textwrap.wrap(heading, width),
        *[""] * (most is None),
        *_fitting([head, *shown], right, 0, 2),
    ]
    if rest := len(whole) - len(shown):
        lines.append(f"… and {rest} more row{'s' * (rest > 1)}: --full")
    return [*lines, ""]


def _spread_over(rows: Sequence[list[str]], most: int) -> list[list[str]]:
    """Return so many rows at most: of each total the first, or as many from first to last."""
    totals: dict[str, list[list[str]]] = {}
    for row in rows:
        totals.setdefault(row[0], []).append(row)
    each = max(most // len(totals), 1)
    places = [k / max(each - 1, 1) for k in range(each)]
    chosen = [
        row
        for own in totals.values()
        for row in (own if len(own) <= each else [own[round(p * (len(own) - 1))] for p in places])
    ]
    return chosen[:most]


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
        key = _key(forecast, rows)
        yield Paragraph("Key", key, least=len(key))
    # the first sentence, and the first that allows for an end where there is one
    first = {row["end_hazard"] > 0: row["sentence"] for row in reversed(rows)}
    if False in first and (counts := disagreeing(forecast, rows[0]["prob"])):
        first[False] = counts.sentence
    cited = tuple(first[ends] for ends in sorted(first))
    cited += tuple(row["sentence"] for row in content["totals"])
    yield Paragraph("To cite", cited, "\n")
    yield Paragraph("No date", tuple(_to_ask(forecast)))
    left_out = tuple(f"{key}: {why}" for key, why in content["left_out"].items())
    yield Paragraph("Left out", left_out, "\n")
    yield Paragraph("Others", tuple(other_words(forecast)), " ", least=0)
    stocks = tuple(map(stock_words, forecast.stocks))
    yield Paragraph("Reported, not forecast", stocks, least=0)
    yield Paragraph("Notes", tuple(_notes(content)), least=0)
    # first what is a default of the library, and how much the assumed pace decides
    ours, others = _assumed(content)
    assumed = (*ours, *_ahead(forecast), *others)
    yield Paragraph("Assumed", assumed, least=max(1, len(assumed) - len(others)))
    findings = tuple(finding.message for finding in check(forecast.dossier))
    yield Paragraph("To check", findings, "\n", least=0, where=", by attrition check")
    precision = "" if tolerance is None else f", tolerance {tolerance:g} days"
    run = (
        f"dossier {forecast.dossier.id} (sha256 {content['dossier']['sha256'][:12]}), information "
        f"date {forecast.information_date}, horizon {forecast.horizon}, prob {forecast.prob:g}"
        f"{precision}, seed {forecast.seed}, attrition {__version__}"
    )
    yield Paragraph("Made", (f"{run}; all of it, with reasons: --full, --out DIR",))


def _key(forecast: Forecast, rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return what the words of the table mean, as far as they stand in it."""
    known, last = day_words(forecast.information_date), day_words(forecast.horizon)
    printed = [row["printed"][end] for row in rows for end in ("lower", "median", "upper")]
    thirds = any(text.startswith(("early ", "mid-", "late ")) for text in printed)
    texts = [
        f"from, to = {interval_words(forecast.prob)}",
        "median = as likely before as after",
        f"already = at or above it on {known}",
        f"later = not by {last}",
        "ended = the end came first" * any(row["end_hazard"] for row in rows),
        "early, mid, late = days 1 to 10, 11 to 20, from 21" * thirds,
        "not determined = no figure puts an end above" * ("not determined" in printed),
        "toll = the true number" * any(row["basis"] == "latent" for row in rows),
    ]
    return tuple(filter(None, texts))


def _to_ask(forecast: Forecast) -> list[str]:
    """Return how a date is asked for, where nothing was asked: by the next round total."""
    if any(forecast.thresholds.values()) or not forecast.laws:
        return []
    law = next(iter(forecast.laws.values()))
    (likely,) = law.quantiles(0.9, on=forecast.information_date)
    step = 10.0 ** math.floor(math.log10(max(likely, 1.0)))
    level = f"{math.ceil(likely / step) * step:.12g}"
    return [
        f"name a threshold: --threshold {level}, or thresholds = [{level}] in Python or the file"
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
        yield Paragraph("Note", (f"{note} ({', '.join(ids)})",))
    for row in content["assumptions"]:
        whose = ", ".join(row["for"])
        text = f"{row['name']} = {row['value']} ({row['origin']}; for {whose}): {row['reason']}"
        yield Paragraph("Assumption", (text,))


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
    _LIBRARY: "by the library, ",
    "dossier": "by the dossier, ",
    "learnt": "by the library, as far as figures tell, ",
}


def _assumed(content: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return what no report says, each once, in plain words: by the library, and by others."""
    every = len({name for row in content["assumptions"] for name in row["for"]})
    ours: list[str] = []
    others: list[str] = []
    for origin, lead in _ORIGINS.items():
        own = [row for row in content["assumptions"] if row["origin"] == origin]
        names = dict.fromkeys(row["name"] for row in own)
        texts = [_spread([row for row in own if row["name"] == name], every) for name in names]
        if texts:
            (ours if origin == _LIBRARY else others).append(lead + ", ".join(texts))
    return ours, others


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
    return [f"the days ahead make about {span} % of the uncertainty about what is added"]
