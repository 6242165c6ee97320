"""One row a day: new counts of a day are summed, unlike totals refused, unless all are added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from attrition.core._typing import Floats
from attrition.core.errors import InputError, refusal
from attrition.core.grouping import grouped_by
from attrition.data.series.cells import NAMES, cell_text
from attrition.data.series.cleaning import one_row_a_day
from attrition.data.series.columns import EVERY, SUMS, listed, parts_of, repeated
from attrition.data.series.findings import Days, date_of
from attrition.data.series.rows import CountRows, check_signs, chosen_by, says, values_in
from attrition.data.series.tables import SHEET

_MOST, _SHARE = 3, 0.1  # days, or their share, of which slips may make two rows
_PARTS, _DAYS, _MOSTLY = 2, 3, 0.95  # a sum has two parts; how often it must be one, by slips
_WHOLES = SUMS | frozenset(NAMES["wholes"])
_LEVELS = frozenset(NAMES["levels"])
_FEW = 5  # levels of places
_PLACES = 100  # values of a column that tells places or groups apart
_EVERY = 0.8  # share of the days that have a row, from which a table has one for every day


def merged(rows: CountRows, every: Sequence[str]) -> tuple[Days, Floats]:
    """Return one count for each day that has one, ascending.

    Parameters
    ----------
    rows : CountRows
    every : sequence of str
        Columns of which all values are added.

    Raises
    ------
    InputError
        If a day has unlike totals, or what is to be added holds a sum of the rest.
    """
    rows.keep(_in_time(rows).tolist())
    known = np.flatnonzero(np.isfinite(rows.values))
    if rows.persons:
        return _summed(rows, known)
    alike = repeated(rows.days.tolist(), known.tolist())
    if rows.kind == "total":
        if not every:
            _check_totals(rows, alike, known)
        check_signs(rows)
    if every:
        return _added(rows, known, every)
    if not alike:
        return one_row_a_day(rows.days, rows.values, rows.findings)
    if rows.kind == "new":
        return _new_of_days(rows, known, alike)
    timed = len({rows.labels[i].time for i in alike}) > 1
    if timed:
        days = {int(rows.days[i]) for i in alike}
        rows.findings.note("several times", min(days), max(days), days=len(days))
    return one_row_a_day(rows.days, rows.values, rows.findings, silent=timed)


def _most(rows: CountRows, known: Days) -> float:
    """Return on how many days slips may make two rows."""
    return max(_MOST, _SHARE * np.unique(rows.days[known]).size)


def _new_of_days(rows: CountRows, known: Days, alike: set[int]) -> tuple[Days, Floats]:
    """Return the new counts of days of which some have several rows."""
    several = {int(rows.days[i]) for i in alike}
    unique, number = np.unique(rows.days[known], return_counts=True)
    columns = rows.tell_apart(rows.days.tolist(), alike)
    dense = unique.size >= _EVERY * (unique[-1] - unique[0] + 1)
    few = not columns and len(several) <= _most(rows, known)
    if few and dense and _are_copies(rows, alike, several):
        rows.findings.note("word for word", min(several), max(several), days=len(several))
        return one_row_a_day(rows.days, rows.values, rows.findings, silent=True)
    if SHEET in columns:  # which may be of different things
        raise _several(rows, columns, min(several))
    _check_parts(rows, known)
    for name in columns if len(columns) > 1 else ():
        others = list(zip(*(rows.texts(other) for other in columns if other != name), strict=True))
        for part in grouped_by(known.tolist(), others.__getitem__).values():
            _check_parts(rows, np.array(part), name)
    words = {"days": len(several), "most": number.max()}
    if columns:
        words |= {"columns": listed(columns), "values": _values(values_in(rows, columns))}
    else:
        kinds = [name for name in rows.table.columns if rows.of_few(name)]
        words["kinds"] = f", of several {listed(kinds)}" if kinds else ""
    name = "several" if columns else "summed"
    rows.findings.note(name, min(several), max(several), **words)
    for day in np.setdiff1d(rows.days, unique):
        rows.findings.note("missing", day)
    return _summed(rows, known)


def _in_time(rows: CountRows) -> Days:
    """Return the order of the rows: as they stand, newest first turned round, times sorted."""
    order = np.arange(rows.days.size)
    if order.size > 2 and bool((np.diff(rows.days) < 0).all()):  # noqa: PLR2004 - an order needs three
        rows.note("newest first")
        order = order[::-1]
    if any(label.time for label in rows.labels):
        times = [rows.labels[i].time for i in order.tolist()]
        for day in np.unique(rows.days):
            same = np.flatnonzero(rows.days[order] == day)
            if same.size > 1:
                order[same] = order[same][np.argsort([times[i] for i in same], kind="stable")]
    return order


def _summed(rows: CountRows, known: Days) -> tuple[Days, Floats]:
    """Return the sum of each day."""
    days, back = np.unique(rows.days[known], return_inverse=True)
    return days, np.bincount(back, weights=rows.values[known]).astype(float)


def _are_copies(rows: CountRows, alike: set[int], several: set[int]) -> bool:
    """Tell whether the days with several rows have two, word for word the same."""
    cells = list(zip(*rows.table.columns.values(), strict=True))
    return len(alike) == 2 * len(several) == 2 * len({cells[i] for i in alike})


def _check_totals(rows: CountRows, alike: set[int], known: Days) -> None:
    """Refuse unlike totals of a day, unless they are few or of several times of the day."""
    first: dict[tuple[int, str], float] = {}
    moments = {i: (int(rows.days[i]), rows.labels[i].time) for i in sorted(alike)}
    for i, moment in moments.items():
        first.setdefault(moment, float(rows.values[i]))
    unlike = {moment[0] for i, moment in moments.items() if rows.values[i] != first[moment]}
    columns = rows.tell_apart(rows.days.tolist(), alike) if unlike else ()
    if columns:
        raise _several(rows, columns, min(unlike))
    if len(unlike) > _most(rows, known):
        got = f"{len(unlike)} days with unlike ones, such as {date_of(min(unlike))}"
        raise refusal("one total a day", got, rows.table.place)


def _several(rows: CountRows, columns: Sequence[str], day: int) -> InputError:
    """Return the refusal of a day with counts that columns tell apart."""
    values = values_in(rows, columns)
    one = {**rows.where, **dict(zip(columns, values[0], strict=True))}
    every = {**rows.where, **dict.fromkeys(columns, EVERY)}
    words = {"columns": listed(columns), "chosen": chosen_by(one), "every": every}
    got = f"{_values(values)} on {date_of(day)}"
    return refusal("several totals a day", got, rows.table.place, **words)


def _values(values: Sequence[tuple[str, ...]]) -> str:
    """Return what tells rows apart, listed: a place, or a place and a group."""
    return listed([", ".join(filter(None, value)) for value in values])


def _check_sums(rows: CountRows, by_place: Floats, places: Sequence[str], name: str) -> None:
    """Refuse to add what is the sum of the rest: "Total" beside its parts."""
    whole = by_place.sum(axis=1)
    counted = whole > 0
    if len(places) <= _PARTS or counted.sum() < _DAYS:
        return
    exact = (2 * by_place[counted] == whole[counted, None]).mean(axis=0)
    least = (2 * by_place[counted] >= whole[counted, None]).mean(axis=0)  # parts are kept back
    worded = np.array([says(place, _WHOLES) for place in places])
    for i in np.flatnonzero(np.where(worded, least, exact) >= _MOSTLY).tolist():
        one = {**rows.where, name: next(t for t in rows.texts(name) if places[i].startswith(t))}
        got = f"`{places[i]}`, as many as all others together"
        raise refusal("no sum of the rest", got, rows.table.place, chosen=chosen_by(one))


def _check_levels(rows: CountRows, every: Sequence[str]) -> None:
    """Refuse to add nations to their regions, where a column tells of which level a row is."""
    for name in rows.table.columns:
        values = sorted(set(rows.texts(name)) - {""})
        if name in every or not parts_of(name) & _LEVELS or not 1 < len(values) <= _FEW:
            continue
        if len(set(zip(*map(rows.texts, every), strict=True))) < len(
            set(zip(*map(rows.texts, (*every, name)), strict=True))
        ):
            continue  # it tells the rows of one place apart
        one = {**rows.where, name: values[0]}
        got = f"{listed(values)} in `{name}`"
        raise refusal("one level", got, rows.table.place, chosen=chosen_by(one))


def _check_parts(rows: CountRows, known: Days, *names: str) -> None:
    """Refuse to sum the rows of a day where some of them are sums of the others."""
    for name in names or rows.table.columns:
        cells = rows.table.columns[name]
        texts: list[str] = []
        distinct: set[str] = set()
        for i in known.tolist():
            texts.append(cell_text(cells[i]))
            distinct.add(texts[-1])
            if len(distinct) > _PLACES:
                break
        else:
            keys = zip(*(text.split(",") for text in texts), strict=False)  # of Eurostat
            for part in {tuple(texts), *keys}:
                sums = _Sums.of(rows, known, part)
                wholes = {place: texts[part.index(place)] for place in sums.places}
                _check_sums(rows, sums.by_place, [wholes[place] for place in sums.places], name)


class _Sums(NamedTuple):
    """What the rows of each day and place add to, shape (day, place); and of each row which."""

    days: Days
    places: list[str]
    row: Days
    column: Days
    by_place: Floats

    @classmethod
    def of(cls, rows: CountRows, known: Days, names: Sequence[str]) -> _Sums:
        """Sum the known rows, each of a place by its name."""
        days, row = np.unique(rows.days[known], return_inverse=True)
        places, column = np.unique(names, return_inverse=True)
        by_place = np.zeros((days.size, places.size))
        np.add.at(by_place, (row, column), rows.values[known])
        return cls(days, places.tolist(), row, column, by_place)


def _added(rows: CountRows, known: Days, every: Sequence[str]) -> tuple[Days, Floats]:
    """Add the counts of all places; a place without a report on a day keeps its last total."""
    names = [", ".join(parts) for parts in zip(*map(rows.texts, every), strict=True)]
    days, places, row, column, by_place = _Sums.of(rows, known, [names[i] for i in known.tolist()])
    reports = np.bincount(row * len(places) + column, minlength=by_place.size)
    if rows.kind != "new":
        if reports.max() > 1:
            got = f"several a day of one of {listed(places)}"
            raise refusal("one total a place", got, rows.table.place)
        latest = np.zeros(by_place.shape, dtype=np.int64)
        latest[row, column] = row
        latest = np.maximum.accumulate(latest, axis=0)
        by_place = np.take_along_axis(by_place, latest, axis=0)
    whole = by_place.sum(axis=1)
    whole_days = reports.reshape(by_place.shape).all(axis=1)  # on others a sum need not be one
    several = whole_days if whole_days.sum() >= _DAYS else np.ones_like(whole_days)
    _check_sums(rows, by_place[several], places, every[0])
    _check_levels(rows, every)
    rule = "summed" if rows.kind == "new" else "a place without a report keeps its last total"
    words = {"number": len(places), "columns": listed(every), "rule": rule}
    rows.findings.note("all added", days[0], days[-1], **words)
    return days, whole
