"""Plain sentences whose reading is known by how they are made."""

from __future__ import annotations

import random

from benchmarks.paraphrases import draft_of, spelled
from benchmarks.reading import score
from hypothesis import given, settings
from hypothesis import strategies as st

import attrition as at

SENTENCES = 20 * settings().max_examples
"""Two thousand, and ten times as many at night."""


def test_nearly_all_plain_sentences_are_read_as_they_were_made_and_hardly_one_silently_wrong() -> (
    None
):
    choose = random.Random(20_261_130).choice  # noqa: S311  # no secret
    scores = [score(draft_of(choose)[0]) for _ in range(SENTENCES)]
    assert sum(one.right for one in scores) >= 0.98 * SENTENCES
    assert sum(one.silent for one in scores) <= 0.005 * SENTENCES


@given(data=st.data())
def test_no_number_is_read_that_does_not_stand_in_the_sentence(data: st.DataObject) -> None:
    entry, _ = draft_of(lambda options: data.draw(st.sampled_from(options)))
    stated = {12, 300, 600, 2_000, *entry["expected"]["may_be_read"]}
    for wanted in entry["expected"]["figures"]:
        stated |= {wanted.get(key) for key in ("value", "low", "high")}
    try:
        readings = at.parse(entry["t"])
    except at.InputError:
        return
    for one in readings:
        if one.unit == "persons" and not one.ambiguous and one.category is not None:
            assert {one.point, one.low, one.high} - {None} <= stated


def test_numbers_in_words_are_as_they_are_said() -> None:
    assert [spelled(n) for n in (1, 13, 30, 74)] == ["one", "thirteen", "thirty", "seventy-four"]
