"""`attrition parse`, `read`, `check`, `new` and the like: what was reported, looked at."""

from __future__ import annotations

import math
import re
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from attrition.cli.arguments import harmless, pairs_of, say, show
from attrition.core.errors import refusal
from attrition.core.files import try_file, write_whole

if TYPE_CHECKING:
    from attrition.data.articles import Clipping
    from attrition.data.dossier import Claim
    from attrition.text import Reading

_MOST_BYTES = 20_000_000
_MARK = "?"
"""Stands after what the sentence of a claim does not say."""
_UNNAMED = (None, "cumulative")
_KINDS = (
    "How a count goes on rests on it. If it is wrong, write another below the category of each "
    'total: kind = "disaster", "epidemic", "conflict" or "steady".'
)
_CLAIM = re.compile(r"\s*\[\[\s*claims\s*\]\]")


# ------------------------------------------------------------------ parse


def parse(text: str, *, as_json: bool = False) -> None:
    """Read the figures of a quotation: numbers, hedge, window, unit, and what stays open.

    Parameters
    ----------
    text
        The words as printed: "nearly one million"; - reads standard input.
    """
    import attrition as at

    readings = at.parse(_standard_input() if text == "-" else text)
    if as_json:
        claims = [reading.to_dict() for reading in readings]
        show({**claims[0], "claims": claims}, as_json=True)
        return
    blocks = (_block(number, reading) for number, reading in enumerate(readings, start=1))
    say("\n\n".join(blocks))


_DOUBT: Final = "of such readings {:.0%} were right in sentences not seen before: check it"


def _standard_input() -> str:
    """Return what is piped in, at most a little more than an article may have."""
    try:
        return sys.stdin.buffer.read(_MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal("text on standard input", str(error), "-") from None


def _block(number: int, reading: Reading) -> str:
    rows = [
        ("counted", _counted(reading)),
        ("kind", reading.kind + (f" per {reading.per}" if reading.per else "")),
        ("window", reading.window),
        ("as of", reading.as_of),
        ("side", reading.side),
        ("said by", reading.hedged_by),
        ("doubt", _DOUBT.format(reading.confidence) if reading.reached == "loose" else None),
        ("standing", None if reading.standing == "stated" else reading.standing),
        ("hedge", reading.hedge + (" (possible, never a central value)" * reading.possible)),
        ("interval", _interval(reading)),
        ("shape", None if reading.ambiguous else reading.shape),
        ("evidence", None if reading.ambiguous else reading.evidence),
    ]
    lines = [f"{number}. {_figure(reading)}"]
    for name, value in rows:
        if value:
            head = f"   {name:<10}"
            lines.append(textwrap.fill(value, 78, initial_indent=head, subsequent_indent=" " * 13))
    return "\n".join(lines)


def _figure(reading: Reading) -> str:
    if reading.ambiguous:
        return f"ambiguous: {' or '.join(reading.ambiguous)}"
    if reading.low is not None and reading.high is not None:
        return f"{_amount(reading.low)} to {_amount(reading.high)}"
    return "no number" if reading.point is None else _amount(reading.point)


def _amount(value: float) -> str:
    return f"{value:,.10g}" if abs(value) < 1e15 else f"{value:.6g}"  # noqa: PLR2004 - readable


def _counted(reading: Reading) -> str:
    return ", ".join(word for word in (reading.category, reading.scope, reading.unit) if word)


def _interval(reading: Reading) -> str:
    if reading.ambiguous:
        return ""
    if reading.interval is None:
        return "open at the top: it needs a coverage to become a distribution"
    interval = reading.interval
    share = f"{100 * interval.prob:g} %"
    lower, upper = interval.lower, interval.upper
    if reading.unit == "persons" and not reading.per:
        lower, upper = math.floor(lower), math.ceil(upper)
    return f"{_amount(lower)} to {_amount(upper)} ({share}, what the words leave open)"


# ------------------------------------------------------------------ read


def read(
    file: str,
    *,
    published: str | None = None,
    source: str | None = None,
    out: Path | None = None,
    html: Path | None = None,
    as_json: bool = False,
) -> None:
    """Read an article: every figure with its words, source and days, and what is left to decide.

    Parameters
    ----------
    file
        A text, HTML or Markdown file; - reads standard input.
    published : DATE
        The day on which it appeared; a page may state it itself.
    source : NAME
        Who speaks where nobody is quoted.
    out
        Write the figures as a dossier to this FILE.
    html
        Write the article with its figures marked to this FILE.
    """
    import attrition as at

    if out is not None:
        _require_new(out)
    try_file(out)
    try_file(html)
    text: str | Path = _standard_input() if file == "-" else Path(file)
    clipping = at.read_article(text, published=published, source=source)
    if out is not None:
        write_whole(out, clipping.toml().encode())
    if html is not None:
        write_whole(html, clipping.html().encode())
    if as_json:
        show(_clipped(clipping), as_json=True)
        return
    _say_claims(clipping, stated=published is None)
    if out is not None:
        say(f"Written to {out}. Next: attrition check {out}, then attrition forecast {out}")
    elif clipping.claims:
        say(f"Next: attrition read {file} --out my.toml, which writes these to a dossier.")


def _say_claims(clipping: Clipping, *, stated: bool) -> None:
    """Print the claims, what is left to decide, and the day if the page states it."""
    for claim in clipping.claims:
        say(_claim_words(clipping, claim))
    for doubt in clipping.doubts:
        say(textwrap.fill(f"TODO {doubt.reason}", 88, subsequent_indent="    "))
        quoted = f"{doubt.words or '?'}: {doubt.sentence}"
        say(textwrap.fill(quoted, 84, initial_indent="    ", subsequent_indent="    "))
        if doubt.claim is not None:
            words = _claim_words(clipping, doubt.claim).replace(f": {doubt.claim.words}\n   ", ",")
            say(textwrap.indent(f"if accepted: {words}", "    "))
    if stated and clipping.published is not None:
        say(f"Published {clipping.published}, as the article states.")
    if any({"as_of", "source"} & {*claim.inferred} for claim in clipping.claims):
        say(f"{_MARK} after a day or a source: its sentence names none. Look whether it is right.")
    number = len(clipping.claims)
    claims = "1 claim" if number == 1 else f"{number} claims"
    say(f"{claims}, {len(clipping.doubts)} left to decide.")
    if clipping.doubts:
        say("Each is a TODO at the end of the dossier: without its # it counts, with it not.")
    for gap in clipping.gaps:
        say(f"Missing: {gap}")
    kinds = {key: one.kind for key, one in clipping.quantities.items() if one.kind != "stock"}
    if kinds:
        named = (f"{key} {'none' if kind in _UNNAMED else kind}" for key, kind in kinds.items())
        text = f"kind, from the words of the article: {', '.join(named)}. {_KINDS}"
        say(textwrap.fill(text, 88, subsequent_indent="    "))


def _claim_words(clipping: Clipping, claim: Claim) -> str:
    """Return what is counted, in whose words, of which days, and by whom."""
    title, name = clipping.quantities[claim.quantity].title, clipping.sources[claim.source].name
    since = f"{claim.since} to " if claim.since and claim.since != claim.as_of else ""
    day, whose = (_MARK * (key in claim.inferred) for key in ("as_of", "source"))
    return f"{title}: {claim.words}\n    {claim.kind}, {since}{claim.as_of}{day}, {name}{whose}"


def _clipped(clipping: Clipping) -> dict[str, Any]:
    """Return an article and its figures as plain values."""

    def named(thing: object, *keys: str) -> dict[str, Any]:
        return {key: getattr(thing, key) for key in keys}

    def dumped(claim: Claim | None) -> dict[str, Any] | None:
        return None if claim is None else claim.model_dump(mode="json", exclude_defaults=True)

    return {
        "title": clipping.title,
        "published": None if clipping.published is None else clipping.published.isoformat(),
        "gaps": list(clipping.gaps),
        "figures": [
            one.reading.to_dict() | named(one, "start", "end", "source")
            for one in clipping.mentions
        ],
        "claims": [dumped(claim) for claim in clipping.claims],
        "doubts": [
            {**named(one, "sentence", "words", "start", "reason"), "claim": dumped(one.claim)}
            for one in clipping.doubts
        ],
    }


# ------------------------------------------------------------------ check


def check(dossier: str = "russia-ukraine-2025-06", *, as_json: bool = False) -> None:
    """Look for figures that contradict one another; exit with 1 when there are some."""
    import attrition as at
    from attrition.data.coherence import RULES

    data = at.read_dossier(dossier)
    findings = at.check(data)
    if as_json:
        rows = [
            {
                "rule": finding.rule,
                "message": finding.message,
                "claims": list(finding.claims),
                "sources": [data.claims[index].source for index in finding.claims],
            }
            for finding in findings
        ]
        show({"dossier": data.id, "sha256": data.sha256, "findings": rows}, as_json=True)
    elif not findings:
        say(f"{data.id}: {len(data.claims)} claims, {len(RULES)} rules, and none found anything.")
    else:
        names = _places(dossier, len(data.claims))
        for finding in findings:
            claims = ", ".join(names[index] for index in finding.claims)
            text = f"{finding.message} ({claims})" if claims else finding.message
            say(textwrap.fill(f"{finding.rule}: {text}", 88, subsequent_indent="    "))
    if findings:
        raise typer.Exit(1)


def _places(dossier: str, count: int) -> list[str]:
    """Return where a reader finds each claim: its line in the file, else its number from 1."""
    file = Path(dossier)
    text = file.read_text(encoding="utf-8-sig") if file.is_file() else ""
    lines = [at for at, line in enumerate(text.splitlines(), 1) if _CLAIM.match(line)]
    if len(lines) == count:
        return [f"line {line}" for line in lines]
    return [f"claim {number}" for number in range(1, count + 1)]


# ------------------------------------------------------------------ new, schema


def _require_new(file: Path) -> None:
    """Refuse to write over a dossier, which may hold what somebody added by hand."""
    if file.exists():
        raise refusal("new dossier", "one that exists", str(file))


def new(file: Path = Path("dossier.toml")) -> None:
    """Write a commented starter dossier; an existing file is left alone.

    Parameters
    ----------
    file
        Where to write it.
    """
    from attrition.data.dossier.files import starter

    _require_new(file)
    write_whole(file, starter().encode())
    typer.echo(f"Written to {file}. Next: attrition check {file}")


def schema() -> None:
    """Print the JSON Schema of a dossier, which editors use to complete and check it."""
    from attrition.data.dossier.files import dossier_schema

    show(dossier_schema(), as_json=True)


# ------------------------------------------------------------------ import-claims


def import_claims(
    file: Path,
    *,
    column: list[str] | None = None,
    alias: list[str] | None = None,
    id: str = "imported",  # noqa: A002 - the key of a dossier
    by: str | None = None,
    out: Path | None = None,
    as_json: bool = False,
) -> None:
    """Read a CSV table of claims: count its rows, list those refused, write a dossier.

    Parameters
    ----------
    file
        A CSV table of claims with a header.
    column : --map KEY=COLUMN
        Which column holds a key of a claim: 'low=from'. Several columns: 'quantity=country+type'. A
        constant: 'kind==level'. May be repeated.
    alias : NAME=SPELLING
        Another spelling of a source; may be repeated.
    id
        Id of the dossier.
    by : COLUMN
        Summarise the rows by this column.
    out
        Write the claims as a dossier to this FILE.
    """
    import attrition as at

    try_file(out)
    mapping: dict[str, str | list[str]] = {}
    for key, columns in pairs_of(column or [], "--map", "KEY=COLUMN", "low=from"):
        constant = columns.startswith("=") or "+" not in columns
        mapping[key] = columns if constant else columns.split("+")
    aliases: dict[str, list[str]] = {}
    for name, spelling in pairs_of(alias or [], "--alias", "NAME=SPELLING", "'IISS=The IISS'"):
        aliases.setdefault(name, []).append(spelling)
    table = at.read_claims(file, mapping=mapping or None, aliases=aliases)
    if out is not None:
        at.write_dossier(table.dossier(id), out)
    content: dict[str, Any] = {
        "file": table.place,
        "rows": sum(table.forms.values()),
        "forms": table.forms,
        "inferred": sum(bool(row.inferred) for row in table.rows),
        "sources": {key: source.name for key, source in table.sources.items()},
        "quantities": list(table.quantities),
        "refused": [
            {"line": row.line, "form": row.form, "reason": row.reason} for row in table.refused
        ],
    }
    if by is not None:
        content["summary"] = [
            {"name": s.name, "forms": dict(s.forms), "low": s.low, "high": s.high}
            for s in table.summary(by)
        ]
    if as_json:
        show(content, as_json=True)
    else:
        _print_table(content, out)


def _print_table(content: dict[str, Any], out: Path | None) -> None:
    forms = ", ".join(f"{count} {form}" for form, count in content["forms"].items())
    say(f"{content['file']}: {content['rows']} rows ({forms})")
    say(
        f"{len(content['sources'])} sources, {len(content['quantities'])} quantities; "
        f"publication inferred in {content['inferred']} rows"
    )
    for row in content.get("summary", ()):
        high = "open" if row["high"] is None else f"{row['high']:,.0f}"
        counts = ", ".join(f"{count} {form}" for form, count in row["forms"].items())
        say(f"  {row['name']}: {row['low']:,.0f} to {high} ({counts})")
    for row in content["refused"]:
        note = f"attrition: note: line {row['line']} ({row['form']}): {row['reason']}"
        sys.stderr.write(harmless(note) + "\n")
    if out is not None:
        say(f"Written to {out}")


def migrate(file: Path, *, out: Path | None = None, in_place: bool = False) -> None:
    """Say what a dossier of 0.1.0 needs today, and write it where --out or --in-place says so.

    Parameters
    ----------
    file
        A dossier of 0.1.0, TOML.
    out
        Write it to this new FILE.
    in_place
        Write it over FILE.
    """
    from attrition.data.dossier.files import migrate_dossier, text_of

    new, changes, notes = migrate_dossier(text_of(file), file.name)
    for heading, lines in (("changed", changes), ("to decide", notes)):
        for line in lines:
            typer.echo(f"{heading}: {line}")
    if not changes:
        typer.echo(f"{file.name}: nothing that can be changed by itself")
        return
    target = file if in_place and out is None else out
    if target is None:
        typer.echo("Nothing was written: give --out FILE or --in-place")
        return
    if out is not None and out.exists():
        raise refusal("new file", "one that exists", str(out))
    write_whole(target, new.encode())
    typer.echo(f"Written to {target}")
