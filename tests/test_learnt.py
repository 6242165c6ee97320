"""What a dossier leaves open is learnt from its figures; what it states is left alone."""

from __future__ import annotations

import numpy as np
import pytest

import attrition as at
from attrition.models.assimilation.evidence import Evidence, evidence_of
from attrition.models.assimilation.learnt import LEARNT, learnt
from attrition.models.assimilation.search import fit
from reported import counts_of, day, dossier_of, level


def opened(dossier: at.Dossier, *names: str) -> at.Dossier:
    """Return a dossier that leaves some assumptions open."""
    copy = dossier.assumptions.model_copy(update=dict.fromkeys(names))
    return dossier.model_copy(update={"assumptions": copy})


def scattered(error: float, sources: int, rng: np.random.Generator) -> at.Dossier:
    """Return a dossier of sources whose figures of one total lie so far apart."""
    constant = error * np.where(rng.random(sources) < 0.9, 1.0, 8.0) * rng.standard_normal(sources)
    changing = 0.6 * error * rng.standard_normal(sources)
    claims = [
        level(f"s{i}", 100 + i, 100 * (100 + i) * float(np.exp(off)), 0.01)
        for i, off in enumerate(constant + changing)
    ]
    return opened(dossier_of(claims), "source_error", "source_drift")


def known(dossier: at.Dossier, series: at.Series | None = None) -> Evidence:
    table = {} if series is None else {("s0", "total"): series}
    return evidence_of(dossier, "total", as_of=day(200), series=table)


def value(evidence: Evidence, name: str, quantity: str = "total") -> float:
    return float(evidence.dossier.assumption(name, quantity).value)


@pytest.mark.parametrize("error", [0.05, 0.4])
def test_the_error_of_sources_is_found_in_figures_made_with_it(error: float) -> None:
    rows = [
        value(learnt(known(scattered(error, 25, np.random.default_rng(seed)))), "source_error")
        for seed in range(6)
    ]
    # the log of one is off by about a quarter, the mean of six by a tenth; the prior pulls
    assert abs(np.mean(np.log(rows)) - np.log(error)) < 0.35


def test_one_figure_tells_nothing_and_leaves_what_is_expected() -> None:
    evidence = learnt(known(scattered(0.1, 1, np.random.default_rng(1))))
    assert value(evidence, "source_error") == pytest.approx(0.2, rel=0.05)
    assumed = evidence.dossier.assumption("source_error", "total")
    assert assumed.origin == LEARNT
    assert "judgement: one source speaks" in assumed.reason


def test_the_law_of_a_recorded_count_does_not_ask_how_far_the_count_errs() -> None:
    dossier = opened(dossier_of([level("s0", 60, 24_000, 0.3)]), "source_error")
    series = {("s0", "total"): counts_of([400.0] * 200)}
    forecast = at.forecast(
        dossier.with_counts(series),
        seed=1,
        as_of=day(200),
        thresholds=[84_000],
        bases="s0",
        size=16,
    )
    for end in at.laws.crossing(forecast.law("total", "s0"), 84_000).dates:
        assert end.day is not None
        assert abs((end.day - day(210)).days) <= 2


@pytest.mark.parametrize("apart", [0.002, 0.01, 0.3, 1.0])
def test_sources_that_share_an_input_do_not_tell_by_agreeing_that_all_err_little(
    apart: float,
) -> None:
    offs = apart * np.random.default_rng(4).standard_normal(10)
    claims = [level(f"s{i}", 100, 10_000 * float(np.exp(o)), 0.01) for i, o in enumerate(offs)]
    shared = {f"s{i}": {"derived_from": ("wire",)} for i in range(10)} | {"wire": {}}
    independent, sharing, single = (
        value(learnt(known(opened(dossier_of(rows, sources), "source_error"))), "source_error")
        for rows, sources in [(claims, {}), (claims, shared), (claims[:1], {})]
    )
    assert sharing >= 0.95 * single
    if apart < 0.1:  # ten that agree and share nothing do tell
        assert independent < 0.1
        assert sharing == pytest.approx(single, rel=0.05)


def test_what_is_stated_is_left_as_it_is() -> None:
    claims = [level("a", 40, 4000, 0.1), level("b", 40, 9000, 0.1)]
    evidence = known(dossier_of(claims, source_error=0.0, source_drift=0.0))
    assert learnt(evidence) is evidence
    drifting = learnt(known(opened(dossier_of(claims, source_drift=0.03), "source_error")))
    assert value(drifting, "source_drift") == 0.03
    assert value(drifting, "source_error") > 0.1


@pytest.mark.parametrize("noise", [6.0, 60.0])
def test_the_noise_of_a_count_is_found_in_counts_made_with_it(noise: float) -> None:
    rng = np.random.default_rng(3)
    days = np.asarray(noise * rng.poisson(400.0 / noise, 198), dtype=np.float64)
    dossier = opened(dossier_of([level("s0", 60, 24_000, 0.3)], volatility=0.01), "day_noise")
    estimate = value(learnt(known(dossier, counts_of(days))), "day_noise")
    assert noise / 2 < estimate < 2 * noise


def test_the_law_says_what_was_learnt_and_from_how_many_figures() -> None:
    dossier = scattered(0.3, 8, np.random.default_rng(2))
    assert dossier.quantities["total"].start is not None
    forecast = at.forecast(
        dossier,
        seed=1,
        as_of=day(120),
        thresholds=[15_000],
        size=16,
    )
    table = {name: rest for name, *rest in forecast.law("total", "latent").provenance.assumptions}
    number, reason, origin = map(str, table["source_error"])
    assert origin == LEARNT
    assert 0.1 < float(number) < 0.8
    assert "8 figures" in reason
    assert str(day(120)) in reason


def test_what_is_published_later_is_not_learnt_from() -> None:
    early = [level("a", 40, 4000, 0.05), level("b", 45, 4600, 0.05)]
    late = [level("c", 50, 50_000, 0.05, published=day(300))]
    one, two = (
        learnt(known(opened(dossier_of(claims), "source_error")))
        for claims in (early, early + late)
    )
    assert value(one, "source_error") == value(two, "source_error")


def test_fits_of_what_was_learnt_do_not_learn_again() -> None:
    """So that a law with one report less is under the same assumptions."""
    posterior = fit(known(scattered(0.3, 6, np.random.default_rng(4))))
    assert learnt(posterior.model.evidence) is posterior.model.evidence
