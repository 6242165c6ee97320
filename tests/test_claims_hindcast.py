"""Hindcasts of claims: what is seen, what is predicted, and how it is scored."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from benchmarks.claims import table_only
from benchmarks.spline import fitted_spread, spline_figure
from scipy import stats
from typer.testing import CliRunner

import attrition as at
from attrition.cli import app
from attrition.core.workers import one_thread
from attrition.evaluation import ClaimsHindcast, record_claims
from attrition.evaluation.claims import CARRIED, OURS, SPREAD, carried_figure
from attrition.evaluation.stands import (
    Dated,
    KnownFigure,
    normals,
    point,
    printed,
    redated,
    stands_of,
)
from attrition.models.assimilation.evidence import recordings_of

WAR = "war-in-ukraine-2025-06"
HEAD = """
[dossier]
id = "monthly"

[sources.ministry]
name = "Ministry"

[sources.office]
name = "Office"

[quantities.total]
title = "Casualties"
definition = "killed and wounded"
unit = "persons"
category = "casualties"
start = 2024-01-01

[quantities.killed]
title = "Killed"
definition = "killed"
unit = "persons"
category = "killed"
part_of = "total"
start = 2024-01-01

[assumptions]
source_error = { value = 0.2, reason = "a test" }
"""


def claim(source: str, month: int, figure: str, quantity: str = "total", late: int = 0) -> str:
    published = date(2024, month, 28).replace(month=month + late)
    return (
        f'[[claims]]\nquantity = "{quantity}"\nsource = "{source}"\nkind = "level"\n{figure}\n'
        f"as_of = 2024-{month:02}-28\npublished = {published}\n"
    )


def monthly(last: str = "point = 61_300") -> str:
    """Ministry, from February to June; the office joins in April, and prints killed in May."""
    rows = [claim("ministry", m, f"point = {10_000 * m + 137}") for m in range(2, 6)]
    rows.insert(3, claim("office", 4, "low = 45_000\nhigh = 55_000"))
    rows.insert(4, claim("office", 4, "low = 9_000", "killed", late=1))
    return HEAD + "\n".join([*rows, claim("ministry", 6, last)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("claims")


def read(folder: Path, text: str) -> at.Dossier:
    file = folder / "monthly.toml"
    file.write_text(text, encoding="utf-8")
    return at.read_dossier(file)


@pytest.fixture(scope="module")
def past(folder: Path) -> ClaimsHindcast:
    return at.hindcast(read(folder, monthly()), rng=1)


def test_every_figure_of_which_something_was_known_is_predicted(past: ClaimsHindcast) -> None:
    assert [f.claim for f in past.figures[OURS]] == [1, 2, 3, 4, 5, 6]
    assert list(past.left_out) == [0]
    assert [f.claim for f in past.figures[OURS] if f.first] == [3, 4]
    assert [f.claim for f in past.figures[CARRIED]] == [1, 2, 5, 6]
    assert past.summary(group="next").count == 4
    assert past.summary(as_by=CARRIED).count == past.summary(CARRIED).count


def test_what_appears_later_changes_no_byte_of_an_earlier_prediction(
    folder: Path, past: ClaimsHindcast
) -> None:
    spoilt = at.hindcast(read(folder, monthly("point = 91_300")), rng=1)
    for method, figures in past.figures.items():
        assert spoilt.figures[method][:-1] == figures[:-1]
    # the words of a figure are known, and how they are rounded; the number is not
    assert spoilt.figures[OURS][-1].median == pytest.approx(past.figures[OURS][-1].median, rel=1e-3)
    assert spoilt.figures[OURS][-1].crps > past.figures[OURS][-1].crps


def test_a_figure_that_appeared_late_is_known_early_only_by_the_day_it_describes(
    folder: Path,
) -> None:
    dossier = read(folder, monthly())
    chosen: tuple[Dated, ...] = ("published", "described")
    days = {
        dated: [
            stand.day
            for stand in stands_of(redated(dossier, dated), {})
            if 4 in {target.index for target in stand.targets}
        ]
        for dated in chosen
    }
    assert days == {"published": [date(2024, 5, 28)], "described": [date(2024, 4, 28)]}


def test_no_stand_knows_a_claim_or_a_count_of_its_own_day() -> None:
    dossier = at.read_dossier(WAR)
    for stand in stands_of(dossier, recordings_of(dossier))[::15]:
        assert all(
            dossier.claims[term.claim].published.last < stand.day for term in stand.evidence.terms
        )
        assert all(stand.evidence.date(counts.last) < stand.day for counts in stand.evidence.counts)


def test_a_late_figure_of_an_old_day_is_predicted_between_its_neighbours(folder: Path) -> None:
    late = claim("ministry", 3, "point = 35_000", late=4).replace(
        "as_of = 2024-03-28", "as_of = 2024-04-12"
    )
    late = late.replace("published = 2024-07-28", "published = 2024-07-01")
    past = at.hindcast(read(folder, monthly() + late), rng=1).figures[OURS][-1]
    assert (past.described, past.day) == (date(2024, 4, 12), date(2024, 7, 1))
    assert 31_000 < past.median < 40_000
    assert past.low < 35_000 < past.high


@pytest.mark.parametrize(
    ("index", "figure"), [(0, 20_137.0), (3, np.sqrt(45_000 * 55_000)), (4, 9_000.0)]
)
def test_the_figure_scored_is_a_number_a_geometric_middle_or_a_single_end(
    folder: Path, index: int, figure: float
) -> None:
    assert printed(read(folder, monthly()), index) == pytest.approx(figure)


def test_a_source_is_predicted_better_than_one_that_never_spoke(past: ClaimsHindcast) -> None:
    widths = {f.claim: np.log(f.high / f.low) for f in past.figures[OURS]}
    assert widths[5] < widths[3]


# ---------------------------------------------------------------------- scores


def test_crps_and_pit_of_a_normal_are_the_closed_forms() -> None:
    law = normals(np.ones(1), np.array([12.0]), np.array([0.3]))
    for log in (10.0, 11.8, 12.0, 12.7):
        z = (log - 12.0) / 0.3
        # Gneiting and Raftery 2007, equation 21
        closed = 0.3 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - np.pi**-0.5)
        assert law.crps(log) == pytest.approx(closed, rel=1e-3)
        assert law.pit(log) == pytest.approx(stats.norm.cdf(z), abs=1e-4)
    assert law.quantile(0.95) == pytest.approx(12.0 + 0.3 * stats.norm.ppf(0.95), abs=1e-3)


def test_crps_of_a_number_is_its_distance() -> None:
    assert point(9.0).crps(9.25) == pytest.approx(0.25)
    assert point(9.0).crps(8.0) == pytest.approx(1.0)


def test_a_mixture_of_far_parts_keeps_both() -> None:
    law = normals(np.array([0.5, 0.5]), np.array([9.0, 12.0]), np.array([0.01, 0.01]))
    assert law.pit(10.5) == pytest.approx(0.5, abs=1e-3)
    assert law.pit(9.0) == pytest.approx(0.25, abs=0.02)


# ---------------------------------------------------------------------- baselines


def test_a_last_figure_is_carried_at_its_trailing_pace_and_never_back() -> None:
    past = [KnownFigure("a", 0.0, day, figure) for day, figure in ((10.0, 100.0), (20.0, 300.0))]
    assert np.exp(carried_figure(past, 30.0)) == pytest.approx(500.0)
    assert np.exp(carried_figure(past[:1], 30.0)) == pytest.approx(300.0)
    assert np.exp(
        carried_figure([*past, KnownFigure("a", 0.0, 25.0, 200.0)], 30.0)
    ) == pytest.approx(200.0)


def test_the_spline_keeps_the_distance_of_two_sources() -> None:
    known = [
        KnownFigure(source, 0.0, day, factor * 1_000 * np.exp(day / 300))
        for day in range(100, 700, 60)
        for source, factor in (("a", 1.0), ("b", 1.5))
    ]
    table = {source: spline_figure(known, source, 730.0) for source in "abc"}
    (one, narrow), (other, _), (none, wide) = (table[s] or (0.0, 0.0) for s in "abc")
    assert other - one == pytest.approx(np.log(1.5), abs=0.05)
    assert one == pytest.approx(np.log(1_000) + 730 / 300, abs=0.1)
    assert one < none < other
    assert wide > narrow
    assert spline_figure(known[:2], "a", 730.0) is None


def test_the_spreads_of_the_spline_are_found_in_figures_made_with_them() -> None:
    rng = np.random.default_rng(3)
    sources = np.repeat(np.arange(15), 5)
    years = rng.uniform(0.2, 3.0, sources.size)
    logs = 1.0 + years + 0.3 * rng.standard_normal(15)[sources]
    logs += 0.05 * rng.standard_normal(sources.size)
    same = (sources[:, None] == sources).astype(float)
    with one_thread():
        _, source, figure = fitted_spread(years, logs, same)
    # fifteen sources: the standard error of their log standard deviation is 0.19
    assert abs(np.log(source / 0.3)) < 5 * 0.19
    assert abs(np.log(figure / 0.05)) < 5 * 0.1


# ---------------------------------------------------------------------- a twin of the benchmark


def early(**assumptions: float) -> at.Dossier:
    """The table up to the spring of 2023, without the chart; assumptions changed."""
    dossier = at.read_dossier(WAR)
    kept = [c for c in dossier.claims if c.published.last <= date(2023, 4, 30)]
    values = {
        name: at.dossier.Assumption(value=value, reason="a test")
        for name, value in assumptions.items()
    }
    quantities = {
        key: q.model_copy(update={"assumptions": q.assumptions.model_copy(update=values)})
        for key, q in dossier.quantities.items()
    }
    return dossier.model_copy(update={"claims": tuple(kept), "quantities": quantities})


def test_intervals_hold_on_the_first_year_and_not_where_sources_are_taken_to_be_right() -> None:
    ours = at.hindcast(early(), rng=1, series={}).summary()
    wrong = at.hindcast(early(source_error=0.003, source_drift=0.003), rng=1, series={}).summary()
    assert ours.count == wrong.count == 13
    # the same figures: independent or not, sources that are right cannot differ as these do
    assert ours.coverage[2] > wrong.coverage[2] + 0.3
    assert ours.crps < wrong.crps


def test_the_benchmark_scores_the_table_alone_and_scales_the_errors_of_sources() -> None:
    war, table = at.read_dossier(WAR), table_only(2.0)
    assert len(table.claims) == 103
    assert all("of the table." in claim.note for claim in table.claims)
    for quantity in war.quantities:
        for name in ("source_error", "source_drift"):
            stated, scaled = (d.assumption(name, quantity).value for d in (war, table))
            assert scaled == pytest.approx(2 * float(stated))


# ---------------------------------------------------------------------- refusals and the command


def test_what_cannot_be_hindcast_is_refused(folder: Path, past: ClaimsHindcast) -> None:
    alone = read(folder, HEAD + claim("ministry", 2, "point = 20_000"))
    with pytest.raises(at.InputError, match="Add earlier claims"):
        at.hindcast(alone, rng=1)
    wrong: Any = "yesterday"
    with pytest.raises(at.InputError, match="a figure is dated"):
        at.hindcast(alone, rng=1, dated=wrong)
    with pytest.raises(at.InputError, match="Known: attrition"):
        past.summary("magic")
    with pytest.raises(at.InputError, match='"all", "next" or "first"'):
        past.summary(group="last")


def test_the_command_prints_scores_and_writes_json(folder: Path, past: ClaimsHindcast) -> None:
    read(folder, monthly())
    out = folder / "out"
    done = CliRunner().invoke(app, ["hindcast", str(folder / "monthly.toml"), "--out", str(out)])
    assert done.exit_code == 0, done.output
    for method in (OURS, CARRIED):
        assert method in done.output
    assert "not predicted: claim 1," in done.output
    written = json.loads((out / "hindcast.json").read_text(encoding="utf-8"))
    assert written["figures"][OURS] == record_claims(past)["figures"][OURS]
    assert SPREAD in written["figures"]


def test_the_command_refuses_options_of_the_other_hindcast(folder: Path) -> None:
    read(folder, monthly())
    done = CliRunner().invoke(app, ["hindcast", str(folder / "monthly.toml"), "--every", "7"])
    assert isinstance(done.exception, at.InputError)
    assert "--every" in str(done.exception)


def test_a_figure_of_a_source_that_records_a_count_is_its_count_carried_on(folder: Path) -> None:
    days = pd.date_range("2024-01-01", "2024-05-31")
    count = pd.Series(350.0 * np.arange(1, days.size + 1), index=days, name="cumulative")
    series = {("ministry", "total"): at.read_series(count)}
    past = at.hindcast(read(folder, monthly()), rng=1, series=series).figures[OURS][-1]
    assert past.day == date(2024, 6, 28)
    assert past.median == pytest.approx(350 * 180, rel=0.02)
    assert past.high / past.low < 1.2
