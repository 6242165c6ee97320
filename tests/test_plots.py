from __future__ import annotations

import numpy as np
import pytest

import attrition as at
from attrition.plots import DOTS
from test_laws import normal_law


@pytest.mark.parametrize("threshold", [700.0, 905.0, 1_000.0, 1_090.0, 1_500.0])
def test_every_dot_of_the_dotplot_is_drawn_once(threshold: float) -> None:
    axes = at.plot_crossing(normal_law([threshold]), threshold)
    drawn = sum(len(np.asarray(collection.get_offsets())) for collection in axes.collections)
    assert drawn == DOTS


def test_the_dots_stand_at_the_quantiles_of_the_law() -> None:
    axes = at.plot_crossing(normal_law([1_000.0]), 1_000.0)
    x = np.sort(np.concatenate([np.asarray(c.get_offsets())[:, 0] for c in axes.collections]))
    assert float(np.median(x)) == pytest.approx(100.0, abs=4.0)
    assert float(np.std(x)) == pytest.approx(20.0, rel=0.15)


def test_a_figure_is_the_same_bytes_twice(whole: at.Forecast) -> None:
    law = whole.law("russian-casualties")
    for form in ("svg", "png"):
        first, again = (at.figure_bytes(at.plot_crossing(law, 1e6), form) for _ in range(2))
        assert first == again


def test_every_row_of_the_interval_figure_is_labelled(whole: at.Forecast) -> None:
    rows = [(f"{q}, {b}", law, whole.thresholds[q][0]) for (q, b), law in whole.laws.items()]
    axes = at.plot_intervals(rows)
    assert [label.get_text() for label in axes.get_yticklabels()] == [r[0] for r in rows]
