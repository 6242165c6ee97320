from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import attrition as at

NO_CLAIM = 'no claim of it yet; a TODO of the file becomes one without its "#"'
Write = Callable[[str], Path]


@pytest.fixture
def exact(exact_text: str, write: Write) -> at.Dossier:
    return at.read_dossier(write(exact_text))


def test_an_exact_dossier_crosses_on_the_exact_day(exact: at.Dossier) -> None:
    law = at.forecast(exact, seed=1, thresholds=[980_000, 1e6]).law("total")
    assert [d.day for d in at.laws.crossing(law, 980_000).dates] == [date(2025, 7, 3)] * 3
    # from five weeks on a law is known on every other day
    days = [d.offset for d in at.laws.crossing(law, 1e6).dates]
    assert days == pytest.approx([49.5] * 3, abs=1.5)


def test_the_defaults_are_the_latest_publication_and_two_years(whole: at.Forecast) -> None:
    assert whole.information_date == date(2025, 6, 5)
    assert whole.horizon == date(2027, 6, 5)
    assert whole.seed == 1
    assert whole.thresholds["russian-killed"] == (250_000, 300_000)


def test_every_total_of_the_report_has_a_law_for_each_of_its_bases(whole: at.Forecast) -> None:
    assert not whole.left_out
    wanted = {
        (key, basis)
        for key, what in whole.dossier.quantities.items()
        if what.kind == "cumulative"
        for basis in what.bases
    }
    assert set(whole.laws) == wanted
    assert {s.quantity for s in whole.stocks} == {"north-korean-soldiers", "territory-controlled"}


def test_every_law_of_the_report_has_masses_that_sum_to_one(whole: at.Forecast) -> None:
    for (quantity, _), law in whole.laws.items():
        for threshold in whole.thresholds[quantity]:
            masses = at.laws.masses(law, threshold)
            assert masses.already + masses.within + masses.beyond == pytest.approx(1.0, abs=1e-12)
            assert min(masses.already, masses.within, masses.beyond) >= -1e-12


def test_killed_never_exceed_casualties(whole: at.Forecast) -> None:
    for side in ("russian", "ukrainian"):
        killed = whole.law(f"{side}-killed", "csis")
        casualties = whole.law(f"{side}-casualties", "csis")
        for threshold in np.geomspace(casualties.thresholds[0], casualties.thresholds[-1], 9)[1:-1]:
            if killed.thresholds[0] < threshold < killed.thresholds[-1]:
                for day in (date(2025, 6, 5), date(2026, 6, 5)):
                    assert at.laws.probability_by(
                        killed, float(threshold), day
                    ) <= at.laws.probability_by(casualties, float(threshold), day)


def test_killed_are_the_share_of_the_casualties(whole: at.Forecast) -> None:
    day = date(2025, 12, 31)
    killed = at.laws.total(whole.law("russian-killed", "csis"), day)
    casualties = at.laws.total(whole.law("russian-casualties", "csis"), day)
    middle = np.sqrt(0.72) * 250_000 / 950_000
    assert killed.median / casualties.median == pytest.approx(middle, rel=0.01)


def test_dates_are_printed_as_accurately_as_they_are_known_and_a_note_says_where_less(
    whole: at.Forecast,
) -> None:
    units = {"day": 1.0, "week": 7.0, "month": 30.4375, "quarter": 91.3125, "year": 365.25}
    for (quantity, _), law in whole.laws.items():
        for threshold in whole.thresholds[quantity]:
            read = at.laws.crossing(law, threshold)
            assert read.mcse <= units[read.unit] / 8
            stopped = any("the simulation stopped at" in note for note in law.provenance.notes)
            assert read.unit == read.natural_unit or stopped
            # nobody asked for a tolerance, so none is missed
            assert not any(
                "than asked" in note or "as large" in note for note in law.provenance.notes
            )
            if read.mcse <= units[read.natural_unit] / 8:
                assert read.unit == read.natural_unit


def test_a_source_is_forecast_from_its_own_levels(bundled: at.Dossier) -> None:
    mod = at.forecast(bundled, seed=1, quantities=["russian-casualties"], bases="uk-mod")
    (law,) = mod.laws.values()
    assert law.provenance.basis == "uk-mod"
    assert law.provenance.figures == 4  # all speak of the pace
    assert at.laws.total(law, date(2025, 6, 5)).median == pytest.approx(988_000, rel=0.01)


def test_a_latent_total_is_wider_than_a_source_s_count(whole: at.Forecast) -> None:
    day = date(2025, 9, 1)
    narrow = at.laws.total(whole.law("russian-casualties", "csis"), day)
    wide = at.laws.total(whole.law("russian-casualties", "latent"), day)
    assert wide.upper - wide.lower > 2 * (narrow.upper - narrow.lower)


def test_a_change_of_unit_scales_the_answer(exact_text: str, write: Write) -> None:
    soft = exact_text.replace('hedge = "exactly"', 'hedge = "about"').replace(
        "value = 0.0", "value = 0.05"
    )
    people = at.forecast(at.read_dossier(write(soft)), seed=1).law("total")
    tenths = soft.replace("950_500", "9_505_000").replace("1_000_000", "10_000_000")
    tenths = tenths.replace("point = 1_000\n", "point = 10_000\n").replace("persons", "tenths")
    tenths = tenths.replace("day_noise = { value = 0.05", "day_noise = { value = 0.5")
    scaled = at.forecast(at.read_dossier(write(tenths)), seed=1).law("total")
    for one, other in zip(
        at.laws.crossing(people, 1e6).dates, at.laws.crossing(scaled, 1e7).dates, strict=True
    ):
        assert one.offset == pytest.approx(other.offset, abs=0.01)


def test_a_shift_of_the_calendar_shifts_the_dates(exact_text: str, write: Write) -> None:
    soft = exact_text.replace('hedge = "exactly"', 'hedge = "about"')
    first = at.forecast(at.read_dossier(write(soft)), seed=1).law("total")
    later = at.forecast(at.read_dossier(write(soft.replace("2025-06-03", "2026-06-03"))), seed=1)
    assert at.laws.crossing(first, 1e6).median.offset == pytest.approx(
        at.laws.crossing(later.law("total"), 1e6).median.offset, abs=1e-7
    )


def test_the_order_of_the_claims_does_not_matter(bundled: at.Dossier) -> None:
    turned = bundled.model_copy(update={"claims": tuple(reversed(bundled.claims))})
    one, other = (
        at.forecast(d, seed=1, quantities=["russian-casualties"], bases="latent").law(
            "russian-casualties"
        )
        for d in (bundled, turned)
    )
    assert at.laws.crossing(one, 1e6).median.offset == pytest.approx(
        at.laws.crossing(other, 1e6).median.offset, abs=0.05
    )


REFUSED = {
    "a horizon before the information date": ({"horizon": date(2025, 1, 1)}, "horizon"),
    "a horizon out of reason": ({"horizon": date(2199, 1, 1)}, "within 20 years"),
    "an unknown quantity": ({"quantities": ["totl"]}, "Did you mean 'total'"),
    "an unknown basis": ({"bases": "taly"}, "Did you mean 'tally'"),
    "a threshold of 0": ({"thresholds": [0.0]}, "above 0"),
    "prob 1": ({"prob": 1.0}, "both excluded"),
    "a tolerance of 0": ({"tolerance": 0.0}, "positive number of days"),
    "an information date before any claim": ({"as_of": date(2020, 1, 1)}, "information date"),
}


@pytest.mark.parametrize("case", REFUSED, ids=list(REFUSED))
def test_an_argument_out_of_range_is_refused(case: str, exact: at.Dossier) -> None:
    arguments, message = REFUSED[case]
    with pytest.raises(at.InputError, match=message):
        at.forecast(exact, seed=1, **arguments)  # type: ignore[arg-type]


def test_thresholds_without_a_quantity_are_refused_where_they_are_ambiguous(
    bundled: at.Dossier,
) -> None:
    with pytest.raises(at.InputError, match="exactly one quantity"):
        at.forecast(bundled, seed=1, thresholds=[1e6])


def test_a_quantity_not_yet_reported_is_left_out_with_its_reason(bundled: at.Dossier) -> None:
    early = at.forecast(bundled, seed=1, as_of=date(2025, 3, 31), size=64)
    assert ("russian-casualties", "latent") in early.laws
    assert "kharkiv-advance" in early.left_out
    assert "still a TODO" in early.left_out["territory-gained"]
    assert early.left_out["north-korean-soldiers"].startswith("no claim of kind 'level'")
    with pytest.raises(at.InputError, match=r"before the first day.*kharkiv-advance"):
        at.forecast(bundled, seed=1, as_of=date(2025, 3, 31), quantities=["kharkiv-advance"])


def test_a_total_without_a_claim_is_left_out_in_a_line(exact_text: str, write: Write) -> None:
    other = 'title = "Others"\ndefinition = "killed"\nunit = "persons"\nthresholds = [100]'
    more = f"[quantities.other]\n{other}\n"
    forecast = at.forecast(at.read_dossier(write(f"{exact_text}\n{more}")), seed=1, size=64)
    assert forecast.left_out == {"other": NO_CLAIM}
    assert "Left out: other: no claim of it yet" in str(forecast)


def test_the_count_of_a_source_that_was_not_asked_for_is_refused_with_how_to_ask() -> None:
    claims = [
        at.claim("around 3,400 killed", source="Ministry", on="2026-04-02"),
        at.claim("around 4,000 killed", source="Doctors", on="2026-04-02"),
        at.claim("about 60 killed a day", source="Ministry", on="2026-04-02"),
    ]
    forecast = at.forecast(claims, thresholds=[5_000], kind="conflict", seed=1, size=64)
    with pytest.raises(at.InputError, match=r"got basis 'doctors' .*bases=\[\"doctors\"\]\)"):
        forecast.cite(5_000, basis="doctors")
    with pytest.raises(at.InputError, match=r"'killed' with basis 'docters' .*\(latent\)\.$"):
        forecast.law("killed", "docters")


def test_forecasts_by_others_stand_next_to_ours(whole: at.Forecast) -> None:
    summer = [o for o in whole.others if o.quote == "this summer"]
    assert {o.basis for o in summer} == {"csis", "latent"}
    for other in summer:
        law = whole.law(other.quantity, other.basis)
        assert other.probability == at.laws.probability_by(law, 1e6, date(2025, 8, 31))


def test_a_forecast_prints_what_it_says_and_is_told_in_a_line() -> None:
    forecast = at.forecast(at.read_dossier(), seed=1, quantities=["ukrainian-casualties"], size=64)
    printed = str(forecast)
    for law in forecast.laws.values():
        assert law.provenance.title in printed
    assert forecast.cite(500_000).sentence in " ".join(printed.split())
    start = "<Forecast: ukrainian-casualties (csis), 2025-06-05 to 2027-06-05, 500,000: 2026-"
    assert repr(forecast).startswith(start)
    assert repr(forecast).endswith(" (median); 1 more>")
    assert len(repr(forecast)) < 200
    assert forecast._repr_html_().count("<table>") == len(forecast.laws)


def test_threads_share_out_the_totals_and_change_no_byte(bundled: at.Dossier) -> None:
    options: dict[str, Any] = {"seed": 1, "size": 64, "tolerance": 400.0}
    alone = at.forecast(bundled, **options)
    shared = at.forecast(bundled, workers="threads:2", **options)
    assert list(shared.laws) == list(alone.laws)
    assert shared.left_out == alone.left_out
    for key, law in alone.laws.items():
        assert law.exceedance.tobytes() == shared.laws[key].exceedance.tobytes()
    with pytest.raises(at.InputError, match="workers"):
        at.forecast(bundled, workers="fibres", **options)
