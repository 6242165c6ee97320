"""Do intervals from two figures hold? `python -m benchmarks.two_figures [--corpus FILE]`.

At origins every 90 days on recorded counts, `at.when`, or with `--dossier` a forecast of two quoted
claims, is given what a newspaper would print, the exact total and about the mean of the last 28
days, and nothing else. Scored are the days on which later
totals were passed and the totals at fixed leads, next to a flat pace: as it is, and with the errors
that it made on all other counts of the table. People are whole: quantiles of totals are rounded to
the nearest person, so that N dead lie inside an interval that ends within half a person of N.
Printed ends are rounded outward and hold no less. Results go to
`benchmarks/results/two_figures.md`;
with `--dossier` to `two_figures_dossier.md` and, for the page, to `bundled/coverage.json`.

With `--steady` the same is asked with and without a third fact, for how many months the pace has
been steady: of all counts, at days after which it was so for three or more, by both routes. What a
calm count does next is then learnt from other places alone. Results go to `steady.md`.
With `--worlds N` the counts are simulated: violence that dies out, and waves of an epidemic, as
`benchmarks.worlds` makes them. Results go to `two_figures_worlds.md`. With
`--dated` the third fact is two exact totals more, of days before, two quoted claims each. Results
go to `dated.md`.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
from benchmarks.calibration.real import SERIES, daily_totals
from benchmarks.coverage import keep
from benchmarks.priors import CALM, FEW, fitted, gains_of, joined, totals_by_place
from benchmarks.worlds import WORLDS

import attrition as at
from attrition.core._typing import Floats
from attrition.evaluation.answers import two_claims
from attrition.evaluation.scores import pinball, side_by_side
from attrition.models.families import Priors, bundled_priors

Days = npt.NDArray[np.datetime64]

FOUR = "Four recorded counts"
COMMAND = "python -m benchmarks.two_figures --dossier"
PROBS = (0.5, 0.8, 0.9)
LEADS = (28, 91, 365)
EVERY, WINDOW = 90, 28
COUNTRIES = 30
LEAST_MONTHS = 3
STEADY_FOLDS = 3
SIMULATED, ORIGINS = ("dying out", "waves"), (400, 600, 800)
"""Kinds of worlds, and days after which they are asked."""

EARLIER, DATED_EVERY = (56, 112), 180
"""Days before the origin of which two totals more are told, and days from origin to origin."""
LEVELS = (np.arange(99) + 1) / 100
"""Levels of the quantiles by which the CRPS is integrated."""


@dataclass(frozen=True, slots=True)
class Row:
    """One scored answer.

    Parameters
    ----------
    series, what : str
        The count, and what was asked of it.
    outcome : float
        What came: a total, or a day; the day after the last where it has not come.
    flat : float
        What a flat pace says.
    origin : float
        The total of today, or day 0: what a flat pace errs by is a multiple of the way from there.
    quantiles : ndarray of float, shape (99,)
        Of the answer, at :data:`LEVELS`.
    inside : tuple of bool
        Which of the intervals, equal-tailed, hold the outcome.
    last : float
        The largest outcome that could be seen.
    """

    series: str
    what: str
    outcome: float
    flat: float
    origin: float
    quantiles: Floats
    inside: tuple[bool, ...]
    span: tuple[int, int]
    last: float = float("inf")

    @property
    def resolved(self) -> bool:
        """Whether it came within what was seen."""
        return self.outcome < self.last

    @property
    def crps(self) -> float:
        """CRPS of the answer [unit or day]."""
        return crps_of(self.quantiles, self.outcome)

    @property
    def ratio(self) -> float:
        """The way that was gone, over that of a flat pace."""
        return (self.outcome - self.origin) / (self.flat - self.origin)

    @property
    def places(self) -> tuple[float, float]:
        """Shares of the quantiles below the outcome, and not above it."""
        below, at_most = self.quantiles < self.outcome, self.quantiles <= self.outcome
        return float(below.mean()), float(at_most.mean())

    def flat_with(self, ratios: Floats) -> float:
        """Return the CRPS of a flat pace that errs as it did on other counts."""
        ways = self.origin + (self.flat - self.origin) * np.quantile(ratios, LEVELS)
        return crps_of(np.minimum(ways, self.last), self.outcome)


def crps_of(quantiles: Floats, outcome: float) -> float:
    """Return the CRPS of a law by its quantiles."""
    return float(pinball(quantiles, LEVELS, outcome))


def inside(quantile: Callable[[float], float], outcome: float) -> tuple[bool, ...]:
    """Tell for each probability whether the equal-tailed interval holds the outcome."""
    return tuple(quantile((1 - p) / 2) <= outcome <= quantile((1 + p) / 2) for p in PROBS)


def asked(two: Figures, *, dossier: bool) -> tuple[at.Law, Callable[[int, float], float]]:
    """Return the law of a total, and its quantiles by lead and probability in whole people."""
    if not dossier:
        answer = at.when(
            two.threshold,
            level=two.level,
            rate=two.rate,
            on=two.on,
            kind=two.kind,
            priors=two.priors,
            horizon=two.horizon,
        )
        drawn = functools.cache(lambda lead: answer.totals(two.on + timedelta(days=lead)))
        return answer.law, lambda lead, p: float(np.rint(np.quantile(drawn(lead), p)))
    claims = two_claims(two.level, two.rate, two.on) + [
        at.claim(f"exactly {total:,.0f} killed", source="Count", on=two.on - timedelta(days=back))
        for back, total in two.earlier
    ]
    forecast = at.forecast(
        claims,
        thresholds=[two.threshold],
        kind=two.kind,
        priors=two.priors,
        horizon=two.horizon,
        seed=1,
    )
    law = forecast.law("killed")
    totals = law.totals
    assert totals is not None
    return law, lambda lead, p: float(np.rint(law.weights @ totals.quantile(lead, p)))


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told on a day, and asked."""

    level: float
    rate: float
    on: date
    kind: str | None
    threshold: float
    horizon: date
    priors: Priors | None = None
    earlier: tuple[tuple[int, float], ...] = ()
    """Days before, and the total of then."""


def scored(
    name: str,
    days: Days,
    totals: Floats,
    kind: str | None,
    *,
    dossier: bool,
    origins: Sequence[int] | None = None,
    priors: Priors | None = None,
    earlier: Sequence[int] = (),
) -> Iterator[Row]:
    """Yield the scored answers of one count, daily totals from its first day on."""
    every = range(WINDOW, totals.size - WINDOW, EVERY)
    for origin in every if origins is None else origins:
        level, rate = totals[origin], (totals[origin] - totals[origin - WINDOW]) / WINDOW
        if level < 1 or rate <= 0:
            continue
        start = days[origin].astype("M8[D]").astype(object)
        last = int(min(max(LEADS), totals.size - 1 - origin))
        horizon = start + timedelta(days=last)
        # A total that was passed: the one that a flat pace would reach in 91 days. One that was not
        # passed by the end of the count is right-censored and is scored up to there.
        threshold = float(np.rint(level + 91 * rate))
        before = tuple((back, float(totals[origin - back])) for back in earlier)
        two = Figures(float(level), float(rate), start, kind, threshold, horizon, priors, before)
        law, quantile = asked(two, dossier=dossier)
        for lead in LEADS:
            if lead > last:
                continue
            of_lead = functools.partial(quantile, lead)
            outcome = float(totals[origin + lead])
            yield Row(
                name,
                f"total at {lead} days",
                outcome,
                float(np.rint(level + rate * lead)),
                float(level),
                np.array([of_lead(p) for p in LEVELS]),
                inside(of_lead, outcome),
                (origin, origin + lead),
            )
        column = int(np.searchsorted(law.thresholds, threshold))
        mean = law.weights @ law.exceedance[:, column, :]
        passed = np.flatnonzero(totals[origin : origin + last + 1] >= threshold)
        day = float(passed[0]) if passed.size else last + 1.0

        def passing(p: float, mean: Floats = mean, last: int = last) -> float:
            reached = np.flatnonzero(mean >= p)
            return float(reached[0]) if reached.size else last + 1.0

        yield Row(
            name,
            "crossing date",
            day,
            float((threshold - level) / rate),
            0.0,
            np.array([passing(p) for p in LEVELS]),
            inside(passing, day),
            (origin, origin + int(min(day, last))),
            last + 1.0,
        )


def bundled() -> Iterator[tuple[str, Days, Floats]]:
    """Yield the four counts, a total for each day."""
    for name in SERIES:
        yield name, *daily_totals(name)


def corpus(file: Path) -> Iterator[tuple[str, Days, Floats]]:
    """Yield countries of the corpus: every so many-th by name, so that nobody chooses."""
    _, totals = totals_by_place(file)
    names = sorted(totals)
    for name in names[:: max(1, len(names) // COUNTRIES)][:COUNTRIES]:
        # Days have no names here: a count starts on any day.
        yield name, np.datetime64("2020-01-01") + np.arange(totals[name].size), totals[name]


def worlds_text(number: int) -> str:
    """Return how two figures of simulated worlds do, by `when`, in Markdown."""
    lines = [
        "# Two figures of simulated worlds",
        "",
        f"`python -m benchmarks.two_figures --worlds {number}`",
        "",
        f"By `when`, kind not named, {number:,} worlds of each kind (benchmarks/worlds.py), asked",
        f"after {', '.join(map(str, ORIGINS))} days.",
    ]
    for kind in SIMULATED:
        rows: list[Row] = []
        for index in range(number):
            rng = np.random.default_rng([zlib.crc32(kind.encode()), index])
            totals = np.cumsum(WORLDS[kind](rng))
            days = np.datetime64("2020-01-01") + np.arange(totals.size)
            name = f"{kind} {index}"
            rows += scored(name, days, totals, None, dossier=False, origins=ORIGINS)
        lines += ["", f"## {kind.capitalize()}", "", *table(rows, "what")]
    return "\n".join(lines) + "\n"


def steady_months(totals: Floats, origin: int) -> int:
    """Return for how many months of four weeks a total grew by about as much, within a factor."""
    added = -np.diff(totals[origin::-WINDOW])
    least, most = np.minimum.accumulate(added), np.maximum.accumulate(added)
    return int(np.argmin(np.append(most <= CALM[1] * least, False)))


def without(places: Sequence[str], counts: Sequence[tuple[str, Days, Floats]]) -> Priors:
    """Return the priors in which *calm* is learnt from other counts than those of some places."""
    others = {name: totals for name, _, totals in counts if name not in places}
    start = bundled_priors().family("calm")
    family, _ = fitted(joined([gains_of(others, "day", calm=True)]), start, FEW)
    learnt = dataclasses.asdict(dataclasses.replace(family, evidence="from other places"))
    del learnt["name"]
    return Priors.of({"families": {"calm": {k: v for k, v in learnt.items() if v is not None}}})


def steady_rows(
    counts: Sequence[tuple[str, Days, Floats]], asked_of: Collection[str]
) -> Iterator[tuple[bool, Row, Row]]:
    """Yield answers of counts that had been steady: by which route, without and with the fact.

    All counts teach what comes after; only some are asked.
    """
    for fold in range(STEADY_FOLDS):
        part = counts[fold::STEADY_FOLDS]
        priors = without([name for name, _, _ in part], counts)
        for name, days, totals in part:
            last = -totals.size
            for origin in range(LEAST_MONTHS * WINDOW, totals.size - WINDOW, WINDOW):
                months = steady_months(totals, origin)
                few = totals[origin] - totals[origin - WINDOW] < WINDOW
                if months < LEAST_MONTHS or few or origin < last + EVERY or name not in asked_of:
                    continue
                last = origin
                kind = f"steady for {months} months"
                for dossier in (False, True):
                    ask = functools.partial(
                        scored, name, days, totals, dossier=dossier, origins=[origin]
                    )
                    for usual, narrowed in zip(ask(None), ask(kind, priors=priors), strict=True):
                        yield dossier, usual, narrowed


def narrowed_table(pairs: Sequence[tuple[Row, Row]]) -> list[str]:
    """Return coverage, width and CRPS with the fact, beside those without it."""
    lines = [
        "| what | answers | counts | 50 % | 90 % | width of 90 % | CRPS |",
        "|---|---|---|---|---|---|---|",
    ]
    for what in dict.fromkeys(row.what for row, _ in pairs):
        mine = [pair for pair in pairs if pair[0].what == what]
        cover = 100 * np.mean([[row.inside for row in pair] for pair in mine], axis=0)
        ends = np.array([[row.quantiles[[4, -5]] for row in pair] for pair in mine])
        width = np.maximum(ends[..., 1] - ends[..., 0], 1.0)
        by_name: dict[str, list[list[float]]] = {}
        for pair in mine:
            by_name.setdefault(pair[0].series, []).append([row.crps for row in pair])
        sums = np.array([np.sum(rows, axis=0) for rows in by_name.values()])
        lost = np.log(sums[(sums > 0).all(axis=1)])
        ratios = [np.exp(np.mean(np.diff(np.log(width)))), np.exp(np.mean(np.diff(lost)))]
        lines.append(
            f"| {what} | {len(mine)} | {len(by_name)} | {cover[1, 0]:.0f} ({cover[0, 0]:.0f}) "
            f"| {cover[1, 2]:.0f} ({cover[0, 2]:.0f}) | {ratios[0]:.2f} | {ratios[1]:.2f} |"
        )
    return lines


def dated_text(file: Path) -> str:
    """Return what two totals more do to two quoted claims, in Markdown."""
    lines = [
        "# Two figures, and two totals of days before",
        "",
        f"Two quoted claims at days {DATED_EVERY} apart, and the exact totals {EARLIER[0]} and",
        f"{EARLIER[1]} days before. Percent held, in brackets without them; width and CRPS are",
        "multiples of those without them, geometric means over answers and over counts.",
    ]
    for title, counts in ((FOUR, bundled()), (f"{COUNTRIES} countries", corpus(file))):
        pairs = [
            pair
            for name, days, totals in counts
            for origin in range(WINDOW, totals.size - WINDOW, DATED_EVERY)
            if origin >= max(EARLIER) and totals[origin - max(EARLIER)] >= 1
            for pair in zip(
                *(
                    scored(name, days, totals, None, dossier=True, origins=[origin], earlier=back)
                    for back in ((), EARLIER)
                ),
                strict=True,
            )
        ]
        lines += ["", f"## {title}", "", *narrowed_table(pairs)]
    return "\n".join(lines) + "\n"


def steady_text(file: Path) -> str:
    """Return what the third fact does, by both routes, in Markdown."""
    _, totals = totals_by_place(file)
    own = list(bundled())
    start = np.datetime64("2020-01-01")
    places = [(name, start + np.arange(t.size), t) for name, t in sorted(totals.items())]
    lines = [
        "# Two figures, and for how many months the pace has been steady",
        "",
        f"At days, {EVERY} apart, before which {LEAST_MONTHS} months or more differed by a factor",
        f"of {CALM[1]} at most. Percent held, in brackets without the fact; width and CRPS are",
        "multiples of those without it, geometric means over answers and over counts.",
    ]
    mine = {name for name, _, _ in own}
    every = list(steady_rows([*own, *places], mine | {name for name, _, _ in corpus(file)}))
    for route, dossier in (("`when`", False), ("Two quoted claims", True)):
        pairs = [(usual, narrowed) for by, usual, narrowed in every if by == dossier]
        for title, chosen in ((FOUR, True), (f"{COUNTRIES} countries of the corpus", False)):
            rows = [pair for pair in pairs if (pair[0].series in mine) == chosen]
            lines += ["", f"## {route}: {title.lower()}", "", *narrowed_table(rows)]
    return "\n".join(lines) + "\n"


HEAD = (
    "n | resolved | 50 % | 80 % | 90 % | early / late | PIT 90 % | CRPS / flat | / with its errors"
)


def table(rows: Sequence[Row], key: str) -> list[str]:
    """Return a table of coverage and CRPS by one attribute of the rows.

    The misses of 90 % are *early* where the outcome lies below the interval. The randomised PIT
    does not profit from whole days, and weighs what has not come by the end of a count.
    """
    columns = HEAD.count("|") + 2
    lines = [f"| {key} | {HEAD} |", "|" + "---|" * columns]
    rng = np.random.default_rng(1)
    drawn = {id(row): rng.uniform(*row.places) for row in rows}
    errors: dict[str, dict[str, list[float]]] = {
        what: {row.series: [] for row in rows if row.what == what}
        for what in dict.fromkeys(row.what for row in rows)
    }
    for row in rows:
        errors[row.what][row.series].append(row.ratio)
    rivals = {
        id(row): row.flat_with(
            np.array(
                [r for s, rs in errors[row.what].items() if s != row.series for r in rs] or [1.0]
            )
        )
        for row in rows
    }
    names = list(dict.fromkeys(getattr(row, key) for row in rows))
    for name in [*names, "all"]:
        mine = [row for row in rows if name in (getattr(row, key), "all")]
        cover = 100 * np.mean([row.inside for row in mine], axis=0)
        below = 100 * np.mean([row.outcome < row.quantiles[4] for row in mine])
        above = 100 * np.mean([row.outcome > row.quantiles[-5] for row in mine])
        central = 100 * np.mean([0.05 <= drawn[id(row)] <= 0.95 for row in mine])
        # Each count is of its own size: the ratio is a geometric mean over counts and questions.
        groups: dict[tuple[str, str], list[Row]] = {}
        for row in mine:
            groups.setdefault((row.series, row.what), []).append(row)
        sums = np.array(
            [
                [
                    sum(r.crps for r in g),
                    sum(abs(min(r.flat, r.last) - r.outcome) for r in g),
                    sum(rivals[id(r)] for r in g),
                ]
                for g in groups.values()
            ]
        )
        own, flat, wide = np.log(sums[(sums > 0).all(axis=1)]).mean(axis=0)
        shares = " | ".join(f"{value:.0f}" for value in cover)
        resolved = 100 * np.mean([row.resolved for row in mine])
        lines.append(
            f"| {name} | {len(mine)} | {resolved:.0f} | {shares} | {below:.0f} / {above:.0f} "
            f"| {central:.0f} | {np.exp(own - flat):.2f} | {np.exp(own - wide):.2f} |"
        )
    return lines


def independent(rows: Sequence[Row]) -> int:
    """Return how many outcomes there are of which no two of one count share a day."""
    series = {row.series for row in rows}
    return sum(side_by_side(row.span for row in rows if row.series == name) for name in series)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="Parquet: date, location, cumulative")
    parser.add_argument("--kind", help="name the kind instead of leaving it out")
    parser.add_argument("--dossier", action="store_true", help="forecast two quoted claims")
    parser.add_argument("--out", type=Path, help="a Markdown file, in place of that in results")
    parser.add_argument(
        "--steady", action="store_true", help="ask with a third fact, needs --corpus"
    )
    parser.add_argument("--dated", action="store_true", help="with two totals more, needs --corpus")
    parser.add_argument("--worlds", type=int, help="of so many simulated worlds of a kind")
    given = parser.parse_args()
    if given.steady or given.dated or given.worlds:
        if given.worlds:
            name, text = "two_figures_worlds.md", worlds_text(given.worlds)
        elif given.steady:
            name, text = "steady.md", steady_text(given.corpus)
        else:
            name, text = "dated.md", dated_text(given.corpus)
        print(text)
        file = given.out or Path(__file__).parent / "results" / name
        file.write_text(text, encoding="utf-8")
        return
    name = "two_figures_dossier.md" if given.dossier else "two_figures.md"
    out = given.out or Path(__file__).parent / "results" / name
    begun = time.process_time()
    parts = {FOUR: bundled()}
    if given.corpus:
        parts[f"{COUNTRIES} countries of the corpus, deaths by day"] = corpus(given.corpus)
    lines = [
        "# Intervals from two figures",
        "",
        f"Of {'two quoted claims' if given.dossier else '`when`'}, kind "  # noqa: ISC004
        f"{given.kind or 'not named'}. Origins every {EVERY} days, an exact total and the",
        f"rate of {WINDOW} days. A total that was not passed by the end of a count is scored up to",
        "there. Totals are of whole people: quantiles are rounded to the nearest person. CRPS is",
        "next to that of a flat pace without width, and with its errors on all other counts of the",
        "table; a geometric mean over counts.",
    ]
    for title, counts in parts.items():
        rows = [
            row for count in counts for row in scored(*count, given.kind, dossier=given.dossier)
        ]
        dates = [row for row in rows if row.what == "crossing date"]
        apart = independent(dates)
        lines += ["", f"## {title}", "", *table(rows, "what"), "", *table(rows, "series"), ""]
        lines += [f"Of the {len(dates)} dates {apart} share no day of a count with another."]
        if given.dossier and not given.kind and not given.out and title == FOUR:
            shares = np.mean([row.inside for row in dates], axis=0)
            keep("two figures", COMMAND, (len(dates), apart), shares)
    print("\n".join(lines))
    print(f"CPU {time.process_time() - begun:.0f} s")
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
