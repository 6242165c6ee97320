"""What copies, later rows, order, units and kinds of figures do to the posterior."""

from __future__ import annotations

import dataclasses
import itertools
import math
import warnings
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special

import attrition as at
import oracles
import reported
from attrition.core.numerics import KHAT, smoothed_weights, too_uneven
from attrition.core.streams import stream
from attrition.models.assimilation import inference
from attrition.models.assimilation.evidence import evidence_of
from attrition.models.assimilation.inference import Sampler
from attrition.models.assimilation.outlook import Outlook, outlook_of
from attrition.models.assimilation.search import Fit, fit
from reported import counts_of, day, dossier_of, level, posterior

Array = NDArray[np.float64]
WIDTHS = ((1.0, 0.9), (8.0, 0.1))
TOLD = (("a", 40, 4000, 0.1), ("b", 70, 9000, 0.1), ("a", 80, 9500, 0.1), ("b", 90, 12000, 0.05))
ASSUMED = {"volatility": 0.08, "day_noise": 10.0, "source_drift": 0.03}
GRID = (9000.0, 12000.0, 13000.0, 14000.0, 16000.0)


def laws(dossier: at.Dossier, known: int = 91, **more: object) -> Array:
    _, _, _, outlook = posterior(dossier, known, points=8, **more)  # type: ignore[arg-type]
    return outlook.asked(outlook.figure("total", "latent"), GRID)


@pytest.fixture(scope="module")
def plain() -> at.Dossier:
    return dossier_of([level(*t) for t in TOLD], **ASSUMED)


@pytest.fixture(scope="module")
def plain_laws(plain: at.Dossier) -> Array:
    return laws(plain)


# ---------------------------------------------------------------------- copies


@pytest.mark.parametrize(
    ("more", "sources"),
    [
        ([("c", 90, 12000, 0.05)], {"c": {"copies": ("b",)}}),
        ([("c", 90, 12040, 0.2)], {"c": {"copies": ("b",)}}),
        (
            [("d", 70, 9000, 0.1), ("c", 70, 9000, 0.1)],
            {"c": {"copies": ("b",)}, "d": {"copies": ("c",)}},
        ),
    ],
    ids=["a copy", "a rounded copy", "a copy of a copy"],
)
def test_a_copy_adds_nothing(
    plain_laws: Array,
    more: list[tuple[str, int, float, float]],
    sources: dict[str, dict[str, object]],
) -> None:
    claims = [level(*t) for t in (*TOLD, *more)]
    copied = laws(dossier_of(claims, sources, **ASSUMED))
    assert np.abs(copied - plain_laws).max() < 1e-9
    alone = laws(dossier_of(claims, **ASSUMED))
    assert np.abs(alone - plain_laws).max() > 1e-3


def test_a_copy_of_a_recorded_count_adds_nothing() -> None:
    counts = np.full(70, 150.0)
    series = {("t", "total"): counts_of(counts, 1)}
    claims = [level("b", 60, 10_000, 0.1)]
    known: dict[str, dict[str, object]] = {"t": {}, "c": {}}
    without = laws(dossier_of(claims, known, **ASSUMED), 71, series=series)
    repeated = [*claims, level("c", 50, 50 * 150.0, 0.02)]
    copied = laws(
        dossier_of(repeated, known | {"c": {"copies": ("t",)}}, **ASSUMED), 71, series=series
    )
    assert np.abs(copied - without).max() < 1e-9
    assert (
        np.abs(laws(dossier_of(repeated, known, **ASSUMED), 71, series=series) - without).max()
        > 1e-3
    )


# ---------------------------------------------------------------------- nothing later is known


@pytest.mark.filterwarnings("ignore::attrition.AttritionWarning")  # a dump and a stop, later
def test_what_was_published_later_changes_no_byte() -> None:
    counts = np.full(120, 150.0)
    later = [level("b", 95, 99_000, 0.01), level("a", 60, 1, 0.5, published=day(92))]
    reports = [level(*t) for t in TOLD]
    surface = [
        laws(
            dossier_of(claims, {"t": {}}, **ASSUMED),
            series={("t", "total"): counts_of(posterior_fit)},
        ).tobytes()
        for claims, posterior_fit in (
            (reports, counts[:91]),
            ([*later, *reports], np.concatenate([counts[:91], 1e5 * np.ones(29)])),
            ([*reports, *later[::-1]], np.concatenate([counts[:91], counts[91:] * 0])),
        )
    ]
    assert surface[0] == surface[1] == surface[2]


def test_publication_dates_that_were_inferred_are_counted_in_the_notes() -> None:
    claims = [level(*t) for t in TOLD]
    claims[1]["inferred"] = claims[2]["inferred"] = ("published",)
    forecast = at.forecast(
        dossier_of(claims, **ASSUMED), seed=1, as_of=day(91), thresholds=[13_000.0],
        horizon=day(120), size=64,
    )  # fmt: skip
    assert any("publication of 2 figures" in n for n in forecast.law("total").provenance.notes)


# ---------------------------------------------------------------------- modes and chains


def _brute(
    reports: tuple[tuple[str, int, float, float], ...], known: int, error: float, volatility: float
) -> tuple[Array, Array, Array, Array]:
    sources = sorted({t[0] for t in reports})
    own = np.eye(len(sources))[[sources.index(t[0]) for t in reports]]
    shared = [
        (
            math.prod(p for _, p in chosen),
            own @ np.diag([(error * w) ** 2 for w, _ in chosen]) @ own.T,
        )
        for chosen in itertools.product(WIDTHS, repeat=len(sources))
    ]
    weeks = -(-known // 7)
    steps = volatility * np.sqrt(1 + 26 / np.arange(1, weeks))
    figures = [(math.log(v), d, math.hypot(sd, 1 / d)) for _, d, v, sd in reports]
    return oracles.posterior_by_prior_draws(figures, shared, steps, 100_000, 7)


def _total_law(brute: tuple[Array, Array, Array, Array], known: int, total: float) -> float:
    weights, means, sds, rates = brute
    counted = np.log(rates @ np.clip(known - 7 * np.arange(rates.shape[1]), 0, 7))
    return float((weights * special.ndtr((means + counted - math.log(total)) / sds)).sum())


def _column(outlook: Outlook, total: float) -> Array:
    return outlook.asked(outlook.figure("total", "latent"), [total])[:, 0, 0]


def test_two_irreconcilable_sources_leave_modes_with_the_masses_of_brute_force() -> None:
    reports = (
        ("a", 60, 1000, 0.02),
        ("a", 90, 1500, 0.02),
        ("b", 70, 3500, 0.02),
        ("b", 90, 4500, 0.02),
    )
    dossier = dossier_of([level(*t) for t in reports], volatility=0.05)
    _, posterior_fit, _, outlook = posterior(dossier, 90)
    assert len(posterior_fit.supposed[0].modes) > 1
    brute = _brute(reports, 90, 0.1, 0.05)
    for total in (1200, 1600, 2000, 2500, 3000, 4000):
        assert _column(outlook, total).mean() == pytest.approx(
            _total_law(brute, 90, total), abs=3e-3
        )
    low, valley, high = (
        _column(outlook, k).mean() - _column(outlook, k * 1.1).mean() for k in (1450, 2900, 4200)
    )
    assert low > 0
    assert high > 0
    # one source believed, and the other in error threefold: neither is left out
    assert _column(outlook, 1700).mean() < 0.9
    assert _column(outlook, 3500).mean() > 0.1
    assert valley >= 0


def test_sources_that_disagree_on_the_past_pace_leave_the_law_of_brute_force() -> None:
    """The total is known, so that the conflict is about the shape of the path, not its scale."""
    reports = (("z", 100, 10000, 0.02), ("a", 60, 3000, 0.02), ("b", 60, 8000, 0.02))
    dossier = dossier_of([level(*t) for t in reports], volatility=0.1, source_error=0.05)
    _, _, _, outlook = posterior(dossier, 105, points=32, seed=2)
    brute = _brute(reports, 105, 0.05, 0.1)
    for total in (9000, 10500, 11500):
        surface = _column(outlook, total)
        error = float(surface.std(ddof=1) / 4)
        assert surface.mean() == pytest.approx(_total_law(brute, 105, total), abs=5 * error + 3e-3)


def test_chains_agree_with_the_weights_and_reject_a_wrong_target(
    plain: at.Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, posterior_fit, _, weighted = posterior(plain, 91)
    monkeypatch.setattr(inference, "too_uneven", lambda *_: True)
    _, _, _, moved = posterior(plain, 91)
    assert moved.draws.chained
    assert not weighted.draws.chained
    assert weighted.draws.khat < KHAT
    for total in GRID:
        one, two = _column(weighted, total), _column(moved, total)
        spread = math.sqrt(one.var(ddof=1) / 16 + two.var(ddof=1) / 16)
        assert one.mean() == pytest.approx(two.mean(), abs=5 * spread + 2e-3)
    right = type(posterior_fit.model).log_common
    shape = posterior_fit.model.places["z"]
    with monkeypatch.context() as patch:
        patch.setattr(
            type(posterior_fit.model),
            "log_common",
            lambda model, points: (
                right(model, points) + 0.5 * points[:, shape].sum(axis=1) / model.hypothesis.spread
            ),
        )
        _, _, _, misled = posterior(plain, 91)
    pace = [
        float(np.log(o.rates["total"].past[:, -1] / o.rates["total"].past[:, 0]).mean())
        for o in (moved, misled)
    ]
    assert pace[1] - pace[0] > 0.05


def test_a_proposal_that_lies_beside_the_mode_leaves_the_law_as_it_is(plain: at.Dossier) -> None:
    posterior_fit = fit(evidence_of(plain, "total", as_of=day(91)))
    (only,) = posterior_fit.supposed  # a stated volatility is one hypothesis
    scores = np.zeros((1, posterior_fit.model.size))
    scores[0, 1:4] = 0.7
    shifts = []
    for frame in only.proposal.frames:
        beside = frame.mode.placed(scores @ frame.rotation.T)[0]
        shifts.append(beside - frame.mode.point)
    proposal = dataclasses.replace(only.proposal, shifts=tuple(shifts))
    moved = Fit((dataclasses.replace(only, proposal=proposal),))
    surface = []
    for one in (posterior_fit, moved):
        sampler = Sampler(one, 30, 1)
        sampler.extend(64)
        outlook = outlook_of(sampler)
        surface.append(outlook.asked(outlook.figure("total", "latent"), GRID))
    error = np.sqrt(sum(law.var(axis=0, ddof=1) for law in surface) / 16)
    gap = np.abs(surface[0].mean(axis=0) - surface[1].mean(axis=0))
    assert (gap < 5 * error + 1e-4).all()
    assert error.max() < 0.02


def test_weights_that_cannot_be_smoothed_are_not_trusted() -> None:
    ratios = np.r_[np.linspace(-9e3, -8e3, 255), 0.0]
    smoothed, khat = smoothed_weights(ratios)
    assert khat > KHAT
    assert np.isfinite(smoothed).all()
    assert too_uneven(ratios, khat)


def test_a_steep_tail_of_weights_that_all_but_agree_or_end_at_a_bound_is_no_reason_for_chains() -> (
    None
):
    """The weights of a mixture with a tenth of the prior end at ten times the mean."""
    chance = np.random.default_rng(4)
    nearly_equal = 1e-6 * np.exp(chance.standard_normal(1_024) * 3)
    bounded = np.log(np.minimum(np.exp(chance.standard_normal(1_024)), 10.0))
    bounded[:90] = np.log(10.0 - chance.exponential(0.01, 90))
    for ratios in (nearly_equal, bounded):
        assert not too_uneven(ratios, 2.0)
    assert smoothed_weights(nearly_equal)[1] > KHAT
    heavy = -0.9 * np.log(chance.random(1_024))  # a Pareto tail of shape 0.9
    assert too_uneven(heavy, smoothed_weights(heavy)[1])


# ---------------------------------------------------------------------- seeds and errors


def test_the_same_seed_gives_the_same_bytes_and_another_lies_within_the_standard_errors(
    plain: at.Dossier, plain_laws: Array
) -> None:
    assert laws(plain).tobytes() == plain_laws.tobytes()
    others = [laws(plain, seed=seed) for seed in range(2, 7)]
    every = np.array([law.mean(axis=0) for law in [plain_laws, *others]])
    error = np.sqrt(
        np.mean([law.var(axis=0, ddof=1) / 16 for law in [plain_laws, *others]], axis=0)
    )
    seen = error > 1e-5
    ratio = every.std(axis=0, ddof=1)[seen] / error[seen]
    assert 0.3 < np.sqrt((ratio**2).mean()) < 2.0


@pytest.mark.parametrize("apart", [True, False])
def test_the_error_falls_with_more_draws_unless_past_and_future_are_paired_in_order(
    monkeypatch: pytest.MonkeyPatch, *, apart: bool
) -> None:
    said = [
        at.claim("up to 250,000 killed", source="CSIS", on="2025-06-03"),
        at.claim("around 300 killed a day", source="CSIS", on="2025-06-03"),
    ]
    if not apart:  # the twin: the points of both in the order of their sequences

        class InOrder:
            def permutation(self, points: int) -> np.ndarray:
                return np.arange(points)

        def of(*key: int) -> np.random.Generator | InOrder:
            return InOrder() if key[-1] == 9 else stream(*key)  # which pairs past and future

        monkeypatch.setattr(inference, "stream", of)
    errors = []
    for size in (64, 1_024):
        asked: dict[str, Any] = {"thresholds": [400_000], "seed": 1}
        asked |= {"size": size, "tolerance": 0.05}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            law = at.forecast(said, **asked).law("killed", "csis")
        errors.append(law.surface().std(axis=0, ddof=1).max())
    assert (errors[1] < 0.5 * errors[0]) == apart, errors


# ---------------------------------------------------------------------- order, units, calendar


def test_the_order_of_claims_and_sources_does_not_matter(plain_laws: Array) -> None:
    claims = [level(*t) for t in TOLD]
    turned = laws(dossier_of(claims[::-1], {"b": {}, "a": {}}, **ASSUMED))
    assert np.abs(turned - plain_laws).max() < 1e-9


def test_a_change_of_unit_changes_no_law(plain_laws: Array) -> None:
    claims = [level(s, d, 1000 * v, sd) for s, d, v, sd in TOLD]
    assumed = ASSUMED | {"day_noise": 10_000.0}
    _, _, _, outlook = posterior(dossier_of(claims, **assumed), 91, points=8)
    surface = outlook.asked(outlook.figure("total", "latent"), [1000 * k for k in GRID])
    assert np.abs(surface - plain_laws).max() < 1e-8


def test_a_shift_of_the_calendar_changes_no_byte(
    plain_laws: Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reported, "FIRST", reported.FIRST + timedelta(days=1_000))
    shifted = dossier_of([level(*t) for t in TOLD], **ASSUMED)
    assert shifted.latest_published == day(TOLD[-1][1]) > date(2026, 1, 1)
    assert laws(shifted).tobytes() == plain_laws.tobytes()


# ---------------------------------------------------------------------- kinds of figures


def test_the_killed_never_outnumber_the_casualties_in_any_draw(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # a prior that lets nearly all be killed: else no draw comes near the bound
    monkeypatch.setattr("attrition.models.assimilation.model._KILLED", (2.0, 1.0))
    claims = [level(*t) for t in TOLD]
    claims += [
        level("a", 80, 9400, 0.1, quantity="killed"),
        level("b", 90, 99, 0.1, quantity="killed", kind="share"),
    ]
    _, _, _, outlook = posterior(dossier_of(claims, **ASSUMED), 91, ahead=200)
    killed, total = outlook.path("killed").nodes(), outlook.path("total").nodes()
    assert (killed <= total).all()
    share = killed / total
    assert share.max() > 0.6


def test_a_sharp_figure_of_a_source_without_error_pins_the_total() -> None:
    claims = [level("a", 90, 12_000, 1e-6), level("b", 80, 40_000, 0.5)]
    _, _, _, outlook = posterior(dossier_of(claims, source_error=0.0, volatility=0.05), 90)
    assert _column(outlook, 12_000 * (1 - 4 / 90)).mean() > 0.999
    assert _column(outlook, 12_000 * (1 + 4 / 90)).mean() < 0.001


def test_a_floor_pulls_up_only_what_lies_below_it() -> None:
    base = level("a", 90, 10_000, 0.1)
    floors = {
        value: level("b", 90, 1, distribution=None, low=float(value), hedge="at-least")
        for value in (30, 11_000)
    }
    surface = {}
    for value, floor in floors.items():
        _, _, _, outlook = posterior(dossier_of([base, floor]), 90, points=4)
        surface[value] = [_column(outlook, k).mean() for k in (9_000, 10_000, 11_000)]
    _, _, _, outlook = posterior(dossier_of([base]), 90, points=4)
    alone = [_column(outlook, k).mean() for k in (9_000, 10_000, 11_000)]
    assert surface[30] == pytest.approx(alone, abs=1e-3)
    assert (np.array(surface[11_000]) > np.array(alone) + 0.05).all()


def test_increments_and_rates_tell_of_their_window_and_shares_of_the_share() -> None:
    base = [level("a", 60, 6_000, 0.05)]
    quick = {
        "increment": level("b", 90, 9_000, 0.05, kind="increment", since=day(61)),
        "rate": level("b", 90, 300, 0.05, kind="rate", per="day"),
    }
    pace = {}
    for kind, claim in quick.items():
        _, _, _, outlook = posterior(dossier_of([*base, claim], **ASSUMED), 91)
        pace[kind] = outlook.rates["total"].past[:, -1] @ np.ones(outlook.draws.points.shape[0])
        pace[kind] /= outlook.draws.points.shape[0]
    _, _, _, outlook = posterior(dossier_of(base, **ASSUMED), 91)
    alone = outlook.rates["total"].past[:, -1].mean()
    assert min(pace.values()) > 1.5 * alone
    claims = [*base, level("b", 80, 40, 0.02, quantity="killed", kind="share")]
    _, posterior_fit, _, outlook = posterior(dossier_of(claims, source_error=0.01), 91)
    share = outlook.path("killed").node(0) / outlook.path("total").node(0)
    assert float(outlook.averaged(share).mean()) == pytest.approx(0.4, abs=0.02)
    assert posterior_fit.model.evidence.parts == ("killed",)


def test_a_figure_of_a_year_is_spread_over_its_days() -> None:
    vague = level("a", 300, 10_000, 0.01, as_of="2024", published=day(366))
    dossier = dossier_of([vague])
    (term,) = evidence_of(dossier, "total", as_of=day(366)).terms
    assert term.reading.spread > 365 / 366 / math.sqrt(12)
    (early,) = evidence_of(
        dossier_of([level("a", 300, 10_000, 0.01)]), "total", as_of=day(366)
    ).terms
    assert early.reading.spread < 0.02
    assert fit(evidence_of(dossier, "total", as_of=day(366))).supposed


@settings(max_examples=settings().max_examples // 8, deadline=None)
@given(
    st.lists(st.floats(0.9, 1.6), min_size=2, max_size=6, unique=True),
    st.floats(1e-6, 1e-3),
    st.integers(0, 10**6),
)
def test_asked_together_in_any_order_thresholds_are_those_asked_alone(
    shares: list[float], near: float, seed: int
) -> None:
    claims = [level("a", 40, 4_000), level("b", 70, 9_000)]
    asked = [9_000 * share for share in (*shares, shares[0] * (1 + near))]
    dossier = dossier_of(claims)
    law = at.forecast(dossier, seed=seed, size=16, thresholds=asked, as_of=day(80)).law()
    assert law.thresholds.tolist() == sorted(asked)
    assert (np.diff(law.surface(), axis=1) <= 1e-12).all()
    one = asked[seed % len(asked)]
    alone = at.forecast(dossier, seed=seed, size=16, thresholds=[one], as_of=day(80)).law()
    column = law.surface()[:, law.thresholds.tolist().index(one)]
    np.testing.assert_allclose(column, alone.surface()[:, 0], atol=2e-3)
