"""What `attrition.testing` draws is what it says, and can be used."""

from __future__ import annotations

import importlib
import sys
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, find, given, settings

import attrition as at
from attrition import testing

few = settings(
    max_examples=settings().max_examples // 10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@given(testing.claims(day=date(2024, 2, 29), least=5_000, most=8_000, back=3))
def test_a_claim_is_one_figure_of_the_days_asked_for(one: at.Claim) -> None:
    assert one.quantity == "killed"
    assert date(2024, 2, 26) <= one.as_of.last <= date(2024, 2, 29)
    low, high = (50, 80) if one.kind == "rate" else (5_000, 9_000)
    (reading,) = at.parse(one.quote)
    stated = [n for n in (reading.point, reading.low, reading.high) if n is not None]
    assert stated
    assert all(low <= number <= high for number in stated)


@few
@given(testing.counts(day=date(2024, 2, 29), least=61, most=90))
def test_a_count_rises_to_its_last_day_and_reads_back_as_it_is(count: at.Series) -> None:
    assert date(2024, 2, 27) <= count.last_day <= date(2024, 2, 29)
    assert (np.diff(count.totals) >= 0).all()
    again = at.read_series(count.data)
    assert again.days == count.days
    assert again.totals.tobytes() == count.totals.tobytes()


@few
@given(testing.counts(most=90), testing.questions(day=date(2025, 5, 30)))
@pytest.mark.filterwarnings("ignore::attrition.core.errors.AttritionWarning")  # few points
def test_a_question_is_answered_of_a_count(count: at.Series, question: at.Question) -> None:
    assert at.Question.from_json(question.to_json()) == question
    forecast = at.forecast(count, question)
    assert forecast.question.seed == question.seed
    assert forecast.law().masses(float(count.totals[-1]) + 0.5).already <= 1.0


@given(testing.laws())
def test_a_law_falls_in_the_threshold_and_rises_in_time(law: at.Law) -> None:
    assert (np.diff(law.exceedance, axis=1) <= 0).all()
    assert (np.diff(law.exceedance, axis=2) >= -1e-12).all()


def test_every_kind_of_thing_is_drawn() -> None:
    find(testing.quotes(), lambda words: "killed" in words)
    find(testing.claims(), lambda one: one.kind == "rate")
    find(testing.counts(), lambda count: len(count.days) < (count.last_day - count.first_day).days)
    find(testing.questions(bases=("a",)), lambda question: question.bases == ("a",))
    find(testing.questions(thresholds=(5.0,)), lambda question: question.thresholds == (5.0,))


def test_without_hypothesis_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "attrition.testing")
    with pytest.raises(at.InputError, match=r"attrition\[testing\]"):
        importlib.import_module("attrition.testing")
