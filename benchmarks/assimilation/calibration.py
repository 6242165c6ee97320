"""Simulation-based calibration: is the truth anywhere in the posterior, equally likely?

Worlds are drawn from the model, written anew: pace, errors of sources, figures, counts and the
future. Where the truth lies in the posterior of each world must be uniform (Talts and others
2018, "Validating Bayesian inference algorithms with simulation-based calibration",
arXiv:1804.06788), for the level, the pace, the errors of two sources and the crossing date; and
it must not be where the posterior is made with one of four mistakes.

The scale has a flat prior, from which nothing can be drawn. So the figure of a first source,
"anchor", is the same in all worlds: its error is drawn, and the scale follows from both.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import math
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

import numpy as np
from benchmarks.assimilation import case
from numpy.typing import NDArray
from scipy import stats

import attrition as at
from attrition.models.assimilation import paces
from attrition.models.assimilation.evidence import Evidence, RecordedCounts, evidence_of
from attrition.models.assimilation.inference import Sampler
from attrition.models.assimilation.outlook import Outlook, PrintedTotal, outlook_of
from attrition.models.assimilation.search import fit

Array = NDArray[np.float64]
NAMES = ("level", "pace", "error of a", "error of the count", "crossing date")
BUGS = ("sign", "noise", "copy", "future")
FIRST, KNOWN, AHEAD = date(2024, 1, 1), 84, 280
VOLATILITY, NOISE, ERROR, DRIFT = 0.1, 60.0, 0.15, 0.05
ANCHOR = 1_000.0  # said by the anchor of its day
FURTHER = 2.0  # the threshold, in medians of the level
_SAID = {
    "anchor": ((10, 0.3),),
    "a": ((30, 0.05), (50, 0.05), (70, 0.05), (82, 0.05)),
    **dict.fromkeys(("copy1", "copy2", "copy3"), ((30, 0.05), (50, 0.05), (70, 0.05), (82, 0.05))),
    **dict.fromkeys(("enemy1", "enemy2", "enemy3"), ((40, 0.05), (75, 0.05))),
}
_COUNTED = "count"
_RATES = np.exp(1.25 * np.arange(-2, 3))


# ---------------------------------------------------------------------- a world


@dataclasses.dataclass(frozen=True)
class World:
    """What is true, and the evidence of it."""

    rates: Array
    level: float
    error: float
    counted: float
    passes: Array
    """Totals at the ends of the days ahead."""
    evidence: Evidence


def dossier(bug: str = "") -> at.Dossier:
    """Return the dossier whose figures are drawn; with a mistake, as it is then believed."""
    enemy = "understates" if bug == "sign" else "overstates"
    sources: dict[str, dict[str, object]] = {key: {"name": key} for key in (*_SAID, _COUNTED)}
    for number in "123":
        sources["enemy" + number]["direction"] = enemy
        if bug != "copy":
            sources["copy" + number]["copies"] = ["a"]
    claims = [
        {
            "quantity": "total",
            "source": source,
            "kind": "level",
            "distribution": stats.lognorm(sd, scale=ANCHOR * day / 10),
            "as_of": FIRST + timedelta(days=day - 1),
            "published": FIRST + timedelta(days=day - 1),
        }
        for source, figures in _SAID.items()
        for day, sd in figures
    ]
    assumed = {
        "volatility": VOLATILITY,
        "day_noise": 0.0 if bug == "noise" else NOISE,
        "source_error": ERROR,
        "source_drift": DRIFT,
    }
    return at.Dossier.of(
        id="world",
        sources=sources,
        quantities={
            "total": {
                "title": "Total",
                "definition": "cases",
                "unit": "persons",
                "start": FIRST,
            }
        },
        claims=claims,
        assumptions={k: {"value": v, "reason": "simulated"} for k, v in assumed.items()},
    )


def blank(bug: str = "") -> Evidence:
    """Return the evidence with the figures still to be drawn."""
    series = pd_series()
    return evidence_of(
        dossier(bug),
        "total",
        as_of=FIRST + timedelta(days=KNOWN - 1),
        series={(_COUNTED, "total"): series},
    )


def pd_series() -> at.Series:
    """Return a count of the days 22 to 84; what it counts is replaced in each world."""
    import pandas as pd

    days = pd.date_range(FIRST + timedelta(days=21), periods=KNOWN - 21)
    totals = 2_000.0 + 100.0 * np.arange(days.size)
    return at.read_series(pd.Series(totals, index=days, name="cumulative"))


def _clock(days: Array) -> Array:
    return np.log1p(days / 30)


def _wandering(days: Array, scale: float, rng: np.random.Generator) -> Array:
    """Return an Ornstein-Uhlenbeck process of unit length on the clock, at ascending days."""
    times, out = _clock(days), np.empty(days.size)
    out[0] = scale * rng.standard_normal()
    for i in range(1, days.size):
        kept = math.exp(times[i - 1] - times[i])
        out[i] = kept * out[i - 1] + scale * math.sqrt(1 - kept**2) * rng.standard_normal()
    return out


def _width(rng: np.random.Generator) -> float:
    return 1.0 if rng.random() < 0.9 else 8.0


def draw(true: Evidence, believed: Evidence, rng: np.random.Generator) -> World:
    """Draw a world, and put its figures in the place of those of the believed evidence."""
    weeks, later = KNOWN // 7, AHEAD // 7
    steps = VOLATILITY * np.sqrt(1 + 26 / np.arange(1, weeks + later))
    logs = np.concatenate([[0.0], np.cumsum(steps * rng.standard_normal(steps.size))])
    shape = np.exp(logs)
    total = np.concatenate([[0.0], np.cumsum(7 * shape[:weeks])])

    def upto(day: float) -> float:
        return float(np.interp(day, 7 * np.arange(weeks + 1), total))

    # errors of sources: the drift of one with two figures or more is of unknown speed
    errors: dict[str, dict[float, float]] = {}
    for source in ("anchor", "a", "enemy1", "enemy2", "enemy3"):
        days = np.array(sorted({float(d) for d, _ in _SAID[source]} | {float(KNOWN)}))
        speed = 1.0
        if len(_SAID[source]) > 1:
            chance = np.exp(-0.5 * np.log(_RATES) ** 2)
            speed = float(rng.choice(_RATES, p=chance / chance.sum()))
        constant = ERROR * _width(rng) * rng.standard_normal()
        mean = ERROR if source.startswith("enemy") else 0.0
        moved = _wandering(days, speed * DRIFT, rng)
        errors[source] = dict(zip(days, mean + constant + moved, strict=True))
    spread = {(t.node[0], t.end): t.reading.spread for t in true.terms}
    (anchor,) = (t for t in true.terms if t.node[0] == "anchor")
    scale_of_anchor = math.log(ANCHOR) - errors["anchor"][anchor.end]
    scale = (
        scale_of_anchor
        - spread["anchor", anchor.end] * rng.standard_normal()
        - math.log(upto(anchor.end))
    )
    figures = {
        (source, end): scale
        + math.log(upto(end))
        + errors[source][end]
        + sd * rng.standard_normal()
        for (source, end), sd in spread.items()
        if source != "anchor"
    }
    figures["anchor", anchor.end] = math.log(ANCHOR)
    counts, counted = _counted(true.counts[0], scale, upto, rng)
    terms = []
    for term in believed.terms:
        source = "a" if term.node[0].startswith("copy") else term.node[0]
        means = np.array([figures[source, term.end]])
        terms.append(
            dataclasses.replace(term, reading=dataclasses.replace(term.reading, means=means))
        )
    recorded_counts = dataclasses.replace(
        believed.counts[0], count=counts, total=float(counts.sum())
    )
    evidence = dataclasses.replace(believed, terms=tuple(terms), counts=(recorded_counts,))
    rates = math.exp(scale) * shape
    ahead = NOISE * rng.standard_gamma(7 * rates[weeks:] / NOISE)
    level = math.exp(scale) * upto(KNOWN)
    ends = level + np.concatenate([[0.0], np.cumsum(ahead)])
    passes = np.interp(np.arange(AHEAD + 1), 7 * np.arange(later + 1), ends)
    return World(rates[:weeks], level, errors["a"][float(KNOWN)], counted, passes, evidence)


def _counted(
    recorded_counts: RecordedCounts, scale: float, upto: object, rng: np.random.Generator
) -> tuple[Array, float]:
    """Draw what a source with a constant and a drifting error counts, and its error at the end."""
    assert callable(upto)
    knots = np.linspace(_clock(recorded_counts.end[:1])[0], _clock(np.array([KNOWN]))[0], 14)
    drift = _wandering(30 * np.expm1(knots), DRIFT, rng)
    constant = ERROR * _width(rng) * rng.standard_normal()
    middle = _clock((recorded_counts.begin + recorded_counts.end) / 2)
    error = constant + np.interp(middle, knots, drift)
    mean = [
        math.exp(scale) * (upto(e) - upto(b))
        for b, e in zip(recorded_counts.begin, recorded_counts.end, strict=True)
    ]
    counts = NOISE * rng.poisson(np.array(mean) * np.exp(error) / NOISE)
    return np.maximum(counts.astype(float), 1e-9), constant + float(drift[-1])


# ---------------------------------------------------------------------- where the truth lies


@contextlib.contextmanager
def _mistaken(bug: str) -> Iterator[None]:
    """Halve the volatility of the future, where that is the mistake."""
    right = paces.Moves.of

    def halved(hypotheses: Sequence[paces.Hypothesis], which: Array) -> paces.Moves:
        moves = right(hypotheses, which)
        return dataclasses.replace(moves, spread=moves.spread / 2)

    wrong = mock.patch.object(paces.Moves, "of", halved)
    with wrong if bug == "future" else contextlib.nullcontext():
        yield


def ranks(world: World, seed: int, points: int, rng: np.random.Generator) -> Array:
    """Return P(unknown < truth) in the posterior, for each of NAMES."""
    sampler = Sampler(fit(world.evidence), AHEAD, seed)
    sampler.extend(points)
    outlook = outlook_of(sampler)
    latent, draws = outlook.figure("total", "latent"), outlook.draws.points.shape[0]
    one = case.still(np.ones(draws))
    still = np.array([0])
    rate = outlook.rates["total"].past[:, -1]
    pace = PrintedTotal(case.still(rate), np.zeros(draws), 1.0)
    node = (_COUNTED, "total")
    explicit, slope, _ = outlook.error(node, float(KNOWN))
    counted = PrintedTotal(one, explicit, slope)
    _, along, hidden = outlook.error(("a", "total"), float(KNOWN))
    mine = PrintedTotal(one, np.zeros(draws), along, hidden=hidden)

    def below(figure: PrintedTotal, truth: float) -> float:
        exceedance = figure.exceedance(outlook.draws.tables, truth, still)
        return 1 - float(outlook.averaged(exceedance).mean())

    return np.array(
        [
            below(latent, world.level),
            below(pace, float(world.rates[-1])),
            below(mine, math.exp(world.error)),
            below(counted, math.exp(world.counted)),
            _date(outlook, latent, world, rng),
        ]
    )


def _date(outlook: Outlook, latent: PrintedTotal, world: World, rng: np.random.Generator) -> float:
    """Return P(T < truth); within a mass that has no date, anywhere."""
    (values,) = latent.draws(outlook.draws.tables, np.array([0]))
    weights = np.repeat(outlook.draws.weights.ravel(), values.shape[1])
    order = np.argsort(values.ravel())
    middle = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    threshold = FURTHER * float(values.ravel()[order][middle])
    law = outlook.asked(latent, [threshold])[:, 0].mean(axis=0)
    if world.passes[0] >= threshold:
        return float(law[0] * rng.random())
    if world.passes[-1] < threshold:
        return float(law[-1] + (1 - law[-1]) * rng.random())
    day = np.interp(threshold, world.passes, np.arange(world.passes.size))
    return float(np.interp(day, np.arange(law.size), law))


def calibrated(worlds: int, seed: int, bug: str = "", points: int = 16) -> Array:
    """Return where the truth lies in each of some worlds, shape (world, unknown)."""
    true, believed = blank(), blank(bug)
    rows = []
    with _mistaken(bug):
        for world in range(worlds):
            rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(world,)))
            rows.append(ranks(draw(true, believed, rng), seed + world, points, rng))
    return np.array(rows)


def p_values(ranked: Array) -> Array:
    """Return p of the Kolmogorov-Smirnov test and of the variance, the smaller doubled."""
    out = []
    for column in np.clip(ranked.T, 1e-12, 1 - 1e-12):
        scores = stats.norm.ppf(column)
        shape = float(stats.kstest(column, "uniform").pvalue)
        wide = float(stats.chi2.cdf((scores**2).sum(), scores.size))
        out.append(min(1.0, 2 * min(shape, 2 * min(wide, 1 - wide))))
    return np.array(out)


def main() -> int:
    """Run all worlds, right and with each mistake, and write results/calibration.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--mistaken", type=int, default=300, help="worlds for each mistake")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    command = " ".join(["python -m benchmarks.assimilation.calibration", *sys.argv[1:]])
    lines = [
        "# Simulation-based calibration of the posterior",
        "",
        f"Written by `{command}`. Cells: p of a uniform place of the truth in the posterior,",
        "and how often the 90 % interval held it.",
        "",
        "| posterior | worlds | " + " | ".join(NAMES) + " |",
        "|---" * (len(NAMES) + 2) + "|",
    ]
    sound = True
    for bug in ("", *BUGS):
        worlds = options.mistaken if bug else options.worlds
        ranked = calibrated(worlds, options.seed, bug)
        p, coverage = p_values(ranked), (np.abs(ranked - 0.5) < 0.45).mean(axis=0)
        cells = " | ".join(f"{a:.2g}, {100 * b:.0f} %" for a, b in zip(p, coverage, strict=True))
        lines.append(f"| {'mistaken: ' + bug if bug else 'as it is'} | {worlds} | {cells} |")
        print(lines[-1], flush=True)
        sound &= bool(p.min() < 1e-3) if bug else bool(p.min() > 1e-3)
    out = Path(__file__).parents[1] / "results" / "calibration.md"
    out.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
