"""Counts by date of event and of report: what is still to come is learnt, and is in the law."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import attrition as at
from attrition.core._typing import Floats
from attrition.core.errors import InputError
from attrition.data.series.findings import Days
from attrition.data.series.unreported import late_reports
from attrition.models.counts.totals import draw_totals
from attrition.models.pace import fit_pace
from attrition.reporting.record import series_content, series_from

FALSE_ALARM = 1e-6
DAYS, AHEAD, WORLDS = 240, 14, 60
BEGIN = np.datetime64("2024-01-01")


def world(seed: int, *, habit: bool = False, flat: bool = True) -> tuple[Floats, pd.DataFrame]:
    """Return true counts by day, and what was reported of each by day DAYS - 1 and when."""
    rng = np.random.default_rng([seed, 21])
    rate = np.exp(rng.uniform(np.log(8), np.log(300)))
    wander = 0.0 if flat else np.cumsum(rng.normal(0, 0.04, DAYS + AHEAD))
    daily = rng.poisson(np.minimum(rate * np.exp(wander), 20 * rate) * np.ones(DAYS + AHEAD))
    delay = np.diff(stats.expon.cdf(np.arange(41), scale=rng.uniform(1, 8)))
    rows = []
    for event, count in enumerate(daily[:DAYS]):
        for age, part in enumerate(rng.multinomial(count, delay / delay.sum())):
            report = event + age
            while habit and (report % 7) > 4:  # offices are shut at the week's end
                report += 1
            if part and report < DAYS:
                rows.append((event, report, part))
    event, report, part = np.array(rows).T
    columns = {"event_date": BEGIN + event, "report_date": BEGIN + report, "deaths": part}
    return daily.astype(float), pd.DataFrame(columns)


def read(frame: object, **words: object) -> at.Series:
    words = {"report_date": "report_date", **words}
    return at.read_series(frame, **words)  # type: ignore[arg-type]


def reported(seed: int, *, habit: bool = False, flat: bool = True) -> tuple[Floats, at.Series]:
    """Return true counts by day, and the series of their reports."""
    return _reported(seed, habit, flat)


@cache
def _reported(seed: int, habit: bool, flat: bool) -> tuple[Floats, at.Series]:  # noqa: FBT001
    daily, frame = world(seed, habit=habit, flat=flat)
    return daily, read(frame)


def vintages(frame: pd.DataFrame, every: int = 1) -> pd.DataFrame:
    """Return what each report knows of all days, instead of what it adds."""
    parts = []
    for day in sorted(frame.report_date.unique())[::-1][::every]:
        known = frame[frame.report_date <= day].groupby("event_date", as_index=False).deaths.sum()
        parts.append(known.assign(report_date=day))
    return pd.concat(parts[::-1])


# ------------------------------------------------------------------ what is learnt


def ladder(events: Days, reports: Days, known: Floats) -> Floats:
    """Return the counts of the textbook: each diagonal carried on by ratios of column sums."""
    ages = reports[-1] - events
    factors = []
    for age in range(int(ages.max())):
        pairs = [
            (known[i, j], known[i, j + 1])
            for i in range(events.size)
            for j in range(reports.size - 1)
            if reports[j] - events[i] == age
        ]
        a, b = np.array(pairs).T
        factors.append(b.sum() / a.sum())
    return np.array([known[i, -1] * np.prod(factors[age:]) for i, age in enumerate(ages.tolist())])


def test_many_counts_are_carried_on_by_the_chain_ladder() -> None:
    rng = np.random.default_rng(5)
    size, whole = 7, np.array([0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 1.0])
    events = reports = np.arange(size)
    known = np.zeros((size, size))
    for i in range(size):
        final = rng.integers(10**8, 2 * 10**8)
        known[i, i:] = np.round(final * whole[: size - i] * rng.uniform(0.999, 1.001))
    late = late_reports(events, reports, known)
    assert late is not None
    ours = late.missing
    # a triangle of hundreds of millions leaves nothing to what is usual: only ratios remain
    assert ours == pytest.approx(float((ladder(events, reports, known) - known[:, -1]).sum()), 1e-3)


def test_what_each_report_adds_and_what_it_knows_are_one_triangle() -> None:
    _, frame = world(1)
    adds, knows = read(frame), read(vintages(frame))
    assert series_content(adds) == series_content(knows) | {"name": adds.name}


def test_rows_of_several_places_are_summed_and_their_order_does_not_matter() -> None:
    _, frame = world(2)
    half = frame.assign(deaths=frame.deaths / 2)
    places = pd.concat([half.assign(place="A"), half.assign(place="B")])
    one = read(frame)
    with pytest.warns(at.AttritionWarning, match="told apart by `place`"):
        two = read(places.sample(frac=1, random_state=1))
    assert series_content(one)["late"] == series_content(two)["late"]


def test_files_of_several_days_are_read_as_what_was_known_by_each(tmp_path: Path) -> None:
    _, frame = world(3)
    weekly = vintages(frame, every=7)
    files = {}
    for day, part in weekly.groupby("report_date"):
        name = f"{day:%Y-%m-%d}"
        files[name] = tmp_path / f"{name}.csv"
        part.drop(columns="report_date").to_csv(files[name], index=False)
    one, two = read(weekly, kind="total"), at.read_series(files)
    assert series_content(one)["late"] == series_content(two)["late"]
    assert one.totals.tolist() == two.totals.tolist()


# ------------------------------------------------------------------ whether it holds


@pytest.mark.parametrize(("habit", "flat"), [(False, True), (True, True), (False, False)])
def test_what_is_still_to_come_lies_within_its_spread(habit: bool, flat: bool) -> None:  # noqa: FBT001
    scores = []
    for seed in range(2 * WORLDS):
        daily, series = reported(seed, habit=habit, flat=flat)
        late = series.reports.late
        assert late is not None
        missing = daily[:DAYS].sum() - series.totals[-1]
        scores.append((missing - late.missing) / late.spread)
    inside = int((np.abs(scores) < stats.norm.ppf(0.95)).sum())
    assert stats.binomtest(inside, 2 * WORLDS, 0.9, alternative="less").pvalue > FALSE_ALARM
    # of half the width it would not, so that the check can fail
    half = int((np.abs(scores) < stats.norm.ppf(0.95) / 2).sum())
    assert stats.binomtest(half, 2 * WORLDS, 0.9, alternative="less").pvalue < FALSE_ALARM


def test_the_law_holds_what_the_last_days_will_have_been_and_the_days_ahead() -> None:
    inside, unaware = [], []
    for seed in range(WORLDS):
        daily, series = reported(seed)
        drawn = draw_totals(fit_pace(series), AHEAD, 1_024, rng=1)[:, [0, AHEAD]]
        low, high = np.quantile(drawn, (0.05, 0.95), axis=0)
        truth = np.array([daily[:DAYS].sum(), daily.sum()])
        inside.append((low <= truth) & (truth <= high))
        unaware.append(series.totals[-1] >= low[0])  # as if nothing were still to come
    for hits in np.sum(inside, axis=0).tolist():
        assert stats.binomtest(hits, WORLDS, 0.9, alternative="less").pvalue > FALSE_ALARM
    assert stats.binomtest(sum(unaware), WORLDS, 0.9, alternative="less").pvalue < FALSE_ALARM


def test_the_pace_is_that_of_the_days_and_not_of_their_reports() -> None:
    for seed in range(8):
        daily, series = reported(seed)
        fit = fit_pace(series)
        assert abs(np.log(fit.rate / daily.mean())) < 5 * fit.rate_sd + 0.02


def test_a_count_that_is_complete_says_so() -> None:
    _, frame = world(4)
    done = frame.assign(report_date=frame.event_date + np.timedelta64(1, "D"))
    again = done.assign(report_date=done.event_date + np.timedelta64(2, "D"))
    series = read(vintages(pd.concat([done, again.assign(deaths=0)])))
    assert series.reports.late is None
    assert series.complete is series


# ------------------------------------------------------------------ through the doors


def test_a_record_holds_what_is_still_to_come_and_is_computed_again() -> None:
    _, frame = world(6)
    series = read(frame)
    total = float(series.totals[-1])
    forecast = at.forecast(series, thresholds=[round(total * 1.2)], seed=1, tolerance=30)
    assert "are still to be reported" in forecast.cite(round(total * 1.2)).note
    record = at.reporting.make_record(forecast)
    assert at.verify(record).holds
    content = series_content(series)
    late = content["late"]
    for wrong in ({"complete": [2.0]}, {"spread": 0.0}, {"missing": np.nan}, {"complete": "x"}):
        with pytest.raises(InputError, match="a series"):
            series_from({**content, "late": {**late, **wrong}}, "here")


def test_what_was_known_earlier_is_the_complete_days() -> None:
    _, frame = world(7)
    series = read(frame)
    assert series.reports.late is not None
    earlier = series.until(series.days[-3])
    assert earlier.reports.late is None
    assert earlier.days == series.complete.days
    assert series.until(series.days[-1]).last_day == series.last_day


def test_the_shell_gives_the_law_that_python_gives(tmp_path: Path) -> None:
    _, frame = world(8)
    file = tmp_path / "triangle.csv"
    frame.to_csv(file, index=False)
    threshold = int(frame.deaths.sum() * 1.3)
    asked = ("--series", str(file), "--report-date-column", "report_date", "--seed", "1")
    command = [sys.executable, "-m", "attrition", "forecast", *asked, "--tolerance", "5", "--json"]
    done = subprocess.run(
        [*command, "--threshold", str(threshold)], capture_output=True, text=True, check=True
    )
    (row,) = json.loads(done.stdout)["crossings"]
    law = at.forecast(read(file), thresholds=[threshold], seed=1, tolerance=5).law()
    assert row["median"] == str(at.laws.crossing(law, threshold).median.day)


def test_a_table_of_one_report_and_other_mistakes_are_refused() -> None:
    _, frame = world(9)
    one = vintages(frame)
    with pytest.raises(InputError, match="one report of each, 1 in all"):
        read(one[one.report_date == one.report_date.max()])
    with pytest.raises(InputError, match="must not lie after its report"):
        read(
            frame.rename(columns={"event_date": "r", "report_date": "event_date"}), report_date="r"
        )
    with pytest.raises(InputError, match="`report_date` must name a column, not `issue`"):
        read(frame, report_date="issue")
    with pytest.raises(InputError, match="must hold the day of its report"):
        read(frame.assign(report_date="soon"))
    with pytest.raises(InputError, match="must be of days or weeks"):
        read(frame[frame.event_date.dt.day == 1])
    with pytest.raises(InputError, match="two complete days"):
        read(frame[frame.event_date >= BEGIN + np.timedelta64(DAYS - 4, "D")], kind="new")


def test_two_days_in_different_centuries_do_not_fill_the_memory() -> None:
    _, frame = world(9)
    odd = frame.astype({"event_date": object})
    odd.loc[0, "event_date"] = "0200-01-01"
    with pytest.raises(InputError, match="within 200 years"):
        read(odd)
    late = frame.astype({"report_date": object})
    late.loc[0, "report_date"] = "2204-12-01"
    with pytest.raises(InputError, match="the last report must come soon after"):
        read(late)
