from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import attrition as at
from attrition.data.dossier import PartialDate, read_dossier

Write = Callable[[str], Path]

BROKEN = {
    "an unknown key is named with a suggestion": (
        ("published = 2025-06-03", "publised = 2025-06-03"),
        ("key", "publised", "claims[0]", "Did you mean 'published'"),
    ),
    "low above high": (
        ('point = 950_500\nhedge = "exactly"', "low = 900\nhigh = 400"),
        ("`low` must not exceed `high`", "low=900 and high=400", "claims[0], source 'tally'"),
    ),
    "as-of after published": (
        ("as_of = 2025-06-03", "as_of = 2025-07-03"),
        ("`as_of` must not be later", "2025-07-03", "claims[0]"),
    ),
    "a negative count": (("950_500", "-5"), ("negative", "-5", "claims[0].point", "positive")),
    "not a number": (("950_500", "nan"), ("finite", "nan", "claims[0].point")),
    "text for a number": (("950_500", '"950,000"'), ("number", "950,000", "claims[0].point")),
    "an unknown source": (
        ('source = "tally"\nkind = "level"', 'source = "taly"\nkind = "level"'),
        ("source", "'taly'", "claims[0]", "Did you mean 'tally'"),
    ),
    "an unknown quantity": (
        (
            'quantity = "total"\nsource = "tally"\nkind = "rate"',
            'quantity = "totl"\nsource = "tally"\nkind = "rate"',
        ),
        ("quantity", "'totl'", "claims[1]", "Did you mean 'total'"),
    ),
    "threshold zero": (("[1_000_000]", "[0]"), ("threshold", "got 0 ", "quantities.total")),
    "a day that does not exist": (
        ("as_of = 2025-06-03", 'as_of = "2025-02-30"'),
        ("day", "2025-02-30", "claims[0]"),
    ),
    "a rate without a period": (
        ('per = "day"\n', ""),
        ("per what", "claims[1]", "`per`|Give per"),
    ),
    "a negative volatility": (
        ("volatility = { value = 0.0", "volatility = { value = -1.0"),
        ("volatility", "-1.0", "assumptions"),
    ),
    "an unknown assumption": (
        ("day_noise =", "day_nois ="),
        ("key", "day_nois", "assumptions", "Did you mean 'day_noise'"),
    ),
    "no claims": (
        ("[[claims]]", "[[claimz]]"),
        ("key", "claimz", "Did you mean 'claims'"),
    ),
    "not TOML": (("[dossier]", "[dossier"), ("TOML", "line", "dossier.toml")),
}


@pytest.mark.parametrize("case", BROKEN, ids=list(BROKEN))
def test_a_broken_rule_is_named_with_value_place_and_remedy(
    case: str, exact_text: str, write: Write
) -> None:
    (old, new), expected = BROKEN[case]
    assert old in exact_text
    with pytest.raises(at.InputError) as caught:
        read_dossier(write(exact_text.replace(old, new)))
    message = str(caught.value)
    for wanted in expected:
        assert any(part in message for part in wanted.split("|")), message
    assert message.endswith((".", "?"))


def test_a_missing_file_says_what_is_bundled(tmp_path: Path) -> None:
    with pytest.raises(at.InputError, match="russia-ukraine-2025-06"):
        read_dossier(tmp_path / "absent.toml")


def test_an_empty_dossier_and_one_of_noise_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.toml"
    empty.write_text("")
    noise = tmp_path / "noise.toml"
    noise.write_bytes(bytes(range(256)) * 40_000)
    short_noise = tmp_path / "short.toml"
    short_noise.write_bytes(bytes(range(128, 256)))
    for path, word in ((empty, "attrition new"), (noise, "smaller than"), (short_noise, "UTF-8")):
        with pytest.raises(at.InputError, match=word):
            read_dossier(path)
    with pytest.raises(at.InputError, match="folder"):
        read_dossier(tmp_path)


def test_the_bundled_dossier_holds_every_figure_of_the_report(bundled: at.Dossier) -> None:
    quotes = " | ".join(claim.quote for claim in bundled.claims)
    for figure in (
        "950,000",
        "250,000",
        "400,000",
        "60,000 and 100,000",
        "900,000",
        "1,000",
        "this summer",
        "just a few weeks",
        "10,000",
        "50 meters",
        "1%",
        "20%",
    ):
        assert figure in quotes
    assert {q.kind for q in bundled.quantities.values()} == {"cumulative", "stock"}
    assert bundled.latest_published == date(2025, 6, 5)


def test_a_claim_is_not_known_before_the_last_day_it_may_have_appeared(
    bundled: at.Dossier,
) -> None:
    claim = bundled.claims[0].model_copy(update={"published": PartialDate.parse("2025-06")})
    assert not claim.known_on(date(2025, 6, 29))
    assert claim.known_on(date(2025, 6, 30))


def test_the_digest_changes_with_the_content_and_not_with_the_layout(
    exact_text: str, write: Write
) -> None:
    digest = read_dossier(write(exact_text)).sha256
    assert (
        read_dossier(write("# a comment\n" + exact_text.replace("\n[", "\n\n["))).sha256 == digest
    )
    assert read_dossier(write(exact_text.replace("950_500", "950_501"))).sha256 != digest


def test_a_dossier_can_be_built_from_python_objects() -> None:
    source = at.dossier.Source(name="Tally")
    built = at.Dossier.of(
        id="built",
        sources={"tally": source},
        quantities={"total": {"title": "Cases", "definition": "cases", "unit": "persons"}},
        claims=[
            {
                "quantity": "total",
                "source": "tally",
                "kind": "level",
                "low": 1.0,
                "high": 2.0,
                "as_of": "2025-03",
                "published": "2025-04",
            }
        ],
    )
    assert built.claims[0].as_of.last == date(2025, 3, 31)
    with pytest.raises(at.InputError, match="at least one source"):
        at.Dossier.of(id="built", sources={}, quantities={}, claims=[])


def test_a_part_must_not_be_a_part_of_itself(exact_text: str, write: Write) -> None:
    text = exact_text.replace('unit = "persons"', 'unit = "persons"\npart_of = "total"')
    with pytest.raises(at.InputError, match="part of itself"):
        read_dossier(write(text))


def test_a_claim_may_name_its_source_by_an_alias(exact_text: str, write: Write) -> None:
    text = exact_text.replace('name = "Tally"', 'name = "Tally"\naliases = ["The Tally", "TT"]')
    text = text.replace('source = "tally"\nkind = "level"', 'source = "The Tally"\nkind = "level"')
    assert {claim.source for claim in read_dossier(write(text)).claims} == {"tally"}
    twice = text.replace(
        "[quantities", '[sources.other]\nname = "O"\naliases = ["TT"]\n[quantities'
    )
    with pytest.raises(at.InputError, match="alias must belong to one source"):
        read_dossier(write(twice))


def test_a_coverage_and_a_multiplier_cannot_be_confused(exact_text: str, write: Write) -> None:
    text = exact_text.replace(
        'name = "Tally"', 'name = "Tally"\ncoverage = {low = 1.54, high = 2.2}'
    )
    with pytest.raises(at.InputError, match=r"multiplier.*write 0\.649") as caught:
        read_dossier(write(text))
    assert "sources.tally.coverage" in str(caught.value)
    percent = text.replace("1.54", "45.0").replace("2.2", "65.0")
    with pytest.raises(at.InputError, match=r"percent, write 0\.45"):
        read_dossier(write(percent))


MISSHAPEN = {
    "needs `low` below `high`": "point = 5.0\nshape = 'lognormal'",
    "needs `point`": "low = 1.0\nhigh = 5.0\nshape = 'pert'",
    "takes no `point`": "low = 1.0\nhigh = 5.0\npoint = 2.0\nshape = 'lognormal'",
    "must lie between `low` and `high`": "low = 1.0\nhigh = 5.0\npoint = 9.0\nshape = 'metalog'",
    "hard ends take none": "low = 1.0\nhigh = 5.0\npoint = 2.0\nshape = 'pert'\nprob = 0.9",
    "must go with a `shape`": "low = 1.0\nhigh = 5.0\nprob = 0.9",
}


@pytest.mark.parametrize("rule", MISSHAPEN)
def test_a_shape_comes_with_the_numbers_it_needs(rule: str, exact_text: str, write: Write) -> None:
    text = exact_text.replace('point = 950_500\nhedge = "exactly"', MISSHAPEN[rule])
    with pytest.raises(at.InputError, match=rule):
        read_dossier(write(text))


def test_relations_name_quantities_and_sources_that_exist(exact_text: str, write: Write) -> None:
    for line, expected in (
        ('sum_of = ["killd"]', "quantity must be one of"),
        ('sum_of = ["total"]', "made of itself"),
        ('ratio_of = ["total"]', "ratio must be of two"),
    ):
        text = exact_text.replace('unit = "persons"', f'unit = "persons"\n{line}')
        with pytest.raises(at.InputError, match=expected):
            read_dossier(write(text))
    itself = exact_text.replace('name = "Tally"', 'name = "Tally"\ncopies = ["tally"]')
    with pytest.raises(at.InputError, match="derive from itself"):
        read_dossier(write(itself))


def test_a_key_left_at_its_default_does_not_change_the_digest(
    exact_text: str, write: Write
) -> None:
    stated = exact_text.replace('name = "Tally"', 'name = "Tally"\naliases = []\nnote = ""')
    assert read_dossier(write(stated)).sha256 == read_dossier(write(exact_text)).sha256


def test_a_text_in_place_of_a_source_is_refused_with_its_place() -> None:
    with pytest.raises(at.InputError, match=r"sources\.tally"):
        at.Dossier.of(id="x", sources={"tally": "a count"}, quantities={}, claims=[])
