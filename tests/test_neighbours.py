"""In and out at every link: frames, calendars, draws and files of others."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import signal, stats

import attrition as at
from attrition.core.laws.paths import batch_edges
from attrition.data.elicitation import quantile
from attrition.data.elicitation.distributions import of_sample

DAYS = pd.date_range("2025-01-01", periods=40).as_unit("s")
TOTALS = np.cumsum(np.random.default_rng(1).poisson(30.0, 40)).astype(float)
CLAIMS = Path(at.__path__[0]) / "bundled" / "war_loss_claims_to_2025-06-03.csv"


def paths(chains: int = 4, draws: int = 100) -> xr.DataArray:
    steps = np.random.default_rng(2).gamma(3.0, 10.0, (chains, draws, DAYS.size))
    return xr.DataArray(
        900.0 + np.cumsum(steps, axis=2),
        dims=("chain", "draw", "time"),
        coords={"time": DAYS.values},
        name="deaths",
        attrs={"units": "persons"},
    )


# ------------------------------------------------------------------ series and claims


def test_a_count_reads_the_same_from_every_frame() -> None:
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    polars = pytest.importorskip("polars", reason="polars is not installed")
    frame = pd.DataFrame({"date": DAYS, "cumulative": TOTALS})
    expected = at.read_series(frame)
    forms: list[Any] = [
        polars.from_pandas(frame),
        polars.from_pandas(frame).to_arrow(),
        frame.set_index("date"),
        xr.DataArray(TOTALS, dims="time", coords={"time": DAYS}, name="cumulative"),
    ]
    for form in forms:
        series = at.read_series(form)
        assert series.days == expected.days
        assert series.totals.tolist() == expected.totals.tolist()


def test_dates_of_cftime_are_read_and_calendars_without_our_days_are_refused() -> None:
    pytest.importorskip("cftime", reason="cftime is not installed")
    for calendar, fits in (("standard", True), ("proleptic_gregorian", True), ("noleap", False)):
        days = xr.date_range("2025-01-01", periods=40, calendar=calendar, use_cftime=True)
        array = xr.DataArray(TOTALS, dims="time", coords={"time": days}, name="cumulative")
        law = xr.DataArray(paths().values, dims=("chain", "draw", "time"), coords={"time": days})
        if fits:
            assert at.read_series(array).days[-1] == date(2025, 2, 9)
            assert at.Law.from_paths(law, [1_500.0]).information_date == date(2025, 1, 1)
        else:
            for read in (
                lambda h=array: at.read_series(h),
                lambda h=law: at.Law.from_paths(h, [1.0]),
            ):
                with pytest.raises(at.InputError, match=r"Gregorian calendar.*noleap"):
                    read()
    early = xr.date_range("1500-01-01", periods=40, calendar="standard", use_cftime=True)
    with pytest.raises(at.InputError, match="Gregorian calendar"):
        at.read_series(xr.DataArray(TOTALS, dims="time", coords={"time": early}, name="cumulative"))


def test_a_table_of_claims_reads_the_same_from_every_frame() -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    expected = at.read_claims(CLAIMS)
    for frame in (pd.read_csv(CLAIMS), polars.read_csv(CLAIMS)):
        table = at.read_claims(frame)
        assert [row.point for row in table.rows] == [row.point for row in expected.rows]
        assert [row.published for row in table.rows] == [row.published for row in expected.rows]
        assert table.forms == expected.forms
    with pytest.raises(at.InputError, match="must have rows"):
        at.read_claims(pd.DataFrame({"source": []}))


def test_without_pyarrow_a_frame_that_speaks_arrow_is_refused_with_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Frame:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            raise AssertionError(requested_schema)

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(at.InputError, match=r"attrition\[parquet\]"):
        at.read_series(Frame())


# ------------------------------------------------------------------ distributions


def test_anything_with_cdf_and_ppf_is_a_distribution_as_in_preliz() -> None:
    class Preliz:
        """Offers what distributions of PreliZ offer: named parameters, cdf and ppf."""

        def cdf(self, x: Any) -> Any:
            return stats.norm(1e6, 5e4).cdf(x)

        def ppf(self, q: Any) -> Any:
            return stats.norm(1e6, 5e4).ppf(q)

    rows: list[Any] = [Preliz(), stats.norm(1e6, 5e4), stats.Normal(mu=1e6, sigma=5e4)]
    try:
        import preliz
    except Exception:  # noqa: BLE001, S110 - 0.24 does not import beside the newest matplotlib
        pass
    else:
        rows.append(preliz.Normal(1e6, 5e4))
    for distribution in rows:
        pool = at.pool({"one": at.elicit(distribution)})
        assert quantile(pool.distribution, [0.05, 0.5]) == pytest.approx([917_757.3, 1e6], rel=1e-5)


def test_a_sample_of_draws_is_a_distribution_by_its_quantiles() -> None:
    draws = np.random.default_rng(1).normal(100.0, 10.0, (4, 1_000))
    distribution = at.elicit(draws)
    probability = np.linspace(0.01, 0.99, 30)
    expected = np.quantile(draws, probability, method="hazen")
    np.testing.assert_allclose(quantile(distribution, probability), expected, rtol=1e-12)
    np.testing.assert_allclose(distribution.cdf(expected), probability, atol=1e-12)
    tied = of_sample([1.0, 2.0, 2.0, 3.0], "here")
    assert tied.cdf([0.0, 2.0, 4.0]).tolist() == [0.0, 0.625, 1.0]
    for wrong in ([1.0, 1.0], [1.0, np.nan]):
        with pytest.raises(at.InputError, match="two distinct draws"):
            at.elicit(np.array(wrong))


# ------------------------------------------------------------------ paths


def test_paths_read_the_same_in_every_form() -> None:
    expected = at.Law.from_paths(paths(), [1_500.0], unit="persons")
    flat = paths().values.reshape(-1, DAYS.size)
    frame = pd.DataFrame(flat.T, index=DAYS)
    tree = xr.DataTree.from_dict({"posterior_predictive": paths().to_dataset()})
    start = DAYS[0].date()
    forms: dict[str, Any] = {
        "Dataset": paths().to_dataset(),
        "DataTree": tree,
        "array": paths().values,
        "day numbers": paths().assign_coords(time=np.arange(5, 45)),
        "another name of time": paths().rename(time="day"),
    }
    for name, form in forms.items():
        law = at.Law.from_paths(form, [1_500.0], start=start, unit="persons")
        assert law.surface().tobytes() == expected.surface().tobytes(), name
        assert law.information_date == start
    of_frame = at.Law.from_paths(frame, [1_500.0])
    np.testing.assert_allclose(
        of_frame.weights @ of_frame.surface()[:, 0], expected.weights @ expected.surface()[:, 0]
    )


def test_paths_of_polars_are_read_by_their_date_column() -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    values = paths(1, 50).values[0]
    columns = {f"d{i}": row for i, row in enumerate(values)}
    frame = polars.DataFrame({"date": DAYS.date.tolist(), **columns})
    law = at.Law.from_paths(frame, [1_500.0])
    assert law.surface().tobytes() == at.Law.from_paths(paths(1, 50), [1_500.0]).surface().tobytes()
    with pytest.raises(at.InputError, match="`date` must hold dates"):
        at.Law.from_paths(frame.with_columns(date=polars.lit("June")), [1.0])


def test_draws_of_arviz_are_read_and_handed_back() -> None:
    arviz = pytest.importorskip("arviz", reason="arviz is not installed")
    expected = at.Law.from_paths(paths(), [1_500.0])
    tree = at.exchange.to_arviz(paths(), observed=paths().isel(chain=0, draw=0, drop=True))
    groups = {name: group.to_dataset() for name, group in tree.children.items()}
    assert list(groups) == ["posterior_predictive", "observed_data"]
    data = tree if int(arviz.__version__[0]) else arviz.InferenceData(**groups)  # from 1.0 the same
    assert data.posterior_predictive["deaths"].attrs["units"] == "persons"
    for form in (data, tree, data.posterior_predictive):
        assert (
            at.Law.from_paths(form, [1_500.0]).surface().tobytes() == expected.surface().tobytes()
        )
    two = data.posterior_predictive.assign(other=data.posterior_predictive["deaths"] * 2)
    with pytest.raises(at.InputError, match=r"one variable must be chosen.*deaths.*other"):
        at.Law.from_paths(two, [1.0])
    assert at.Law.from_paths(two, [1_500.0], variable="other").surface()[:, 0, 20].min() > 0.99
    with pytest.raises(at.InputError, match="must hold a group of predictions"):
        at.Law.from_paths(xr.DataTree.from_dict({"posterior": two}), [1.0])


def test_batches_are_of_one_chain_and_cover_every_draw() -> None:
    for chains, draws in ((1, 100), (3, 7), (4, 1_000), (5, 11), (40, 2), (1, 3)):
        edges = batch_edges(chains, draws)
        assert edges[0] == 0
        assert edges[-1] == chains * draws
        assert (np.diff(edges) > 0).all()
        assert set(range(0, chains * draws, draws)) <= set(edges.tolist())
        assert edges.size - 1 >= min(16, chains * draws)


def test_the_error_of_correlated_draws_is_seen_and_that_of_shuffled_ones_is_too_small() -> None:
    """AR(1) with 0.9 between draws: the variance of a mean is 19 times that of free draws."""
    rng = np.random.default_rng(3)
    medians, words, shuffled = [], [], []
    for _ in range(60):
        state = signal.lfilter([1.0], [1.0, -0.9], rng.standard_normal((4, 1_200)), axis=1)
        rate = 10.0 + 0.5 * state[:, 200:] * np.sqrt(1 - 0.81)
        values = rate[:, :, None] * np.arange(120.0)
        law = at.Law.from_paths(values, [500.0], start=date(2025, 1, 1))
        read = at.laws.crossing(law, 500.0)
        assert read.median.offset is not None
        assert read.median.mcse is not None
        medians.append(read.median.offset)
        words.append(read.median.mcse)
        free = rng.permutation(values.reshape(-1, 120))
        other = at.laws.crossing(
            at.Law.from_paths(free, [500.0], start=date(2025, 1, 1)), 500.0
        ).median.mcse
        assert other is not None
        shuffled.append(other)
    true = float(np.std(medians, ddof=1))
    assert 0.6 < float(np.mean(words)) / true < 1.6
    assert float(np.mean(shuffled)) / true < 0.45


@pytest.mark.parametrize(
    ("form", "rule"),
    [
        (np.zeros(3), "must have the shape"),
        ("text", "must be an xarray object"),
        (np.zeros((2, 3)), "ascending dates"),
        (pd.Series([1.0], name="a"), "a column a draw"),
    ],
)
def test_what_holds_no_paths_is_refused(form: Any, rule: str) -> None:
    with pytest.raises(at.InputError, match=rule):
        at.Law.from_paths(form, [1.0])


# ------------------------------------------------------------------ laws in files


@pytest.fixture(scope="module")
def law(bundled: at.Dossier) -> at.Law:
    asked = ["russian-casualties"]
    return at.forecast(bundled, seed=1, quantities=asked, tolerance=3.0).law(asked[0], "csis")


@pytest.mark.parametrize(
    ("suffix", "module"),
    [(".nc", "h5netcdf"), (".zarr", "zarr"), (".parquet", "pyarrow")],
)
def test_a_law_survives_a_round_trip_to_the_last_bit(
    law: at.Law, tmp_path: Path, suffix: str, module: str
) -> None:
    pytest.importorskip(module, reason="the extra is not installed")
    uneven = at.Law(
        law.exceedance,
        law.thresholds,
        law.information_date,
        np.linspace(1.0, 2.0, law.replicates) / np.linspace(1.0, 2.0, law.replicates).sum(),
        law.provenance,
    )
    file = at.exchange.write_law(law, tmp_path / f"law{suffix}")
    assert at.exchange.write_law(uneven, file) == file  # in the place of the other
    copy = at.exchange.read_law(file)
    assert copy.surface().tobytes() == law.surface().tobytes()
    assert copy.thresholds.tobytes() == law.thresholds.tobytes()
    assert copy.weights.tobytes() == uneven.weights.tobytes()
    assert copy.provenance == law.provenance
    assert (copy.information_date, copy.horizon) == (law.information_date, law.horizon)
    assert at.cite(copy, 1e6) == at.cite(uneven, 1e6)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("suffix", "module"),
    [(".nc", "h5netcdf"), (".zarr", "zarr"), (".parquet", "pyarrow")],
)
def test_a_law_that_was_asked_nothing_is_stored_and_answers(
    tmp_path: Path, suffix: str, module: str
) -> None:
    pytest.importorskip(module, reason="the extra is not installed")
    claim = at.claim("up to 250,000 killed", source="CSIS", on="2025-06-03")
    rate = at.claim("around 300 killed a day", source="CSIS", on="2025-06-03")
    law = at.forecast([claim, rate], seed=1, kind="steady", size=64).law()
    copy = at.exchange.read_law(at.exchange.write_law(law, tmp_path / f"law{suffix}"))
    assert copy.thresholds.size == 0
    assert copy.crossing(280_000) == law.crossing(280_000)
    assert copy.total("2026-01-01") == law.total("2026-01-01")
    assert "pass" in str(law)
    assert str(copy) == str(law)


def test_a_table_of_a_law_as_an_older_version_wrote_it_is_read(law: at.Law, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra is not installed")
    file = at.exchange.write_law(law, tmp_path / "law.parquet")
    table = parquet.read_table(file)
    ((key, raw),) = table.schema.metadata.items()
    beside = {name: one for name, one in json.loads(raw).items() if name != "axes"}
    parquet.write_table(table.replace_schema_metadata({key: json.dumps(beside)}), file)
    copy = at.exchange.read_law(file)
    assert copy.surface().tobytes() == law.surface().tobytes()
    assert (copy.information_date, copy.horizon) == (law.information_date, law.horizon)


def test_a_stored_law_has_the_attributes_of_the_cf_conventions(law: at.Law, tmp_path: Path) -> None:
    pytest.importorskip("h5netcdf", reason="the extra `netcdf` is not installed")
    file = at.exchange.write_law(law, tmp_path / "law.nc")
    with xr.open_dataset(file, engine="h5netcdf", decode_times=False) as raw:
        assert raw.attrs["Conventions"].startswith("CF-1.")
        assert raw["time"].attrs["units"].startswith("days since 2025-06-05")
        assert raw["time"].attrs["calendar"] == "proleptic_gregorian"
        assert raw["time"].attrs["standard_name"] == "time"
        assert raw["time"].attrs["axis"] == "T"
        assert raw["time"].values.tolist()[:3] == [0, 1, 2]
        assert raw["exceedance"].attrs["units"] == "1"
        assert raw["threshold"].attrs["units"] == "persons"
        assert "title" in raw.attrs
        assert "source" in raw.attrs


def test_a_law_is_read_from_its_dataset_and_from_one_without_replicates(law: at.Law) -> None:
    assert at.exchange.read_law(law.to_dataset()).surface().tobytes() == law.surface().tobytes()
    mean = law.to_dataset().mean("replicate").drop_attrs()
    copy = at.exchange.read_law(mean)
    assert copy.replicates == 1
    assert copy.provenance.model == "from elsewhere"
    broken: dict[str, xr.Dataset] = {
        "must have a variable `exceedance`": mean.rename(exceedance="probability"),
        "days that follow one another": mean.isel(time=slice(0, None, 7)),
        "must not fall with time": mean.assign_coords(time=mean["time"])
        .isel(time=slice(None, None, -1))
        .assign_coords(time=mean["time"]),
        "provenance of a law": mean.assign_attrs(provenance="{}"),
    }
    for rule, wrong in broken.items():
        with pytest.raises(at.InputError, match=rule):
            at.exchange.read_law(wrong)


@pytest.mark.parametrize(
    ("module", "suffix", "extra"),
    [("h5netcdf", ".nc", "netcdf"), ("zarr", ".zarr", "zarr"), ("pyarrow", ".parquet", "parquet")],
)
def test_a_missing_extra_is_named(
    request: pytest.FixtureRequest, tmp_path: Path, module: str, suffix: str, extra: str
) -> None:
    law = request.getfixturevalue("law")
    request.getfixturevalue("monkeypatch").setitem(sys.modules, module, None)
    with pytest.raises(at.InputError, match=rf"attrition\[{extra}\]"):
        at.exchange.write_law(law, tmp_path / f"law{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_files_that_hold_no_law_are_refused(law: at.Law, tmp_path: Path) -> None:
    for write in (at.exchange.read_law, lambda path: at.exchange.write_law(law, path)):
        with pytest.raises(at.InputError, match="suffix of a law's file"):
            write(tmp_path / "law.csv")
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    pd.DataFrame({"a": [1.0]}).to_parquet(tmp_path / "other.parquet")
    with pytest.raises(at.InputError, match="one that attrition wrote"):
        at.exchange.read_law(tmp_path / "other.parquet")
    pytest.importorskip("h5netcdf", reason="the extra `netcdf` is not installed")
    (tmp_path / "spoilt.nc").write_bytes(b"not a netCDF file")
    for file, rule in (("spoilt.nc", "file that can be read"), ("missing.nc", "law must exist")):
        with pytest.raises(at.InputError, match=rule):
            at.exchange.read_law(tmp_path / file)
