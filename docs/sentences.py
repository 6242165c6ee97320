"""Print sentences over all cases, as docs/sentences.md holds them.

Run: python docs/sentences.py. With ``--check`` it changes nothing and says whether the page is
what it would write.
"""

from __future__ import annotations

import dataclasses
import statistics
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TypedDict

import numpy as np
from scipy import special

import attrition as at
from attrition.core.laws import make_law
from attrition.core.laws.law import Law, Provenance
from attrition.reporting.passing import words_in

PAGE = Path(__file__).parent / "sentences.md"
KNOWN = date(2025, 6, 30)

HEAD = """# Sentences

What `at.cite(…).sentence` says, case by case. The page is written by `python docs/sentences.py`,
and a test compares it. The sentences on the war come from the bundled dossier, those on
Ruritania and a hospital from invented laws: they show words, not facts. Beside each case stands its
number of words, split at spaces, "95 %" as one.

"""

Case = tuple[str, at.reporting.Citation]


def invented(  # noqa: PLR0913 - a law in words and numbers
    already: float,
    beyond: float,
    middle: float,
    spread: float,
    *,
    subject: str = "",
    source: str = "",
    condition: str = "",
    second: float | None = None,
    verb: str = "",
    days: int = 730,
    level: float = 60_000,
) -> Law:
    """Return a law with mass on both sides and one hill of dates, or two."""
    day = np.arange(days + 1.0)
    rise = special.ndtr((day - middle) / spread)
    if second is not None:
        rise = 0.5 * rise + 0.5 * special.ndtr((day - second) / spread)
    rise = (rise - rise[0]) / (rise[-1] - rise[0])
    column = already + (1 - already - beyond) * rise
    what = Provenance(
        quantity="total",
        title=subject,
        definition=subject,
        subject=subject,
        verb=verb,
        basis="source",
        basis_name=f"count of {source}",
        condition=condition,
        sources=(source,),
        figures=3,
    )
    return make_law(column[None, None], [level], KNOWN, what)


class Words(TypedDict, total=False):
    """What a law is about."""

    subject: str
    source: str
    condition: str
    verb: str


CITY: Words = {
    "subject": "people killed in Ruritania",
    "source": "Ministry",
    "condition": "if the fighting continues",
}
COUNTY: Words = {
    "subject": "overdose deaths in Ruritania",
    "source": "Coroner",
    "condition": "if this pace continues",
}
WARD: Words = {
    "subject": "the hospital’s toll",
    "source": "Board",
    "condition": "if the epidemic continues",
    "verb": "reaches",
}


def one_threshold() -> Iterator[Case]:
    """Yield every place in which a law of one threshold can lie."""
    k = 60_000.0
    for name, law in (
        ("passed, surely", invented(0.9996, 0, 90, 30, **CITY)),
        ("passed, at 99 %", invented(0.992, 0, 90, 30, **COUNTY)),
        ("passed, almost certainly", invented(0.97, 0, 90, 30, **CITY)),
        ("passed, very likely", invented(0.88, 0, 90, 30, **COUNTY)),
        ("passed, likely", invented(0.7, 0, 90, 30, **CITY)),
        ("passed, as likely as not", invented(0.5, 0, 90, 30, **CITY)),
        ("passed, likely, and perhaps not for long", invented(0.6, 0.25, 90, 30, **COUNTY)),
        ("perhaps passed, else soon", invented(0.16, 0, 60, 30, **CITY)),
        ("perhaps passed, else within a year", invented(0.3, 0, 200, 90, **COUNTY)),
        ("to the day", invented(0, 0, 20, 1.5, **WARD)),
        ("within weeks", invented(0, 0, 60, 12, **CITY)),
        ("within months", invented(0, 0, 150, 40, **COUNTY)),
        ("within a year", invented(0, 0, 300, 90, **WARD)),
        ("no earlier than a month, and perhaps not by the end", invented(0, 0.3, 300, 90, **CITY)),
        ("no earlier than a day, probably not by the end", invented(0, 0.7, 60, 40, **COUNTY)),
        ("not by the end", invented(0, 0.97, 300, 90, **CITY)),
        ("nearly never, perhaps passed", invented(0.06, 0.88, 300, 90, **WARD)),
        ("nothing determined", invented(0.13, 0.19, 300, 200, **CITY)),
        ("hardly determined", invented(0.07, 0.08, 300, 200, **COUNTY)),
        ("contested: two hills", invented(0, 0, 60, 20, second=400, **CITY)),
        ("contested, and open on both sides", invented(0.2, 0.2, 60, 20, second=400, **COUNTY)),
    ):
        yield name, at.cite(law, k)
    law = invented(0.76, 0, 90, 30, **CITY)
    yield "an interval of 50 %, which is no fact", at.cite(law, k, prob=0.5)
    yield "an interval of 80 %", at.cite(invented(0, 0, 150, 40, **CITY), k, prob=0.8)
    yield "an interval of 99 %", at.cite(invented(0, 0, 150, 40, **CITY), k, prob=0.99)
    yield "words of the IPCC", at.cite(law, k, scale="IPCC")
    yield "words of PHIA, which has none for 76 %", at.cite(law, k, scale="PHIA")
    named = invented(0.16, 0, 60, 30, **CITY)
    citation = at.cite(named, k, subject="Ruritania’s death toll", verb="exceeds")
    yield "other words than the dossier’s", citation


def by_days() -> Iterator[Case]:
    """Yield how likely a threshold is passed by a day that was asked about."""
    k = 60_000.0
    for name, law, day in (
        ("by today", invented(0.3, 0, 90, 30, **CITY), "2025-06-30"),
        ("by a day, perhaps passed", invented(0.1, 0, 90, 30, **CITY), "2025-09-30"),
        ("by a day, not passed", invented(0, 0, 200, 60, **COUNTY), "2025-12-31"),
        ("by a day, hardly", invented(0, 0.3, 400, 60, **WARD), "2025-12-31"),
        ("by a day, nearly surely", invented(0.05, 0, 120, 30, **COUNTY), "2026-06-30"),
        ("by a day of next year", invented(0, 0.1, 300, 90, **CITY), "2026-03-31"),
    ):
        yield name, at.cite(law, k, by=day)


def ends() -> Iterator[Case]:
    """Yield laws that allow for an end."""
    k = 60_000.0
    for name, law, hazard in (
        ("it may end, passed first", invented(0, 0, 60, 12, **CITY), 0.0005),
        ("it may end before", invented(0, 0, 300, 60, **CITY), 0.002),
        ("it probably ends before", invented(0, 0, 300, 60, **WARD), 0.01),
        ("it may end, perhaps passed", invented(0.2, 0, 300, 60, **COUNTY), 0.003),
    ):
        yield name, at.cite(at.laws.with_end(law, hazard), k)


def _by(source: str) -> Words:
    """Return the words on the city, as another source counts."""
    return {**CITY, "source": source}


def counts() -> Iterator[Case]:
    """Yield several counts of one threshold."""
    k = 60_000.0
    ministry = invented(0, 0, 70, 25, **CITY)
    study = invented(0.993, 0, 70, 25, **_by("Field Study"))
    toll = dataclasses.replace(study.provenance, basis="latent", sources=("Field Study",))
    late = invented(0, 0.4, 500, 90, **_by("United Nations"))
    yield "two counts disagree", at.cite([ministry, study], k)
    near = invented(0.1, 0, 90, 40, **_by("United Nations"))
    yield "two counts overlap", at.cite([ministry, near], k)
    yield "three counts", at.cite([study, ministry, late], k)
    police = invented(0, 0, 120, 30, **_by("Police"))
    yield "many counts", at.cite([study, ministry, near, late, police], k)
    yield "a count and the toll itself", at.cite([ministry, study.with_provenance(toll)], k)
    yield "the toll itself", at.cite(invented(0.3, 0, 90, 30, **CITY).with_provenance(toll), k)


def quoted() -> Iterator[Case]:
    """Yield what a few quoted figures say: of deaths, of minimums, of a count at its threshold."""
    day = "2025-06-30"

    def told(words: str, source: str) -> at.Claim:
        return at.claim(words, source=source, on=day)

    deaths = [told("122 people died", "WHO"), told("around 2 deaths a day", "WHO")]
    epidemic = at.forecast(deaths, seed=1, kind="epidemic")
    yield "an epidemic’s count, at its threshold", epidemic.cite(122)
    yield "an epidemic’s count", epidemic.cite(150)
    least = [told("at least 3,000 killed", "UN"), told("around 20 killed a day", "UN")]
    floors = at.forecast(least, seed=1, bases=["un", "latent"])
    yield "a count that is a minimum", floors.cite(5_000, basis="un")
    yield "a count that is a minimum, on its day", floors.cite(on=day, basis="un")
    yield "minimums alone", floors.cite(5_000, basis="latent")
    both = at.cite([floors.law(basis="un"), floors.law(basis="latent")], 5_000)
    yield "a minimum, and the toll itself", both


def war() -> Iterator[Case]:
    """Yield what is asked of the bundled dossier."""
    forecast = at.forecast(at.read_dossier(), seed=1)
    law = forecast.law("russian-casualties", "csis")
    for key in ("russian-casualties", "russian-killed", "ukrainian-killed", "kharkiv-advance"):
        for threshold in forecast.thresholds[key]:
            yield f"of the dossier: {key}", at.cite(forecast.law(key), threshold)
    yield "a total that is past", at.cite(law, 900_000)
    yield "by a day", at.cite(law, 1_000_000, by="2025-08-31")
    yield "by a day, a later one", at.cite(law, 1_100_000, by="2025-12-31")
    yield "the total on the information date", at.cite(law, on="2025-06-05")
    yield "the total on a day", at.cite(law, on="2025-12-31")
    yield "the total on a day, at 50 %", at.cite(law, on="2025-12-31", prob=0.5)
    for scenario in ({"pace": 0.5, "from": "2025-07-01"}, {"stop": "2025-08-01"}):
        supposed = at.forecast(
            at.read_dossier(), seed=1, quantities=["russian-casualties"], scenario=scenario
        )
        name = "half the pace" if "pace" in scenario else "a stop"
        day = "2025-12-31" if "pace" in scenario else None
        yield f"what is supposed: {name}", at.cite(supposed, 1_100_000, basis="csis", by=day)
    since, key = "2025-06-05", "russian-casualties"
    added = at.cite(forecast, on="2025-12-31", since=since, quantity=key, basis="csis")
    yield "what is added between two days", added
    yield "two thresholds", at.cite(law, [1_000_000, 1_100_000])
    yield "two thresholds, one past", at.cite(law, [900_000, 1_000_000])
    yield "two thresholds, one far", at.cite(law, [1_000_000, 2_000_000])
    open_law = forecast.law("ukrainian-killed", "latent")
    yield "two thresholds, one not settled", at.cite(open_law, [50_000, 100_000])
    yield "all counts of a total", at.cite(forecast, 1_000_000, quantity="russian-casualties")


def together() -> Iterator[Case]:
    """Yield what two totals of one posterior say."""
    names = [f"{s}-{k}" for s in ("russian", "ukrainian") for k in ("casualties", "killed")]
    forecast = at.forecast(at.read_dossier(), seed=1, quantities=names, model="posterior")
    one, other = ("ukrainian-killed", 100_000), ("russian-killed", 300_000)
    yield "which comes first", at.cite(forecast, before=(one, other))
    yield "which comes first, the other way", at.cite(forecast, before=(other, one))
    sides = ("russian-killed", "ukrainian-killed")
    yield "a ratio today", at.cite(forecast, ratio=sides)
    yield "a ratio on a day", at.cite(forecast, ratio=sides, on="2025-12-31")
    part = ("russian-killed", "russian-casualties")
    yield "a share", at.cite(forecast, ratio=part)


def figures() -> Iterator[Case]:
    """Yield what two figures say, by kind."""
    for kind in (None, "steady", "epidemic", "conflict", "disaster"):
        answer = at.when(
            1_000_000, level=(900_000, 960_000), rate=(800, 1_250), on="2025-06-30", kind=kind
        )
        yield f"from two figures, {kind or 'no kind named'}", answer.cite()


PARTS = {
    "One threshold": one_threshold,
    "By a day": by_days,
    "An end": ends,
    "Several counts": counts,
    "Quoted figures": quoted,
    "The bundled dossier": war,
    "Two totals": together,
    "Two figures": figures,
}


def cases() -> dict[str, list[Case]]:
    """Return all cases by the heading under which they stand."""
    return {heading: list(part()) for heading, part in PARTS.items()}


def rendered(cases: dict[str, list[Case]]) -> str:
    """Return the page."""
    lines = [HEAD]
    sizes = [words_in(one.sentence) for part in cases.values() for _, one in part]
    for heading, part in cases.items():
        lines.append(f"## {heading}\n\n")
        lines += [
            f"*{name}* ({words_in(one.sentence)})\n: {one.sentence}\n\n" for name, one in part
        ]
    note = cases["The bundled dossier"][0][1].note
    lines.append(f"## A note\n\nThat of the first sentence of the bundled dossier:\n\n> {note}\n\n")
    count, middle = len(sizes), statistics.median(sizes)
    lines.append(f"{count} sentences, the median of {middle:g} words.\n")
    return "".join(lines)


def main() -> int:
    """Write the page, or say whether it is out of date."""
    text = rendered(cases())
    if "--check" in sys.argv[1:]:
        same = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        return 0 if same else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
