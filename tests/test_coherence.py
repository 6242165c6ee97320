from __future__ import annotations

import attrition as at


def test_the_bundled_dossier_is_coherent(bundled: at.Dossier) -> None:
    assert at.check(bundled) == ()


def test_killed_above_casualties_of_one_source_is_found(bundled: at.Dossier) -> None:
    claims = tuple(
        c.model_copy(update={"quote": "up to 2,500,000 could be fatalities"})
        if c.quantity == "russian-killed"
        else c
        for c in bundled.claims
    )
    (finding,) = at.check(bundled.model_copy(update={"claims": claims}))
    assert finding.rule == "part above whole"
    assert "CSIS" in finding.message


def test_a_total_that_falls_is_found(bundled: at.Dossier) -> None:
    later = bundled.claims[0].model_copy(
        update={
            "quote": "approximately 900,000",
            "as_of": at.PartialDate.parse("2025-06-02"),
        }
    )
    (finding,) = at.check(bundled.model_copy(update={"claims": (*bundled.claims, later)}))
    assert finding.rule == "falling total"
    assert "cannot fall" in finding.message
