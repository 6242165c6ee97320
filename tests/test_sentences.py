"""What a citation says in its three forms, for every case that an article meets."""

from __future__ import annotations

import dataclasses
import re
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

import attrition as at
from attrition.core.laws import make_law
from attrition.core.laws.law import Law, Provenance
from attrition.reporting import likelihood
from attrition.reporting.words import plain
from test_laws import START, normal_law

ID = "0123456789abcdef"
NEVER = ("will ", "±", "95 % confident", "nan", "None", "NaT", "  ")


@given(
    mean=st.floats(300, 2_000),
    slope=st.floats(0, 5),
    spread=st.floats(0.1, 400),
    days=st.integers(1, 800),
    prob=st.sampled_from([0.5, 0.8, 0.9, 0.975]),
    hazard=st.sampled_from([0.0, 0.002]),
    basis=st.sampled_from(["latent total", "count of CSIS"]),
)
@settings(max_examples=150, deadline=None)
def test_no_form_can_omit_what_makes_it_a_citation(  # noqa: PLR0917 - hypothesis gives names
    mean: float, slope: float, spread: float, days: int, prob: float, hazard: float, basis: str
) -> None:
    score = (mean + slope * np.arange(days + 1.0) - 1_000.0) / spread
    what = Provenance(quantity="q", title="Losses", definition="killed", basis_name=basis, seed=4)
    law = make_law(np.asarray(special.ndtr(score))[None, None], [1_000.0], START, what)
    law = at.with_end(law, hazard) if hazard else law
    chance = f"{100 * prob:g} %"
    condition = "hazard of 0.002 a day" if hazard else "f the fighting continues"
    for form in ("standard", "full"):
        text = at.cite(law, 1_000.0, prob=prob, form=form, record=ID)
        for slot in (chance, condition, "3 June 2025", basis, "killed", "1,000", "seed 4", ID):
            assert slot in text, (slot, text)
        assert "credible interval" in text
        assert not [word for word in NEVER if word in text], text
    short = at.cite(law, 1_000.0, prob=prob, form="short", record=ID)
    assert chance in short
    assert f"record {ID}" in short
    assert basis in short


def test_a_citation_without_its_probability_would_be_noticed() -> None:
    text = at.cite(normal_law([1_000.0]), 1_000.0)
    assert "90 %" not in text.replace("90 % credible interval", "")


def test_the_short_form_carries_the_id_of_the_record_of_its_law() -> None:
    law = normal_law([1_000.0])
    made = at.make_record(law, [1_000.0])
    assert f"record {made.id})" in at.cite(law, 1_000.0, form="short")
    assert made.sentences[0].short == at.cite(law, 1_000.0, form="short")


@pytest.mark.parametrize(
    ("threshold", "said"),
    [
        (700.0, "had already passed 700 by 3 June 2025"),
        (860.0, "had almost certainly already passed 860 by 3 June 2025"),
        (
            885.0,
            "had probably passed 885 already by 3 June 2025, or else would do so by 21 June 2025",
        ),
        (900.0, "had as likely as not passed 900 already by 3 June 2025"),
        (915.0, "would pass 915 by 21 July 2025, if that total had not been passed already"),
        (1_090.0, "would pass 1,090 no earlier than 8 November 2025, and perhaps not by"),
        (1_105.0, "would pass 1,105 no earlier than 23 November 2025, probably not by 20 December"),
        (1_500.0, "would not pass 1,500 by 20 December 2025"),
    ],
)
def test_each_state_has_its_wording(threshold: float, said: str) -> None:
    for form in ("short", "standard", "full"):
        text = at.cite(normal_law([threshold]), threshold, form=form, record=ID)
        assert said in text, text


def step(first: int, last: int, days: int = 400) -> Law:
    """A total of 5 that is surely passed between two days, evenly."""
    rise = np.clip((np.arange(days + 1.0) - first) / max(last - first, 1), 0, 1)
    return make_law(rise[None, None], [5.0], START, normal_law([1.0]).provenance)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (9, 10, "on 13 June 2025"),
        (4, 20, "between 8 and 23 June 2025"),
        (4, 60, "between 10 June and 31 July 2025"),
        (60, 170, "between the weeks of 4 August and 10 November 2025"),
        (150, 300, "between the weeks of 3 November 2025 and 23 March 2026"),
        (190, 240, "between 13 December 2025 and 27 January 2026"),
        (10, 360, "between July 2025 and May 2026"),
    ],
)
def test_an_interval_names_what_its_ends_do_not_share(first: int, last: int, said: str) -> None:
    assert said in at.cite(step(first, last), 5.0)


def test_an_interval_open_at_both_ends_does_not_pretend_to_a_date() -> None:
    text = at.cite(step(-200, 700, days=400), 5.0)
    assert "do not narrow down, perhaps already and perhaps not by 8 July 2026" in text


def test_several_thresholds_share_one_sentence() -> None:
    law = normal_law([940.0, 1_000.0, 1_090.0])
    text = at.cite(law, [940.0, 1_000.0, 1_090.0])
    assert text.count("if the fighting continues") == 1
    assert text.count("median") == 3
    assert "these are 90 % credible intervals (“already” is the probability that" in text
    assert text.endswith(").")


def test_a_sum_is_never_called_killed(whole: at.Forecast) -> None:
    for key in ("russian-casualties", "ukrainian-casualties"):
        law = whole.law(key)
        for form in ("short", "standard", "full"):
            text = at.cite(law, whole.thresholds[key], form=form, record=ID)
            assert "killed" not in text.replace("(killed and wounded", "")
    assert "military killed" in at.cite(whole.law("russian-killed"), 250_000)


def test_a_law_with_an_end_names_its_hazard_and_leaves_no_mass_unsaid() -> None:
    text = at.cite(at.with_end(normal_law([1_000.0]), 0.001), 1_000.0)
    assert "a hazard of 0.001 a day" in text
    assert "the fighting ends first" in text
    assert "if the fighting continues" not in text


@pytest.mark.parametrize(
    ("threshold", "hazard", "said"),
    [
        (700.0, 0.002, "had already passed 700 by 3 June 2025"),
        (
            890.0,
            0.1,
            "had probably passed 890 already by 3 June 2025, or else might never, because",
        ),
        (1_000.0, 0.002, "2025, or never, because the fighting ends first ("),
        (1_000.0, 0.02, "2025, if at all, because the fighting probably ends first ("),
        (1_090.0, 0.002, "2025, probably not by 20 December 2025, or never, because the fighting"),
        (1_500.0, 0.002, "would not pass 1,500 by 20 December 2025 ("),
        (1_500.0, 0.02, "would not pass 1,500 before the fighting ends ("),
    ],
)
def test_an_end_is_worded_by_how_likely_it_comes_first(
    threshold: float, hazard: float, said: str
) -> None:
    law = at.with_end(normal_law([threshold]), hazard)
    for form in ("short", "standard", "full"):
        assert said in at.cite(law, threshold, form=form, record=ID)


def test_several_thresholds_with_an_end_share_one_sentence_and_one_key() -> None:
    grid = [700.0, 915.0, 1_000.0, 1_090.0]
    text = at.cite(at.with_end(normal_law(grid), 0.002), grid)
    assert text.count("(a hazard of 0.002 a day: on average after 500 days)") == 1
    assert text.count("% ended") == len(grid)
    assert text.count("“ended” that the fighting ends first") == 1
    assert text.count(". ") == 0


def test_what_has_passed_is_not_conditional_and_the_rest_is() -> None:
    for law, condition in (
        (normal_law([700.0]), "and, if the fighting continues, less than 0.1 % that it is"),
        (at.with_end(normal_law([700.0]), 0.002), "and, allowing for an end of the fighting (a"),
    ):
        for form in ("standard", "full"):
            text = at.cite(law, 700.0, form=form, record=ID)
            assert condition in text
            before, _, _ = text.partition("had already passed")
            assert "fighting" not in before
    both = at.cite(normal_law([700.0, 1_000.0]), [700.0, 1_000.0])
    assert both.index("if the fighting continues") < both.index("had already passed")
    past = at.cite(normal_law([600.0, 700.0]), [600.0, 700.0])
    assert "if the fighting continues, “later” that it is not passed" in past


def test_the_count_of_a_series_ends_and_no_fighting_does() -> None:
    law = normal_law([1_000.0])
    what = dataclasses.replace(law.provenance, counted=True, condition="if the count goes on")
    assert "fighting" not in at.cite(law.with_provenance(what), 1_000.0)
    text = at.cite(at.with_end(law.with_provenance(what), 0.02), 1_000.0)
    assert "allowing for an end of the count" in text
    assert "fighting" not in text


def test_sources_that_are_worth_a_fraction_are_said_to_be() -> None:
    law = normal_law([1_000.0])
    what = dataclasses.replace(law.provenance, figures=10, independent_sources=1.2)
    text = at.cite(law.with_provenance(what), 1_000.0)
    assert text.startswith("From 10 reported figures (worth 1.2 independent sources) known on")
    assert "0 reported figures" not in at.cite(law, 1_000.0)


def test_likelihood_words_stand_with_number_and_scale() -> None:
    law = normal_law([915.0])
    text = at.cite(law, 915.0, scale="ICD-203")
    assert "“unlikely” (23 %, ICD-203) that it had been passed" in text
    assert likelihood(0.6, "PHIA") == "“likely or probable” (60 %, PHIA)"
    assert likelihood(0.03, "PHIA") == "a “remote chance” (3 %, PHIA)"
    assert likelihood(0.6, "IPCC") == "“about as likely as not” (60 %, IPCC)"
    assert likelihood(0.999, "ICD-203") == "probability 99.9 %"  # the scale has no word for it
    for unknown in ("ICD", ""):
        with pytest.raises(at.InputError, match="scale"):
            at.cite(law, 915.0, scale=unknown)  # type: ignore[arg-type]


def test_unknown_forms_and_empty_questions_are_refused() -> None:
    with pytest.raises(at.InputError, match="three forms"):
        at.cite(normal_law([915.0]), 915.0, form="long")  # type: ignore[arg-type]
    with pytest.raises(at.InputError, match="threshold"):
        at.cite(normal_law([915.0]), [])


def test_text_that_runs_the_other_way_is_isolated_and_cannot_reorder_numbers() -> None:
    assert plain("\u05d0\u05d1") == "\u2068\u05d0\u05d1\u2069"
    assert plain("safe\u202e txet\x00") == "safe txet"


SHARE = r"(?:less than |more than )?[\d.]+ %"
FULL = re.compile(
    r"would pass (?P<threshold>[\d,]+) "
    r"(?:between (?P<lower>.+?) and|by(?: the end of)?) (?P<upper>[\w ]+?\d{4})"
    r"(?:, if that total had not been passed already)? "
    r"\((?P<prob>[\d.]+) % equal-tailed credible interval; median (?P<median>.+?)\)\. "
    rf"Of .*?: probability (?P<already>{SHARE}) that .*?, (?P<within>{SHARE}) that it is passed "
    rf".*? and (?P<beyond>{SHARE}) that .*? by (?P<horizon>[\w ]+)\. "
    r"From (?P<figures>\d+) reported figures \((?P<sources>\d+) independent sources?\) "
    r"known on (?P<known>[\w ]+)\..* seed (?P<seed>\d+); .* record (?P<record>\w+)\.$"
)


def test_the_full_sentence_parses_back_into_the_numbers_of_the_record(bundled: at.Dossier) -> None:
    made = at.make_record(at.forecast(bundled, seed=1, quantities=["russian-casualties"]))
    for held, sentence in zip(made.laws, made.sentences, strict=True):
        (one,) = held.crossings
        found = FULL.search(sentence.full)
        assert found is not None, sentence.full
        assert float(found["threshold"].replace(",", "")) == one.threshold
        assert float(found["prob"]) / 100 == made.settings.prob
        for name in ("already", "within", "beyond"):
            assert found[name] == one.printed[name]
        for name in ("median", "upper"):
            assert found[name] == one.printed[name]
        assert (one.lower.state, found["lower"]) == ("already", None)
        assert int(found["figures"]) == held.provenance["figures"]
        assert int(found["seed"]) == made.settings.seed
        assert found["record"] == made.id
        for name, day in (("known", "information_date"), ("horizon", "horizon")):
            stated = date.fromisoformat(getattr(made.settings, day))
            assert found[name] == f"{stated.day} {stated:%B %Y}"


def test_over_two_hundred_seeds_the_sentence_hardly_ever_changes() -> None:
    from test_engine import reference

    bodies = []
    for seed in range(200):
        law = reference([1.05e6], seed)
        stated = dataclasses.replace(law.provenance, seed=0)
        bodies.append(at.cite(law.with_provenance(stated), 1.05e6))
    assert bodies.count(max(set(bodies), key=bodies.count)) >= 0.95 * len(bodies)
