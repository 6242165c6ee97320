"""Laws whose replicates are advanced by others are the same, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context

import numpy as np
import pytest

import attrition as at
from attrition.core._typing import Floats
from attrition.core.workers import Workers, packed, unpacked


@pytest.fixture(scope="module")
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


def surfaces(answer: at.Forecast) -> list[bytes]:
    return [law.surface().tobytes() for law in answer.laws.values()]


@pytest.mark.filterwarnings("ignore::attrition.AttritionWarning")  # the size is the limit
@pytest.mark.parametrize(("days", "points"), [(730, 512), (20, 64)])
def test_a_law_is_the_same_whoever_advances_its_replicates(
    bundled: at.Dossier, processes: Executor, days: int, points: int
) -> None:
    pytest.importorskip("cloudpickle", reason="scipy's exp(Normal) needs it")
    horizon = bundled.latest_published + timedelta(days=days)

    def answer(workers: Workers) -> at.Forecast:
        return at.forecast(
            bundled,
            seed=1,
            quantities=["russian-casualties"],
            horizon=horizon,
            tolerance=1e-6,
            size=512,
            workers=workers,
        )

    alone = answer(None)
    assert [law.provenance.points for law in alone.laws.values()] == [points, points]
    for workers in ("threads:2", processes):
        assert surfaces(answer(workers)) == surfaces(alone)


def walk(rng: np.random.Generator, draws: int) -> Floats:
    return np.cumsum(rng.standard_normal((draws, 60)) + 0.5, axis=1)


def test_a_law_of_anybodys_function_is_the_same_whoever_draws(processes: Executor) -> None:
    def law(workers: Workers) -> at.Law:
        return at.Law.simulate(
            walk, [10.0, 20.0], date(2025, 1, 1), seed=1, tolerance=1, size=4_096, workers=workers
        )

    alone = law(None)
    assert any("fall" in note for note in alone.provenance.notes)
    for workers in ("threads:2", processes):
        shared = law(workers)
        assert shared.surface().tobytes() == alone.surface().tobytes()
        assert shared.provenance == alone.provenance


def test_what_cannot_be_sent_is_refused_by_name() -> None:
    assert unpacked(packed({"a": 1})) == {"a": 1}
    with pytest.raises(at.InputError, match="another process"):
        packed(line for line in "ab")
