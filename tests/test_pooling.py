from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

import attrition as at
from attrition.data.elicitation import quantile
from attrition.data.elicitation.distributions import Distribution, atom
from attrition.data.elicitation.pooling import effective_sources
from attrition.data.elicitation.shapes import lognormal

POINTS = np.linspace(50.0, 400.0, 401)
ONE, TWO = lognormal(90.0, 130.0, 0.9), lognormal(110.0, 180.0, 0.9)


def test_ten_sources_at_0_8_are_worth_1_2_and_a_copy_nothing() -> None:
    names = [f"s{i}" for i in range(10)]
    chain = list(zip(names[1:], names, strict=False))
    assert effective_sources(names, inputs=chain, rho=0.8) == pytest.approx(10 / 8.2)
    assert effective_sources(names, copies=chain) == 1.0
    assert effective_sources(names) == 10.0
    assert effective_sources(names, inputs=chain, rho=1.0) == pytest.approx(1.0)
    with pytest.raises(at.InputError, match="between 0 and 1"):
        effective_sources(names, inputs=chain, rho=1.1)


def test_sources_that_share_an_unlisted_input_are_one_family() -> None:
    inputs = [("a", "agency"), ("b", "agency")]
    assert effective_sources(["a", "b"], inputs=inputs, rho=0.5) == pytest.approx(2 / 1.5)


@pytest.mark.parametrize("kind", ["linear", "logarithmic"])
@given(k=some.integers(1, 8), share=some.floats(0.1, 5.0))
def test_copies_leave_the_pool_unchanged(kind: Any, k: int, share: float) -> None:
    weights = {"one": share}
    alone = at.pool({"one": ONE, "two": TWO}, kind=kind, weights=weights)
    names = [f"copy{i}" for i in range(k)]
    table: dict[str, Distribution] = {"one": ONE, "two": TWO, **dict.fromkeys(names, ONE)}
    copies = [(name, "one") for name in names]
    more = at.pool(
        table, kind=kind, copies=copies, weights={**weights, **dict.fromkeys(names, share)}
    )
    before, after = (np.asarray(pooled.distribution.cdf(POINTS)) for pooled in (alone, more))
    assert np.abs(after - before).max() < 1e-12
    assert more.effective_sources == alone.effective_sources
    assert sum(more.weights.values()) == pytest.approx(1.0)


def test_copies_that_are_not_declared_do_change_the_pool() -> None:
    alone = at.pool({"one": ONE, "two": TWO})
    more = at.pool({"one": ONE, "two": TWO, "again": ONE})
    apart = np.asarray(more.distribution.cdf(POINTS)) - np.asarray(alone.distribution.cdf(POINTS))
    assert np.abs(apart).max() > 0.01


def test_a_linear_pool_is_the_weighted_mean_of_probabilities() -> None:
    distribution = at.pool({"one": ONE, "two": TWO, "sure": atom(120.0)}, weights={"one": 2.0})
    expected = (0.5 * np.asarray(ONE.cdf(POINTS)) + 0.25 * np.asarray(TWO.cdf(POINTS))) + 0.25 * (
        POINTS >= 120.0
    )
    assert np.asarray(distribution.distribution.cdf(POINTS)) == pytest.approx(expected, abs=1e-6)


def test_a_logarithmic_pool_of_normals_is_the_normal_of_mean_precision() -> None:
    parts: dict[str, Distribution] = {"a": stats.norm(100, 10), "b": stats.norm(130, 20)}
    distribution = at.pool(parts, kind="logarithmic", weights={"a": 3.0, "b": 1.0})
    precision = 0.75 / 100 + 0.25 / 400
    mean = (0.75 * 100 / 100 + 0.25 * 130 / 400) / precision
    levels = [0.01, 0.1, 0.5, 0.9, 0.99]
    expected = stats.norm(mean, precision**-0.5).ppf(levels)
    assert quantile(distribution.distribution, levels) == pytest.approx(expected, abs=0.05)


def test_sources_that_exclude_one_another_stay_two_humps_and_are_flagged() -> None:
    low, high = lognormal(90.0, 110.0, 0.9), lognormal(300.0, 330.0, 0.9)
    distribution = at.pool({"low": low, "high": high})
    assert distribution.disjoint == (("low", "high"),)
    between = np.asarray(distribution.distribution.cdf([130.0, 200.0, 270.0]))
    assert between == pytest.approx([0.5] * 3, abs=1e-4)
    assert np.ptp(quantile(distribution.distribution, [0.45, 0.55])) > 150
    assert at.pool({"one": ONE, "two": TWO}).disjoint == ()


def test_a_logarithmic_pool_without_common_ground_is_refused() -> None:
    apart: dict[str, Distribution] = {"a": stats.uniform(0, 1), "b": stats.uniform(5, 1)}
    with pytest.raises(at.InputError, match="every source holds possible"):
        at.pool(apart, kind="logarithmic")
    with pytest.raises(at.InputError, match="density"):
        at.pool({"a": atom(1.0), "b": ONE}, kind="logarithmic")


@pytest.mark.parametrize(
    "arguments",
    [{"weights": {"none": 1.0}}, {"weights": {"one": 0.0}}, {"kind": "geometric"}],
)
def test_a_wrong_pool_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(at.InputError, match="a pool needs"):
        at.pool({"one": ONE}, **arguments)
    with pytest.raises(at.InputError, match="a pool needs"):
        at.pool({})


def _dossier(first: float, second: float, **source: Any) -> at.Dossier:
    claim = {"quantity": "q", "kind": "level", "as_of": "2025-03-01", "published": "2025-03-02"}
    return at.Dossier.of(
        id="two",
        sources={"a": {"name": "A"}, "b": {"name": "B", **source}},
        quantities={"q": {"title": "Killed", "definition": "killed", "unit": "persons"}},
        claims=[
            {**claim, "source": "a", "point": first, "hedge": "about"},
            {**claim, "source": "b", "point": second, "hedge": "about"},
        ],
    )


def test_one_number_of_many_digits_without_an_edge_raises_a_warning() -> None:
    with pytest.warns(at.AttritionWarning, match=r"A and B give the same figure.*`copies`"):
        at.elicitation.pool_claims(_dossier(98_437.0, 98_437.0), "q")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        at.elicitation.pool_claims(_dossier(100_000.0, 98_000.0), "q")
        at.elicitation.pool_claims(_dossier(100_000.0, 100_000.0), "q")
        at.elicitation.pool_claims(_dossier(98_437.0, 98_437.0, derived_from=["a"]), "q")
        at.elicitation.pool_claims(_dossier(98_437.0, 98_437.0, copies=["a"]), "q")


def test_the_pool_of_a_dossier_follows_its_graph() -> None:
    shared = at.elicitation.pool_claims(
        _dossier(100_000.0, 80_000.0, derived_from=["a"]), "q", rho=0.5
    )
    assert shared.effective_sources == pytest.approx(2 / 1.5)
    copied = at.elicitation.pool_claims(_dossier(100_000.0, 80_000.0, copies=["a"]), "q")
    assert copied.effective_sources == 1.0
    assert copied.weights == {"a": 0.5, "b": 0.5}


def test_figures_of_long_ago_are_not_pooled_with_new_ones() -> None:
    dossier = _dossier(100_000.0, 50_000.0)
    old = dossier.claims[1].model_copy(update={"as_of": at.dossier.PartialDate.parse("2023-03-01")})
    aged = dossier.model_copy(update={"claims": (dossier.claims[0], old)})
    distribution = at.elicitation.pool_claims(aged, "q")
    assert distribution.weights == {"a": 1.0}
    assert "older than 92 days" in distribution.left_out["b"]
    assert set(at.elicitation.pool_claims(aged, "q", within=1_000).weights) == {"a", "b"}


def test_a_floor_without_coverage_is_left_out_by_name(bundled: at.Dossier) -> None:
    floor = bundled.claims[0].model_copy(
        update={"source": "press", "quote": "at least 600,000", "figure": ""}
    )
    dossier = bundled.model_copy(update={"claims": (*bundled.claims, floor)})
    distribution = at.elicitation.pool_claims(dossier, "russian-casualties")
    assert set(distribution.weights) == {"csis", "uk-mod"}
    assert "floor" in distribution.left_out["press"]
    with pytest.raises(at.InputError, match="a pool needs a level"):
        at.elicitation.pool_claims(
            dossier, "russian-casualties", as_of=at.dossier.PartialDate.parse("2020").first
        )
