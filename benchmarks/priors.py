"""Learn how paces go on from recorded counts: `python -m benchmarks.priors FILE… [--write]`.

A FILE holds counts of many places in Parquet: columns `date, location, cumulative` (deaths by day
in epidemics) or `country_id, month, fatalities` (deaths by month in conflicts). With the four
counts that the project has, two of each, they give the families *epidemic*, *conflict* and
*pooled* of `src/attrition/bundled/paces.toml`, and the shares of those that end.

A count is stood at every 91st day or third month; the gain by each of a few leads is set against
the lead times the rate of the four weeks or the month before. The formula of `paces.toml` is fitted
by maximum likelihood, gains as whole numbers, every count weighing alike however long it is; of the
share that ends a weak prior knows that few do, and of tau that it is weeks. What is printed of
coverage and score is cross-validated: each tenth of the places is predicted from the other nine.
`--without PLACE` leaves a place out, `--before DAY` every later row, for a race or a backtest that
must know neither.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.calibration.real import daily_totals
from scipy import optimize, special

import attrition as at
from attrition.core._typing import Floats
from attrition.models import gains as gains_models
from attrition.models.families import Family, bundled_priors

TABLE = Path(at.__path__[0]) / "bundled" / "paces.toml"
MONTH = 365.25 / 12
STEPS = {"day": (91, 28, 1.0, (7, 14, 28, 56, 91, 182, 365)), "month": (3, 1, MONTH, (1, 3, 6, 12))}
"""Steps between origins, of the rate before, days of a step, and leads in steps."""

LEAST = 1.0
"""Persons a day below which the noise of the count, not the pace, makes the ratio."""

CALM = (4, 1.3)
"""Months for which a pace has been steady, and the factor within which it stayed: *calm*."""

OWN = {"epidemic": ("Poland", "Argentina"), "conflict": ("General Staff", "West Bank")}
"""The project's own counts, by the kind that they teach."""

RATE = 60.0
"""Persons a day of the prior predictive."""

SOON = (14.0, 0.7)
"""Lognormal prior of tau [day], worth one count: by month nothing is seen of less than one."""

START = {"mu": -0.25, "s": 0.8, "nu": 5.0, "tau": 20.0, "phi": 8.0}
"""Where the search begins, whatever the table holds."""

LEARNT = tuple(START)
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
FOLDS = 10
FEW = 0.05
ENDING = (2.0, 20.0)
"""Beta prior of the share that ends: about one in twenty, worth twenty counts. Hardly any count of
the corpora ends, and a share of nothing would forbid what has been seen elsewhere."""
_NODES = (np.arange(12) + 0.5) / 12  # of the life of a rate that ends


@dataclass(frozen=True, slots=True)
class Gains:
    """Gains of many counts, set against a flat pace; every field has shape (gain,).

    Parameters
    ----------
    place : ndarray of str
        Whose count.
    lead, window : ndarray of float
        Days ahead, and of the rate before [day].
    rate : ndarray of float
        [person/day]
    gain : ndarray of float
        [person]
    weight : ndarray of float
        Every place has the same, shared among its gains.
    """

    place: np.ndarray
    lead: Floats
    window: Floats
    rate: Floats
    gain: Floats
    weight: Floats

    def where(self, chosen: np.ndarray) -> Gains:
        """Return some of them."""
        return Gains(*(getattr(self, name)[chosen] for name in self.__slots__))


def totals_by_place(file: Path, before: str | None = None) -> tuple[str, dict[str, Floats]]:
    """Return the step of a file and the running total of each of its places."""
    from pyarrow import parquet

    table = parquet.read_table(file)
    daily = "cumulative" in table.column_names
    names = ("location", "date", "cumulative") if daily else ("country_id", "month", "fatalities")
    place, time, value = (np.asarray(table[name].to_pylist()) for name in names)
    known = np.ones(place.size, dtype=bool)
    if before is not None:
        known = time.astype("M8[D]") < np.datetime64(before)
    totals = {}
    for key in np.unique(place):
        mine = known & (place == key)
        if not mine.any():
            continue
        ordered = value[mine][np.argsort(time[mine])].astype(float)
        # A correction down is no gain: the total stays where it was until it is passed again.
        totals[str(key)] = np.maximum.accumulate(ordered) if daily else np.cumsum(ordered)
    return ("day" if daily else "month"), totals


def own_totals(kind: str, before: str | None) -> Iterator[tuple[str, Floats]]:
    """Yield the project's own counts of a kind, a total for each day."""
    for name in OWN[kind]:
        days, total = daily_totals(name)
        seen = days < np.datetime64(before or "9999-01-01")
        if seen.sum() > STEPS["day"][1]:
            yield name, total[seen]


def gains_of(totals: Mapping[str, Floats], step: str, *, calm: bool = False) -> Gains:
    """Return the gains of some counts after origins of which the rate before is known.

    After a calm alone, and then from each month, because few are.
    """
    every, before, days, leads = STEPS[step]
    every = before if calm else every
    rows: list[tuple[str, float, float, float, float]] = []
    for place, total in totals.items():
        for origin in range(before, total.size - leads[0], every):
            rate = (total[origin] - total[origin - before]) / (before * days)
            if rate < LEAST or (calm and not steady(total[: origin + 1], before)):
                continue
            rows += [
                (place, lead * days, before * days, rate, total[origin + lead] - total[origin])
                for lead in leads
                if origin + lead < total.size
            ]
    names = np.array([row[0] for row in rows], dtype=object)
    numbers = np.array([row[1:] for row in rows], dtype=float).reshape(-1, 4)
    _, which, count = np.unique(names.astype(str), return_inverse=True, return_counts=True)
    lead, window, known, gain = numbers.T
    return Gains(names, lead, window, known, gain, 1.0 / count[which] if rows else np.empty(0))


def steady(total: Floats, month: int) -> bool:
    """Tell whether a total grew for months by about as much in each."""
    months, factor = CALM
    added = np.diff(total[::-month][: months + 1][::-1])
    return added.size == months and added.max() <= factor * added.min()


def joined(parts: Sequence[Gains]) -> Gains:
    """Return several as one."""
    return Gains(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Gains.__slots__)
    )


def reached(gains: Gains, family: Family, by: Floats, ends: Floats | None = None) -> Floats:
    """Return P(gain <= by) under a family; of one that ends, by its life [day]."""
    kappa = -np.expm1(-gains.lead / family.tau)
    expected = gains.rate * gains.lead
    noise = family.phi / expected + family.phi / (gains.window * gains.rate)
    centre = kappa * family.mu + np.log(expected)
    if ends is not None:
        centre = centre + np.log(-np.expm1(-gains.lead / ends) * ends / gains.lead)
    spread = np.sqrt((kappa * family.s) ** 2 + noise)
    place = (np.log(np.maximum(by, 1e-300)) - centre) / spread
    return np.where(by <= 0, 0.0, special.stdtr(family.nu, place))


def distribution(gains: Gains, family: Family, share: float, by: Floats) -> Floats:
    """Return P(gain <= by) where a share of the counts ends."""
    ending = bundled_priors().family("ending")
    assert ending.life is not None
    middle, width = ending.life
    lives = np.exp(middle + width * special.ndtri(_NODES))
    dying = np.mean([reached(gains, ending, by, np.full(by.shape, life)) for life in lives], axis=0)
    return np.asarray((1 - share) * reached(gains, family, by) + share * dying)


def log_scores(gains: Gains, family: Family, share: float) -> Floats:
    """Return the log of the probability of each gain, a whole number."""
    high = distribution(gains, family, share, gains.gain + 0.5)
    low = distribution(gains, family, share, gains.gain - 0.5)
    return np.log(np.maximum(high - low, 1e-12))


def fitted(gains: Gains, start: Family, share: float) -> tuple[Family, float]:
    """Return the family and the share of ends that make the gains likeliest."""

    def family_of(x: Floats) -> tuple[Family, float]:
        mu, s, nu, tau, phi = x[0], *np.exp(x[1:5])
        family = dataclasses.replace(
            start, mu=float(mu), s=float(s), nu=float(nu), tau=float(tau), phi=float(phi)
        )
        return family, float(special.expit(x[5]))

    def loss(x: Floats) -> float:
        # Bounds where gains tell nothing more: normal tails, and a level reached within hours.
        if not (np.log(2.1) < x[2] < np.log(60) and np.log(1.0) < x[3] < np.log(400)):
            return 1e9
        if x[4] < 0:  # no count scatters less than chance
            return 1e9
        family, ends = family_of(x)
        own = np.average(log_scores(gains, family, ends), weights=gains.weight)
        few = (ENDING[0] - 1) * np.log(ends) + (ENDING[1] - 1) * np.log1p(-ends)
        slow = -((np.log(family.tau / SOON[0]) / SOON[1]) ** 2) / 2
        return -float(own + (few + slow) / places)

    places = len(set(gains.place))
    first = [start.mu, *np.log([start.s, start.nu, start.tau, start.phi]), special.logit(share)]
    found = optimize.minimize(
        loss, first, method="Nelder-Mead", options={"maxfev": 700, "xatol": 0.01, "fatol": 1e-5}
    )
    return family_of(found.x)


def crossed(gains: Gains, start: Family, share: float) -> Floats:
    """Return probabilities of each gain, below and at most, and its log score, by other places."""
    places = np.unique(gains.place.astype(str))
    fold = dict(zip(places, np.arange(places.size) % FOLDS, strict=True))
    number = np.array([fold[str(place)] for place in gains.place])
    rows = np.empty((3, gains.gain.size))
    for one in range(FOLDS):
        mine = number == one
        if not mine.any():
            continue
        family, ends = fitted(gains.where(~mine), start, share)
        test = gains.where(mine)
        below = distribution(test, family, ends, test.gain - 0.5)
        upto = distribution(test, family, ends, test.gain + 0.5)
        rows[:, mine] = below, upto, log_scores(test, family, ends)
    return rows


def table(name: str, gains: Gains, rows: Floats, whole: Floats) -> list[str]:
    """Return how the gains of each lead lie in what other places predict, and their log scores.

    ``whole`` are the log scores under what all places together teach.
    """
    pit = np.random.default_rng(1).uniform(rows[0], np.maximum(rows[1], rows[0]))
    lines = []
    for lead in np.unique(gains.lead):
        mine = gains.lead == lead
        weight = gains.weight[mine]
        half, most = (
            100 * np.average(np.abs(pit[mine] - 0.5) <= p / 2, weights=weight) for p in (0.5, 0.9)
        )
        below, above = (
            100 * np.average(far, weights=weight) for far in (pit[mine] < 0.05, pit[mine] > 0.95)
        )
        score, old = (np.average(one[mine], weights=weight) for one in (rows[2], whole))
        lines.append(
            f"| {name} | {lead:.0f} | {mine.sum():,} | {half:.0f} | {most:.0f} "
            f"| {below:.0f} / {above:.0f} | {score:.3f} | {old:.3f} |"
        )
    return lines


def bounds(gains: Gains) -> tuple[float, float]:
    """Return the 0.1 % quantile of the ratios at a year and the 99.9 % one at a quarter."""
    ratio = gains.gain / (gains.rate * gains.lead)
    year, quarter = gains.lead > 360, np.abs(gains.lead - 91) < 1
    return float(np.quantile(ratio[year], 0.001)), float(np.quantile(ratio[quarter], 0.999))


def rewritten(text: str, name: str, numbers: Mapping[str, float]) -> str:
    """Return the table with other numbers in one of its sections."""
    head, body, rest = re.split(rf"(?m)(^\[{re.escape(name)}\]\n(?:(?!^\[).*\n)*)", text)
    for key, value in numbers.items():
        body, count = re.subn(rf"(?m)^{key} = \S+$", f"{key} = {value}", body)
        assert count == 1, (name, key)
    return head + body + rest


def rounded(family: Family) -> dict[str, float]:
    """Return what was learnt, in the digits that it deserves."""
    return {key: float(f"{getattr(family, key):.2g}") for key in LEARNT}


def seen(name: str, gains: Gains) -> list[str]:
    """Return the quantiles of the ratios of gain to flat pace by lead, as rows of CSV."""
    rows = []
    for lead in np.unique(gains.lead):
        mine = gains.lead == lead
        ratio = gains.gain[mine] / (gains.rate[mine] * gains.lead[mine])
        order = np.argsort(ratio)
        mass = np.cumsum(gains.weight[mine][order]) / gains.weight[mine].sum()
        ends = ratio[order][np.minimum(np.searchsorted(mass, QUANTILES), ratio.size - 1)]
        rows.append(",".join([name, f"{lead:.0f}", str(mine.sum()), *(f"{e:.4g}" for e in ends)]))
    return rows


def predicted(kind: str | None, leads: Sequence[int], draws: int = 40_000) -> Floats:
    """Return drawn ratios of gain to flat pace under a kind, shape (draw, lead).

    For a total of 1,000 days at its rate of 60 a day, so that noise decides little.
    """
    rng = np.random.default_rng(1)
    parts = []
    for family, share in bundled_priors().mixture(kind, age=1e3):
        number = round(share * draws)
        rate, movers = family.paces(rng.random((number, 4)), np.full(number, RATE))
        mean = rate[:, None] * family.elapsed(movers, np.array(leads))
        gain = gains_models.quantiles(family.phi, mean, rng.random((number, 1)))
        parts.append(gain / (RATE * np.array(leads)))
    return np.concatenate(parts)


def picture(seen_rows: Sequence[str], file: Path) -> None:
    """Draw what each kind predicts by lead, and what was seen."""
    import matplotlib.pyplot as plt

    leads = [1, 3, 7, 14, 28, 42, 56, 91, 140, 182, 273, 365]
    kinds = (*bundled_priors().names, None)
    with plt.style.context(TABLE.parent / "attrition.mplstyle"):
        figure, panels = plt.subplots(
            1, len(kinds), figsize=(9.6, 3.2), sharey=True, layout="constrained"
        )
        for axes, kind in zip(panels, kinds, strict=True):
            drawn = np.maximum(predicted(kind, leads), 1e-4)
            low, first, middle, third, high = np.quantile(drawn, QUANTILES, axis=0)
            axes.fill_between(leads, low, high, color="#b9cfe4", lw=0)
            axes.fill_between(leads, first, third, color="#7ba3cc", lw=0)
            axes.plot(leads, middle, color="#1f4e79", lw=1.5)
            for row in seen_rows:
                name, lead, _, *ends = row.split(",")
                if name == kind:
                    axes.plot([float(lead)] * 5, [float(e) for e in ends], "_", color="k", ms=6)
            axes.axhline(1.0, color="0.5", lw=0.6, ls=":")
            axes.set(xscale="log", yscale="log", ylim=(0.01, 30), xlabel="days ahead")
            axes.set_xticks([1, 7, 28, 91, 365], ["1", "7", "28", "91", "365"])
            axes.set_yticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
            axes.set_title(kind or "unnamed", loc="left")
        panels[0].set_ylabel("gain over flat pace")
        figure.savefig(file, metadata={"Date": None})


def corpora(asked: argparse.Namespace) -> dict[str, Gains]:
    """Return the gains from which each family is learnt."""
    kinds: dict[str, list[Gains]] = {"epidemic": [], "conflict": []}
    calm: list[Gains] = []
    for file in asked.files:
        step, totals = totals_by_place(file, asked.before)
        kept = {k: v for k, v in totals.items() if k not in asked.without}
        kinds["epidemic" if step == "day" else "conflict"].append(gains_of(kept, step))
        calm.append(gains_of(kept, step, calm=True))
    for kind, parts in kinds.items():
        own = {k: v for k, v in own_totals(kind, asked.before) if k not in asked.without}
        parts.append(gains_of(own, "day"))
        calm.append(gains_of(own, "day", calm=True))
    learn = {kind: joined(parts) for kind, parts in kinds.items()}
    return {**learn, "pooled": joined(list(learn.values())), "calm": joined(calm)}


def _numbers(table: Mapping[str, float]) -> dict[str, Any]:
    return dict(table)


def taught(text: str, name: str, gains: Gains, *, quick: bool) -> tuple[str, str, list[str]]:
    """Return the table with one family learnt, a row on it, and rows of its cross-validation."""
    start = dataclasses.replace(bundled_priors().family(name), **_numbers(START))
    family, share = fitted(gains, start, FEW)
    numbers = rounded(family)
    cells = " | ".join(f"{value:g}" for value in numbers.values())
    row = f"| {name} | {len(set(gains.place))} | {cells} | {share:.2f} |"
    if name == "epidemic":
        numbers["least"], numbers["most"] = (float(f"{b:.3g}") for b in bounds(gains))
    text = rewritten(text, f"families.{name}", numbers)
    if name not in {"pooled", "calm"}:
        part = round(share, 2)
        own = f"{{ {name} = {1 - part:.2f}, ending = {part:.2f} }}"
        text = re.sub(rf"(?m)(^\[kinds\.{name}\]\n)shares = .*$", rf"\1shares = {own}", text)
    if quick:
        return text, row, []
    whole = log_scores(gains, family, share)
    return text, row, table(name, gains, crossed(gains, start, FEW), whole)


def main() -> None:
    """Learn, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--without", nargs="*", default=[], metavar="PLACE")
    parser.add_argument("--before", metavar="DAY", help="only rows before it")
    parser.add_argument("--write", type=Path, nargs="?", const=TABLE, metavar="FILE")
    parser.add_argument("--quick", action="store_true", help="no cross-validation")
    parser.add_argument("--plot", type=Path, metavar="SVG", help="draw the bundled priors")
    parser.add_argument("--seen", type=Path, metavar="CSV", help="write the ratios that were seen")
    asked = parser.parse_args()
    learn = corpora(asked)
    text = TABLE.read_text(encoding="utf-8")
    print("| family | places | " + " | ".join(LEARNT) + " | ending |\n" + "|---" * 8 + "|")
    lines: list[str] = []
    for name, gains in learn.items():
        text, row, more = taught(text, name, gains, quick=asked.quick)
        lines += more
        print(row, flush=True)
    if lines:
        head = "family | lead [d] | gains | 50 % | 90 % | below / above | log score | in sample"
        print(f"\n| {head} |\n" + "|---" * 8 + "|\n" + "\n".join(lines))
    rows = [row for name, gains in learn.items() for row in seen(name, gains)]
    if asked.plot is not None:
        picture(rows, asked.plot)
    if asked.seen is not None:
        head = "family,lead,gains," + ",".join(f"q{round(100 * q):02d}" for q in QUANTILES)
        asked.seen.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    if asked.write is not None:
        asked.write.write_text(text, encoding="utf-8")
        sys.stderr.write(f"written to {asked.write}\n")


if __name__ == "__main__":
    main()
