"""A source whose one input is a recorded count may print that count: then it tells nothing."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special, stats

import attrition as at
from attrition.evaluation.stands import predicted, stands_of
from attrition.models.assimilation.evidence import evidence_of
from attrition.models.assimilation.model import model_of
from attrition.models.assimilation.outlook import Outlook
from reported import counts_of, day, dossier_of, level, posterior

Array = NDArray[np.float64]
ERROR, NOISE, COMMON, DAYS, RATE = 0.15, 4.0, 0.8, 84, 150.0
WIDTHS = ((1.0, 0.9), (8.0, 0.1))
REPEATS, REPEATED, ROUNDED = 0.5, 0.02, 0.03


def reports_of(seed: int) -> list[tuple[str, int, float, float]]:
    """Return figures near the count, or not, of its quoter "b", and two of "c" elsewhere."""
    rng = np.random.default_rng(seed)
    days = np.sort(rng.choice(np.arange(20, DAYS), 3, replace=False))
    apart = rng.choice([0.0, rng.normal(0, 0.3)])
    off = math.exp(rng.normal(-0.3, 0.25))
    told = [("b", int(d), RATE * d * math.exp(apart + rng.normal(0, 0.02)), 0.02) for d in days]
    return [*told, ("c", 50, off * RATE * 50, 0.05), ("c", 80, off * RATE * 80, 0.05)]


def dossier(reports: list[tuple[str, int, float, float]], **floor: Any) -> at.Dossier:
    claims = [level(*report) for report in reports]
    if floor:
        claims.append(floor)
    return dossier_of(
        claims,
        {"t": {}, "b": {"derived_from": ("t",)}},
        source_error=ERROR,
        day_noise=NOISE,
    )


def heavy(x: Array) -> Array:
    return sum(p * stats.norm.pdf(x, scale=ERROR * w) for w, p in WIDTHS)  # type: ignore[return-value]


def brute(
    reports: list[tuple[str, int, float, float]], floor: tuple[int, float] | None
) -> tuple[Array, Array, float]:
    """Return log totals, their probabilities and that of a repeat, on a grid.

    All that is unknown is the log rate and the error of the count.
    """
    rate = math.log(RATE) + np.linspace(-3, 3, 1201)[:, None]
    error = math.log(RATE) - rate + np.linspace(-0.08, 0.08, 161)
    printed = rate + error
    counted = RATE * DAYS * printed - DAYS * np.exp(printed)
    weight = np.exp((counted - counted.max()) / NOISE) * heavy(error)
    spread = {on: math.hypot(sd, math.hypot(1 / on, min(math.sqrt(NOISE / (value)), 1)))
              for _, on, value, sd in reports}  # fmt: skip

    def residuals(source: str) -> tuple[list[Array], Array]:
        mine = [(on, math.log(value)) for name, on, value, _ in reports if name == source]
        return [log - rate - math.log(on) for on, log in mine], np.array(
            [spread[on] for on, _ in mine]
        )

    def density(rest: list[Array], spreads: Array, share: float, above: Any = None) -> Array:
        """Return the density of the figures of a source, whose own error they share."""
        out = 0.0
        for width, often in WIDTHS:
            covariance = (share * ERROR * width) ** 2 + np.diag(spreads**2)
            inverse = np.linalg.inv(covariance)
            square = sum(
                inverse[i, j] * rest[i] * rest[j]
                for i, j in itertools.product(range(len(rest)), repeat=2)
            )
            part = (
                often * np.exp(-0.5 * square) / math.sqrt(np.linalg.det(2 * math.pi * covariance))
            )
            if above is not None:
                lift = (share * ERROR * width) ** 2 * inverse.sum(axis=0)
                own = (share * ERROR * width) ** 2 * (1 - lift.sum())
                middle = sum(a * b for a, b in zip(lift, rest, strict=True))
                part = part * special.ndtr(
                    (above[0] + middle) / math.hypot(math.sqrt(own), above[1])
                )
            out = out + part
        return np.asarray(out)

    rest, spreads = residuals("c")
    weight = weight * density(rest, spreads, 1.0)
    rest, spreads = residuals("b")
    rest = [one - COMMON * error for one in rest]
    above, repeated = None, REPEATS
    for (name, on, value, _), sd in zip(
        reports, [spread[on] for _, on, _, _ in reports], strict=True
    ):
        if name == "b":
            gap = math.log(value) - math.log(RATE * on)
            repeated *= sum(
                p * stats.norm.pdf(gap, scale=math.hypot(sd, w * REPEATED)) for w, p in WIDTHS
            )
    if floor is not None:
        on, value = floor
        soft = math.hypot(ROUNDED, math.hypot(1 / on, math.sqrt(NOISE / value)))
        above = (rate + math.log(on) + COMMON * error - math.log(value), soft)
        repeated *= sum(
            p * special.ndtr(math.log(RATE * on / value) / math.hypot(soft, w * REPEATED))
            for w, p in WIDTHS
        )
    itself = (1 - REPEATS) * density(rest, spreads, math.sqrt(1 - COMMON**2), above)
    chance = float((weight * repeated).sum() / (weight * (repeated + itself)).sum())
    weight = (weight * (repeated + itself)).sum(axis=1)
    return rate[:, 0] + math.log(DAYS), weight / weight.sum(), chance


def weighed(outlook: Outlook, node: tuple[str, str]) -> float:
    repeated = outlook.repeated(node)
    assert repeated is not None
    weights = outlook.draws.weights.ravel()
    return float(weights @ repeated.mean(axis=1) / weights.sum())


@pytest.mark.parametrize("seed", range(8))
def test_a_total_beside_a_source_that_may_repeat_a_count_is_that_of_brute_force(seed: int) -> None:
    reports = reports_of(seed)
    floor = (70, 0.97 * RATE * 70 * math.exp(0.1 * (seed % 3 - 1))) if seed % 2 else None
    more = level("b", floor[0], floor[1]) if floor else {}
    if floor:
        more = {k: v for k, v in more.items() if k != "distribution"} | {"low": floor[1]}
    series = {("t", "total"): counts_of(np.full(DAYS, RATE))}
    _, _, _, outlook = posterior(dossier(reports, **more), DAYS, series=series, points=64)
    totals, weights, chance = brute(reports, floor)
    assert weighed(outlook, ("b", "total")) == pytest.approx(chance, abs=0.02)
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        log = float(np.interp(share, weights.cumsum(), totals))
        law = outlook.asked(outlook.figure("total", "latent"), [math.exp(log)])[:, 0, 0].mean()
        assert law == pytest.approx(1 - share, abs=0.02)


def test_figures_that_repeat_a_count_do_not_confirm_it() -> None:
    reports = [("c", 80, 0.6 * RATE * 80, 0.05)]
    same = [*reports, *(("b", d, RATE * d, 0.01) for d in (30, 50, 70))]
    series = {("t", "total"): counts_of(np.full(DAYS, RATE))}
    middles = []
    for told in (reports, same):
        _, _, _, outlook = posterior(dossier(told), DAYS, series=series, points=64)
        totals = outlook.path("total").node(0)[:, 0]
        places = outlook.draws.tables.quantiles(np.full((1, 1), 0.5))[:, 0]
        middles.append(float(outlook.draws.weights.ravel() @ (np.log(totals) + places)) / 16)
    assert middles[0] == pytest.approx(middles[1], abs=0.02)


def test_a_source_that_repeated_a_count_is_expected_to_go_on() -> None:
    reports = [("c", 80, 0.6 * RATE * 80, 0.05)]
    counts = np.full(DAYS, RATE) * np.linspace(0.5, 1.5, DAYS)
    counts *= RATE * DAYS / counts.sum()
    total = np.cumsum(counts)
    told = [("b", d, total[d - 1], 0.01) for d in (30, 50)]
    claims = [level(*t) for t in [reports[0], *told]]
    later = {"quantity": "total", "source": "b", "as_of": day(70), "published": day(DAYS + 1)}
    window = {"kind": "increment", "since": day(41), "point": float(round(total[69] - total[39]))}
    claims += [later | {"kind": "level", "point": float(round(total[69]))}, later | window]
    case = dossier_of(claims, {"t": {}, "b": {"derived_from": ("t",)}}, source_error=ERROR)
    series = {("t", "total"): counts_of(counts)}
    (stand,) = [s for s in stands_of(case, series) if s.day == day(DAYS + 1)]
    for law, number in zip(predicted(stand, 1), (total[69], total[69] - total[39]), strict=True):
        assert law.quantile(0.5) == pytest.approx(math.log(number), abs=0.01)
        assert law.quantile(0.8) - law.quantile(0.2) < 0.1


def test_who_has_another_input_or_none_does_not_repeat() -> None:
    reports = [("b", 30, RATE * 30, 0.01), ("c", 50, RATE * 50, 0.01)]
    series = {("t", "total"): counts_of(np.full(DAYS, RATE))}
    for inputs in ((), ("c", "t")):
        sources = {"t": {}, "b": {"derived_from": inputs}}
        case = dossier_of([level(*t) for t in reports], sources)
        model = model_of(evidence_of(case, "total", as_of=day(DAYS), series=series))
        assert set(model.network.quoted) == {None}
        assert not any(one.repeats for block in model.blocks for one in block.settings)


def test_only_what_was_recorded_is_compared() -> None:
    """Of the time before the first row only the sum is known; of that after the last nothing."""
    series = {("t", "total"): counts_of(np.full(DAYS - 30, RATE), 31)}
    days = (20, 31, 60, DAYS + 2)
    claims = [level("b", d, RATE * (d - 30 if d > 30 else 1), 0.01) for d in days]
    window = {"quantity": "total", "source": "b", "kind": "increment", "published": day(DAYS + 2)}
    claims += [window | {"since": day(d), "as_of": day(60), "point": 3000.0} for d in (20, 40)]
    case = dossier_of(claims, {"t": {}, "b": {"derived_from": ("t",)}})
    model = model_of(evidence_of(case, "total", as_of=day(DAYS + 2), series=series))
    (block,) = model.blocks
    repeat = next(one for one in block.settings if one.repeats)
    terms = [model.evidence.terms[i] for i in block.figures]
    left = {(t.begin, t.end) for t, row in zip(terms, repeat.root, strict=True) if not row.any()}
    assert left == {(0.0, 31.0), (0.0, 60.0), (39.0, 60.0)}
