"""A dossier of any content that is allowed survives a trip through its file."""

from __future__ import annotations

import string
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

import attrition as at

TEXT = some.text(some.characters(exclude_categories=["Cs"]), max_size=30)
NAME = TEXT.filter(lambda text: text.strip() != "")
KEY = some.text(some.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda text: text != "latent"
)
AMOUNT = some.just(-0.0) | some.floats(0, 1e29) | some.integers(0, 10**15).map(float)
DATE = some.one_of(
    some.dates().map(str),
    some.dates().map(lambda day: str(day)[:7]),
    some.dates().map(lambda day: str(day)[:4]),
)
IDENTITY = some.text(string.ascii_letters + string.digits, min_size=1)


@some.composite
def contents(draw: some.DrawFn) -> dict[str, Any]:
    """Draw the content of a dossier."""
    sources = draw(some.lists(KEY, min_size=1, max_size=3, unique=True))
    quantities = draw(some.lists(KEY, min_size=1, max_size=3, unique=True))
    claims = []
    for _ in range(draw(some.integers(1, 4))):
        low, high = sorted(draw(some.tuples(AMOUNT, AMOUNT)))
        as_of, published = sorted(draw(some.tuples(some.dates(), some.dates())))
        claims.append(
            {
                "quantity": draw(some.sampled_from(quantities)),
                "source": draw(some.sampled_from(sources)),
                "kind": draw(some.sampled_from(["level", "share"])),
                "quote": draw(TEXT),
                "low": low,
                "high": high,
                "as_of": as_of,
                "published": str(published)[: draw(some.sampled_from([4, 7, 10]))],
                "note": draw(TEXT),
                "inferred": draw(some.lists(TEXT, max_size=2)),
            }
        )
    ends = sorted(draw(some.tuples(some.floats(0.01, 1), some.floats(0.01, 1))))
    return {
        "id": draw(IDENTITY),
        "title": draw(TEXT),
        "description": draw(TEXT)
        + draw(some.sampled_from(["", "\n", '\n"""\\\n', "\r\n\t"]))
        + "x",
        "sources": {
            key: {"name": draw(NAME), "coverage": {"low": ends[0], "high": ends[1]}}
            for key in sources
        },
        "quantities": {
            key: {
                "title": draw(NAME),
                "definition": draw(NAME),
                "unit": "persons",
                "start": draw(DATE),
                "assumptions": {
                    "volatility": {"value": draw(some.floats(0, 2)), "reason": draw(NAME)}
                },
            }
            for key in quantities
        },
        "claims": claims,
        "hedges": {"around": {"above": draw(some.floats(0, 1)), "granular": draw(some.booleans())}},
    }


@settings(deadline=None)  # it writes a file
@given(contents())
def test_a_dossier_reads_back_equal_with_the_same_digest(content: dict[str, Any]) -> None:
    dossier = at.Dossier.of(**content)
    with tempfile.TemporaryDirectory() as folder:
        again = at.read_dossier(at.write_dossier(dossier, Path(folder) / "any.toml"))
    assert again == dossier
    assert again.sha256 == dossier.sha256
