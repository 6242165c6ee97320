"""Sentences and articles: what is not read as an editor reads it is known, one by one."""

from __future__ import annotations

import pytest
from benchmarks import open_readings


@pytest.mark.parametrize(("kind", "first"), open_readings.parts())
def test_every_sentence_that_is_not_known_to_be_open_is_read_right_and_all_as_they_were(
    kind: str, first: int
) -> None:
    lines, whole = open_readings.of_part(kind, first)
    assert lines == [
        line for line in open_readings.known()[kind] if line.partition(" | ")[2] in whole
    ]
    assert open_readings.changed(whole) == []


@pytest.mark.parametrize("name", open_readings.all_articles())
def test_every_claim_that_is_not_known_to_be_open_is_read_right_and_all_as_they_were(
    name: str,
) -> None:
    folder, stem = name.split("/")
    lines, whole = open_readings.of_article(name)
    assert lines == [
        line for line in open_readings.known()[f"articles/{folder}"] if line.startswith(f"{stem}.")
    ]
    assert open_readings.changed(whole) == []


@pytest.mark.parametrize("first", range(0, len(open_readings.damaged()), open_readings.PART))
def test_damaged_sentences_are_read_or_refused_as_they_were(first: int) -> None:
    assert open_readings.changed(open_readings.of_damaged(first)) == []


def test_hardly_a_sentence_is_open_and_fewer_are_silently_wrong() -> None:
    numbers = open_readings.numbers()
    apart = open_readings.known()[open_readings.APART]
    lines = [line for kind in numbers for line in open_readings.known()[kind]]
    rest = [line for line in lines if line not in apart]
    total = sum(numbers.values()) - numbers[open_readings.APART]
    assert total >= 1_400
    assert len(rest) <= 0.03 * total
    assert sum(line.startswith("silent") for line in rest) <= 0.01 * total
    assert len(apart) <= numbers[open_readings.APART] - 138
    assert sum(line.startswith("silent") for line in apart) <= 8
