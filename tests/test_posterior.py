"""The posterior of all reports against closed forms, brute force and finite differences."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special

import attrition as at
import oracles
from attrition.models.assimilation import astray, lines
from attrition.models.assimilation.evidence import evidence_of
from attrition.models.assimilation.expansion import expansion
from attrition.models.assimilation.inference import Sampler
from attrition.models.assimilation.model import model_of
from attrition.models.assimilation.outlook import Outlook
from attrition.models.assimilation.search import fit
from reported import counts_of, day, dossier_of, exact, level, posterior

Array = NDArray[np.float64]
WIDTHS = ((1.0, 0.9), (8.0, 0.1))
RATES = np.exp(1.25 * np.arange(-2, 3))
RATE_WEIGHTS = np.exp(-0.5 * np.log(RATES) ** 2) / np.exp(-0.5 * np.log(RATES) ** 2).sum()
COMMON = 0.8  # of an error, from the source from which one derives


def law(
    outlook: Outlook, threshold: float, basis: str = "latent", quantity: str = "total"
) -> Array:
    return outlook.asked(outlook.figure(quantity, basis), [threshold])[:, 0]


def reading_sd(sd: float, on: float) -> float:
    """Of a figure: its own, and one day by which it may have been cut off."""
    return math.hypot(sd, 1 / on)


def evidence_found(sampler: Sampler) -> float:
    raw = np.concatenate([r.ravel() for r in sampler._raw])
    return float(special.logsumexp(raw) - math.log(raw.size))


# ---------------------------------------------------------------------- closed forms


@pytest.mark.parametrize("waves", [12.0, 90.0])
def test_a_likelihood_is_computed_at_more_places_where_it_is_sharp(waves: float) -> None:
    dossier = dossier_of([level("a", 40, 1000, 0.05), level("b", 90, 2600, 0.08)])
    _, _, _, outlook = posterior(dossier, 105)
    tables, sizes = outlook.draws.tables, []

    def log(places: Array, rows: NDArray[np.intp]) -> Array:
        sizes.append(places.shape[1])
        share = places - tables.low[rows, None]
        share /= tables.step[rows, None] * tables.density.shape[1]
        return np.asarray(-np.cos(waves * share))

    smooth, every = tables.smooth(log), log(tables.places(), np.arange(tables.low.size))
    density = tables.density / tables.density.max(axis=1, keepdims=True)
    assert (np.abs(np.exp(smooth - every) - 1) * density).max() < 2e-3
    *asked, points = sizes  # of which the last is the whole grid
    assert (len(asked) == 1) == (waves == 12.0)
    assert asked[0] < points / 7


def test_draws_that_few_places_tell_enough_of_are_spared_more_of_them() -> None:
    errors = np.random.default_rng(1).lognormal(-11.0, 1.0, 1_000)
    rough = lines._rough(errors)
    spared = np.delete(errors, rough)
    assert 200 < rough.size < 900
    assert errors[rough].min() >= spared.max()
    assert spared.sum() / errors.size <= lines._ROUGH
    assert not lines._rough(errors / 100).size  # smooth enough as they are
    assert lines._rough(errors * 100).size == errors.size  # what they miss is not known


def test_at_a_constant_rate_the_posterior_is_the_mixture_of_normals_in_closed_form() -> None:
    rows = [
        ("a", 40, 1000, 0.05),
        ("b", 70, 2500, 0.1),
        ("b", 90, 2600, 0.08),
        ("c", 100, 3600, 0.02),
    ]
    dossier = dossier_of([level(*t) for t in rows], {"c": {"derived_from": ("b",)}})
    _, _, sampler, outlook = posterior(dossier, 105)
    own = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, COMMON, math.sqrt(1 - COMMON**2)]])
    shared = []
    for chosen in itertools.product(WIDTHS, repeat=3):
        spread = 0.1 * np.array([width for width, _ in chosen])
        shared.append((math.prod(p for _, p in chosen), own @ np.diag(spread**2) @ own.T))
    figures = [(math.log(v), math.log(d), reading_sd(sd, d)) for _, d, v, sd in rows]
    log, weights, means, sds = oracles.mixed_normal_posterior(figures, shared)
    assert evidence_found(sampler) == pytest.approx(log, abs=1e-6)
    for total in (2900, 3300, 3500, 3900, 4300):
        chance = weights @ special.ndtr((means + math.log(105 / total)) / sds)
        assert law(outlook, total)[:, 0] == pytest.approx(chance, abs=1e-6)
    tables, truth = outlook.draws.tables, float(weights @ means)
    places, share = tables.places(), tables.density * tables.step[:, None]
    at_place = outlook.draws.points[:, :1] + places
    mean = float((share * at_place).sum() / share.sum())
    sd = math.sqrt(float((share * (at_place - mean) ** 2).sum() / share.sum()))
    assert mean == pytest.approx(truth, abs=1e-6)
    assert sd == pytest.approx(math.sqrt(weights @ (sds**2 + (means - truth) ** 2)), abs=1e-6)


def test_with_drifting_errors_the_posterior_is_the_mixture_over_drifts_in_closed_form() -> None:
    days, words = np.array([30.0, 60, 90, 120]), [400, 950, 1500, 1700]
    dossier = dossier_of(
        [level("a", d, v, 0.03) for d, v in zip(days, words, strict=True)], source_drift=0.05
    )
    _, _, sampler, outlook = posterior(dossier, 126)
    clock = np.log1p(days / 30)
    alike = np.exp(-np.abs(clock[:, None] - clock))
    shared = [
        (p * q, (0.1 * width) ** 2 + (0.05 * rate) ** 2 * alike)
        for (width, p), (rate, q) in itertools.product(
            WIDTHS, zip(RATES, RATE_WEIGHTS, strict=True)
        )
    ]
    figures = [
        (math.log(v), math.log(d), reading_sd(0.03, d)) for v, d in zip(words, days, strict=True)
    ]
    log, weights, means, sds = oracles.mixed_normal_posterior(figures, shared)
    assert evidence_found(sampler) == pytest.approx(log, abs=1e-6)
    for total in (1500, 1850, 2300):
        chance = weights @ special.ndtr((means + math.log(126 / total)) / sds)
        assert law(outlook, total)[:, 0] == pytest.approx(chance, abs=1e-6)


@pytest.mark.parametrize("last", [1700, 4000])
def test_settings_that_are_likely_and_elsewhere_are_told_by_their_closed_form(last: int) -> None:
    """All that is unknown is the scale: the normal under each setting is exact."""
    days, words = np.array([30.0, 60, 90, 120]), [400, 950, 1500, last]
    rows = [(f, d, v) for f, d, v in zip("aaba", days, words, strict=True)]
    dossier = dossier_of(
        [level(f, d, v, 0.03) for f, d, v in rows],
        {"b": {"derived_from": ("a",)}},
        source_drift=0.05,
    )
    evidence = evidence_of(dossier, "total", as_of=day(126))
    model, mode = model_of(evidence), fit(evidence).supposed[0].modes[0]
    (block,) = model.blocks
    on, who, centres = days[[0, 1, 3, 2]], [*"aaab"], np.log(np.array(words)[[0, 1, 3, 2]])
    clock = np.log1p(on / 30)
    alike = np.exp(-np.abs(clock[:, None] - clock))
    own = np.array([[1.0, 0.0] if f == "a" else [COMMON, math.sqrt(1 - COMMON**2)] for f in who])
    states = list(itertools.product(WIDTHS, WIDTHS, zip(RATES, RATE_WEIGHTS, strict=True)))
    shared = [
        (
            p * q * r,
            0.1**2 * own @ np.diag([one**2, other**2]) @ own.T
            + 0.05**2 * (own * np.array([rate, 1.0]) ** 2) @ own.T * alike,
        )
        for (one, p), (other, q), (rate, r) in states
    ]
    figures = [(c, math.log(d), reading_sd(0.03, d)) for c, d in zip(centres, on, strict=True)]
    _, weights, means, sds = oracles.mixed_normal_posterior(figures, shared)
    middle, spread = float(mode.point[0]), 1 / float(mode.factor[0, 0])
    ratio = sds / spread
    distance = 0.5 * (ratio**2 - 1 + ((means - middle) / spread) ** 2) - np.log(ratio)
    likely = np.flatnonzero((weights > 0.05) & (distance > 0.1))
    eta = model.predicted(mode.point[None])[0]
    covariance = np.full((4, 4), spread**2)
    roots = [one.settings[0].root for one in block.elsewhere(eta, covariance)]
    expected = [
        np.linalg.inv(shared[i][1] + np.diag([sd**2 for _, _, sd in figures])) for i in likely
    ]
    assert len(roots) == len(expected) > 0
    assert all(any(np.allclose(root.T @ root, one) for root in roots) for one in expected)


@given(
    value=st.floats(50, 1e7),
    sd=st.floats(0.01, 0.5),
    error=st.floats(0.02, 0.4),
    on=st.integers(8, 100),
    direction=st.sampled_from([None, "overstates", "understates"]),
)
@settings(
    max_examples=settings().max_examples // 5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
)
def test_one_claim_gives_its_own_distribution_less_the_error_of_its_source(
    value: float, sd: float, error: float, on: int, direction: str | None
) -> None:
    """The latent total lies below what an overstating source says, by one standard deviation."""
    dossier = dossier_of(
        [level("a", on, value, sd)], {"a": {"direction": direction}}, source_error=error
    )
    _, _, _, outlook = posterior(dossier, on, points=4)
    shift = {None: 0.0, "overstates": -error, "understates": error}[direction]
    for score in (-1.5, 0.0, 2.0):
        total = value * math.exp(score * error)
        truth = sum(
            p
            * special.ndtr(
                (math.log(value / total) + shift) / math.hypot(reading_sd(sd, on), w * error)
            )
            for w, p in WIDTHS
        )
        assert law(outlook, total)[:, 0] == pytest.approx(truth, abs=2e-6)


def test_the_count_of_a_source_goes_on_from_what_it_printed_with_its_own_error() -> None:
    """Its figure as its words mean it, plus ten days of the total's gain with its error."""
    rows = [("a", 80, 1000, 0.3), ("b", 90, 1200, 0.05)]
    _, _, _, outlook = posterior(dossier_of([level(*t) for t in rows]), 90, points=256)
    y = np.array([math.log(v) - math.log(d) for _, d, v, _ in rows])
    sds = np.array([reading_sd(sd, d) for _, d, _, sd in rows])
    printed = 1000 * np.exp(0.3 * special.ndtri((np.arange(4_000) + 0.5) / 4_000))
    for total in (900, 1100, 1400):
        top = bottom = 0.0
        with np.errstate(divide="ignore"):
            gap_left = np.log(np.maximum(total - printed, 0.0))
        for (wa, p), (wb, q) in itertools.product(WIDTHS, WIDTHS):
            errors = np.array([0.1 * wa, 0.1 * wb])
            precision = 1 / (errors**2 + sds**2)
            mean, variance = precision @ y / precision.sum(), 1 / precision.sum()
            gap = y - mean
            density = (
                p * q * math.sqrt(precision.prod() * variance) * math.exp(-0.5 * precision @ gap**2)
            )
            # a day of a is s + e with e given s normal about k (y - s)
            k = errors[0] ** 2 * precision[0]
            centre = (1 - k) * mean + k * y[0] + math.log(10)
            spread = math.sqrt((1 - k) ** 2 * variance + errors[0] ** 2 * (1 - k))
            top += density * special.ndtr((centre - gap_left) / spread).mean()
            bottom += density
        assert law(outlook, total, "a")[:, 0].mean() == pytest.approx(top / bottom, abs=1e-3)


def exactly(source: str, on: float, value: float) -> dict[str, Any]:
    """Return a claim of a number that is meant to the last digit."""
    return level(source, on, value, distribution=None, point=float(value), hedge="exactly")


def test_an_exact_figure_is_its_sources_own_count_on_its_day() -> None:
    dossier = dossier_of([exactly("a", 90, 1000), level("b", 90, 1200, 0.05)])
    _, _, _, outlook = posterior(dossier, 90, points=64)
    assert law(outlook, 1000, "a")[:, 0].mean() == 1.0
    assert law(outlook, 1001, "a")[:, 0].mean() == 0.0


def begun(claims: list[dict[str, Any]], **assumed: float) -> at.Dossier:
    """Return a dossier whose total has no first day."""
    dossier = dossier_of(claims, **assumed)
    total = dossier.quantities["total"].model_copy(update={"start": None})
    return dossier.model_copy(update={"quantities": {**dossier.quantities, "total": total}})


def test_two_totals_of_one_source_give_a_pace_without_a_first_day() -> None:
    """1,000 in 150 days are about seven a day, whatever had been counted before."""
    claims = [exactly("a", 1, 480_000), exactly("a", 151, 481_000)]
    _, _, _, outlook = posterior(begun(claims, source_error=0.0), 151, points=64)
    weights = outlook.draws.weights.ravel() / outlook.draws.replicates
    ends = np.array([0, outlook.nodes.size - 1])
    first, last = outlook.figure("total", "latent").draws(outlook.draws.tables, ends)
    gain = (last[:, 0] - first[:, 0]) / outlook.days
    order = np.argsort(gain)
    middle = gain[order][np.searchsorted(np.cumsum(weights[order]), 0.5)]
    assert middle == pytest.approx(1000 / 150, rel=0.15)


def test_a_total_without_a_first_day_and_with_a_stated_error_is_that_error() -> None:
    sd = 0.14
    dossier = begun([exactly("a", 90, 990_812)], source_error=sd)
    _, _, _, outlook = posterior(dossier, 90, points=64)
    for total in (1_000_000, 1_100_000):
        gap = math.log(990_812 / total)
        closed = sum(p * special.ndtr(gap / (w * sd)) for w, p in WIDTHS)
        assert law(outlook, total)[:, 0].mean() == pytest.approx(closed, abs=2e-3)


def test_a_pace_alone_tells_no_total_without_a_first_day() -> None:
    rate = level("a", 90, 20.0, kind="rate", per="day")
    with pytest.raises(at.InputError, match=r"or a pace .* got only what is added, by the day"):
        at.forecast(begun([rate]), seed=1, thresholds=[2_000])


def test_quoted_floors_are_floors() -> None:
    """Words are read as the numbers that they are: "at least 1,500" bounds a total from below."""
    figure = level("b", 90, 1_000, 0.3)
    floors = [
        level("a", 90, 0, distribution=None, quote="At least 1,500 were killed"),
        level("a", 90, 0, distribution=None, low=1_500.0),
    ]
    laws = []
    for floor in floors:
        _, _, _, outlook = posterior(dossier_of([figure, floor], source_error=0.01), 90, points=64)
        laws.append(law(outlook, 1_450)[:, 0].mean())
    assert laws[0] == pytest.approx(laws[1], abs=1e-9)
    assert laws[0] > 0.9


# ---------------------------------------------------------------------- derivatives


@pytest.fixture(scope="module")
def mixed() -> at.Dossier:
    """Levels, a floor, a window, a rate, a share and a part, of sources that share errors."""
    killed = {"quantity": "killed"}
    claims = [
        level("a", 40, 4000, 0.1),
        level("a", 70, 8500, 0.1),
        level("a", 95, 12000, 0.1),
        level("b", 95, 10000, 0.1),
        level("c", 60, 1500, 0.2, **killed),
        level("c", 98, 2700, 0.2, **killed),
        level("c", 90, 2000, 0.2, **killed, distribution=None, low=2000.0, hedge="at-least"),
        level("b", 90, 3000, 0.1, kind="increment", since=day(61)),
        level("d", 90, 130, 0.2, kind="rate", per="day"),
        level("d", 90, 24, 0.1, **killed, kind="share"),
    ]
    return dossier_of(
        claims,
        {"b": {"derived_from": ("a",)}},
        volatility=0.1,
        day_noise=20.0,
        source_drift=0.05,
    )


@pytest.fixture
def every_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out no set of sources that may be off."""
    monkeypatch.setattr(astray, "_FEW", 10_000)
    monkeypatch.setattr(astray, "_SOME", 10_000)


@pytest.mark.usefixtures("every_state")
def test_gradients_and_hessians_are_those_of_finite_differences(mixed: at.Dossier) -> None:
    counts = 100 + 10 * np.sin(np.arange(90))
    evidence = evidence_of(
        mixed, "total", as_of=day(100), series={("d", "total"): counts_of(counts, 6)}
    )
    model = model_of(evidence)
    assert {t.reading.floor for t in evidence.terms} == {True, False}
    assert {t.whole for t in evidence.terms} == {None, "total"}
    rng = np.random.default_rng(5)
    point = fit(evidence).supposed[0].modes[0].point + 0.3 * rng.standard_normal(model.size)
    value, gradient, hessian = expansion(model, point)
    assert value == pytest.approx(exact(model, point), abs=1e-9)
    whole = model.log_common(point[None]) + model.log_shape(point[None])
    assert value == pytest.approx(float(whole[0]), abs=1e-4)
    tiny = 1e-5 * np.eye(model.size)
    up, down = ([expansion(model, point + sign * t) for t in tiny] for sign in (1, -1))
    slope = np.array([(u[0] - d[0]) / 2e-5 for u, d in zip(up, down, strict=True)])
    bend = np.array([(u[1] - d[1]) / 2e-5 for u, d in zip(up, down, strict=True)])
    np.testing.assert_allclose(gradient, slope, rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(hessian, bend, rtol=1e-5, atol=1e-4)


@pytest.mark.usefixtures("every_state")
def test_the_density_on_a_line_is_the_density_of_its_points(mixed: at.Dossier) -> None:
    """The tables along the line take short cuts: sums in a power series, settings left out."""
    counts = 100 + 10 * np.sin(np.arange(90))
    series = {("d", "total"): counts_of(counts, 6)}
    _, posterior_fit, sampler, outlook = posterior(mixed, 100, series=series, points=2)
    tables, line = outlook.draws.tables, posterior_fit.line
    draw = 3
    places = tables.places()[draw, 20:-20:15]
    heights = [exact(posterior_fit.model, outlook.draws.points[draw] + p * line) for p in places]
    logs = np.log(tables.density[draw, 20:-20:15]) + tables.log_mass[draw]
    np.testing.assert_allclose(logs, heights, atol=2e-3)
    assert sampler.replicates == 16
