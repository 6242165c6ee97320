"""Priors of paces: given as a table or a file, they decide the answer, and the record says so."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import attrition as at
from attrition.core.errors import InputError
from attrition.models.families import UNNAMED, Priors, _lognormal, bundled_priors
from attrition.models.pace import Prior

WHEN: dict[str, Any] = {"level": 10_000, "rate": 100, "on": "2025-06-03"}
CALM = {"families": {"epidemic": {"s": 0.1, "mu": 0.0}}}


def claims() -> list[Any]:
    return [
        at.claim("exactly 10,000 killed", source="Count", on="2025-06-03"),
        at.claim("about 100 killed a day", source="Count", on="2025-06-03"),
    ]


def width(law: at.Law) -> float:
    totals = law.total("2025-12-03")
    return totals.upper - totals.lower


def test_the_table_that_is_written_is_the_table_that_is_read() -> None:
    whole = bundled_priors().to_dict()
    assert Priors.of(whole) == bundled_priors()
    assert json.loads(json.dumps(whole)) == whole
    assert Priors.of(None) is bundled_priors()
    assert Priors.of(CALM).digest != bundled_priors().digest


@given(
    name=st.sampled_from(["epidemic", "conflict", "pooled", "wide"]),
    key=st.sampled_from(["mu", "s", "nu", "tau", "phi", "most"]),
    factor=st.floats(1.01, 3.0),
)
def test_every_number_enters_the_digest(name: str, key: str, factor: float) -> None:
    old = bundled_priors().to_dict()["families"][name][key]
    own = Priors.of({"families": {name: {key: old * factor}}})
    assert own.digest != bundled_priors().digest
    assert own == Priors.of(own.to_dict())
    assert [one for one in own.families if one.name != name] == [
        one for one in bundled_priors().families if one.name != name
    ]


def test_a_calmer_prior_is_a_narrower_answer_on_every_route(tmp_path: Path) -> None:
    file = tmp_path / "calm.toml"
    file.write_text("[families.epidemic]\ns = 0.1\nmu = 0.0\n", encoding="utf-8")
    usual = at.when(12_000, kind="epidemic", **WHEN)
    for priors in (CALM, file, str(file), Priors.of(CALM)):
        calm = at.when(12_000, kind="epidemic", priors=priors, **WHEN)
        assert width(calm.law) < 0.6 * width(usual.law)
    options = {"kind": "epidemic", "seed": 1, "size": 64, "thresholds": [12_000]}
    usual_law = at.forecast(claims(), **options).law("killed")  # type: ignore[arg-type]
    calm_law = at.forecast(claims(), priors=CALM, **options).law("killed")  # type: ignore[arg-type]
    assert width(calm_law) < 0.6 * width(usual_law)
    assert Prior.of_kind("epidemic", Priors.of(CALM)).spread == 0.1


def test_a_record_holds_the_priors_that_were_given_and_verifies(tmp_path: Path) -> None:
    forecast = at.forecast(
        claims(), priors=CALM, kind="epidemic", seed=1, size=16, thresholds=[12_000]
    )
    record = at.reporting.make_record(forecast)
    assert record.question is not None
    assert Priors.of(record.question["priors"]) == Priors.of(CALM)
    assert record.versions.priors == bundled_priors().digest
    names = {name: value for name, value, *_ in forecast.law("killed").provenance.assumptions}
    assert names["priors"] == Priors.of(CALM).digest
    path = at.reporting.write_record(record, tmp_path / "record.json")
    assert at.verify(at.reporting.read_record(path)).holds


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"famlies": {}}, "famlies"),
        ({"families": {"epidemic": 3}}, "families.epidemic"),
        ({"families": {"epidemic": {"nu": -1.0}}}, "nu = -1.0"),
        ({"families": {"epidemic": {"nu": True}}}, "nu = True"),
        ({"families": {"epidemic": {"fade": [3.0]}}}, "fade"),
        ({"families": {"epidemic": {"colour": 1.0}}}, "colour"),
        ({"families": {"new": {"mu": 0.0}}}, "s, nu"),
        ({"families": {"wide": {"least": 9.0, "most": 2.0}}}, "bounds"),
        ({"kinds": {"epidemic": {"shares": {"epidemic": 0.5}}}}, "sum to 0.5"),
        ({"kinds": {"epidemic": {"shares": {"nobody": 1.0}}}}, "nobody"),
    ],
)
def test_a_table_of_another_form_is_refused_with_its_place(
    given: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError, match="priors must have the form") as error:
        at.Question(priors=given)
    assert words in str(error.value)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a file of priors must exist, got no such file"):
        at.Question(priors=tmp_path / "none.toml")
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        at.Question(priors=bad)
    bad.write_text("[families", encoding="utf-8")
    with pytest.raises(InputError, match="TOML"):
        at.Question(priors=bad)


def test_shares_of_every_kind_sum_to_one_at_every_age() -> None:
    own = bundled_priors()
    for age in (0.1, 7.0, 400.0, 30_000.0):
        for name in (None, *own.names):
            shares = [share for _, share in own.mixture(name, age)]
            assert sum(shares) == pytest.approx(1.0)
    with pytest.raises(InputError, match="kind"):
        own.mixture(UNNAMED)


def test_what_priors_do_not_reach_is_refused_and_what_they_reach_is_said() -> None:
    counts = np.random.default_rng(1).poisson(50, 300).astype(float)
    days = np.datetime64("2024-01-01", "s") + np.arange(300) * np.timedelta64(86_400, "s")
    series = at.read_series(xr.DataArray(counts, {"time": days}, name="daily"))
    with pytest.raises(InputError, match="by its kind"):
        at.forecast(series, priors=CALM, seed=1)
    spans = [
        float(np.ptp(law.quantiles([0.05, 0.95], on="2025-04-01")))
        for priors in (None, CALM)
        for law in [at.forecast(series, priors=priors, kind="epidemic", seed=1).law()]
    ]
    assert spans[1] != spans[0]
    usual = at.when(12_000, kind="epidemic", **WHEN)
    calm = at.when(12_000, kind="epidemic", priors=CALM, **WHEN)
    assert "the library's default" in str(usual)
    assert "the given priors" in str(calm)
    assert ("priors", Priors.of(CALM).digest) in [
        row[:2] for row in calm.law.provenance.assumptions
    ]
    assert "priors" not in [row[0] for row in usual.law.provenance.assumptions]


@given(low=st.floats(0.1, 50.0), ratio=st.floats(1.1, 1_000.0))
def test_ends_of_a_lognormal_leave_a_twentieth_on_either_side(low: float, ratio: float) -> None:
    middle, spread = _lognormal((low, low * ratio))
    assert stats.lognorm(spread, scale=np.exp(middle)).cdf([low, low * ratio]) == pytest.approx(
        [0.05, 0.95]
    )


def test_what_is_neither_a_table_nor_a_file_of_priors_is_refused() -> None:
    with pytest.raises(at.InputError, match="the form of the bundled"):
        at.Question(priors=3)  # type: ignore[arg-type]


def test_months_of_a_steady_pace_weigh_the_families_by_what_they_say_of_them() -> None:
    table = bundled_priors()
    before = dict(table.kind(None).shares)
    before["calm"] = before.pop("steady")
    for months in (2, 6):
        after = dict(table.kind(f"steady for {months} months").shares)
        assert sum(after.values()) == pytest.approx(1)
        weight = {}
        for name, share in after.items():
            family = table.family(name)
            if family.fade is not None:  # of how it ends the past tells nothing
                assert share == before[name]
                continue
            near = stats.t.pdf(0.0, family.nu, scale=np.hypot(family.s, 0.15))
            weight[name] = share / (before[name] * near ** (months - 1))
        assert len(weight) == 3
        assert max(weight.values()) == pytest.approx(min(weight.values()))


def test_a_steady_pace_is_told_from_a_wild_one_as_simulated_months_tell_it() -> None:
    table, rng = bundled_priors(), np.random.default_rng(1)
    after = dict(table.kind("steady for 3 months").shares)
    met = {}
    for name in ("calm", "wide"):  # paths of two further months, and how many of them look steady
        family = table.family(name)
        scale = np.hypot(family.s, 0.15)
        logs = scale * rng.standard_t(family.nu, (400_000, 2))
        met[name] = (np.abs(logs) < 0.05).all(axis=1).mean()
    before = dict(table.kind(None).shares)
    wanted = before["steady"] * met["calm"] / (before["wide"] * met["wide"])
    assert after["calm"] / after["wide"] == pytest.approx(wanted, rel=0.1)
    assert before["steady"] / before["wide"] < 0.5 * wanted  # without the fact it is another


def test_the_longer_a_pace_has_been_steady_the_narrower_is_what_comes() -> None:
    kinds = (None, "steady for 3 months", "steady for 9 months", "steady")
    quoted = [width(at.when(12_000, **WHEN, kind=kind).law) for kind in kinds]
    assert quoted == sorted(quoted, reverse=True)
    claimed = [
        width(at.forecast(claims(), thresholds=[12_000], kind=kind, seed=1, size=64).law())
        for kind in kinds[:3]
    ]
    assert claimed == sorted(claimed, reverse=True)


def test_words_say_for_how_long_a_pace_has_been_steady() -> None:
    words = "about 100 killed a day, steady for six months"
    answer = at.when(12_000, level=10_000, rate=words, on="2025-06-03")
    named = at.when(
        12_000, level=10_000, rate="about 100 killed a day", on="2025-06-03",
        kind="steady for 6 months",
    )  # fmt: skip
    assert answer.kind == named.kind
    assert np.array_equal(answer.law.exceedance, named.law.exceedance)
    first, second = claims()
    said = at.claim(words, source="Count", on="2025-06-03")
    whole = at.forecast([first, said], thresholds=[12_000], seed=1, size=64)
    assert whole.dossier.quantities["killed"].steady_for == 6
    asked = at.forecast(
        [first, second], thresholds=[12_000], kind="steady for 6 months", seed=1, size=64
    )
    assert np.array_equal(whole.law().exceedance, asked.law().exceedance)
    assert "as others did that had been steady for 6 months" in whole.cite(12_000).note
    # a kind that is named says more
    one, other = (
        at.forecast([first, pace], thresholds=[12_000], kind="conflict", seed=1, size=64).law()
        for pace in (second, said)
    )
    assert np.array_equal(one.exceedance, other.exceedance)


@pytest.mark.parametrize("kind", ["steady for 1 months", "steady for six months", "steady for"])
def test_a_time_for_which_nothing_can_be_steady_is_no_kind(kind: str) -> None:
    with pytest.raises(InputError, match="kind of total"):
        at.when(12_000, **WHEN, kind=kind)
