"""Two figures and a threshold, asked as a user asks."""

from __future__ import annotations

import itertools
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats
from typer.testing import CliRunner

import attrition as at
import oracles
from attrition.cli import app
from attrition.core._typing import Floats
from attrition.models.families import Family, PaceFamily, bundled_priors
from attrition.models.gains import quantiles

ON = date(2025, 6, 3)
Days = npt.NDArray[np.int64]


def _plain(family: Family, rng: np.random.Generator, days: int, draws: int) -> Floats:
    """Draw gains at one a day, times 100, of a family from its formulas alone; written anew."""
    t = np.arange(days) + 0.5
    k = 1 - (1 - t / family.tau) * np.exp(-t / family.tau)
    scale = 1 / np.sqrt(rng.chisquare(family.nu, draws) / family.nu)
    z = family.mu + family.s * scale * rng.standard_normal(draws)
    z = np.clip(z, np.log(family.least), np.log(family.most))
    rate = np.full(draws, 100.0)
    if family.window:
        sd = np.sqrt(family.phi / family.window / 100.0)
        rate = rate * np.exp(sd * scale * rng.standard_normal(draws))
    log = z[:, None] * k
    if family.fade is not None:
        low, high = np.log(family.fade)
        life = np.exp(rng.normal((low + high) / 2, (high - low) / 2 / 1.6448536269514722, draws))
        log = log - t / life[:, None]
    mean = rate[:, None] * np.exp(log)
    if family.phi == 1:
        return np.cumsum(rng.poisson(mean).astype(float), axis=1)
    return np.cumsum(family.phi * rng.gamma(mean / family.phi), axis=1)


@pytest.mark.parametrize("kind", ["steady", "epidemic", "conflict", "disaster"])
def test_the_law_is_that_of_plain_paths_of_the_same_model(kind: str) -> None:
    rng, draws, days = np.random.default_rng(5), 20_000, 60
    level = stats.lognorm(0.02, scale=10_000)
    parts = [
        level.rvs(int(draws * share), random_state=rng)[:, None]
        + _plain(family, rng, days, int(draws * share))
        for family, share in bundled_priors().mixture(kind)
    ]
    totals = np.concatenate(parts)
    answer = at.when(13_000, level=level, rate=100, on=ON, kind=kind, seed=3)
    for lead in (15, 30, 45, 60):
        share = float((totals[:, lead - 1] >= 13_000).mean())
        error = np.sqrt(max(share * (1 - share), 1e-4) / draws)
        chance = answer.probability(by=ON + timedelta(days=lead))
        assert chance == pytest.approx(share, abs=5 * error)
        total = answer.total(ON + timedelta(days=lead))
        for bound, p in ((total.lower, 0.05), (total.median, 0.5), (total.upper, 0.95)):
            below = float((totals[:, lead - 1] <= bound).mean())
            assert below == pytest.approx(p, abs=5 * np.sqrt(p * (1 - p) / draws) + 0.002)


def test_a_pace_that_is_steady_is_not_one_that_moves() -> None:
    # The twin of the test above: the wrong model is told apart.
    rng = np.random.default_rng(5)
    totals = 10_000 + _plain(bundled_priors().family("epidemic"), rng, 60, 5_000)
    steady = at.when(13_000, level=10_000, rate=100, on=ON, kind="steady")
    share = float((totals[:, 44] >= 13_000).mean())
    assert abs(steady.probability(by=ON + timedelta(days=45)) - share) > 0.2


def test_exact_figures_at_a_steady_pace_give_the_poisson_law() -> None:
    answer = at.when(1_000, level=500, rate=10, on=ON, kind="steady")
    for lead in (30, 45, 50, 55, 80):
        chance = answer.probability(by=ON + timedelta(days=lead))
        assert chance == pytest.approx(special.gammainc(500, 10 * lead), abs=2e-4)
    total = answer.total(ON + timedelta(days=50))
    assert (total.lower, total.upper) == pytest.approx(
        500 + stats.poisson(500).ppf([0.05, 0.95]), abs=1
    )


def test_a_certain_level_between_two_atoms_is_a_step_for_each() -> None:
    level = stats.rv_discrete(values=([100, 900], [0.25, 0.75]))
    answer = at.when(1_000, level=level, rate=10, on=ON, kind="steady")
    for lead, parts in ((10, (900, 100)), (90, (900, 100))):
        exact = sum(
            w * special.gammainc(n, 10 * lead) for w, n in zip((0.25, 0.75), parts, strict=True)
        )
        assert answer.probability(by=ON + timedelta(days=lead)) == pytest.approx(exact, abs=5e-4)


@settings(max_examples=settings().max_examples // 12, deadline=None)
@given(
    width=st.floats(1.001, 1.5),
    spread=st.floats(1.01, 3.0),
    rate=st.floats(0.5, 3_000),
    lead=st.integers(3, 300),
    prob=st.sampled_from([0.5, 0.8, 0.9]),
    kind=st.sampled_from([None, "epidemic", "conflict", "disaster"]),
)
def test_an_interval_of_the_total_holds_what_it_says_by_the_law(
    *, width: float, spread: float, rate: float, lead: int, prob: float, kind: str | None
) -> None:
    figures: dict[str, Any] = {
        "level": (50_000.0, 50_000.0 * width),
        "rate": (rate, rate * spread),
        "on": ON,
        "kind": kind,
        "horizon": ON + timedelta(days=lead),
    }
    total = at.when(60_000, **figures).total(ON + timedelta(days=lead), prob=prob)
    low, high = (
        at.when(bound, **figures).probability(by=ON + timedelta(days=lead))
        for bound in (total.lower, total.upper)
    )
    assert low - high == pytest.approx(prob, abs=0.005)


def test_another_seed_moves_the_answer_by_its_error_only() -> None:
    figures: dict[str, Any] = {"level": (900_000, 1_000_000), "rate": (800, 1_250), "on": ON}
    answers = [at.when(1_000_000, seed=seed, **figures) for seed in (1, 2)]
    one, other = (answer.crossing().median for answer in answers)
    assert one.offset is not None
    assert other.offset is not None
    assert abs(one.offset - other.offset) < 6 * np.hypot(one.mcse or 0.0, other.mcse or 0.0)
    totals = [answer.total("2025-09-01") for answer in answers]
    error = np.hypot(totals[0].mcse, totals[1].mcse)
    assert abs(totals[0].median - totals[1].median) < 6 * error
    again = at.when(1_000_000, seed=1, **figures)
    assert np.array_equal(again.law.exceedance, answers[0].law.exceedance)
    assert again.total("2025-09-01") == totals[0]


class Slowing:
    """A pace that halves every so many days, for sure; or by a chance of one half never."""

    name, evidence, dimensions = "slowing", "made up for a test", 1

    def __init__(self, half_life: float, *, keeps_rate: bool, phi: float = 1.0) -> None:
        self.half_life, self.keeps_rate, self.phi = half_life, keeps_rate, phi

    def paces(self, uniforms: Floats, rate: Floats) -> tuple[Floats, Floats]:
        return rate, np.where(uniforms < 0.5, np.log(2) / self.half_life, 1e-12)

    def elapsed(self, movers: Floats, days: Days) -> Floats:
        return -np.expm1(-movers * days) / movers


def _slowing(half_life: float, need: float, rate: float, spread: float, lead: int) -> float:
    """P(gain >= need) by a lead of that pace: of exact need, a lognormal rate and no noise."""
    times = (half_life * -np.expm1(-np.log(2) * lead / half_life) / np.log(2), lead)
    return float(np.mean([stats.norm.sf(np.log(need / rate / t), scale=spread) for t in times]))


@pytest.mark.parametrize("keeps_rate", [True, False])
def test_a_family_of_ones_own_has_the_law_of_its_closed_form(*, keeps_rate: bool) -> None:
    spread = np.log(1_250 / 800) / 2 / stats.norm.ppf(0.95)
    family = Slowing(60.0, keeps_rate=keeps_rate)
    assert isinstance(family, PaceFamily)
    figures: dict[str, Any] = {"level": 950_000, "rate": (800, 1_250), "on": ON}
    answer = at.when(1e6, **figures, kind=family, horizon="2026-06-03")
    for lead in (40, 50, 60, 75, 90):
        expected = _slowing(60.0, 50_000, 1_000, spread, lead)
        assert answer.probability(by=ON + timedelta(days=lead)) == pytest.approx(expected, abs=2e-3)
    twin = _slowing(90.0, 50_000, 1_000, spread, 60)  # another half-life is told apart
    assert abs(answer.probability(by=ON + timedelta(days=60)) - twin) > 0.02
    assert "slowing" in str(answer)
    assert answer.law.provenance.assumptions[0][1:3] == ("slowing", "made up for a test")


def test_a_rate_that_is_integrated_gives_the_law_of_one_that_is_drawn() -> None:
    for phi, rate in ((1.0, (5, 20)), (8.0, "around 70 a week")):
        drawn, whole = (
            at.when(
                10_000,
                level=(9_000, 9_900),
                rate=rate,
                on=ON,
                kind=Slowing(100.0, keeps_rate=keeps, phi=phi),
            )
            for keeps in (False, True)
        )
        error = drawn.law.exceedance.std(axis=0, ddof=1) / 4
        gap = np.abs(drawn.law.exceedance.mean(axis=0) - whole.law.exceedance.mean(axis=0))
        assert (gap <= 5 * error + 3e-4).all()
        assert np.array_equal(drawn.totals("2025-09-01"), whole.totals("2025-09-01"))


@pytest.mark.parametrize("keeps_rate", [True, False])
def test_normal_level_and_rate_follow_the_closed_form(*, keeps_rate: bool) -> None:
    level, rate = (stats.Normal(mu=950e3, sigma=30e3), stats.Normal(mu=1_000.0, sigma=150.0))
    family = Slowing(1e12, keeps_rate=keeps_rate, phi=1e-3)
    answer = at.when(1e6, level=level, rate=rate, on=ON, kind=family, horizon="2025-12-31")
    for lead in (1, 7, 8, 40, 90, 200):
        expected = oracles.normal_level_and_rate((950e3, 30e3), (1e3, 150.0), 1e6, lead)
        assert answer.probability(by=ON + timedelta(days=lead)) == pytest.approx(expected, abs=3e-4)


@pytest.mark.parametrize("keeps_rate", [True, False])
def test_day_noise_alone_is_the_gamma_process(*, keeps_rate: bool) -> None:
    family = Slowing(1e12, keeps_rate=keeps_rate, phi=20.0)
    answer = at.when(1e3, level=0, rate=10, on=ON, kind=family)
    for lead in (60, 95, 102, 140):
        expected = oracles.gamma_process(0.5, 20.0, 1e3, lead)
        assert answer.probability(by=ON + timedelta(days=lead)) == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("spread", [300.0, 3_000.0, 30_000.0])
def test_day_noise_adds_to_the_level_as_the_integral_says(spread: float) -> None:
    level = stats.Normal(mu=950e3, sigma=spread)
    family = Slowing(1e12, keeps_rate=True, phi=25.0)
    answer = at.when(1e6, level=level, rate=1_000, on=ON, kind=family, horizon="2025-12-31")
    for lead in (45, 50, 55):
        expected = oracles.noisy_level((950e3, spread), 1_000.0, 25.0, 1e6, lead)
        assert answer.probability(by=ON + timedelta(days=lead)) == pytest.approx(expected, abs=3e-4)


def test_a_sharp_law_of_an_integrated_rate_is_read_day_by_day() -> None:
    answer = at.when(1_000, level=500, rate=10, on=ON, kind=Slowing(1e9, keeps_rate=True))
    for lead in (30, 45, 50, 55, 80):
        chance = answer.probability(by=ON + timedelta(days=lead))
        assert chance == pytest.approx(special.gammainc(500, 10 * lead), abs=5e-4)


def test_a_rate_of_two_atoms_is_integrated_at_both() -> None:
    rate = stats.rv_discrete(values=([200, 2_000], [0.5, 0.5]))
    family = Slowing(1e12, keeps_rate=True)
    answer = at.when(1e6, level=980_000, rate=rate, on=ON, kind=family, horizon="2025-12-31")
    for lead in (9, 10, 11, 60, 99, 100, 102):
        exact = float(np.mean(special.gammainc(20_000, np.array([200.0, 2_000.0]) * lead)))
        assert answer.probability(by=ON + timedelta(days=lead)) == pytest.approx(exact, abs=2e-3)


def test_what_is_neither_a_kind_nor_a_family_is_refused() -> None:
    for kind in ("war", 3, object()):
        with pytest.raises(at.InputError, match="kind of total"):
            at.when(1_000, level=500, rate=10, on=ON, kind=kind)  # type: ignore[arg-type]


def test_quantiles_of_counts_are_those_of_the_distribution() -> None:
    rng = np.random.default_rng(1)
    mean = np.exp(rng.uniform(np.log(0.01), np.log(3e6), 50_000))
    uniform = np.r_[rng.random(49_000), 10 ** rng.uniform(-11, -2, 1_000)]
    count = quantiles(1.0, mean, uniform)
    assert (special.pdtr(count, mean) >= uniform * (1 - 1e-9)).all()
    below = np.where(count > 0, special.pdtr(np.maximum(count - 1, 0), mean), 0.0)
    assert (below < uniform * (1 + 1e-9)).all()


def test_bounds_of_the_total_rise_and_a_higher_threshold_comes_later() -> None:
    figures: dict[str, Any] = {"level": (9_000, 10_000), "rate": (2, 30), "on": ON}
    answer = at.when(12_000, **figures)
    totals = [answer.total(ON + timedelta(days=lead)) for lead in range(0, 400, 40)]
    for one, other in itertools.pairwise(totals):
        assert one.lower <= other.lower
        assert one.median <= other.median
        assert one.upper <= other.upper
    later = at.when(12_500, **figures, horizon=answer.horizon)
    assert (later.law.exceedance.mean(axis=0) <= answer.law.exceedance.mean(axis=0) + 1e-9).all()


def test_paths_never_fall_and_have_the_totals_of_the_answer() -> None:
    answer = at.when(12_000, level=(9_000, 10_000), rate=(10, 30), on=ON, kind="conflict")
    paths = answer.draws(4_000)
    assert (np.diff(paths.values, axis=1) >= 0).all()
    total = answer.total(ON + timedelta(days=91))
    day = paths.values[:, 91]
    for bound, p in ((total.lower, 0.05), (total.median, 0.5), (total.upper, 0.95)):
        assert (day <= bound).mean() == pytest.approx(p, abs=5 * np.sqrt(p * (1 - p) / 4_000))


def test_the_toll_of_a_disaster_levels_off() -> None:
    # Turkey and Syria, 6 February 2023: 22,000 dead on the 10th, after four to five days.
    figures: dict[str, Any] = {
        "level": 22_000,
        "rate": (22_000 / 5, 22_000 / 4),
        "on": "2023-02-10",
    }
    day = "2023-03-01"
    assert at.when(100_000, kind="disaster", **figures).probability(by=day) <= 0.15
    assert at.when(100_000, **figures).probability(by=day) <= 0.5
    assert at.when(100_000, kind="steady", **figures).probability(by=day) >= 0.9


def test_the_million_of_2022_lies_inside_the_interval() -> None:
    answer = at.when(1_000_000, level=886_118, rate="about 2,400 a day", on="2022-01-31")
    read = answer.crossing()
    assert read.lower.day is not None
    assert read.lower.day < date(2022, 5, 17)
    assert 0.05 < answer.probability(by="2022-05-17") < 0.95


def test_steady_keeps_a_tenth_of_the_mixture_at_any_age() -> None:
    for age in (None, 0.0, 3.0, 400.0, 1e6):
        shares = {family.name: share for family, share in bundled_priors().mixture(None, age)}
        assert shares["steady"] >= 0.1
        assert sum(shares.values()) == pytest.approx(1.0)
    for kind in bundled_priors().names:
        assert sum(share for _, share in bundled_priors().mixture(kind)) == pytest.approx(1.0)
    assert all(family.evidence for family in bundled_priors().families)


def test_the_answer_reads_as_prose_without_a_source() -> None:
    answer = at.when(
        1_000_000, level="900,000 to 1,000,000", rate="around 1,000 a day", on="2025-06-03"
    )
    sentence = answer.cite().sentence
    assert "if it goes on as other totals have" in sentence
    assert "fighting" not in sentence
    assert "source" not in sentence
    table = str(answer)
    assert "mixture" in table
    assert "library's default" in table
    for family, share in bundled_priors().mixture(None, 950.0):
        assert (f" ({family.name})" in table) == (share >= 0.005)  # each in words, and none of none
    assert "that it moves far more than in these (wide)" in table
    assert "of its own kind" not in table


def test_words_of_a_rate_say_per_what() -> None:
    weekly = at.when(1_000, level=500, rate="exactly 70 a week", on=ON, kind="steady")
    daily = at.when(1_000, level=500, rate=10, on=ON, kind="steady")
    assert weekly.crossing().median.day == daily.crossing().median.day


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"threshold": -1}, "threshold must be a number above 0"),
        ({"threshold": float("nan")}, "threshold must be a number above 0"),
        ({"level": (10, 5)}, "must be above 0 and ascend"),
        ({"level": "around 1,000 a day"}, "a level must be a total"),
        ({"level": -5}, "must be a number, a pair"),
        ({"level": (1, 2, 3)}, "must be a number, a pair"),
        ({"rate": 0}, "a rate must be above 0"),
        ({"rate": "around 1,000"}, "a rate must say per what"),
        ({"kind": "war"}, "a kind of total must be one that is known"),
        ({"prob": 1.0}, "`prob` must lie between 0 and 1"),
        ({"seed": -1}, "`seed` must be a whole number"),
        ({"on": "2025-06"}, "a day must be a date that exists"),
        ({"horizon": "2025-01-01"}, "the horizon must lie after"),
    ],
)
def test_what_cannot_be_answered_is_refused(change: dict[str, Any], rule: str) -> None:
    asked: dict[str, Any] = {"level": 500, "rate": 10, "on": ON, "seed": 1, **change}
    threshold = asked.pop("threshold", 1_000)
    with pytest.raises(at.InputError, match=rule):
        at.when(threshold, **asked)


def test_the_command_says_what_the_library_says(tmp_path: Path) -> None:
    words = ["1,000,000", "--level", "900,000 to 1,000,000", "--rate", "around 1,000 a day"]
    words += ["--on", "2025-06-03", "--kind", "conflict"]
    answer = at.when(
        1_000_000,
        level="900,000 to 1,000,000",
        rate="around 1,000 a day",
        on="2025-06-03",
        kind="conflict",
    )
    printed = CliRunner().invoke(app, ["when", *words])
    assert printed.exit_code == 0
    assert printed.output == f"{answer}\n\n{answer.cite()}\n"
    file = tmp_path / "answer.svg"
    as_json = CliRunner().invoke(app, ["when", *words, "--json", "--plot", str(file)])
    assert json.loads(as_json.output)["median"]["day"] == str(answer.crossing().median.day)
    assert file.read_bytes().startswith(b"<svg ")


@pytest.mark.parametrize("level", [(900_000, 1_000_000), 950_000, (700, 1_400)])
def test_the_printed_lower_end_of_a_total_never_falls(level: Any) -> None:
    high = level[1] if isinstance(level, tuple) else level
    answer = at.when(1.2 * high, level=level, rate=high / 1_000, on="2025-06-03", seed=1)
    rows = [line.split("  ")[-1] for line in str(answer).splitlines() if line.startswith("total")]
    lows = [float(row.split(" to ")[0].replace(",", "")) for row in rows]
    assert len(lows) == 3
    assert lows == sorted(lows)


def test_the_law_of_two_figures_says_of_totals_what_the_answer_says() -> None:
    answer = at.when(60_000, level=(50_000, 55_000), rate=(90, 120), on="2025-06-03", seed=1)
    for lead in (0, 9, 60, 300):
        day = answer.on + timedelta(days=lead)
        read, words = at.laws.total(answer.law, day), answer.total(day)
        width = words.upper - words.lower
        for end in ("lower", "median", "upper"):
            assert getattr(read, end) == pytest.approx(getattr(words, end), abs=0.02 * width)
    # a threshold that nobody asked about is read from them
    later = answer.on + timedelta(days=200)
    level = answer.total(later, prob=0.8).upper
    assert at.laws.probability_by(answer.law, level, later) == pytest.approx(0.1, abs=0.01)


def test_a_median_that_is_printed_lies_between_the_ends_that_are_printed() -> None:
    """Of a toll that may be a hundred times as large the steps of print are larger than itself."""
    answer = at.when(100_000, level=22_000, rate=(4_400, 5_500), on="2023-02-10", seed=1)
    rows = re.findall(r"([\d,]+) to ([\d,]+) \(median ([\d,]+)\)", str(answer))
    assert len(rows) == 3
    for row in rows:
        low, high, middle = (int(text.replace(",", "")) for text in row)
        assert low <= middle <= high


@pytest.mark.parametrize("command", ["when", "forecast", "report"])
def test_the_kind_of_a_pace_has_one_name_in_every_command(command: str) -> None:
    text = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output
    options = set(re.findall(r"--[a-z-]+", re.sub(r"\x1b\[[\d;]*m", "", text)))
    assert "--pace" not in options
    assert "--kind" in options
