"""Which report moves the date, several totals at once, and what assumptions are worth."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import attrition as at
from attrition.cli import app
from attrition.data.elicitation import quantile
from attrition.forecasts.sensitivities import _shares, varied

FEW = 64  # points per replicate
THREE = ("one", "two", "three")


def dossier(**changes: object) -> at.Dossier:
    """Return three sources on a young count, of which the third contradicts the others."""
    claims = [
        {
            "quantity": "wounded-and-killed",
            "source": source,
            "kind": "level",
            "low": 0.98 * total * factor,
            "high": 1.02 * total * factor,
            "as_of": day,
            "published": day,
        }
        for source, factor in zip(THREE, (1.0, 1.02, 2.0), strict=True)
        for day, total in (("2024-03-01", 6_000), ("2024-05-01", 12_100))
    ]
    killed = {
        "quantity": "killed",
        "source": "one",
        "kind": "level",
        "low": 2_700,
        "high": 3_300,
        "as_of": "2024-05-01",
        "published": "2024-05-01",
    }
    content: dict[str, object] = {
        "id": "three",
        "sources": {key: {"name": key.title()} for key in THREE},
        "quantities": {
            "wounded-and-killed": {
                "title": "Casualties",
                "definition": "killed and wounded",
                "unit": "persons",
                "category": "casualties",
                "start": "2024-01-01",
                "thresholds": [20_000],
            },
            "killed": {
                "title": "Killed",
                "definition": "killed",
                "unit": "persons",
                "category": "killed",
                "part_of": "wounded-and-killed",
                "start": "2024-01-01",
                "thresholds": [5_000],
            },
        },
        "claims": [*claims, killed],
        "assumptions": {"source_error": {"value": 0.1, "reason": "for the test"}},
    }
    return at.Dossier.of(**{**content, **changes})


@pytest.fixture(scope="module")
def answer() -> at.Forecast:
    return at.forecast(
        dossier(),
        seed=1,
        as_of=date(2024, 5, 5),
        horizon=date(2025, 5, 5),
        size=FEW,
    )


def test_leaving_out_a_source_agrees_with_a_dossier_that_lacks_it(answer: at.Forecast) -> None:
    table = at.forecasts.influence(answer, "wounded-and-killed", 20_000)
    base = at.laws.crossing(answer.law("wounded-and-killed"), 20_000).median.offset
    assert base is not None
    shifts = {}
    for key in ("one", "three"):
        less = dossier()
        kept = tuple(c for c in less.claims if c.source != key)
        again = at.forecast(
            less.model_copy(update={"claims": kept}),
            seed=1,
            as_of=date(2024, 5, 5),
            horizon=date(2025, 5, 5),
            size=FEW,
            quantities=["wounded-and-killed"],
        )
        median = at.laws.crossing(again.law("wounded-and-killed"), 20_000).median
        assert median.offset is not None
        shifts[key] = float(table["shift_days"].sel(item=key.title()))
        # two estimates from few draws
        assert shifts[key] == pytest.approx(median.offset - base, abs=6.0)
    # without the source that agrees with another the total may be twice as large
    assert shifts["one"] < -30
    assert str(table["item"].values[0]) == "One"


def test_a_figure_that_the_others_contradict_is_flagged(answer: at.Forecast) -> None:
    table = at.forecasts.influence(answer, "wounded-and-killed", 20_000, by="claim")
    by_name = {str(item): i for i, item in enumerate(table["item"].values)}
    surprise = table["surprise"].values
    odd = [surprise[i] for name, i in by_name.items() if name.startswith("Three")]
    usual = [surprise[i] for name, i in by_name.items() if not name.startswith("Three")]
    # given the source's other figure its own is no surprise: the errors go together
    assert min(usual) >= 0
    assert max(odd) < 8
    alone = dossier()
    kept = tuple(c for c in alone.claims if not (c.source == "three" and c.as_of.last.month == 5))
    alone = alone.model_copy(update={"claims": kept})
    other = at.forecast(
        alone,
        seed=1,
        as_of=date(2024, 5, 5),
        horizon=date(2025, 5, 5),
        size=FEW,
    )
    shifts = at.forecasts.influence(other, "wounded-and-killed", 20_000, by="claim")
    worst = shifts.isel(item=int(np.argmax(shifts["surprise"].values)))
    assert str(worst["item"].values).startswith("Three")
    assert float(worst["stated"]) == pytest.approx(12_000, rel=0.02)
    assert float(worst["expected"]) == pytest.approx(6_050, rel=0.1)


def test_of_two_thresholds_of_one_total_the_lower_comes_first(answer: at.Forecast) -> None:
    dates = answer.before(("wounded-and-killed", 18_000), ("wounded-and-killed", 25_000))
    assert dates.second_before == 0
    assert dates.first_before > 0.5
    total = dates.first_before + dates.second_before + dates.same_day
    assert total + dates.passed + dates.neither == pytest.approx(1, abs=1e-12)


def test_joint_dates_agree_with_the_laws(answer: at.Forecast) -> None:
    dates = answer.dates(("wounded-and-killed", 20_000), ("killed", 5_000))
    day = dates["day"].values
    for column, key, threshold in ((0, "wounded-and-killed", 20_000), (1, "killed", 5_000)):
        law = answer.law(key)
        row = law.surface().mean(axis=0)[list(law.thresholds).index(threshold)]
        for when in (0, 60, 120):
            assert (day[:, column] <= when).mean() == pytest.approx(row[when], abs=0.05)
    # the part and the whole go together: given the one, the other is known better
    finite = np.isfinite(day).all(axis=1) & (day > 0).all(axis=1)
    assert np.corrcoef(day[finite].T)[0, 1] > 0.3


def test_the_killed_share_lies_within_zero_and_one_and_near_what_is_reported(
    answer: at.Forecast,
) -> None:
    share = answer.ratio("killed", "wounded-and-killed")
    assert 0 < share.lower < share.median < share.upper < 1
    assert share.median == pytest.approx(0.25, abs=0.06)
    later = answer.ratio("killed", "wounded-and-killed", on=date(2024, 12, 1))
    assert later.upper - later.lower > share.upper - share.lower
    recent = answer.ratio("killed", "wounded-and-killed", since=date(2024, 4, 1))
    assert recent.upper - recent.lower > share.upper - share.lower


def test_whole_paths_agree_with_the_law_and_never_fall(answer: at.Forecast) -> None:
    paths = answer.paths("wounded-and-killed", draws=4_000, rng=3)
    assert (np.diff(paths.values, axis=1) >= 0).all()
    law = answer.law("wounded-and-killed")
    row = law.surface().mean(axis=0)[list(law.thresholds).index(20_000)]
    for when in (30, 90, 150):
        assert (paths.values[:, when] >= 20_000).mean() == pytest.approx(row[when], abs=0.05)
    part = answer.paths("killed", draws=4_000, rng=3)
    assert (part.values < paths.values).all()


def test_a_ratio_outside_the_days_is_refused(answer: at.Forecast) -> None:
    with pytest.raises(at.InputError, match="horizon"):
        answer.ratio("killed", "wounded-and-killed", on=date(2030, 1, 1))
    with pytest.raises(at.InputError, match="since"):
        answer.ratio("killed", "wounded-and-killed", since=date(2020, 1, 1))


def test_varied_assumptions_are_multiplied_and_nothing_else_changes() -> None:
    whole = at.read_dossier()
    changed = varied(whole, {"spread": 2.0, "hedge_widths": 1.5})
    for key in whole.quantities:
        now, was = changed.assumption("spread", key), whole.assumption("spread", key)
        assert now.value == 2 * float(was.value)
        assert changed.assumption("volatility", key) == whole.assumption("volatility", key)
        assert changed.assumption("day_noise", key) == whole.assumption("day_noise", key)
    one, other = (
        at.elicit(claim, dossier=case) for case in (whole, changed) for claim in case.claims[:1]
    )
    widths = [float(np.ptp(np.log(quantile(d, [0.05, 0.95])))) for d in (one, other)]
    assert widths[1] == pytest.approx(1.5 * widths[0], rel=0.05)


def test_shares_of_variance_are_those_of_a_known_function() -> None:
    def known(unit: np.ndarray) -> float:
        x = 2 * unit - 1
        return float(3 * x[0] + x[1] + 2 * x[0] * x[1])

    shares, attrs = _shares(known, 2, 64, 1, "q")
    # variances: 9/3, 1/3 and 4/9, whose interaction is shared evenly
    parts = np.array([3, 1 / 3, 4 / 9])
    assert attrs["r_squared"] == pytest.approx(1)
    assert shares["first"] == pytest.approx(parts[:2] / parts.sum())
    assert shares["total"] == pytest.approx((parts[:2] + parts[2]) / parts.sum())
    assert shares["shapley"] == pytest.approx((parts[:2] + parts[2] / 2) / parts.sum())
    assert shares["shapley"].sum() == pytest.approx(1)


def test_a_wider_pace_moves_the_date_and_what_does_not_enter_does_not() -> None:
    table = at.forecasts.sensitivity(
        at.read_dossier(),
        "kharkiv-advance",
        10_000,
        rng=1,
        basis="csis",
        points=0,
        factors={"spread": (0.5, 2.0), "source_drift": (0.5, 2.0)},
    )
    assert abs(float(table["upper_days"].sel(item="spread"))) > 1
    assert float(table["upper_days"].sel(item="source_drift")) == pytest.approx(0, abs=0.5)


def test_a_wider_spread_moves_the_date_also_where_the_kind_decides_on_the_pace() -> None:
    # one end of one run is known to about 0.7 days
    shifts = [
        at.forecasts.sensitivity(
            dossier(),
            "wounded-and-killed",
            20_000,
            rng=seed,
            as_of=date(2024, 5, 5),
            horizon=date(2025, 5, 5),
            points=0,
            factors={"spread": (0.25, 4.0)},
        ).sel(item="spread")
        for seed in (1, 2)
    ]
    narrow, wide = (
        np.mean([float(table[name]) for table in shifts]) for name in ("lower_days", "upper_days")
    )
    assert wide < 0
    assert narrow > 1
    assert narrow - wide > 3


def test_too_few_variants_are_refused() -> None:
    with pytest.raises(at.InputError, match="variants"):
        at.forecasts.sensitivity(
            at.read_dossier(), "kharkiv-advance", 10_000, rng=1, basis="csis", points=8
        )


def test_the_commands_print_tables_and_json(tmp_path: Path) -> None:
    stated = {"source_error": 0.1, "volatility": 0.07}  # one hypothesis is enough here
    assumed = {key: {"value": value, "reason": "for the test"} for key, value in stated.items()}
    path = at.write_dossier(dossier(assumptions=assumed), tmp_path / "three.toml")
    runner = CliRunner()
    asked = [str(path), "--quantity", "wounded-and-killed"]
    plain = runner.invoke(app, ["influence", *asked])
    assert plain.exit_code == 0, plain.output
    assert "Three" in plain.output
    output = runner.invoke(app, ["influence", *asked, "--by", "claim", "--json"])
    rows = json.loads(output.output)["rows"]
    assert {row["contradicted"] for row in rows} <= {True, False}
    refused = runner.invoke(app, ["influence", *asked, "--by", "nobody"])
    assert refused.exit_code != 0
    moved = runner.invoke(app, ["sensitivity", "--quantity", "kharkiv-advance", "--basis", "csis"])
    assert moved.exit_code == 0, moved.output
    assert "spread" in moved.output


def test_a_record_of_a_posterior_is_computed_again() -> None:
    small = at.forecast(
        dossier(),
        seed=1,
        as_of=date(2024, 5, 5),
        horizon=date(2025, 5, 5),
        quantities=["killed"],
        tolerance=30.0,
    )
    assert at.verify(at.reporting.make_record(small)).holds
