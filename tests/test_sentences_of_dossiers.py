"""The probability printed is that of what is said: read again, of dossiers and counts at random."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import settings

import attrition as at
from attrition.core._typing import Floats
from attrition.core.laws import make_law
from attrition.core.laws.digits import FINE, rounded
from attrition.core.laws.reading import mean_of
from attrition.forecasts.joint import increment_of
from attrition.page.whole import headline
from attrition.reporting.passing import words_in
from attrition.reporting.words import percent
from sentence_reader import DAY, PERCENT, days_of, figure, fits, stated

KNOWN = date(2025, 6, 3)
SEEDS = range(settings().max_examples // 30)  # ten times as many in scripts/nightly
ONE, OTHER = "ruritanian-killed", "graustarkian-killed"


def short(value: float) -> str:
    """Return a number of two digits as it is printed."""
    return f"{float(f'{value:.2g}'):,.0f}"


def claims(rng: np.random.Generator, about: str) -> Iterator[at.Claim]:
    """Yield what two sources say of a side: totals in words of all kinds, and a pace."""
    level = float(10 ** rng.uniform(2.8, 5.3))
    pace = max(level * rng.uniform(0.0005, 0.006), 1.0)
    for source in ("United Nations", "Field Study")[: 1 + int(rng.integers(2))]:
        mine = level * rng.uniform(0.8, 1.4)
        words = rng.choice(["around {}", "at least {}", "up to {}", "more than {}", "{}"])
        told = words.format(short(mine))
        yield at.claim(f"{told} killed", source=source, on=KNOWN, about=about)
    told = f"around {short(pace)} killed a day"
    yield at.claim(told, source="United Nations", on=KNOWN, about=about)


@functools.cache
def forecast_of(seed: int) -> at.Forecast:
    """Forecast two sides, each by every count of it."""
    rng = np.random.default_rng(seed)
    reports = [one for about in ("Ruritanian", "Graustarkian") for one in claims(rng, about)]
    counts = {one.source: "-".join(one.source.lower().split()) for one in reports}
    bases = ["latent", *counts.values()]
    return at.forecast(reports, bases=bases, size=128, seed=seed + 1, tolerance=60.0)


def round_level(law: at.Law, day: date, share: float) -> float:
    """Return a round total that a law of a day holds at about a share."""
    return max(float(f"{float(law.quantiles(share, on=day)[0]):.2g}"), 100.0)


def counted(law: at.Law) -> str:
    """Return how a sentence names a count."""
    names = {"latent": "the toll itself", "united-nations": "the United Nations’"}
    return names.get(law.provenance.basis, "the Field Study’s")


def columns_of(law: at.Law, threshold: float) -> Floats:
    return np.asarray(mean_of(law, threshold))


def worth(inside: np.ndarray) -> float:
    """Return how many draws leave an even chance the error of a share, (replicate, draw)."""
    return float(0.25 * inside.shape[0] / max(inside.mean(axis=1).var(ddof=1), 1e-12))


@pytest.mark.parametrize("seed", SEEDS)
def test_when_and_by_a_day(seed: int) -> None:
    forecast, rng = forecast_of(seed), np.random.default_rng(seed)
    for law in forecast.laws.values():
        for lead, share in ((0, 0.5), (40, 0.3), (300, 0.6), (729, 0.9)):
            level = round_level(law, KNOWN + timedelta(days=lead), share)
            hazard = float(rng.choice([0.0, 0.002]))
            one = at.laws.with_end(law, hazard) if hazard else law
            for prob in (0.5, 0.9):
                sentence = at.cite(one, level, prob=prob).sentence
                assert words_in(sentence) <= 40, sentence
                read = list(stated(sentence, one, level))
                assert read, sentence
                for printed, chance in read:
                    assert fits(printed, chance, one.draws), (sentence, printed, chance)
                top = headline(one, level, prob=prob)
                assert ("settle" in sentence) == (" is open: " in top), (sentence, top)
            day = KNOWN + timedelta(days=int(rng.integers(0, 730)))
            asked = at.cite(law, level, by=day).sentence
            told = re.search(rf"({PERCENT}) likely to (have|be still below)", asked)
            assert told, asked
            chance = float(columns_of(law, level)[(day - KNOWN).days])
            chance = 1 - chance if "below" in told[2] else chance
            assert fits(told[1], chance, law.draws), asked


@pytest.mark.parametrize("seed", SEEDS)
def test_a_total_on_a_day_and_what_is_added(seed: int) -> None:
    forecast = forecast_of(seed)
    for (key, basis), law in forecast.laws.items():
        for lead in (0, 30, 400):
            day = KNOWN + timedelta(days=lead)
            sentence = at.cite(law, on=day).sentence
            assert words_in(sentence) <= 40, sentence
            read = re.search(
                rf"({PERCENT}) likely to (?:have numbered|number|have been|be) "
                r"(?:between (.+?) and |(no more than )?)(\S+(?: million)?)( or more)? on",
                sentence,
            )
            assert read, sentence
            upper = figure(read[4])
            lower = figure(read[2]) if read[2] else 0.0 if read[3] else upper
            above = np.inf if read[5] else upper + 1
            chances = [
                float(columns_of(law, k)[lead]) if 0 < k < np.inf else float(k <= 0)
                for k in (lower, above)
            ]
            assert fits(read[1], chances[0] - chances[1], law.draws), (sentence, chances)
        since, on = KNOWN + timedelta(days=10), KNOWN + timedelta(days=200)
        added = at.cite(forecast, on=on, since=since, quantity=key, basis=basis).sentence
        read = re.search(
            rf"({PERCENT}) likely to rise by (?:at most |(\S+(?: million)?) to )(\S+(?: million)?)",
            added,
        )
        if law.provenance.floors and not read:
            assert "are minimums, and do not settle by how much" in added
            continue
        assert read, added
        _, gain = increment_of(forecast, since, on, (key, basis), 0.9)
        low = figure(read[2]) if read[2] else -np.inf
        inside = (gain >= low) & (gain <= figure(read[3]))
        assert fits(read[1], float(inside.mean()), worth(inside)), added


@pytest.mark.parametrize("seed", SEEDS)
def test_which_comes_first_and_a_ratio(seed: int) -> None:
    forecast = forecast_of(seed)
    day = KNOWN + timedelta(days=250)
    events = [
        (key, round_level(forecast.law(key, "latent"), day, share))
        for key, share in ((ONE, 0.4), (OTHER, 0.6))
    ]
    sentence = at.cite(forecast, before=(events[0], events[1])).sentence
    drawn = forecast.dates(*events)["day"].values
    draws = 0.25 / forecast.before(events[0], events[1]).mcse ** 2
    first, second = drawn[:, 0], drawn[:, 1]
    for pattern, chance in (
        (rf"are ({PERCENT}) likely to", (first < second).mean()),
        (rf"({PERCENT}) the other way round", (second < first).mean()),
        (rf"({PERCENT}) both already", ((first == 0) & (second == 0)).mean()),
        (rf"({PERCENT}) neither by", (np.isinf(first) & np.isinf(second)).mean()),
    ):
        for printed in re.findall(pattern, sentence):
            assert fits(printed, float(chance), draws), (sentence, printed, chance)
    told = at.cite(forecast, ratio=(ONE, OTHER), on=day).sentence
    read = re.search(
        rf"are ({PERCENT}) likely to number (\S+) to (\S+) for (each|every 100) ", told
    )
    assert read, told
    scale = 1 if read[4] == "each" else 100
    drawn = at.forecasts.joint.ratio_draws(forecast, ONE, OTHER, on=day, basis="latent") * scale
    inside = (drawn >= figure(read[2])) & (drawn <= figure(read[3]))
    assert fits(read[1], float(inside.mean()), worth(inside)), told


@pytest.mark.parametrize("seed", SEEDS)
def test_two_thresholds_and_several_counts(seed: int) -> None:
    forecast = forecast_of(seed)
    day = KNOWN + timedelta(days=200)
    for law in forecast.laws.values():
        pair = sorted({round_level(law, day, 0.3), round_level(law, day, 0.8)})
        sentence = at.cite(law, pair).sentence
        assert words_in(sentence) <= 55, sentence
        read = list(stated(sentence, law, *pair))
        assert read, sentence
        for number, chance in read:
            assert fits(number, chance, law.draws), (sentence, number, chance)
    for key in (ONE, OTHER):
        laws = [law for (name, _), law in forecast.laws.items() if name == key]
        if len(laws) > 1:
            level = round_level(laws[0], day, 0.5)
            sentence = at.cite(laws, level).sentence
            assert words_in(sentence) <= 40, sentence
            text = sentence.replace(">", "more than ").replace("<", "less than ")
            if ": " not in text:
                check_range(text, laws, level)
                continue
            for part in re.findall(r"[^)]*\)", text.split(": ", 1)[1]):
                if not re.search(PERCENT, part):
                    continue
                (of_it,) = [one for one in laws if counted(one) in part]
                for number, chance in stated(part, of_it, level):
                    assert fits(number, chance, of_it.draws), (sentence, part, chance)


def check_range(sentence: str, laws: list[at.Law], level: float) -> None:
    """Check the least and the largest chance of several counts by one day."""
    read = re.search(
        rf"is ({PERCENT}) \((.+?)\) to ({PERCENT}) \((.+?)\) likely to have passed .* by ({DAY})",
        sentence,
    )
    assert read, sentence
    _, last = days_of(read[5], KNOWN.year)
    chances = {counted(law): columns_of(law, level)[(last - KNOWN).days] for law in laws}
    for printed, who, chance in (
        (read[1], read[2], min(chances.values())),
        (read[3], read[4], max(chances.values())),
    ):
        assert chances[who] == chance, sentence
        assert fits(printed, float(chance), min(law.draws for law in laws)), sentence


def test_a_number_that_is_another_is_noticed() -> None:
    law = forecast_of(0).law(ONE, "united-nations")
    level = round_level(law, KNOWN + timedelta(days=300), 0.5)
    sentence = at.cite(law, level).sentence
    wrong = re.sub(r"(\d\d) %", lambda one: f"{(int(one[1]) + 7) % 100} %", sentence)
    assert wrong != sentence
    assert not all(fits(*pair, law.draws) for pair in stated(wrong, law, level))
    assert re.search(DAY, sentence)


def known_by(draws: int, p: float, seed: int) -> Floats:
    """Return P(T <= day) of sixteen replicates that know it as so many draws do."""
    day = np.arange(731.0)
    mean = np.clip(p * day / 500, 0, 1)
    rng = np.random.default_rng(seed)
    bridge = np.array([np.sort(rng.random(draws // 16)) for _ in range(16)])
    return np.array([np.searchsorted(one, mean) / one.size for one in bridge])


@pytest.mark.parametrize(
    ("draws", "least", "apart"),
    [(800, 0.5, 20), (3_200, 0.7, 5), (16_000, 0.8, 3), (64_000, 0.8, 2)],
)
def test_another_seed_hardly_ever_prints_another_claim(
    draws: int, least: float, apart: float
) -> None:
    what = forecast_of(0).law(ONE, "latent").provenance
    alike, spreads = [], []
    for p in np.linspace(0.15, 1.3, 12):
        bodies, numbers = [], []
        for seed in range(20):
            column = known_by(draws, float(p), seed)[:, None]
            sentence = at.cite(make_law(column, [1e4], KNOWN, what), 1e4).sentence
            numbers.append([float(number) for number in re.findall(r"([\d.]+) %", sentence)])
            bodies.append(re.sub(r"[\d.]+ %", "# %", sentence))
        usual = max(set(bodies), key=bodies.count)
        alike.append(bodies.count(usual) / 20)
        same = [row for row, body in zip(numbers, bodies, strict=True) if body == usual]
        spreads += [float(np.ptp(column)) for column in zip(*same, strict=True)]
    assert np.mean(alike) >= least, alike
    assert np.quantile(spreads, 0.9) <= apart, spreads


@pytest.mark.parametrize("draws", [200, 1_000, 4_000, 90_000])
def test_no_number_is_finer_than_its_error_allows_and_none_is_wrong(draws: int) -> None:
    for chance in np.linspace(0.0, 1.0, 997):
        printed = percent(float(chance), draws)
        assert fits(printed, float(chance), draws), (printed, chance)
        mark = rounded(float(chance), draws)
        if 0.075 < chance < 0.925 and draws < FINE:
            assert round(100 * mark) % (5 if draws >= 400 else 10) == 0
    assert fits(percent(0.537), 0.537)
    assert percent(1.0, 20) == "more than 86 %"
