"""What reading figures costs: eliciting claims, and loading whole tables of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.reading import score

import attrition as at

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

DATA = Path(at.__path__[0]) / "bundled"


def test_eliciting_a_thousand_claims(benchmark: BenchmarkFixture) -> None:
    dossier = at.read_dossier()
    claims = [claim for claim in dossier.claims if claim.kind != "forecast"] * 100
    distribution = benchmark(lambda: [at.elicit(claim, dossier=dossier) for claim in claims[:1000]])
    assert len(distribution) == 1000


def test_loading_and_summarising_eighty_one_wars(benchmark: BenchmarkFixture) -> None:
    file = DATA / "conflict_ranges_1900_2026.csv"
    wars = benchmark(lambda: at.read_claims(file).summary("war_id"))
    assert len(wars) == 81


def test_reading_an_article_of_five_thousand_words(benchmark: BenchmarkFixture) -> None:
    paragraph = (
        "The toll has risen to 214, the interior ministry said. At least 430 people were injured, "
        "38 of them seriously, Ana Duarte told reporters. She said 12 children were among the "
        "dead. Roads to eleven villages are closed, and rain is expected until Friday.\n\n"
    )
    article = paragraph * (5_000 // len(paragraph.split()))
    clipping = benchmark(lambda: at.read_article(article, published="2026-05-14"))
    assert len(clipping.mentions) == 5 * article.count("\n\n")


def test_a_figure_that_nobody_expects_is_silently_wrong() -> None:
    expected = {"value": 31, "hedge": ["bare"], "category": ["killed"]}
    rest = {"may_be_read": [], "ambiguous_is_right": False}
    words = "31 killed and 12 wounded"
    lacking = score({"t": words, "expected": {"figures": [expected], **rest}})
    other = {"value": 12, "hedge": ["bare"], "category": ["wounded"]}
    whole = score({"t": words, "expected": {"figures": [expected, other], **rest}})
    assert (lacking.right, lacking.silent, lacking.read) == (False, True, 1)
    assert (whole.right, whole.silent, whole.read) == (True, False, 2)
