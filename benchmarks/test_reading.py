"""What reading figures costs: eliciting claims, and loading whole tables of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrition as at

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

DATA = Path(at.__path__[0]) / "bundled"


def test_eliciting_a_thousand_claims(benchmark: BenchmarkFixture) -> None:
    dossier = at.read_dossier()
    claims = [claim for claim in dossier.claims if claim.kind != "forecast"] * 100
    made = benchmark(lambda: [at.elicit(claim, dossier=dossier) for claim in claims[:1000]])
    assert len(made) == 1000


def test_loading_and_summarising_eighty_one_wars(benchmark: BenchmarkFixture) -> None:
    file = DATA / "conflict_ranges_1900_2026.csv"
    wars = benchmark(lambda: at.read_claims(file).summary("war_id"))
    assert len(wars) == 81
