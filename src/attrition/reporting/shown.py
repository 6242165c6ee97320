"""How laws, claims and dossiers look in a terminal and in a notebook."""

from __future__ import annotations

import math
from collections.abc import Sequence

from attrition.core._showing import Shown, aligned, shown
from attrition.core.laws import Law
from attrition.core.laws.reading import quantiles
from attrition.data.dossier import Claim, Dossier
from attrition.reporting.citation import cite
from attrition.reporting.escape import for_html
from attrition.reporting.rows import crossing_cells, crossing_row

_MOST = 4  # thresholds in the sentence of a law
_ROWS = 12  # and in its table

CellRows = Sequence[Sequence[str]]


def as_text(law: Law) -> str:
    """Return the standard sentence of a law and a small table: what ``print(law)`` shows.

    Parameters
    ----------
    law : Law
        Of the thresholds that were asked about, at most four stand in the sentence, those nearest
        to its middle, and twelve in the table.

    See Also
    --------
    attrition.reporting.as_html : for a notebook.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["russian-casualties"])
    >>> print(as_text(forecast.law("russian-casualties")))
    Russia’s killed and wounded are 96 % likely to have passed one million by late August 2025 ....
    <BLANKLINE>
    threshold  from     to              median          already  later
    1,000,000  already  late Aug 2025  early Jul 2025  15 %     <0.1 %
    """
    sentence = cite(law, shown_thresholds(law)).sentence
    return "\n".join((sentence, "", *aligned(_law_rows(law))))


def as_html(thing: Shown) -> str:
    """Return a law, a dossier or any other result as a small piece of HTML: what a notebook shows.

    All text of the dossier is escaped.

    Raises
    ------
    TypeError
        If ``thing`` is none of these.

    See Also
    --------
    attrition.reporting.as_text : without markup.

    Examples
    --------
    >>> import attrition as at
    >>> as_html(at.read_dossier().claims[0]).startswith("<table>")
    True
    """
    if isinstance(thing, Law):
        sentence = for_html(cite(thing, shown_thresholds(thing)).sentence)
        return f"<div><p dir='auto'>{sentence}</p>{html_table(_law_rows(thing))}</div>"
    if isinstance(thing, Claim):
        return html_table([_CLAIM, _claim_row(thing)])
    if isinstance(thing, Shown) and not isinstance(thing, Dossier):
        return _result_table(thing)
    if isinstance(thing, Dossier):
        head = for_html(thing.title or thing.id)
        note = f"{len(thing.sources)} sources, {len(thing.quantities)} totals, sha256 "
        past = thing.superseded()
        rows = [_CLAIM, *(_claim_row(c, past=i in past) for i, c in enumerate(thing.claims))]
        return f"<div><p><b>{head}</b><br>{note}{thing.sha256[:12]}</p>{html_table(rows)}</div>"
    raise TypeError(thing)


def _result_table(thing: Shown) -> str:
    """Return a result as a table: a row for each of its parts, or for each of its fields."""
    rows = thing.table_rows()
    name = type(thing).__name__
    if not thing._parts:  # noqa: SLF001 - of its own kind
        named = [(key, shown(cell)) for row in rows for key, cell in row.items()]
        return html_table([(name, ""), *named])
    cells = [[shown(cell) for cell in row.values()] for row in rows[:_ROWS]]
    more = f" of {len(rows):,}" if len(rows) > _ROWS else ""
    head = f"<p><b>{for_html(f'{name}: {len(cells)}{more} rows')}</b></p>"
    return f"<div>{head}{html_table([list(rows[0]) if rows else [], *cells])}</div>"


def shown_thresholds(law: Law, most: int = _MOST) -> list[float]:
    """Return the thresholds of a law that were asked about; of many, those nearest its middle.

    A law that does not say what was asked is shown on all of its thresholds if they are few, else
    on the round ones among them; one that was asked nothing, on the round total nearest its middle.
    """
    grid = [float(value) for value in law.thresholds]
    if not grid:
        (middle,), _ = quantiles(law, (0.5,), law.horizon)
        step = 10.0 ** math.floor(math.log10(max(middle, 1.0)))
        return [max(round(middle / step), 1) * step]
    asked = [value for value in law.provenance.asked if value in grid] or grid
    if len(asked) <= most:
        return sorted(asked)
    mean = law.weights @ law.exceedance[:, :, -1]
    chosen = [value for value in asked if _is_round(value)] or asked
    near = sorted(chosen, key=lambda value: abs(float(mean[grid.index(value)]) - 0.5))
    return sorted(near[:most])


def _is_round(value: float) -> bool:
    """Tell whether a total is one digit and zeros, or half a step between two such."""
    if value <= 0:
        return False
    half = 5 * 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.isclose(value, round(value / half) * half, rel_tol=1e-12)


def _law_rows(law: Law) -> CellRows:
    shown = slice(7 if law.provenance.end_hazard > 0 else 6)
    heads = ["threshold", "from", "to", "median", "already", "later", "ended"]
    names = ["threshold", "lower", "upper", "median", "already", "later", "ended"]
    asked = shown_thresholds(law, _ROWS if law.provenance.asked else _MOST)
    rows = [crossing_row(law, threshold) for threshold in asked]
    return [heads[shown], *(crossing_cells(row, names[shown]) for row in rows)]


_CLAIM = ("total", "source", "kind", "words", "of", "published")


def _claim_row(claim: Claim, *, past: bool = False) -> Sequence[str]:
    numbers = [claim.point] if claim.point is not None else [claim.low, claim.high]
    stated = " to ".join(f"{value:,.10g}" for value in numbers if value is not None)
    words = claim.words or stated
    dates = (str(claim.as_of), str(claim.published))
    kind = f"{claim.kind}, superseded" if past else claim.kind
    return (claim.quantity, claim.source, kind, words, *dates)


def html_table(rows: CellRows) -> str:
    """Return rows as a table of HTML, the first as its head; every cell is escaped."""
    head = "".join(f"<th scope='col'>{for_html(cell)}</th>" for cell in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{for_html(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:]
    )
    return f"<table><tr>{head}</tr>{body}</table>"
