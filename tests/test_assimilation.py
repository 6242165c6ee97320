"""What a dossier's claims become as evidence, and what of it the posterior keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import attrition as at
from attrition.data.elicitation.pooling import families
from attrition.models.assimilation.evidence import AGE, evidence_of
from reported import day, dossier_of, level

Write = Callable[[str], Path]
KNOWN = date(2025, 6, 5)


def test_only_claims_that_had_appeared_are_used(bundled: at.Dossier) -> None:
    march, june = (
        {term.claim for term in evidence_of(bundled, "russian-casualties", as_of=when).terms}
        for when in (date(2025, 3, 31), KNOWN)
    )
    assert len(march) == 1
    assert march < june
    for place, claim in enumerate(bundled.claims):
        about = claim.quantity in {"russian-casualties", "russian-killed"}
        used = about and claim.kind != "forecast" and claim.published.last <= KNOWN
        assert (place in june) == used, claim


def test_later_rows_change_no_byte(bundled: at.Dossier) -> None:
    later = bundled.claims[0].model_copy(
        update={
            "published": at.dossier.PartialDate.parse("2025-07"),
            "quote": "approximately 990,000",
        }
    )
    more = bundled.model_copy(update={"claims": (*bundled.claims, later)})
    laws = [
        at.forecast(
            d, seed=1, quantities=["russian-casualties"], as_of=KNOWN, bases="latent", size=64
        ).law("russian-casualties")
        for d in (bundled, more)
    ]
    assert laws[0].surface().tobytes() == laws[1].surface().tobytes()


def test_a_source_derived_from_another_is_of_its_family(bundled: at.Dossier) -> None:
    assert families(bundled, ["csis", "uk-mod"]) == [["csis", "uk-mod"]]
    loose = bundled.model_copy(
        update={
            "sources": {
                k: s.model_copy(update={"derived_from": ()}) for k, s in bundled.sources.items()
            }
        }
    )
    assert families(loose, ["csis", "uk-mod"]) == [["csis"], ["uk-mod"]]


def test_a_figure_for_a_month_is_about_its_middle_and_less_sure_than_one_of_a_day(
    bundled: at.Dossier,
) -> None:
    place = next(n for n, c in enumerate(bundled.claims) if c.as_of.precision == "month")
    one = bundled.claims[place]
    on_a_day = one.model_copy(update={"as_of": at.dossier.PartialDate.parse("2025-05-16")})
    changed = tuple(on_a_day if n == place else c for n, c in enumerate(bundled.claims))
    month, exact = (
        next(
            term
            for term in evidence_of(dossier, "russian-casualties", as_of=KNOWN).terms
            if term.claim == place
        )
        for dossier in (bundled, bundled.model_copy(update={"claims": changed}))
    )
    assert (one.quantity, one.as_of.first) == ("russian-casualties", date(2025, 5, 1))
    assert month.begin == exact.begin == 0
    assert month.end == exact.end == (date(2025, 5, 16) - date(2022, 2, 24)).days + 1
    # uniform over 31 days of a total that grows by 1 / age of itself a day
    extra = month.reading.spread**2 - exact.reading.spread**2
    assert extra == pytest.approx((30 / month.end) ** 2 / 12, rel=0.01)


def test_without_a_rate_a_steady_total_goes_on_at_the_average_pace_since_the_first_day() -> None:
    dossier = dossier_of(
        [level("a", 500, 50_000, 1e-3)], source_error=0.0, volatility=0.0, day_noise=0.0
    )
    law = at.forecast(dossier, seed=1, size=64, thresholds=[60_000], as_of=day(500)).law()
    read = at.laws.total(law, day(600))
    assert read.median == pytest.approx(60_000, rel=2e-3)
    assert read.upper / read.lower < 1.01


def test_an_increment_since_the_first_day_is_a_level_and_a_later_one_is_not(
    exact_text: str, write: Write
) -> None:
    text = exact_text.replace('unit = "persons"', 'unit = "persons"\nstart = 2022-02-24')
    text = text.replace('kind = "level"', 'kind = "increment"\nsince = 2022')
    known = date(2025, 6, 3)
    (whole, _) = evidence_of(at.read_dossier(write(text)), "total", as_of=known).terms
    assert whole.begin == 0
    later = text.replace("since = 2022", "since = 2025")
    window, _ = sorted(
        evidence_of(at.read_dossier(write(later)), "total", as_of=known).terms,
        key=lambda term: term.begin,
    )
    assert window.begin == (date(2025, 1, 1) - date(2022, 2, 24)).days
    assert window.end == whole.end


def test_a_total_without_any_pace_is_as_uncertain_as_its_age(exact_text: str, write: Write) -> None:
    """Its rate is the level over an age whose log is normal: so is that of its gain."""
    text = exact_text[: exact_text.rindex("[[claims]]")] + exact_text[exact_text.index("[assum") :]
    middle, spread = AGE
    for error in (0.0, 0.02):
        wide = text.replace("source_error = { value = 0.0", f"source_error = {{ value = {error}")
        forecast = at.forecast(at.read_dossier(write(wide)), seed=1, size=64)
        read = at.laws.total(forecast.law(), date(2026, 6, 3))
        gain = np.array([read.median, read.upper]) - 950_500
        expected = 950_500 * 365 / middle * np.exp(spread * np.array([0.0, 1.645]))
        assert np.abs(np.log(gain / expected)).max() < 0.5, error


def test_source_error_widens_the_latent_total_only(bundled: at.Dossier) -> None:
    forecast = at.forecast(
        bundled, seed=1, quantities=["ukrainian-casualties"], bases=["csis", "latent"], size=64
    )
    own, latent = (
        at.laws.total(forecast.law("ukrainian-casualties", basis), forecast.information_date)
        for basis in ("csis", "latent")
    )
    spread = [np.log(read.upper / read.lower) / (2 * 1.6449) for read in (own, latent)]
    assert bundled.assumption("source_error", "ukrainian-casualties").value == 0.14
    # what its own words leave open, and at least the stated error besides; seldom far more
    assert spread[0] < 0.05
    assert 0.14 < np.sqrt(spread[1] ** 2 - spread[0] ** 2) < 2 * 0.14


def _sharing(bundled: at.Dossier, **changes: object) -> at.Dossier:
    claims = [c for c in bundled.claims if c.quantity != "russian-killed"]
    stated = bundled.claims[1].model_copy(
        update={"kind": "share", "quote": "", "figure": "", **changes}
    )
    assert stated.quantity == "russian-killed"
    return bundled.model_copy(update={"claims": (*claims, stated)})


def test_a_share_that_a_source_states_is_used_as_it_stands(bundled: at.Dossier) -> None:
    forecast = at.forecast(
        _sharing(bundled, quote="one in four"),
        seed=1,
        size=64,
        quantities=["russian-casualties", "russian-killed"],
        bases="csis",
    )
    ratio = forecast.ratio("russian-killed", "russian-casualties", basis="csis")
    assert ratio.median == pytest.approx(0.25, abs=0.01)


def test_a_share_above_the_whole_is_refused(bundled: at.Dossier) -> None:
    with pytest.raises(at.InputError, match="100 percent"):
        at.forecast(
            _sharing(bundled, point=140.0, hedge="about"),
            seed=1,
            size=16,
            quantities=["russian-killed"],
        )


def test_a_part_that_exceeds_its_whole_is_a_finding(bundled: at.Dossier) -> None:
    other = {
        "russian-casualties": "russian-killed",
        "russian-killed": "russian-casualties",
    }
    swapped = tuple(
        c.model_copy(update={"quantity": other.get(c.quantity, c.quantity)})
        if c.kind == "level" and c.source == "csis"
        else c
        for c in bundled.claims
    )
    findings = at.check(bundled.model_copy(update={"claims": swapped}))
    assert "part above whole" in {finding.rule for finding in findings}
    assert "part above whole" not in {finding.rule for finding in at.check(bundled)}
