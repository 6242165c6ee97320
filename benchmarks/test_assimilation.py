"""Small twins of the benchmarks of the posterior, and its time."""

from __future__ import annotations

from typing import Any

import numpy as np
from benchmarks.assimilation import calibration, case, nuts, speed

import attrition as at
from attrition.models.assimilation.evidence import evidence_of
from attrition.models.assimilation.expansion import expansion
from attrition.models.assimilation.search import fit


def test_the_truth_lies_anywhere_in_the_posterior_unless_day_noise_is_forgotten() -> None:
    right = calibration.calibrated(12, 5, points=4)
    wrong = calibration.calibrated(12, 5, "noise", points=4)
    assert calibration.p_values(right).min() > 1e-6
    assert calibration.p_values(wrong).min() < 1e-3
    assert ((right > 0) & (right < 1)).all()


def test_the_model_that_nuts_samples_has_the_density_of_ours() -> None:
    """At points along the scale, without PyMC: its constants, and ours up to one constant."""
    evidence = evidence_of(case.dossier(), case.QUANTITY, as_of=case.KNOWN, series=case.series())
    parts, posterior = nuts.parts_of(evidence), fit(evidence)
    model, rng = posterior.model, np.random.default_rng(3)
    points = posterior.supposed[0].modes[0].placed(rng.standard_normal((6, model.size)))
    standard = points.copy()  # ours have the spread of the pace, theirs that of one
    standard[:, model.places["z"]] /= model.hypothesis.spread
    gaps = [
        nuts.log_density(parts, theirs) - expansion(model, ours)[0]
        for theirs, ours in zip(standard, points, strict=True)
    ]
    assert np.ptp(gaps) < 1e-6


def test_time_of_a_posterior_of_all_bundled_reports(benchmark: Any) -> None:
    dossier, series = speed.case()

    def run() -> at.Forecast:
        return at.forecast(
            dossier.with_counts(series), seed=1, as_of=speed.KNOWN, model="posterior"
        )

    result = benchmark(run)
    assert len(result.laws) == 4


def test_a_sampler_that_differs_or_is_not_dearer_is_told_of() -> None:
    """Its cost is that of as many effective draws as ours; one quantile apart is enough."""
    values, mcse = np.full((3, 3), 100.0), np.full((3, 3), 1.0)
    here = nuts.Answer("here", values, mcse, 1.0, 2_000.0, "k-hat 0.30")

    def other(shift: float, cpu: float) -> nuts.Answer:
        moved = values.copy()
        moved[1, 2] += shift
        return nuts.Answer("other", moved, mcse, cpu, 500.0, "R-hat at most 1.001")

    text, sound = nuts.report(here, [other(0.0, 10.0), other(1.0, 6.0)], "command")
    assert sound
    assert "| other | 10 | 500 | 40 | 40 | R-hat at most 1.001 |" in text
    assert not nuts.report(here, [other(0.0, 10.0), other(9.0, 10.0)], "command")[1]
    assert not nuts.report(here, [other(0.0, 4.0)], "command")[1]
