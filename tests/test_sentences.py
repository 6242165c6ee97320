"""What a sentence says, for every case that an article meets, and that its numbers are true."""

from __future__ import annotations

import dataclasses
import html
import re
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import special

import attrition as at
from attrition.core.laws import make_law, round_count
from attrition.core.laws.law import Law, Provenance
from attrition.core.laws.reading import mean_of
from attrition.data.dossier.quoted import dossier_of
from attrition.page import page_content, page_html
from attrition.page.whole import headline
from attrition.plots.dots import interval_words
from attrition.reporting.passing import conditioned, passing, words_in
from attrition.reporting.stretches import between, end_words, stretch, within
from attrition.reporting.subject import named, subject_of, whose
from attrition.reporting.words import from_words, likelihood_word, plain, rounded_amount
from sentence_reader import DAY, PERCENT, days_of, figure, fits, stated
from test_laws import START, normal_law

ID = "0123456789abcdef"
K = 1_000.0
NEVER = (
    "will ",
    "±",
    "95 % confident",
    "nan",
    "None",
    "NaT",
    "  ",
    "latent",
    "basis",
    "end of)",
    "end of;",
)
WHAT = Provenance(
    quantity="q",
    title="Losses",
    definition="killed and missing",
    subject="people killed in the city",
    condition="if the fighting continues",
    basis="ministry",
    basis_name="count of Ministry of Health",
    sources=("Ministry of Health",),
    figures=3,
    seed=4,
)


def hills(  # noqa: PLR0917 - a picture of a law in six numbers
    already: float, beyond: float, first: float, second: float, weight: float, spread: float
) -> Law:
    """A law with mass on both sides and two hills of dates between them, as contested ones have."""
    days = np.arange(731.0)
    rise = weight * special.ndtr((days - first) / spread)
    rise += (1 - weight) * special.ndtr((days - second) / spread)
    rise = (rise - rise[0]) / max(rise[-1] - rise[0], 1e-300)
    column = already + (1 - already - beyond) * rise
    return make_law(np.clip(column, 0, 1)[None, None], [K], START, WHAT)


shares = st.one_of(st.just(0.0), st.floats(0, 1))
laws = st.builds(
    lambda already, rest, **more: hills(already, (1 - already) * rest, **more),
    shares,
    rest=shares,
    first=st.floats(0, 700),
    second=st.floats(0, 700),
    weight=st.floats(0, 1),
    spread=st.floats(1, 200),
)
probs = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])


@given(law=laws, prob=probs, hazard=st.sampled_from([0.0, 0.0, 0.0005, 0.002, 0.003, 0.02]))
@settings(max_examples=2 * settings().max_examples, deadline=None)
def test_each_probability_printed_is_that_of_what_is_said(
    law: Law, prob: float, hazard: float
) -> None:
    law = at.laws.with_end(law, hazard) if hazard else law
    sentence = at.cite(law, K, prob=prob).sentence
    read = list(stated(sentence, law, K))
    assert read, sentence
    for printed, probability in read:
        assert fits(printed, probability), (sentence, printed, probability)


# As published: ICD 203 (2015), the PHIA Probability Yardstick, and Mastrandrea et al. (2010) for
# the IPCC. The words of the last are within one another; the narrowest that fits is said.
PUBLISHED = {
    "ICD-203": [
        ("almost no chance", 1, 5),
        ("very unlikely", 5, 20),
        ("unlikely", 20, 45),
        ("a roughly even chance", 45, 55),
        ("likely", 55, 80),
        ("very likely", 80, 95),
        ("almost certain", 95, 99),
    ],
    "PHIA": [
        ("a remote chance", 0, 5),
        ("highly unlikely", 10, 20),
        ("unlikely", 25, 35),
        ("a realistic possibility", 40, 50),
        ("likely", 55, 75),
        ("highly likely", 80, 90),
        ("almost certain", 95, 100),
    ],
    "IPCC": [
        ("exceptionally unlikely", 0, 1),
        ("very unlikely", 1, 10),
        ("unlikely", 10, 33),
        ("about as likely as not", 33, 66),
        ("likely", 66, 90),
        ("very likely", 90, 99),
        ("virtually certain", 99, 100),
    ],
}


@pytest.mark.parametrize("scale", PUBLISHED)
def test_a_word_of_likelihood_is_said_of_what_its_scale_publishes(scale: Any) -> None:
    words = {
        percent: [word for word, low, high in PUBLISHED[scale] if low < percent < high]
        for percent in np.arange(0.5, 100, 1)
    }
    for percent, one in words.items():
        assert likelihood_word(percent / 100, scale) == "".join(one)


def test_a_sentence_whose_probability_is_that_of_the_interval_would_be_noticed() -> None:
    law = hills(0.2, 0.0, 60, 90, 0.5, 30)
    sentence = at.cite(law, K).sentence
    wrong = re.sub(r"\d+ % likely", "90 % likely", sentence)
    assert wrong != sentence
    assert not all(fits(*pair) for pair in stated(wrong, law, K))


@given(law=laws, prob=probs, hazard=st.sampled_from([0.0, 0.002]))
@settings(max_examples=3 * settings().max_examples // 2, deadline=None)
def test_no_sentence_is_long_or_leaves_out_who_when_and_if(
    law: Law, prob: float, hazard: float
) -> None:
    law = at.laws.with_end(law, hazard) if hazard else law
    citation = at.cite(law, K, prob=prob, record=ID)
    sentence = citation.sentence
    assert words_in(sentence) <= 40, sentence
    assert "he number killed in the city" in sentence
    assert "the Ministry of Health’s figures" in sentence.replace("The Min", "the Min")
    assert re.search(r"3 June(?: 2025)?\b", sentence), sentence
    assert "3 June 2025" in sentence or set(re.findall(r"\b20\d\d\b", sentence)) == {"2025"}
    past = re.search(r"passed 1,000 by 3 June 2025 \([^;]*\)\.$", sentence)
    condition = re.search(
        r"if the fighting (?:continues|has)|chance that the fighting ends", sentence
    )
    assert past or condition, sentence
    assert not [word for word in TERMS if word in citation.note.lower()], citation.note
    assert "equal-tailed credible interval" in citation.full
    for text in (sentence, citation.note):
        assert not [word for word in NEVER if word in text], text
    assert sentence.endswith(".")
    assert sentence.count("(") == sentence.count(")")
    for slot in (
        f"{100 * prob:g} % interval ({50 * (1 - prob):.12g} % on either side)",
        "killed and missing",
    ):
        assert slot in citation.note
    for slot in ("seed 4", f"record {ID}", "3 June 2025", "Ministry of Health", "ICD-203"):
        assert slot in citation.note


@given(law=laws, prob=probs)
def test_words_follow_what_is_known_and_never_the_level_of_the_interval(
    law: Law, prob: float
) -> None:
    already = at.laws.masses(law, K).already
    sentence = at.cite(law, K, prob=prob).sentence
    if "had passed" in sentence:  # a flat fact
        assert already >= 0.99
    for word, low, high in (
        ("almost certain to have", 0.95, 0.99),
        ("very likely to have", 0.80, 0.95),
        ("is likely to have", 0.55, 0.80),
        ("a roughly even chance of having", 0.45, 0.55),
    ):
        if word in sentence:  # the word is that of the number beside it
            assert low <= round(already, 2) <= high, sentence


@pytest.mark.parametrize("prob", [0.5, 0.8, 0.9, 0.99])
def test_an_interval_of_one_half_is_never_a_flat_fact(prob: float) -> None:
    law = hills(0.76, 0.0, 60, 90, 0.5, 30)
    sentence = at.cite(law, K, prob=prob).sentence
    assert "is likely to have passed 1,000 by 3 June 2025 (76 % on" in sentence
    two = make_law(np.repeat(law.exceedance, 2, axis=1), [K - 1, K], START, WHAT)
    assert "had passed" not in at.cite(two, [K - 1, K], prob=prob).sentence
    if prob == 0.5:
        sentence = at.cite(two, [K - 1, K], prob=prob).sentence
        assert sentence.startswith(
            "The number killed in the city is 76 % likely to have passed 999 by 3 June 2025 and 76 "
        )
        assert sentence.endswith(" 1,000 by then, on the Ministry of Health’s figures to that day.")
        assert "if the fighting" not in sentence  # what is past depends on nothing


@pytest.mark.parametrize(
    ("already", "beyond", "says"),
    [
        (0.9999, 0.0, "had passed 1,000 by 3 June 2025 (more than 99.9 % probable on the Min"),
        (0.97, 0.0, "is almost certain to have passed 1,000 by 3 June 2025 (97 % on the Min"),
        (0.50, 0.0, "to have passed 1,000 by the end of December 2026 (50 % already) if the"),
        (0.60, 0.3, "is 70 % likely to have passed 1,000 by 3 June 2027 (60 % already) if"),
        (0.16, 0.0, "by the end of December 2026 (16 % already) if the fighting continues, on"),
        (0.0, 0.0, "likely to pass 1,000 between 1 November and 20 December 2026 if"),
        (
            0.0,
            0.4,
            "is 60 % likely to pass 1,000 by 3 June 2027",
        ),
        (
            0.13,
            0.19,
            "passes 1,000: 13 % that it already has, 19 % that it still has not by 3 June 2027, if",
        ),
        (
            0.08,
            0.1,
            "by 3 June 2027 (60 % by the end of November 2026) if the fighting continues, on the",
        ),
        (0.0, 0.98, "is 98 % likely to be still below 1,000 on 3 June 2027 if"),
        (0.06, 0.9, "is 90 % likely to be still below 1,000 on 3 June 2027 (6 % already past it)"),
    ],
)
def test_each_state_has_its_wording(already: float, beyond: float, says: str) -> None:
    law = hills(already, beyond, 540, 540, 1.0, 15)
    assert says in at.cite(law, K).sentence


def test_what_may_be_past_is_said_first_where_there_is_room() -> None:
    what = dataclasses.replace(WHAT, basis="csis", basis_name="count of CSIS")
    for already, says in (
        (0.5, "has a roughly even chance of having passed 1,000 by 3 June 2025 (50 % on CSIS’s"),
        (0.5, " to that day), and is 99.4 % likely to have done so by mid-August if the"),
        (0.6, "is likely to have passed 1,000 by 3 June 2025 (60 % on CSIS’s figures to that day)"),
        (
            0.6,
            "to that day), and 96 % likely to have done so by 12 August if the fighting",
        ),
    ):
        law = hills(already, 0.0, 60, 60, 1.0, 8).with_provenance(what)
        assert says in at.cite(law, K).sentence


@given(law=laws, prob=probs)
def test_a_date_is_the_same_in_sentence_table_and_figure(law: Law, prob: float) -> None:
    read, sentence = passing(law, K, prob), at.cite(law, K, prob=prob).sentence
    for end, printed, outside in (
        (read.read.lower, read.lower, read.already),
        (read.read.upper, read.upper, read.later),
    ):
        left = min(end.probability, 1 - end.probability)
        # what is printed as large as the interval leaves there opens it
        assert (printed is None) == (end.day is None or read.rounded(outside) > left - 1e-9)
        if printed is not None:
            assert end_words(law, end, read.unit) == printed.words
            assert end_words(law, end, read.unit, short=True) == printed.short
    aside = re.search(rf"[(; ](?:even chance|{PERCENT}) by ({DAY})[;)]", sentence)
    if aside:
        day = read.read.median.day
        assert day is not None
        middle = within(day, read.unit, START, law.horizon)
        assert aside[1] in (middle.until, middle.until.removesuffix(" 2025")), sentence
        assert interval_words(read.read, law).endswith(f"; median {middle.words}")


def test_no_sentence_denies_twice_or_leaves_out_a_verb_or_a_day(whole: at.Forecast) -> None:
    for (key, _), law in whole.laws.items():
        for threshold in (*whole.thresholds[key], *(2 * k for k in whole.thresholds[key])):
            for sentence in (
                at.cite(law, threshold).sentence,
                at.cite(law, [threshold / 2, threshold]).sentence,
                at.cite(law, threshold, by=whole.information_date).sentence,
                at.cite(law, on=whole.information_date).sentence,
            ):
                assert "likely not" not in sentence
                assert "likely to by" not in sentence
                assert re.search(r" to (?:that day|5 June(?: 2025)?)[).]?", sentence), sentence


@pytest.mark.parametrize(
    ("title", "source", "begins", "figures"),
    [
        ("People killed", "UN", "The UN’s count of people killed is", "on its figures to"),
        ("Killed", "local officials", "Local officials’ count of the killed", "on their figures"),
        ("Death toll", "WHO", "The WHO’s death toll is", "on its figures to"),
        ("Children who died", "Police", "The police’s count of children who", "on its figures to"),
        ("Deaths in Ruritania", "WHO", "Deaths in Ruritania are", "on the WHO’s figures to"),
        ("Ruritanian dead", "UN", "The number of Ruritanian dead is", "on the UN’s figures to"),
        ("Ruritanian losses: killed", "UN", "Ruritanian losses are", "on the UN’s figures to"),
        ("Ruritania: deaths in May", "UN", "Deaths in May are", "on the UN’s figures to"),
        ("Migrants missing at sea", "IOM", "The number of migrants missing at", "on IOM’s figures"),
        ("Advance on the city", "CSIS", "The advance on the city is", "on CSIS’s figures to"),
    ],
)
def test_what_no_word_places_is_named_by_who_counts(
    title: str, source: str, begins: str, figures: str
) -> None:
    what = dataclasses.replace(WHAT, subject="", title=title, basis_name=f"count of {source}")
    sentence = at.cite(hills(0.0, 0.0, 60, 90, 0.5, 30).with_provenance(what), K).sentence
    assert sentence.startswith(begins), sentence
    assert figures in sentence
    toll = dataclasses.replace(what, basis="latent", sources=(source,))
    if "count of" in begins:
        latent = at.cite(hills(0.0, 0.0, 60, 90, 0.5, 30).with_provenance(toll), K).sentence
        assert latent.startswith(f"The true number behind {begins[0].lower()}{begins[1:]}"), latent


def test_what_joins_two_totals_names_the_sources_of_both(both: at.Forecast) -> None:
    one, other = ("ukrainian-killed", 100_000), ("russian-killed", 300_000)
    sentence = at.cite(both, before=(one, other)).sentence
    assert "on figures from CSIS and others to 5 June 2025" in sentence
    assert "on CSIS’s figures" in at.cite(both.law("ukrainian-killed", "csis"), 80_000).sentence


def test_many_counts_are_told_by_the_least_and_the_largest_chance() -> None:
    names = ["CSIS", "United Nations", "Police", "Red Cross"]
    counts = [
        hills(0.0, 0.0, 160 + 30 * k, 160 + 30 * k, 1.0, 60).with_provenance(
            dataclasses.replace(WHAT, basis=name.lower(), basis_name=f"count of {name}")
        )
        for k, name in enumerate(names)
    ]
    sentence = at.cite(counts, K).sentence
    read = re.search(
        rf"is ({PERCENT}) \(the Red Cross’s\) to ({PERCENT}) \(CSIS’s\) likely to have passed "
        r"1,000 by the end of (\w+ \d{4}) if the fighting continues, as known on 3 June 2025\.$",
        sentence,
    )
    assert read, sentence
    _, last = days_of(f"the end of {read[3]}")
    for printed, law in ((read[1], counts[3]), (read[2], counts[0])):
        assert fits(printed, float(mean_of(law, K)[(last - START).days]))


def step(first: int, last: int, days: int = 730) -> Law:
    """A total of 5 that is surely passed between two days, evenly."""
    rise = np.clip((np.arange(days + 1.0) - first) / max(last - first, 1), 0, 1)
    return make_law(rise[None, None], [5.0], START, WHAT)


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        (9, 10, "on 13 June 2025"),
        (4, 20, "between 8 and 23 June 2025"),
        (4, 60, "between 10 June and 31 July 2025"),
        (60, 170, "between early August and mid-November 2025"),
        (150, 300, "between early November 2025 and late March 2026"),
        (10, 360, "between July 2025 and May 2026"),
    ],
)
def test_an_interval_names_what_its_ends_do_not_share(first: int, last: int, span: str) -> None:
    assert span in at.cite(step(first, last), 5.0).sentence


def test_two_thresholds_share_one_sentence_of_at_most_55_words() -> None:
    law = normal_law([940.0, 1_000.0, 1_090.0])
    for pair in ([940.0, 1_000.0], [1_000.0, 1_090.0]):
        citation = at.cite(law.with_provenance(WHAT), pair)
        assert words_in(citation.sentence) <= 55
        assert citation.sentence.count("if the fighting continues") == 1
        assert citation.note.count(" interval (5 % on either side)") == 2
    one = at.cite(law.with_provenance(WHAT), [1_000.0, 940.0]).sentence
    assert one == at.cite(law.with_provenance(WHAT), [940.0, 1_000.0]).sentence


@given(law=laws, prob=probs)
def test_two_thresholds_stay_short_and_their_numbers_true(law: Law, prob: float) -> None:
    column = law.surface()[0, 0]
    lower = np.sqrt(column)  # a lower threshold is passed earlier
    both = make_law(np.stack([lower, column])[None], [K - 100, K], START, WHAT)
    sentence = at.cite(both, [K - 100, K], prob=prob).sentence
    assert words_in(sentence) <= 55, sentence
    read = list(stated(sentence, both, K - 100, K))
    assert len(read) > 1, sentence
    for printed, probability in read:
        assert fits(printed, probability), (sentence, printed, probability)


def test_a_subject_brings_its_number_and_its_case() -> None:
    def wording(title: str, verb: str = "") -> tuple[str, bool, str]:
        subject = subject_of(Provenance(quantity="q", title=title, definition="d", verb=verb))
        return subject.text, subject.plural, subject.passes

    assert wording("Overdose deaths in the county") == (
        "overdose deaths in the county",
        True,
        "pass",
    )
    assert wording("Death toll (official)") == ("the death toll", False, "passes")
    assert wording("People killed in Gaza", verb="reach") == (
        "the number killed in Gaza",
        False,
        "reaches",
    )
    assert wording("Gaza’s toll", verb="reaches") == ("Gaza’s toll", False, "reaches")
    assert wording("Russian military casualties")[1:] == (True, "pass")
    assert wording("The missing")[0] == "the number missing"
    assert wording("Number of people killed")[0] == "the number killed"
    assert wording("People who died in floods")[0] == "the number who died in floods"
    assert wording("Civilian deaths")[:2] == ("Civilian deaths", True)
    assert wording("Russia’s military dead")[:2] == ("Russia’s military dead", True)
    assert wording("Ruritanian total")[0] == "the Ruritanian total"
    assert wording("Distance", verb="exceeds")[1:] == (False, "exceeds")


def test_a_verb_of_the_dossier_stands_in_every_form() -> None:
    law = hills(0.2, 0.0, 60, 90, 0.5, 30)
    sentence = at.cite(law, K, subject="the toll", verb="reaches").sentence
    assert sentence.startswith("The toll is ")
    assert "likely to have reached 1,000 by" in sentence
    assert "16 % already" in at.cite(hills(0.16, 0.0, 60, 90, 0.5, 30), K).sentence
    for words in ({"verb": "beats"}, {"subject": "a b c d e f g h i"}, {"condition": "unless"}):
        with pytest.raises(at.InputError):
            at.cite(law, K, **words)  # type: ignore[arg-type]


def test_nothing_says_fighting_of_what_does_not_fight() -> None:
    law = hills(0.2, 0.1, 60, 90, 0.5, 30)
    ward = law.with_provenance(
        dataclasses.replace(WHAT, subject="deaths on the ward", condition="if it goes on")
    )
    for one in (ward, at.laws.with_end(ward, 0.002)):
        citation = at.cite(one, K)
        assert "fighting" not in citation.full
        assert ("the rise has a one in 500" in citation.sentence) == (one is not ward)
    epidemic = ward.with_provenance(
        dataclasses.replace(WHAT, condition="if the epidemic goes on at this pace")
    )
    assert at.laws.with_end(epidemic, 0.002).provenance.ending == "the epidemic"


def test_an_end_that_may_come_first_is_part_of_the_condition() -> None:
    law = at.laws.with_end(hills(0.0, 0.0, 200, 260, 0.5, 30), 0.002)
    citation = at.cite(law, K)
    assert "if the fighting has a one in 500 chance of ending each day" in citation.sentence
    assert "that the fighting ends first" in citation.note
    odd = at.laws.with_end(hills(0.0, 0.0, 200, 260, 0.5, 30), 0.3)
    assert "at a 30 % daily chance that the fighting ends" in at.cite(odd, K).sentence


def test_the_count_of_a_source_and_the_toll_itself_are_named_in_words() -> None:
    law = hills(0.2, 0.0, 60, 90, 0.5, 30)
    toll = law.with_provenance(
        dataclasses.replace(WHAT, basis="latent", sources=("CSIS", "Mediazona"))
    )
    citation = at.cite(toll, K)
    assert "The true number killed in the city is" in citation.sentence
    assert "on figures from CSIS and Mediazona to 3 June" in citation.sentence
    assert "the toll itself, whoever counts" in citation.note
    assert whose("CSIS", "count") == "CSIS’s count"
    assert whose("United Nations", "count") == "the United Nations’ count"
    assert whose("UK Ministry of Defence", "figures") == "the UK Ministry of Defence’s figures"
    assert whose("US officials, to The Economist", "figures").startswith("figures from US")


def test_the_note_names_sources_and_those_who_quote_them(whole: at.Forecast) -> None:
    note = at.cite(whole.law("russian-casualties", "csis"), 1_000_000).note
    drawing = "the UK Ministry of Defence and, drawing on it, CSIS and news reports"
    assert f"Figures: 4, from {drawing}, known on 5 June 2025." in note
    assert "independent source" not in note
    kept = tuple(c for c in whole.dossier.claims if c.source != "uk-mod")
    less = whole.dossier.model_copy(update={"claims": kept})
    forecast = at.forecast(less, seed=1, quantities=["russian-casualties"], bases="csis", size=16)
    quoting = at.cite(forecast.law(), 1_000_000).note
    assert "Figures: 3, from CSIS or news reports that quote it, known on" in quoting
    assert "killed and wounded" in note


def test_nothing_is_said_twice(whole: at.Forecast) -> None:
    for (key, _), law in whole.laws.items():
        for threshold in whole.thresholds[key]:
            full = at.cite(law, threshold).full
            assert not re.search(r"\b(\w+),? (?:\(|: )\1\b", full), full
    note = at.cite(whole.law("russian-killed"), 250_000).note
    assert "Counted: Russian military killed, including those who died of wounds" in note


def test_no_record_is_named_that_nobody_made() -> None:
    law = hills(0.2, 0.0, 60, 90, 0.5, 30)
    assert "record" not in at.cite(law, K).full
    record = at.reporting.make_record(law, [K])
    assert f"record {record.id}" in record.sentences[0].note
    assert record.sentences[0].sentence == at.cite(law, K).sentence
    assert record.sentences[0].note == at.cite(law, K, record=record.id).note


def test_a_citation_is_its_sentence_and_frozen() -> None:
    citation = at.cite(hills(0.2, 0.0, 60, 90, 0.5, 30), K)
    assert isinstance(citation, at.reporting.Citation)
    assert str(citation) == citation.sentence
    assert citation.full == f"{citation.sentence} {citation.note} {citation.technical}"
    with pytest.raises(dataclasses.FrozenInstanceError):
        citation.sentence = ""  # type: ignore[misc]


def test_likelihood_words_stand_with_number_and_scale() -> None:
    law = hills(0.76, 0.0, 60, 90, 0.5, 30)
    for scale, words in (
        ("ICD-203", "is likely to have passed 1,000 by 3 June 2025 (76 % on"),
        ("IPCC", "is likely to have passed"),
        ("PHIA", "is 76 % likely to have passed 1,000 by 3 June 2025 on"),  # it has no word
    ):
        citation = at.cite(law, K, scale=scale)  # type: ignore[arg-type]
        assert words in citation.sentence
        assert f"Words of likelihood follow {scale}" in citation.note
    assert likelihood_word(0.45, "PHIA") == "a realistic possibility"
    assert likelihood_word(0.6, "PHIA") == "likely"
    for unknown in ("ICD", ""):
        with pytest.raises(at.InputError, match="scale"):
            at.cite(law, K, scale=unknown)  # type: ignore[arg-type]


def test_a_by_date_says_its_own_probability() -> None:
    law = hills(0.2, 0.1, 160, 190, 0.5, 30)
    day = date(2025, 12, 31)
    sentence = at.cite(law, K, by=day).sentence
    assert (
        f"{100 * at.laws.probability_by(law, K, day):.0f} % likely to have passed 1,000 by 31"
        in (sentence)
    )
    assert words_in(sentence) <= 40
    with pytest.raises(at.InputError, match="horizon"):
        at.cite(law, K, by="2030-01-01")


def test_a_total_says_the_probability_of_its_rounded_ends(whole: at.Forecast) -> None:
    law = whole.law("russian-casualties", "csis")
    for prob in (0.5, 0.9):
        for day in ("2025-06-05", "2025-12-31"):
            sentence = at.cite(law, on=day, prob=prob).sentence
            match = re.search(
                r"are ([\d.]+ %) likely to (?:have numbered|number) between (\S+(?: million)?) and "
                r"(\S+(?: million)?) on",
                sentence,
            )
            assert match, sentence
            low, high = (figure(text) for text in match.groups()[1:])
            share = at.laws.probability_by(law, low, day) - at.laws.probability_by(
                law, high + 1, day
            )
            assert fits(match[1], share, law.draws), (sentence, share)
            assert words_in(sentence) <= 40


def test_what_is_added_is_read_from_whole_paths(whole: at.Forecast) -> None:
    key = "russian-casualties"
    days = ("2025-12-31", "2025-06-05")
    sentence = at.cite(whole, on=days[0], since=days[1], quantity=key, basis="csis").sentence
    match = re.search(r"are ([\d.]+ %) likely to rise by (\S+) to (\S+) between 5 June", sentence)
    assert match, sentence
    paths = whole.paths("russian-casualties", "csis", draws=8_000, rng=99).values
    gain = paths[:, (date(2025, 12, 31) - whole.information_date).days] - paths[:, 0]
    share = ((gain >= figure(match[2])) & (gain <= figure(match[3]))).mean()
    error = 5 * (share * (1 - share) * (1 / 8_000 + 1 / 16_384)) ** 0.5
    assert abs(float(match[1].split()[0]) / 100 - share) <= 0.005 + error
    with pytest.raises(at.InputError, match="forecast"):
        at.cite(whole.law("russian-casualties"), on="2025-12-31", since="2025-06-05")
    with pytest.raises(at.InputError, match="before"):
        at.cite(whole, on="2025-06-05", since="2025-06-05", quantity="russian-casualties")


@pytest.fixture(scope="module")
def both() -> at.Forecast:
    """The posterior of two sides."""
    sides = ("russian", "ukrainian")
    names = [f"{side}-{kind}" for side in sides for kind in ("casualties", "killed")]
    return at.forecast(at.read_dossier(), seed=1, quantities=names)


def test_which_comes_first_is_said_with_what_else_may_be(both: at.Forecast) -> None:
    one, other = ("ukrainian-killed", 100_000), ("russian-killed", 300_000)
    citation = at.cite(both, before=(one, other))
    dates = both.before(one, other)
    sentence = citation.sentence
    assert f"{100 * dates.first_before:.0f} % likely to pass 100,000 before Russia" in sentence
    assert f"{100 * dates.second_before:.0f} % the other way round" in sentence
    assert words_in(sentence) <= 40
    assert "that neither is by" in citation.note


def test_a_ratio_is_said_in_whole_numbers_with_their_own_probability(both: at.Forecast) -> None:
    from attrition.forecasts.joint import ratio_draws

    pair = ("russian-killed", "ukrainian-killed")
    for on in (both.information_date, date(2025, 12, 31)):
        sentence = at.cite(both, ratio=pair, on=on).sentence
        match = re.search(
            r"are ([\d.]+ %) likely to (?:have numbered|number) (\S+) to (\S+) for every 100 of",
            sentence,
        )
        assert match, sentence
        drawn = 100 * ratio_draws(both, *pair, on=on)
        inside = (drawn >= figure(match[2])) & (drawn <= figure(match[3]))
        assert fits(match[1], float(inside.mean()))
        assert words_in(sentence) <= 40


def test_counts_that_disagree_say_so_and_those_that_do_not_do_not() -> None:
    early, late = hills(0.999, 0.0, 30, 40, 0.5, 5), hills(0.0, 0.0, 400, 420, 0.5, 10)
    other = dataclasses.replace(WHAT, basis="un", basis_name="count of United Nations")
    sentence = at.cite([early, late.with_provenance(other)], K).sentence
    assert sentence.startswith("Counts disagree on when the number ")
    assert "the Ministry of Health’s has already (" in sentence
    assert "the United Nations’ would between" in sentence
    assert words_in(sentence) <= 40
    near = at.cite([late, late.with_provenance(other)], K).sentence
    assert near.startswith("Counts differ on when the number killed in the city passes 1,000: ")


@given(law=laws, other=laws)
def test_two_counts_stay_short(law: Law, other: Law) -> None:
    what = dataclasses.replace(WHAT, basis="csis", basis_name="count of CSIS")
    sentence = at.cite([law, other.with_provenance(what)], K).sentence
    assert words_in(sentence) <= 40, sentence
    assert "CSIS’s" in sentence
    assert "3 June 2025" in sentence


def test_all_counts_of_a_forecast_are_compared_unless_one_is_named(whole: at.Forecast) -> None:
    every = at.cite(whole, 1_000_000, quantity="russian-casualties")
    assert "the toll itself" in every.sentence
    assert "CSIS’s" in every.sentence
    one = at.cite(whole, 1_000_000, quantity="russian-casualties", basis="csis")
    assert one == at.cite(whole.law("russian-casualties", "csis"), 1_000_000)
    with pytest.raises(at.InputError, match="names one"):
        at.cite(whole, 1_000_000)


def test_a_question_that_is_none_is_refused() -> None:
    law = normal_law([915.0])
    nothing: list[float] = []
    for what, threshold in ((law, nothing), (law, None), ([], 915.0)):
        with pytest.raises(at.InputError, match="one question"):
            at.cite(what, threshold)


def test_text_that_runs_the_other_way_is_isolated_and_cannot_reorder_numbers() -> None:
    assert plain("\u05d0\u05d1") == "\u2068\u05d0\u05d1\u2069"
    assert plain("safe\u202e txet\x00") == "safe txet"


FULL = re.compile(
    r"(?P<prob>[\d.]+) % interval \([\d.]+ % on either side\): (?P<lower>.+?) to (?P<upper>.+?); "
    r"median \(as likely before as after\) (?P<median>.+?); "
    r"(?P<already>.+? %) that it had been passed by (?P<known>[\w ]+), "
    r"(?:(?P<within>.+? %) that it is passed between then and [\w ]+, )?"
    r"(?P<beyond>.+? %) that it is not passed by (?P<horizon>[\w ]+)[.,].*"
    r"seed (?P<seed>\d+), record (?P<record>\w+)\.$"
)


def test_the_note_parses_back_into_the_numbers_of_the_record(bundled: at.Dossier) -> None:
    forecast = at.reporting.make_record(
        at.forecast(bundled, seed=1, quantities=["russian-casualties"])
    )
    for content, sentence in zip(forecast.laws, forecast.sentences, strict=True):
        (one,) = content.crossings
        match = FULL.search(sentence.note)
        assert match is not None, sentence.note
        assert float(match["prob"]) / 100 == forecast.settings.prob
        rest = match["within"] is None  # as printed they add to no hundred
        assert rest == (", the rest that it is passed between then and " in sentence.note)
        within = () if rest else ("within",)
        for name in ("already", *within, "beyond", "lower", "median", "upper"):
            assert match[name] == one.printed[name]
        assert int(match["seed"]) == forecast.settings.seed
        assert match["record"] == forecast.id
        for name, day in (("known", "information_date"), ("horizon", "horizon")):
            when = date.fromisoformat(getattr(forecast.settings, day))
            assert match[name] == f"{when.day} {when:%B %Y}"


def test_over_many_seeds_the_dates_of_a_sentence_hardly_ever_change() -> None:
    from test_when import Slowing

    bodies, family = [], Slowing(200.0, keeps_rate=True)
    for seed in range(settings().max_examples // 5):
        law = at.when(
            1.05e6,
            level=(900_000, 1_000_000),
            rate=(800, 1_250),
            on="2025-06-03",
            kind=family,
            horizon="2026-06-03",
            seed=seed,
        ).law
        what = dataclasses.replace(law.provenance, seed=0)
        bodies.append(at.cite(law.with_provenance(what), 1.05e6).sentence)
    assert bodies.count(max(set(bodies), key=bodies.count)) >= 0.95 * len(bodies)


@given(
    law=laws,
    subject=st.sampled_from(
        ["people killed in Gaza", "overdose deaths in the United States", "Gaza’s toll"]
    ),
    source=st.sampled_from(
        [
            "CSIS",
            "UK Ministry of Defence",
            "US officials, to The New York Times",
            "Office of the High Commissioner for Human Rights",
        ]
    ),
    condition=st.sampled_from(["if the fighting continues", "if deaths go on at this pace"]),
)
def test_a_long_name_gives_way_and_stands_in_the_note(
    law: Law, subject: str, source: str, condition: str
) -> None:
    what = dataclasses.replace(
        WHAT, subject=subject, basis_name=f"count of {source}", condition=condition
    )
    citation = at.cite(law.with_provenance(what), K)
    assert words_in(citation.sentence) <= 40, citation.sentence
    assert source in citation.note


@given(
    low=st.floats(0, 1e6),
    left=st.floats(1, 1e6),
    right=st.floats(1, 1e7),
    error=st.floats(0, 0.2),
    whole=st.sampled_from([True, False]),
)
@settings(max_examples=3 * settings().max_examples // 2, deadline=None)
def test_a_printed_end_is_as_fine_as_its_own_side_allows(
    low: float, left: float, right: float, error: float, *, whole: bool
) -> None:
    middle, high = low + left, low + left + right
    mcse = error * max(left, right)
    lower, median, upper = round_count(low, middle, high, whole=whole, mcse=mcse)
    assert lower <= low * (1 + 1e-9)
    assert upper >= high * (1 - 1e-9)
    assert lower <= median <= upper
    finest = 1.0 if whole else 0.0
    for moved, side in ((low - lower, left), (upper - high, right)):
        share = max(side, (high - low) / 50)
        assert moved <= max(share / 5, 5 * 8 * error * share, finest) * (1 + 1e-6)


def ahead(known: float, middle: float, spread: float, *, exact: bool) -> Law:
    """A count that is known on its first day and grows by a lognormal amount, which leans."""
    rng = np.random.default_rng(5)
    pace = middle * np.exp(spread * rng.standard_normal(400)) / 100
    level = np.full(400, known) if exact else known * np.exp(0.05 * rng.standard_normal(400))
    values = np.round(level[:, None] + pace[:, None] * np.arange(100.0))
    time = np.datetime64(START, "s") + np.arange(100) * np.timedelta64(86_400, "s")
    paths = xr.DataArray(values, dims=("draw", "time"), coords={"time": time})
    return at.Law.from_paths(paths, [known * 2]).with_provenance(WHAT)


@given(
    known=st.integers(1, 2_000_000),
    middle=st.floats(0.1, 1e6),
    spread=st.floats(0.05, 2.5),
    exact=st.booleans(),
    day=st.integers(0, 99),
    prob=probs,
)
@example(known=4, middle=1.0, spread=1.0, day=1, prob=0.5, exact=False)
@settings(max_examples=settings().max_examples // 2, deadline=None)
def test_a_total_on_a_day_is_printed_with_its_own_probability(
    known: int, middle: float, spread: float, day: int, prob: float, *, exact: bool
) -> None:
    law = ahead(float(known), middle, spread, exact=exact)
    sentence = at.cite(law, on=START + timedelta(days=day), prob=prob).sentence
    assert words_in(sentence) <= 40, sentence
    fact = re.search(r"stood at (\S+(?: million)?) on", sentence)
    if fact:  # which is as sure as it is short
        assert float(mean_of(law, figure(fact[1]))[day]) == pytest.approx(1, abs=1e-9)
        assert float(mean_of(law, figure(fact[1]) + 1)[day]) == pytest.approx(0, abs=1e-9)
        return
    read = re.search(
        rf"({PERCENT}) likely to (?:have been|be) (?:between (.+?) and |(no more than )?)"
        r"(\S+(?: million)?) on",
        sentence,
    )
    assert read, sentence
    upper = figure(read[4])
    lower = figure(read[2]) if read[2] else 0.0 if read[3] else upper
    assert lower > 0 or read[3], sentence
    if exact:
        assert lower >= known, sentence  # what was counted is never printed as less
    above, below = (
        float(mean_of(law, value)[day]) if value > 0 else 1.0 for value in (upper + 1, lower)
    )
    assert fits(read[1], below - above, law.draws), (sentence, below - above)


def test_a_lower_end_is_never_zero_where_a_quarter_of_a_million_is_known() -> None:
    quoted = at.forecast(
        [
            at.claim("up to 250,000 killed", source="CSIS", on="2025-06-03"),
            at.claim("around 300 killed a day", source="CSIS", on="2025-06-03"),
        ],
        seed=1,
    )
    assert "between 200,000 and" in at.cite(quoted, on="2025-12-31").sentence
    gain = at.cite(quoted, since="2025-06-03", on="2025-12-31").sentence
    assert " by 0 to" not in gain
    assert re.search(r"likely to rise by (?:at most|[\d,]+ to) [\d,]+ between 3 June and", gain)


def test_a_recorded_count_is_a_fact_on_its_last_day() -> None:
    law = ahead(1_189_213.0, 1_000.0, 0.3, exact=True)
    counted = law.with_provenance(dataclasses.replace(WHAT, counted=True))
    assert at.cite(counted, on=START).sentence == (
        "The number killed in the city stood at 1,189,213 on 3 June 2025, on the count’s "
        "own reports to that day."
    )
    vague = at.cite(ahead(1_189_213.0, 1_000.0, 0.3, exact=False), on=START).sentence
    assert " % likely to have been " in vague


def test_no_year_is_left_for_the_reader_to_guess() -> None:
    law = hills(0.0, 0.0, 100, 420, 0.5, 40)  # known in 2025, the even chance and the end in 2026
    sentence = at.cite(law, K).sentence
    aside = re.search(r"\(even chance by [^;)]*", sentence)
    assert aside is None or re.search(r"20\d\d$", aside[0]), sentence
    late = within(date(2026, 5, 1), "year", START, date(2027, 6, 3))
    assert between(stretch(date(2025, 7, 3), "month"), late) == (
        "between July 2025 and the end of 2026"
    )
    assert from_words(date(2025, 6, 5), date(2025, 6, 30)) == "5"


def test_a_count_that_stands_at_a_threshold_has_reached_it_and_not_passed_it() -> None:
    law = ahead(1_189_213.0, 1_000.0, 0.3, exact=True)
    at_it, below = (at.cite(law, level) for level in (1_189_213, 1_189_000))
    assert "had reached 1,189,213 by 3 June 2025" in at_it.sentence
    assert "that it had been reached by 3 June 2025" in at_it.note
    assert "had passed 1,189,000 by 3 June 2025" in below.sentence
    spread = ahead(1_189_213.0, 1_000.0, 0.3, exact=False)
    assert "passed 1,189,213" in at.cite(spread, 1_189_213).sentence
    few = at.when(12, level=9, rate=0.1, on="2025-06-03", kind="steady")
    assert "reach 12" in few.cite(verb="").sentence  # one more or less is worth a word


@given(law=laws, prob=probs, floors=st.booleans(), contested=st.booleans())
def test_headline_sentence_and_clause_agree_on_what_is_settled(
    law: Law, prob: float, *, floors: bool, contested: bool
) -> None:
    hills_of_it = (("CSIS", 0.6, 900.0), ("Mediazona", 0.4, 2_000.0)) if contested else ()
    what = dataclasses.replace(law.provenance, floors=floors, contested=hills_of_it)
    law = law.with_provenance(what)
    sentence, top = at.cite(law, K, prob=prob).sentence, headline(law, K, prob=prob)
    open_ended = "do not settle when" in sentence
    assert (" is open: " in top) == open_ended, (sentence, top)
    two = make_law(np.repeat(law.exceedance, 2, axis=1), [K - 1, K], START, what)
    both = at.cite(two, [K - 1, K], prob=prob).sentence
    assert ("settle" in both) == open_ended, (both, sentence)
    assert "no settled time" not in both


def test_a_minimum_is_said_to_be_one() -> None:
    quoted = at.forecast(
        [
            at.claim("at least 3,000 killed", source="UN", on="2025-06-03"),
            at.claim("around 20 killed a day", source="UN", on="2025-06-03"),
        ],
        seed=1,
        bases=["un", "latent"],
    )
    count, toll = (quoted.law(basis=basis) for basis in ("un", "latent"))
    assert count.provenance.least
    assert not toll.provenance.least
    assert at.cite(count, 5_000).sentence.startswith("The UN’s count of people killed is ")
    assert "on its minimum figures to 3 June" in at.cite(count, 5_000).sentence
    assert "the total itself may be higher" in at.cite(count, 5_000).note
    assert "been 3,000 or more on 3 June 2025" in at.cite(count, on=START).sentence
    assert "are minimums, and do not settle when" in at.cite(toll, [4_000, 5_000]).sentence
    assert "20 killed" not in at.cite(toll, 5_000).sentence
    around = at.forecast([at.claim("around 3,000 killed", source="UN", on="2025-06-03")], seed=1)
    assert "minimum" not in at.cite(around, 5_000).full


def test_who_died_of_something_else_was_not_killed() -> None:
    def sentence(words: str, about: str | None = None) -> str:
        quoted = at.forecast(
            [
                at.claim(words, source="WHO", on="2025-06-03", about=about),
                at.claim("around 2 deaths a day", source="WHO", on="2025-06-03", about=about),
            ],
            seed=1,
            size=64,
            tolerance=60.0,
        )
        citation = quoted.cite(500)
        assert "killed" not in citation.full or "killed" in words
        return str(citation.sentence)

    assert sentence("122 people died").startswith("The WHO’s count of deaths is ")
    assert sentence("122 deaths", "Ruritanian").startswith("Ruritanian deaths are ")
    assert sentence("122 people were killed").startswith("The WHO’s count of people killed is ")
    assert sentence("122 killed", "Ruritanian").startswith("The number of Ruritanian dead is ")


def test_what_no_reader_of_words_counts_is_refused_with_a_way_out() -> None:
    with pytest.raises(at.InputError, match=r'at\.claim\("40,000", quantity='):
        at.claim("about 40,000 people displaced", source="UN", on="2025-06-03")
    told = at.claim("about 40,000", quantity="people displaced", source="UN", on="2025-06-03")
    assert at.forecast([told], seed=1).law().provenance.title == "People displaced"


def test_the_note_says_what_the_library_assumes_and_where_it_alone_decides() -> None:
    one = at.claim("122 people died", source="WHO", on="2025-06-03")
    pace = at.claim("around 2 deaths a day", source="WHO", on="2025-06-03")
    alone = "One figure tells no pace"
    few, more = (at.forecast(claims, seed=1) for claims in ([one], [one, pace]))
    assert alone in few.cite(200).note
    assert alone not in more.cite(200).note
    assert (
        "Assumed by the library, because nobody says it: the pace moves as in totals of all kinds"
        in few.cite(200).note
    )
    asked: dict[str, Any] = {"level": 900, "rate": 5, "on": "2025-06-03"}
    unnamed, steady = (at.when(1_000, **asked, kind=kind) for kind in (None, "steady"))
    assert "the pace moves as in totals of all kinds" in unnamed.cite().note
    assert "Assumed by the library" not in steady.cite().note
    law = hills(0.2, 0.0, 60, 90, 0.5, 30)
    rows = (("volatility", 0.07, "seen", "dossier"), ("drift", 0.1, "judged", "library default"))
    both = law.with_provenance(dataclasses.replace(WHAT, assumptions=rows))
    assert (
        "says it: the pace changes by 7 % in a typical week. Assumed by the library"
        in at.cite(both, K).note
    )


WHO = st.sampled_from(
    ["people", "children", "civilians", "Ruritanian soldiers", "women and children", "journalists"]
)
BEFALLEN = st.sampled_from(["killed", "wounded", "missing", "injured", "displaced", "who died"])
PLACE = st.sampled_from(["", " in Ruritania", " since 2022", " by floods"])


@given(who=WHO, befallen=BEFALLEN, place=PLACE, law=laws, latent=st.booleans())
def test_a_number_passes_a_threshold_and_people_do_not(
    who: str, befallen: str, place: str, law: Law, *, latent: bool
) -> None:
    basis = "latent" if latent else WHAT.basis
    what = dataclasses.replace(WHAT, subject=f"{who} {befallen}{place}", basis=basis)
    law = law.with_provenance(what)
    for citation in (at.cite(law, K), at.cite(law, K, by=law.horizon)):
        sentence = citation.sentence
        assert words_in(sentence) <= 40, sentence
        whom = "" if who == "people" else f"of {who} "
        assert re.search(rf"[Tt]he {'true ' * latent}number {whom}{befallen}{place}\b", sentence), (
            sentence
        )
        assert not re.search(r"\bare\b|(?<!to )(?<!would )\b(have|pass)\b", sentence), sentence
    assert len(re.findall("[Tt]he (?:true )?number ", headline(law, K))) == 1


def test_a_ratio_counts_people_by_the_hundred() -> None:
    reports = [
        at.claim(f"around {total:,} killed", source="UN", on="2025-06-03", about=about)
        for about, total in (("Ruritanian", 5_000), ("Graustarkian", 4_000))
    ]
    forecast = at.forecast(reports, bases="latent", seed=1, size=64, tolerance=60.0)
    sentence = at.cite(forecast, ratio=("ruritanian-killed", "graustarkian-killed")).sentence
    assert sentence.startswith("Ruritanian dead, whoever counts, are ")
    assert " for every 100 Graustarkian dead by 3 June 2025" in sentence


@pytest.mark.parametrize(
    ("quotes", "title"),
    [
        (["520,000 children killed", "about 9 killed a day"], "Children killed"),
        (["520,000 children killed", "9,000 civilians killed"], "People killed"),
        (["91 injured", "about 5 hurt a day"], "People injured"),
        (["91 injured", "about 5 wounded a day"], "People wounded"),
        (["120 children died"], "Children who died"),
        (["1,200 civilians killed or injured"], "Casualties among civilians"),
        (["120 people died", "2 deaths a day"], "Deaths"),
        (["35 confirmed cases", "about 2 cases a day"], "Cases"),
        (["about 40,000"], "Total"),
    ],
)
def test_a_title_says_whom_the_words_count_and_what_befell_them(
    quotes: list[str], title: str
) -> None:
    reports = [at.claim(words, source="UN", on="2025-06-03") for words in quotes]
    (what,) = dossier_of(reports).quantities.values()
    assert what.title == title


@pytest.mark.parametrize(
    ("kind", "condition"),
    [
        ("epidemic", "if the epidemic goes on as others have"),
        ("disaster", "if the count goes on as after other disasters"),
        ("conflict", "if the conflict goes on as others have"),
        ("steady", "if this pace continues"),
        (None, "if it goes on as other totals have"),
    ],
)
def test_the_condition_is_that_of_the_kind(kind: str | None, condition: str) -> None:
    injured = [
        at.claim(words, source="WHO", on="2025-06-03")
        for words in ("around 900 injured", "around 20 injured a day")
    ]
    forecast = at.forecast(injured, kind=kind, seed=1, size=64, tolerance=60.0)
    assert f" {condition}, " in forecast.cite(2_000).sentence
    assert forecast.cite(2_000, condition="if it rains", subject="the hurt").sentence.count("rains")


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("governor’s office", "the governor’s office"),
        ("Gaza’s Ministry of Health", "Gaza’s Ministry of Health"),
        ("A hospital director", "a hospital director"),
        ("Local officials", "local officials"),
        ("Police", "the police"),
        ("BBC News", "BBC News"),
        ("Doctors Without Borders", "Doctors Without Borders"),
        ("Health ministry", "the health ministry"),
        ("News reports", "news reports"),
        ("News Corp", "News Corp"),
    ],
)
def test_a_source_has_its_article_and_its_case(name: str, inside: str) -> None:
    assert named(name) == inside


TERMS = ("equal-tailed", "credible", "monte carlo", "drift", "volatility", "day noise", "posterior")
"""Terms of the field, which no newspaper prints in a box on methods."""


@pytest.mark.parametrize("kind", [None, "epidemic", "disaster", "conflict", "steady"])
def test_a_note_is_in_plain_words_and_the_terms_of_the_field_stand_in_full(
    kind: str | None,
) -> None:
    deaths = [
        at.claim(words, source=source, on="2025-06-03")
        for words, source in (
            ("around 900 dead", "WHO"),
            ("at least 1,100 dead", "Red Cross"),
            ("around 20 deaths a day", "WHO"),
        )
    ]
    forecast = at.forecast(deaths, kind=kind, seed=1, size=64, tolerance=60.0)
    for citation in (
        forecast.cite(2_000),
        forecast.cite([1_000, 2_000]),
        forecast.cite(on="2025-07-30"),
        at.when(2_000, level=(900, 1_100), rate=(15, 25), on="2025-06-03", kind=kind).cite(),
    ):
        note = citation.note.lower()
        assert not [word for word in (*TERMS, "prior", "pareto") if word in note], note
        for slot in (
            " % interval (5 % on either side)",
            "seed",
            "Method: attrition",
            "3 June 2025",
        ):
            assert slot in citation.note
        assert "90 % equal-tailed credible interval" in citation.full
        if "two figures" not in citation.full:
            for name, value, *_ in forecast.law().provenance.assumptions:
                number = f"{value:g}" if isinstance(value, float) else ""
                assert f"{name.replace('_', ' ')} {number}" in citation.full
    ends = {None, "epidemic", "conflict"}  # of these some have ended
    assert ("continues" in forecast.cite(2_000).sentence) == (kind not in ends | {"disaster"})


def test_two_sources_with_long_names_are_told_by_their_number_and_have_no_count_together() -> None:
    said = [
        at.claim("about 31,000 soldiers killed", source="President's Office", on="2025-02-16"),
        at.claim("60,000 soldiers killed", source="Institute for War Studies", on="2025-03-20"),
    ]
    law = at.forecast(said, thresholds=[75_000, 300_000], size=64, seed=1).law()
    open_date, far = (at.cite(law, k).sentence for k in (75_000, 300_000))
    assert open_date.startswith(
        "Two sources’ figures to 20 March 2025 do not settle when the true number"
    )
    assert far.startswith("The true number of soldiers killed is "), far
    assert not re.search("true number behind", open_date + far)
    both = at.cite(law, on="2025-03-20").sentence
    assert "from the Institute for War Studies and the President’s Office" in both


def test_what_a_source_itself_printed_is_a_fact_of_its_count() -> None:
    deaths = [
        at.claim("81,711 overdose deaths", source="CDC", on="2025-04-30"),
        at.claim("about 210 overdose deaths a day", source="CDC", on="2025-04-30"),
    ]
    forecast = at.forecast(deaths, thresholds=[100_000], size=64, seed=1)
    assert forecast.cite(on="2025-04-30").sentence == (
        "The CDC’s count of overdose deaths stood at 81,711 on 30 April 2025, "
        "on its figures to that day."
    )
    ministry = [
        at.claim("45,717 people killed", source="Gaza's Ministry of Health", on="2025-01-04")
    ]
    assert at.forecast(ministry, size=64, seed=1).cite(on="2025-01-04").sentence == (
        "By the count of Gaza’s Ministry of Health, the number killed stood at 45,717 on "
        "4 January 2025."
    )
    vague = [at.claim("around 81,700 overdose deaths", source="CDC", on="2025-04-30"), deaths[1]]
    told = at.forecast(vague, thresholds=[100_000], size=64, seed=1).cite(on="2025-04-30")
    assert " % likely to have been between " in told.sentence


def test_a_condition_is_shortened_before_what_is_already_past_or_a_source_is_left_out() -> None:
    said = [
        at.claim(words, source=source, on="2025-06-01")
        for source, words in (
            ("Government", "1,100 killed"),
            ("Opposition Council", "3,900 killed"),
            ("Opposition Council", "about 40 killed a day"),
        )
    ]
    law = at.forecast(said, thresholds=[2_000], kind="conflict", size=64, seed=1).law()
    sentence = at.cite(law, 2_000, subject="people killed there").sentence
    assert re.search(r"\(\d+ % already\) if it goes on as others have, on figures from", sentence)
    assert sentence.endswith("from the government and the Opposition Council to 1 June 2025.")
    assert words_in(sentence) <= 40
    assert "It holds if the conflict goes on as others have." in at.cite(law, 2_000).note


def test_what_is_past_already_is_told_where_no_median_is() -> None:
    law = hills(0.4, 0.55, 200, 400, 0.5, 100)
    read = passing(law, K, 0.9)
    (claim,) = read.statements
    assert claim.day == law.horizon
    assert read.asides(claim)[0] == "40 % already"
    shown = [*conditioned(law, "it is so", "60 % by June", "40 % already")]
    assert [re.findall(r"\(.*?\)", text) for text in shown[:3]] == [
        ["(60 % by June; 40 % already)"],
        ["(60 % by June)"],
        ["(40 % already)"],
    ]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Crew killed", "the number of crew killed"),
        ("Passengers killed", "the number of passengers killed"),
        ("Police killed", "the number of police killed"),
        ("Police Service staff killed", "the number of Police Service staff killed"),
        ("Miners’ Union members killed", "the number of Miners’ Union members killed"),
    ],
)
def test_a_title_of_people_begins_small_inside_a_sentence_and_a_name_does_not(
    title: str, words: str
) -> None:
    law = hills(0.0, 0.0, 100, 420, 0.5, 40)
    sentence = at.cite(law.with_provenance(dataclasses.replace(WHAT, subject=title)), K).sentence
    assert words in f"{sentence[0].lower()}{sentence[1:]}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (999_999, "999,999"),
        (1e6, "one million"),
        (9e6, "nine million"),
        (10e6, "10 million"),
        (11e6, "11 million"),
    ],
)
def test_whole_millions_below_ten_are_spelled(value: float, words: str) -> None:
    assert rounded_amount(value, "persons") == words


NAMES = (
    *(
        "CSIS",
        "UK Ministry of Defence",
        "St Anne’s Hospital",
        "US officials, to The New York Times",
    ),
    *("Office of the High Commissioner for Human Rights", "Health Minister of Zemlan", "UN"),
    *("Ministry of Public Health and Population of Haiti", "local officials", "President’s Office"),
    *("Gaza’s Ministry of Health", "World Health Organization"),
)
SUBJECTS = (
    *(
        "people killed in Gaza",
        "overdose deaths in the United States",
        "Russia’s killed and wounded",
    ),
    *("patients admitted with influenza at St Anne’s", "the death toll of the Zemlan earthquake"),
    "soldiers of the 12th Brigade gone missing",
)
CONDITIONS = (
    *("if the fighting continues", "if admissions go on as in past weeks"),
    *("if it goes on as other totals have", "if the count goes on as after other disasters"),
)


@st.composite
def provenances(draw: st.DrawFn) -> Provenance:
    """A total of any subject, condition and sources, by one count or whoever counts."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    own = len(names) == 1 and draw(st.booleans())
    hills_of = ((names[0], 0.4, 900.0), (names[-1], 0.6, 2_000.0))
    return dataclasses.replace(
        WHAT,
        title="Military casualties of the Coalition since the landing",
        subject=draw(st.sampled_from(SUBJECTS)),
        condition=draw(st.sampled_from(CONDITIONS)),
        scenario=draw(st.sampled_from(["", "", "", "at half the pace from 1 July 2025"])),
        basis="source" if own else "latent",
        basis_name=f"count of {names[0]}" if own else "",
        sources=tuple(names),
        least=own and draw(st.booleans()),
        floors=not own and draw(st.sampled_from([False, False, False, True])),
        contested=hills_of if len(names) > 1 and draw(st.booleans()) else (),
    )


@given(law=laws, prob=probs, what=provenances(), hazard=st.sampled_from([0.0, 0.002, 0.01]))
@settings(max_examples=3 * settings().max_examples // 2, deadline=None)
def test_whatever_the_words_a_sentence_is_short_and_whole(
    law: Law, prob: float, what: Provenance, hazard: float
) -> None:
    law = law.with_provenance(what)
    law = at.laws.with_end(law, hazard) if hazard else law
    day = START + timedelta(days=300)
    citations = [at.cite(law, K, prob=prob), at.cite(law, K, by=day), at.cite(law, K, by=START)]
    for citation in citations:
        text = citation.sentence
        assert words_in(text) <= 40, text
        assert re.search(r"3 June(?: 2025)?\b", text), text
        # figures are told last, after what they are of, and no clause is cut in two
        assert len(re.findall(r"figures|reports|\(known on", text.lower())) == 1, text
        assert "goes on figures" not in text
        assert not re.search(r"(?<!0)[<>]|\b(\w+) \1\b|,,|\(\)| [,.]", text), text
        assert all(name in citation.note for name in what.sources)


LONGEST = "soldiers of the 12th and 13th Brigades"  # seven words, with "the number" before them


def test_the_longest_words_that_are_taken_fit_every_sentence_but_a_ratio_which_is_refused() -> None:
    condition = "if admissions go on as in past weeks"
    asked: dict[str, Any] = {"seed": 1, "size": 64, "tolerance": 60.0}
    source = "Office of the High Commissioner for Human Rights"
    reports = [
        at.claim(text.format(n), source=source, on="2025-06-03", about=about)
        for about, n in (("Ruritanian", "9,000"), ("Graustarkian", "6,000"))
        for text in ("around {} killed", "around 20 killed a day")
    ]
    short = at.forecast(reports, **asked).dossier
    words = {
        "ruritanian-killed": LONGEST,
        "graustarkian-killed": "people killed in the war over Elbonia",
    }
    quantities = {
        key: one.model_copy(update={"subject": words[key], "condition": condition})
        for key, one in short.quantities.items()
    }
    named = short.model_copy(update={"quantities": quantities})
    long, toll = (at.forecast(named, **asked, bases=bases) for bases in (None, "latent"))
    one, other = "ruritanian-killed", "graustarkian-killed"
    gain: dict[str, Any] = {"on": "2026-12-31", "since": "2025-07-01", "quantity": one}
    for citation in (
        long.cite(20_000, quantity=one),
        long.cite(20_000, quantity=one, by="2026-12-31"),
        long.cite(on="2026-12-31", quantity=one),
        long.cite(**gain),
    ):
        assert "soldiers of the 12th and 13th Brigades" in citation.sentence
        assert condition in citation.sentence
        assert re.search(r"3 June 2025\)?\.$", citation.sentence)
        assert words_in(citation.sentence) <= 40
    two = long.cite([15_000, 20_000], quantity=one)
    assert words_in(two.sentence) <= 55
    assert words_in(toll.cite(before=((one, 15_000), (other, 15_000))).sentence) <= 55
    with pytest.raises(at.InputError, match=r"at most 40 words.*shorter `subject`"):
        toll.cite(ratio=(one, other), on="2026-12-31")
    with pytest.raises(at.InputError, match=r"at most 7 words.*of 8 words"):
        long.cite(20_000, quantity=one, subject=f"{LONGEST} there")
    with pytest.raises(at.InputError, match=r"at most 8 words.*of 9 words"):
        long.cite(20_000, quantity=one, condition="if admissions go on as in the past weeks")


@pytest.fixture(scope="module")
def growing() -> list[at.Forecast]:
    """Small, large and least totals by a source of a long name, with and without a scenario."""
    source = "Office of the High Commissioner for Human Rights"
    return [
        at.forecast(
            [at.claim(text, source=source, on="2025-06-03") for text in texts],
            bases="latent" if texts[0].startswith("around") else None,
            scenario=scenario,
            seed=1,
            size=64,
            tolerance=60.0,
        )
        for texts in (
            ("around 9,000 killed", "around 20 killed a day"),
            ("around 90,000,000 killed", "around 20,000 killed a day"),
            ("at least 9,000 killed", "at least 20 killed a day"),
        )
        for scenario in (None, {"pace": 0.5, "from": "2025-07-01"})
    ]


@given(
    which=st.integers(0, 5),
    subject=st.sampled_from([LONGEST, "people killed in the war over Elbonia", *SUBJECTS]),
    condition=st.sampled_from(["if it goes on as others have", CONDITIONS[1]]),
    days=st.tuples(st.integers(0, 200), st.integers(1, 500)),
    prob=st.sampled_from([0.5, 0.9, 0.999]),
)
@settings(max_examples=settings().max_examples // 2, deadline=None)
def test_whatever_is_added_a_sentence_on_it_is_short(
    growing: list[at.Forecast],
    *,
    which: int,
    subject: str,
    condition: str,
    days: tuple[int, int],
    prob: float,
) -> None:
    forecast, (first, more) = growing[which], days
    since = date(2025, 6, 3) + timedelta(days=first)
    asked: dict[str, Any] = {"subject": subject, "condition": condition, "prob": prob}
    citation = forecast.cite(on=since + timedelta(days=more), since=since, **asked)
    assert words_in(citation.sentence) <= 40, citation.sentence
    assert re.search(r"3 June(?: 2025)?\b", citation.sentence)


def test_shares_of_a_note_sum_as_they_are_printed() -> None:
    for already, beyond in ((0.906, 0.066), (0.334, 0.333), (0.2, 0.1), (0.0, 0.0), (0.9996, 0.0)):
        note = at.cite(hills(already, beyond, 60, 90, 0.5, 30), K).note
        shares = re.search(r"([^;]*) that it had been.*?([^,]*) that it is not passed", note)
        assert shares, note
        inside = re.search(r", (\S+ %) that it is passed between", note)
        if "the rest that it is passed" in note:
            assert inside is None
            continue
        numbers = [float(n) for n in re.findall(r"(?<!less than )\b([\d.]+) %(?= that)", note)]
        assert abs(sum(numbers) - 100) < 0.75, note


def test_what_is_as_likely_already_is_not_told_twice() -> None:
    law = hills(0.9, 0.1, 60, 90, 0.5, 30)
    sentence = at.cite(law, K, by=START + timedelta(days=300)).sentence
    assert "(as likely already)" in sentence
    assert sentence.count("90 %") == 1


def test_a_count_of_nobody_by_name_keeps_its_words_where_nothing_is_settled() -> None:
    what = dataclasses.replace(WHAT, subject="", title="The killed", counted=True, basis="series")
    law = hills(0.2, 0.2, 100, 600, 0.5, 5).with_provenance(what)
    sentence = at.cite(law, K).sentence
    assert "do not settle when this count of the killed passes 1,000" in sentence


def test_people_are_whole_and_things_that_were_destroyed_are_counted_like_them() -> None:
    claims = [at.claim("8 deaths", source="WHO", on="2026-02-01")]
    forecast = at.forecast(claims, kind="epidemic", seed=1, tolerance=300.0)
    sentence = str(forecast.cite(on="2026-05-03"))
    assert not re.search(r"\d\.\d", sentence)
    tanks = dataclasses.replace(WHAT, subject="Belmari tanks destroyed", unit="tanks")
    sentence = at.cite(hills(0.0, 0.0, 60, 90, 0.5, 9).with_provenance(tanks), K).sentence
    assert sentence.startswith("The number of Belmari tanks destroyed is ")
    assert " pass 1,000 between " in sentence


@pytest.mark.parametrize(
    ("subject", "unit", "level"),
    [
        ("people killed in the war", "personnel", "1,000"),
        ("casualties in the war", "soldiers", "1,000 soldiers"),
        ("losses of personnel", "personnel", "1,000"),
        ("the advance", "metres", "1,000 metres"),
    ],
)
def test_a_unit_that_the_subject_has_said_is_not_said_again(
    subject: str, unit: str, level: str
) -> None:
    what = dataclasses.replace(WHAT, subject=subject, unit=unit)
    sentence = at.cite(hills(0.0, 0.0, 60, 90, 0.5, 9).with_provenance(what), K).sentence
    assert f" pass {level} between " in sentence


def test_counts_that_share_no_date_are_cited_together() -> None:
    claims = [
        at.claim("some 2,400 killed", source="Army", on="2026-03-01"),
        at.claim("nearly 12,000 killed", source="Rebels", on="2026-03-05"),
    ]
    asked: dict[str, Any] = {
        "kind": "conflict",
        "seed": 1,
        "tolerance": 300.0,
        "thresholds": [10_000],
    }
    forecast = at.forecast(claims, bases=["army", "rebels"], **asked)
    (cited,) = re.findall(r"To cite: (.*?)\nNotes", str(forecast), re.DOTALL)
    assert all(name in cited for name in ("the Army’s", "Rebels’"))
    content = page_content(forecast)
    assert content.counts is not None
    assert " ".join(cited.split()) == content.counts.sentence
    page = html.unescape(page_html(content)).replace("\N{NO-BREAK SPACE}", " ")
    assert "<h1>Counts disagree on when " in page
    assert f'id="lead">{content.counts.sentence}</p>' in page
    alone = page_content(at.forecast(claims, bases=["army"], **asked))
    assert alone.counts is None
