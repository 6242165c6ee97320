from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import attrition as at
from attrition.data.elicitation import quantile
from attrition.models.assimilation import account, families, logit_normal, share, source_error

Write = Callable[[str], Path]
KNOWN = date(2025, 6, 5)


def test_only_claims_that_had_appeared_are_used(bundled: at.Dossier) -> None:
    march = account(bundled, "russian-casualties", basis="latent", as_of=date(2025, 3, 31))
    june = account(bundled, "russian-casualties", basis="latent", as_of=KNOWN)
    assert (march.figures, june.figures) == (1, 3)
    assert len(march.start.components) == 1
    assert len(june.start.components) == 2


def test_later_rows_change_no_byte(bundled: at.Dossier) -> None:
    later = bundled.claims[0].model_copy(
        update={"published": at.PartialDate.parse("2025-07"), "quote": "approximately 990,000"}
    )
    more = bundled.model_copy(update={"claims": (*bundled.claims, later)})
    laws = [
        at.forecast(d, seed=1, quantities=["russian-casualties"], as_of=KNOWN).law(
            "russian-casualties"
        )
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


def test_a_figure_for_a_month_is_spread_over_its_days_and_carried_forward(
    bundled: at.Dossier,
) -> None:
    start = account(bundled, "russian-casualties", basis="csis", as_of=KNOWN).start
    (component,) = start.components
    assert len(component.lags) == 3
    assert min(component.lags) >= (KNOWN - date(2025, 5, 31)).days
    assert max(component.lags) <= (KNOWN - date(2025, 5, 1)).days
    assert np.mean(component.lags) == pytest.approx(20.0)


def test_without_a_rate_the_average_pace_since_the_first_day_is_used_and_said(
    bundled: at.Dossier,
) -> None:
    known = account(bundled, "ukrainian-casualties", basis="csis", as_of=KNOWN)
    (component,) = known.start.components
    assert component.relative
    days = (date(2025, 5, 16) - date(2022, 2, 24)).days + 1
    assert float(quantile(component.rate, 0.5)) == pytest.approx(1 / days, rel=1e-3)
    assert component.rate_window[1] - component.rate_window[0] == pytest.approx(days, abs=1)
    assert any("average since the first day" in note for note in known.notes)


def test_an_increment_since_the_first_day_is_a_level_and_a_later_one_a_rate(
    exact_text: str, write: Write
) -> None:
    text = exact_text.replace('unit = "persons"', 'unit = "persons"\nstart = 2022-02-24')
    text = text.replace('kind = "level"', 'kind = "increment"\nsince = 2022')
    whole = account(at.read_dossier(write(text)), "total", basis="latent", as_of=date(2025, 6, 3))
    assert len(whole.start.components) == 1
    later = text.replace("since = 2022", "since = 2025")
    window = account(at.read_dossier(write(later)), "total", basis="latent", as_of=date(2025, 6, 3))
    assert any("counted from 0" in note for note in window.notes)


def test_a_total_without_any_pace_is_refused_with_a_remedy(exact_text: str, write: Write) -> None:
    text = exact_text[: exact_text.rindex("[[claims]]")] + exact_text[exact_text.index("[assum") :]
    with pytest.raises(at.InputError, match="Add a claim of kind 'rate', or `start`"):
        account(at.read_dossier(write(text)), "total", basis="latent", as_of=date(2025, 6, 3))


def test_a_share_lies_between_0_and_1_in_every_node(bundled: at.Dossier) -> None:
    for quantity in ("russian-killed", "ukrainian-killed"):
        factor = share(bundled, quantity, basis="latent", as_of=KNOWN)
        assert (factor.nodes > 0).all()
        assert (factor.nodes < 1).all()
        assert factor.weights.sum() == pytest.approx(1.0, abs=1e-12)


def test_the_share_has_the_tails_of_the_claim_over_the_casualties() -> None:
    factor = logit_normal(0.19, 0.26, 0.9)
    order = np.argsort(factor.nodes)
    below = np.cumsum(factor.weights[order])
    assert float(np.interp(0.05, below, factor.nodes[order])) == pytest.approx(0.19, abs=0.003)
    assert float(np.interp(0.95, below, factor.nodes[order])) == pytest.approx(0.26, abs=0.003)


def test_a_part_that_exceeds_its_whole_is_refused(bundled: at.Dossier) -> None:
    swapped = tuple(
        c.model_copy(
            update={
                "quantity": {
                    "russian-casualties": "russian-killed",
                    "russian-killed": "russian-casualties",
                }.get(c.quantity, c.quantity)
            }
        )
        if c.kind == "level" and c.source == "csis"
        else c
        for c in bundled.claims
    )
    with pytest.raises(at.InputError, match="smaller than its whole"):
        share(
            bundled.model_copy(update={"claims": swapped}),
            "russian-killed",
            basis="csis",
            as_of=KNOWN,
        )


def test_source_error_widens_the_latent_total_only(bundled: at.Dossier) -> None:
    assert source_error(bundled, "russian-casualties", "csis").nodes.tolist() == [1.0]
    latent = source_error(bundled, "russian-casualties", "latent")
    spread = np.sqrt((latent.weights * np.log(latent.nodes) ** 2).sum())
    assert spread == pytest.approx(0.14, rel=1e-3)


def test_a_share_that_a_source_states_is_used_as_it_stands(bundled: at.Dossier) -> None:
    claims = [c for c in bundled.claims if c.quantity != "russian-killed"]
    stated = bundled.claims[1].model_copy(
        update={"kind": "share", "quote": "one in four", "figure": ""}
    )
    dossier = bundled.model_copy(update={"claims": (*claims, stated)})
    factor = share(dossier, "russian-killed", basis="csis", as_of=KNOWN)
    order = np.argsort(factor.nodes)
    middle = float(np.interp(0.5, np.cumsum(factor.weights[order]), factor.nodes[order]))
    assert middle == pytest.approx(0.25, abs=0.01)
    above = stated.model_copy(update={"quote": "", "point": 140.0, "hedge": "about"})
    with pytest.raises(at.InputError, match="100 percent"):
        share(
            bundled.model_copy(update={"claims": (*claims, above)}),
            "russian-killed",
            basis="csis",
            as_of=KNOWN,
        )
