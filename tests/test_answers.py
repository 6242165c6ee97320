"""Questions of every kind have the answers that they had: no number or word moves unseen."""

from __future__ import annotations

import pytest
from benchmarks import answers


@pytest.mark.parametrize("name", answers.CASES)
def test_an_answer_is_what_it_was(name: str) -> None:
    # other kernels of BLAS move a search by some parts in a million
    assert answers.differing(name, answers.CASES[name](), near=1e-5) == []
