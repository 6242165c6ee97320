"""An end of the fighting: a fourth mass, in laws, sentences, records and the command."""

from __future__ import annotations

import json
from datetime import timedelta

import numpy as np
import pytest

import attrition as at
import oracles
from attrition.core._typing import Floats
from attrition.core.laws import make_law
from test_cli import Command, Write
from test_laws import START, WHAT, normal_law


def gamma_law(days: int) -> at.Law:
    """P(C(t) >= 1000) of a gamma process with shape 0.5 a day and scale 20."""
    column = [oracles.gamma_process(0.5, 20.0, 1_000.0, day) if day else 0.0 for day in range(days)]
    return make_law(np.array([[column]]), [1_000.0], START, WHAT)


def test_a_gamma_process_with_an_end_has_its_published_probabilities() -> None:
    ending = at.laws.with_end(gamma_law(900), 0.01)
    column = ending.surface()[0, 0]
    assert column[102] == pytest.approx(0.2181371, abs=2e-5)
    assert column[102] == pytest.approx(
        oracles.gamma_process_ended(0.5, 20.0, 0.01, 1_000.0, 102), abs=2e-5
    )
    assert column[-1] == pytest.approx(0.3678489, abs=2e-5)  # as good as ever
    slightly = at.laws.with_end(gamma_law(900), 0.0101).surface()[0, 0]
    assert abs(slightly[102] - 0.2181371) > 5e-4


def test_plain_draws_of_a_poisson_count_with_an_end_agree_with_the_closed_form() -> None:
    def poisson(rng: np.random.Generator, draws: int) -> Floats:
        counts = rng.poisson(10.0, size=(draws, 160))
        return np.concatenate([np.zeros((draws, 1)), counts.cumsum(axis=1)], axis=1)

    law = at.Law.simulate(poisson, [1_000], START, seed=1, tolerance=0.05)
    ending = at.laws.with_end(law, 0.01)
    values = ending.surface()[:, 0, -1]
    error = float(values.std(ddof=1) / np.sqrt(values.size))
    # read at the ends of days, an end within the day of the crossing counts for half of it
    daily = oracles.poisson_ended(10.0, 0.01, 1_000)
    assert values.mean() == pytest.approx(daily, abs=5 * error + 0.01 / 2)
    assert abs(values.mean() - oracles.poisson_ended(10.2, 0.01, 1_000)) > 5 * error


def test_where_the_rise_may_end_the_total_on_any_day_is_that_of_paths_which_stand_still() -> None:
    rng, hazard, days = np.random.default_rng(4), 0.01, 150
    steps = rng.gamma(2.0, 5.0, size=(20_000, days))
    paths = 500 + np.concatenate([np.zeros((20_000, 1)), steps.cumsum(axis=1)], axis=1)
    ending = at.laws.with_end(at.Law.from_paths(paths, [1_000], start=START), hazard)
    # an end is taken within a day, and the total between the ends of two days
    end = np.minimum(rng.exponential(1 / hazard, size=20_000)[:, None], np.arange(days + 1.0))
    whole = np.minimum(end.astype(int), days - 1)
    rows = np.arange(20_000)[:, None]
    rise = paths[rows, whole + 1] - paths[rows, whole]
    stopped = paths[rows, whole] + (end - whole) * rise
    for day in (1, 20, 90, 150):
        on, probabilities = START + timedelta(days=day), (0.05, 0.2, 0.5, 0.8, 0.95)
        levels = ending.quantiles(probabilities, on=on)
        below = [(stopped[:, day] <= level).mean() for level in levels]
        np.testing.assert_allclose(below, probabilities, atol=0.015)
    for level in (800.0, 1_700.0):  # nobody asked about them
        expected = (stopped >= level).mean(axis=0)
        assert ending.probability(level, by=START + timedelta(days=150)) == pytest.approx(
            expected[-1], abs=0.015
        )


@pytest.mark.parametrize("hazard", [1e-5, 0.001, 0.02])
def test_the_four_masses_sum_to_one_and_are_those_of_the_law_without_an_end(hazard: float) -> None:
    law = normal_law([905.0, 1_000.0, 1_090.0], days=200)
    ending = at.laws.with_end(law, hazard)
    for threshold in law.thresholds:
        plain, masses = (at.laws.masses(x, float(threshold)) for x in (law, ending))
        assert sum((masses.already, masses.within, masses.beyond, masses.ended)) == pytest.approx(
            1.0
        )
        assert masses.already == plain.already
        assert masses.beyond == pytest.approx(np.exp(-200 * hazard) * plain.beyond, abs=1e-9)
        assert masses.ended > 0
        assert plain.ended == 0


def test_the_end_before_the_crossing_has_the_probability_of_simulated_ends() -> None:
    rng = np.random.default_rng(8)
    n = 40_000
    passing = 100 + 20 * rng.standard_normal(n)  # the day on which normal_law passes 1,000
    end = rng.exponential(1 / 0.01, n)
    masses = at.laws.masses(at.laws.with_end(normal_law([1_000.0], days=120), 0.01), 1_000.0)
    first = np.mean((end < passing) & (end <= 120))
    neither = np.mean((end > 120) & (passing > 120))
    assert masses.ended == pytest.approx(first, abs=5 * np.sqrt(0.25 / n) + 2e-3)
    assert masses.beyond == pytest.approx(neither, abs=5 * np.sqrt(0.25 / n) + 2e-3)


def test_a_quantile_that_the_end_forestalls_has_its_own_state() -> None:
    ending = at.laws.with_end(normal_law([1_000.0], days=120), 0.005)
    read = at.laws.crossing(ending, 1_000.0)
    assert read.upper.state == "ended"
    assert read.upper.day is None
    citation = at.cite(ending, 1_000.0)
    assert "if the rise has a one in 200 chance of ending each day" in citation.sentence
    for part in ("that the rise ends first", "to never, because the rise ends first"):
        assert part in citation.note, part
    unlikely = at.cite(at.laws.with_end(normal_law([1_000.0], days=120), 0.05), 1_000.0)
    assert "likely to be still below 1,000 on 1 October 2025" in unlikely.sentence
    assert "99 % because the rise ends first" in unlikely.sentence


def test_no_hazard_is_the_same_law_and_two_are_refused() -> None:
    law = normal_law([1_000.0])
    assert at.laws.with_end(law, 0.0) is law
    with pytest.raises(at.InputError, match="one end"):
        at.laws.with_end(at.laws.with_end(law, 0.01), 0.01)
    with pytest.raises(at.InputError, match="hazard"):
        at.laws.with_end(law, -0.01)


def test_the_assumption_puts_conditional_and_unconditional_side_by_side(
    exact_text: str, write: Write
) -> None:
    text = f'{exact_text}end_hazard = {{ value = 0.01, reason = "talks" }}\n'
    forecast = at.forecast(at.read_dossier(write(text)), seed=1, thresholds=[980_000])
    plain, ending = at.reporting.results(forecast)["crossings"]
    assert (plain["end_hazard"], ending["end_hazard"]) == (0.0, 0.01)
    assert plain["within"] == pytest.approx(1.0, abs=1e-12)
    assert ending["within"] == pytest.approx(np.exp(-0.01 * 29.5), rel=1e-4)  # day 30, evenly
    assert ending["ended_first"] == pytest.approx(1 - ending["within"])
    assert [
        row["reason"]
        for row in at.reporting.results(forecast)["assumptions"]
        if "end" in row["name"]
    ] == ["talks"]


def test_the_command_takes_a_hazard_and_is_off_by_default(
    exact_text: str, write: Write, command: Command
) -> None:
    path = str(write(exact_text))
    assert len(json.loads(command("forecast", path, "--json").stdout)["crossings"]) == 1
    done = command("forecast", path, "--end-hazard", "0.01")
    assert done.returncode == 0, done.stderr
    assert "ended" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    assert "if the rise continues" in done.stdout
    wrong = command("forecast", path, "--end-hazard", "-1")
    assert wrong.returncode == 2
    assert "hazard" in wrong.stderr
