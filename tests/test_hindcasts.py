from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from scipy import special

import attrition as at
from test_laws import START, normal_law

LAST = START + timedelta(days=180)


def test_the_score_is_the_crps_of_a_normal_date() -> None:
    # the date is normal with mean day 100 and standard deviation 20
    law = normal_law([1_000.0], days=250)
    happened = START + timedelta(days=115)
    z = (115 - 100) / 20
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    expected = 20 * (z * (2 * special.ndtr(z) - 1) + 2 * density - 1 / np.sqrt(np.pi))
    score = at.evaluation.score(law, 1_000.0, happened, last=START + timedelta(days=250))
    assert score.crps == pytest.approx(expected, abs=0.5)
    assert score.pit == pytest.approx(special.ndtr(z))
    assert score.inside


def test_a_law_that_was_wrong_scores_worse_and_does_not_hold() -> None:
    right, wrong = normal_law([1_000.0]), normal_law([1_060.0])
    happened = START + timedelta(days=100)
    good = at.evaluation.score(right, 1_000.0, happened, last=LAST)
    bad = at.evaluation.score(wrong, 1_060.0, happened, last=LAST)
    assert good.crps < bad.crps
    assert good.inside
    assert not bad.inside


def test_a_crossing_that_has_not_come_is_held_when_the_upper_end_lies_beyond_the_data() -> None:
    law = normal_law([1_000.0])
    assert at.evaluation.score(law, 1_000.0, None, last=START + timedelta(days=120)).inside
    assert not at.evaluation.score(law, 1_000.0, None, last=START + timedelta(days=160)).inside


def test_dates_out_of_order_are_refused() -> None:
    law = normal_law([1_000.0])
    with pytest.raises(at.InputError, match="last day"):
        at.evaluation.score(law, 1_000.0, None, last=date(2025, 6, 3))
    with pytest.raises(at.InputError, match="last day"):
        at.evaluation.score(law, 1_000.0, LAST + timedelta(days=1), last=LAST)
