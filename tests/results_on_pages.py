# ruff: noqa: E501 - a sentence stands in one piece
"""What pages say of the results that commands left, written anew from these: page and sentence."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from benchmarks import articles

from test_articles import CANDIDATES, RIGHT, WRONG

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks/results"
_WORDS = "two three four five six seven eight nine ten eleven twelve"
SMALL = dict(enumerate(_WORDS.split(), 2))


def rows(name: str, head: str = "") -> list[list[str]]:
    """Return the cells of the tables of a result, of one part of it where a heading is given."""
    text = (RESULTS / name).read_text(encoding="utf-8")
    part = text.partition(f"\n## {head}")[2].partition("\n## ")[0] if head else text
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def row(name: str, *first: str, head: str = "") -> list[str]:
    """Return the first row of a result that begins with some cells."""
    return next(one for one in rows(name, head) if tuple(one[: len(first)]) == first)


def _whole(*texts: str) -> tuple[int, ...]:
    """Return numbers of results to the nearest whole one, halves upwards."""
    return tuple(math.floor(float(text.strip("%")) + 0.5) for text in texts)


def _span(numbers: list[float], sign: str = "") -> str:
    """Return the ends of some numbers as "a to b", with signs where asked."""
    low, high = (f"{end:+.0f}" if sign else f"{end:g}" for end in (min(numbers), max(numbers)))
    return f"{low} to {high}".replace("-", "−").replace("+0", "0")


# ---- how-tested.md: counts ------------------------------------------------------------------


def _counts() -> Iterator[str]:
    series = [line for line in rows("hindcasts.md") if "(band" in line[-1]]
    made, apart = ([float(line[i]) for line in series] for i in (1, 3))
    yield f"of the {_span(made)} outcomes of a series only {_span(apart)} share no day"
    tenths = next(line[-1] for line in series if line[0] == "Argentina").split(" (")[0].split()
    yield f"On Argentina {tenths[-1]} % of all PIT values"
    repeats = [line for line in rows("repeats.md") if "/" in line[1] and line[0] != "series"]
    smallest = min((float(p), line[0]) for line in repeats for p in line[4].split("/"))
    assert smallest[1] == "Argentina"
    low, high = (
        min((int(a), int(b)) for line in repeats for a, b in [line[3].split(" to ")])[i]
        for i in (0, 1)
    )
    yield f"(the smallest p is {smallest[0]}, {smallest[1]} at 80 %). But such bands are wide, down to {low} to {high} % at 90"
    totals = [line for line in rows("totals_of_counts.md") if line[1].isdigit()]
    assert {line[2] for line in totals} == {"600"}
    yield f"hold {_span([float(line[4]) for line in totals])} %, least at 90 days on waves and a year after a ceasefire, and the CRPS is {_span([float(line[6]) for line in totals])} of that"
    assert {(line[0], line[1]) for line in totals if line[4] == "83"} == {
        ("waves", "90"),
        ("ceasefire", "365"),
    }


WORLDS = {
    "constant Poisson": ("constant Poisson", "attrition"),
    "the same, by the true law": ("constant Poisson", "the true law"),
    "drifting rate": ("drifting", "attrition"),
    "regimes that change suddenly": ("regime change", "attrition"),
    "batch reports": ("batch reports", "attrition"),
}


def _worlds() -> Iterator[str]:
    shares = {}
    for name, first in WORLDS.items():
        _, _, _, inside, pit, crps = row("worlds.md", *first)
        shares[name] = inside.split("/")[2], pit.split("/")[2]
        yield f"| {name} | {shares[name][0]} | {shares[name][1]} | {crps} |"
    true = shares.pop("the same, by the true law")
    yield f"({true[0]} % printed, {true[1]} % by the PIT)"
    over = sorted((float(pit) - 93.0 for _, pit in shares.values()), reverse=True)
    assert [excess > 0 for excess in over] == [True, True, False, False]
    yield f"by {over[0]:.1f} and {over[1]:.1f} points"
    lengths = row("worlds.md", "constant Poisson", head="")[0]
    *_, by_length = (one for one in rows("worlds.md") if one[0] == lengths)
    yield f"{by_length[1]} % hold after half a year of data and {by_length[-1]} % after two and a half"


# ---- how-tested.md: words -------------------------------------------------------------------

ROUNDS = {
    "9 to 25 | whoever wrote the rules": [*range(9, 26)],
    "26 to 40 | outside authors": [*range(26, 41)],
    "41 to 58 | outside authors": [41, 42, 43, 44, 46, 47, 55, 56, 57, 58],
    "62 to 72 | outside authors": [62, 63, 64, 71, 72],
    "45 to 61 | whoever mended the rules": [45, *range(48, 55), 59, 60, 61],
    "65 to 79 | the same": [65, 66, 67, 68, *range(74, 80)],
}


def _words() -> Iterator[str]:
    gold = tomllib.loads((ROOT / "tests/reading_gold.toml").read_text(encoding="utf-8"))["rounds"]
    assert sorted(n for some in ROUNDS.values() for n in some) == sorted(
        map(int, {*gold} - {"rates"})
    )
    for name, numbers in ROUNDS.items():
        size, right, silent = (
            sum(gold[str(n)][key] for n in numbers) for key in ("sentences", "right", "silent")
        )
        yield f"| {name} | {size:,} | {100 * right / size:.0f} | {100 * silent / size:.0f} |"
    outside = [gold[str(n)] for name in ROUNDS if "outside" in name for n in ROUNDS[name]]
    size, right, silent = (
        sum(one[key] for one in outside) for key in ("sentences", "right", "silent")
    )
    share = {8: "four in five"}[round(10 * right / size)]
    yield f"expect {share} to be read right and one in {SMALL[round(size / silent)]} to be silently wrong"
    text = (RESULTS / "reading.md").read_text(encoding="utf-8")
    every, apart, parts = re.findall(r"fully right +(\d+) of (\d+) sentences", text)
    yield f"holds {int(every[1]):,} sentences"
    yield f"all but {int(every[1]) - int(every[0])} of the {int(every[1]):,} are read right"
    (_, silent, bad) = re.findall(r"silently wrong +(\d+) of \d+ sentences", text)
    yield f"Of the {apart[1]} sentences of `tests/reading_apart.toml`"
    yield f"{apart[0]} are read right and {silent} silently wrong"
    yield f"Of {int(parts[1]):,} the reader has {100 * int(parts[0]) / int(parts[1]):.1f} % right and {100 * int(bad) / int(parts[1]):.1f} % silently wrong"


def _articles() -> Iterator[str]:
    size = sum(
        len(json.loads(file.read_text(encoding="utf-8"))["claims"])
        for file in (ROOT / "tests/articles").glob("*.json")
    )
    yield f"Today {RIGHT} of the {size} claims of sets 1 to 8 are right, {CANDIDATES} right as a candidate and {WRONG} wrong"
    text = (RESULTS / "reading.md").read_text(encoding="utf-8")
    size, right = map(int, re.findall(r"claims (\d+): (\d+) right", text)[0])
    bad = re.findall(r"that stand ([\d.]+)% are wrong", text)[0]
    yield f"of their claims {100 * right / size:.0f} % are right, and {float(bad):.0f} % of those that stand"
    unseen = tomllib.loads((ROOT / "tests/articles/unseen.toml").read_text(encoding="utf-8"))
    wrong = []
    for number, counts in unseen.items():
        outcomes = [counts[key] for key in articles.OUTCOMES[:5]]
        assert sum(outcomes) == counts["claims"]
        yield f"| {number} | {counts['claims']} | " + " | ".join(map(str, outcomes)) + " |"
        wrong.append((counts["wrong"], counts["right"] + counts["wrong"]))
    share = sum(w for w, _ in wrong) / sum(n for _, n in wrong)
    yield f"expect one claim in {SMALL[round(1 / share)]} of those that stand"
    signs = {
        name: [int(n) for n in re.findall(r"\d+", line)]
        for name, _, line in (line.partition(":") for line in articles.signs().splitlines())
    }
    shares = [
        round(100 * (wrong + never) / (right + wrong + never))
        for right, wrong, never, _ in (signs["all"], signs["kept"])
    ]
    yield f"{shares[0]} % were wrong or never to be claimed, and {shares[1]} % of those"


# ---- how-tested.md: claims ------------------------------------------------------------------

KNOWN = {
    "appeared | the daily count": "Known from the day it appeared, with the daily count",
    "appeared | nothing": "Known from the day it appeared, claims alone",
    "describes | the daily count": "Known from the day that it describes, with the daily count",
    "describes | nothing": "Known from the day that it describes, claims alone",
}
RIVALS = ("last figure at its pace", "the same, with its past errors", "spline through all claims")


def _claims() -> Iterator[str]:
    def cells(head: str, on: str = "all") -> list[str]:
        return row("claims.md", "attrition", on, head=head)

    for name, head in KNOWN.items():
        _, _, size, inside, crps, *_ = cells(head)
        pairs = [
            f"{cells(head, f'those of {rival!r}')[4]} / {row('claims.md', rival, head=head)[4]}"
            for rival in RIVALS
        ]
        yield (
            f"| {name} | {size} days | {inside.replace(' ', '')} | {crps} | "
            + " | ".join(pairs)
            + " |"
        )
    first, alone = list(KNOWN.values())[:2]
    size, _, days = cells(first)[2].split()
    yield f"rest on {days} days and not on {size} figures"
    again = {cells(head, "next figures")[3].split()[-1] for head in (first, alone)}
    yield f"hold only {again.pop()} % of the time, with the count and without"
    assert not again
    rival, ours = row("claims.md", RIVALS[1], head=first), cells(first, f"those of {RIVALS[1]!r}")
    assert float(ours[4]) < float(rival[4])
    yield f"({rival[5]} against {ours[5]}, times 100), by CRPS worse"
    half, twice = (cells(f"{first}, errors of sources x {factor}") for factor in ("0.5", "2"))
    yield f"With half of them the 90 % intervals hold {half[3].split()[-1]} %, with twice {twice[3].split()[-1]} %; the CRPS is {half[4]} and {twice[4]}"
    yield f"wide, and held {cells(first, 'first figures')[3].split()[-1]} % of the time"
    imported = f"{alone}, the table as imported"
    text = (RESULTS / "claims.md").read_text(encoding="utf-8").partition(f"## {imported}")[2]
    misses = re.findall(r"([\w-]+) [\w-]+ \d{4}-\d\d-(\d\d)(?=[,.])", text.partition("Outside")[2])
    charts = sum(source == "uk-mod" and day == "01" for source, day in misses)
    yield f"the 90 % intervals hold {cells(imported)[3].split()[-1]} %. Of the {len(misses)} misses {charts} are months of that chart"


# ---- races.md and priors.md -----------------------------------------------------------------

_TITLES = {
    "weekly COVID-19 deaths, 12 countries, 2021": ("Weekly COVID", "EuroCOVIDhub-baseline"),
    "weekly influenza admissions, US states, 2023/24": ("Weekly infl", "FluSight-baseline"),
}


def _races() -> Iterator[str]:
    text = (RESULTS / "races.md").read_text(encoding="utf-8")
    targets = re.findall(r"([\d,]+) targets that all", text)
    for (title, (head, base)), number in zip(_TITLES.items(), targets, strict=True):
        _, _, _, wis, _, log, half, most = row("races.md", "attrition", "all", head=head)
        flat = row("races.md", base, "all", head=head)[3]
        inside = " | ".join(f"{share} %" for share in _whole(half, most))
        yield f"| {title} | {number} | {wis} | {float(log):.2f} | {inside} | {float(flat) + 1e-9:.2f} |"
    year, months, ours, last, any_, came = row("races.md", "2019")
    countries = int(months.replace(",", "")) // 12
    yield f"Monthly deaths in conflict, {countries} countries, {year} from October 2018: mean CRPS {ours}, the last twelve months as draws {last}; a death in {any_[:-1]} % of forecast country-months, in {came[:-1]} % of those"
    scores = [line for line in rows("races.md", "Settings") if line[1][:2] == "0."]
    starts = [i for i, line in enumerate(scores) if line[0] == "as shipped"]
    for part, words in (
        (scores[: starts[1]], "none has a WIS lower by more than"),
        (scores[starts[1] :], "none has one lower by more than"),
    ):
        best = 1 - min(float(line[1]) for line in part) / float(part[0][1])
        yield f"{words} {math.ceil(1000 * best) / 10:g} %"
    places = re.findall(r"(\d+) places, ", text)
    yield f"learnt on weekly deaths of {places[0]} countries"
    common = [line for line in rows("races.md", "Growth") if line[1].isdigit()]
    pairs = list(zip(common[::2], common[1::2], strict=True))
    gains = [[100 * (float(b[i]) / float(a[i]) - 1) for a, b in pairs] for i in (3, 4)]
    yield f"the log WIS falls by {_span([round(-x) for x in gains[1]])} %, the WIS moves by {_span(gains[0], '+')} %"
    ahead = {w: row("races.md", "attrition", w, head="Weekly COVID") for w in "134"}
    every = row("races.md", "attrition", "all", head="Weekly COVID")
    more = [round(100 * float(line[5]) - 100) for line in (every, ahead["1"], ahead["3"])]
    yield f"is {more[0]} % above theirs in Europe, {more[1]} % at one week and {more[2]} % at three"
    flu = row("races.md", "attrition", "all", head="Weekly infl")
    yield f"Of influenza it is {round(100 - 100 * float(flu[5]))} % below"
    assert abs(float(ahead["4"][3]) - 1) < 0.005
    yield f"The European WIS is {round(100 * float(ahead['3'][3]) - 100)} % above the ensemble's at three weeks and equal at four"
    last_flu = row("races.md", "attrition", "3", head="Weekly infl")
    yield f"Influenza is {round(100 * float(last_flu[3]) - 100)} % worse at the farthest horizon, where 90 % intervals hold {_whole(last_flu[7])[0]} %"


def _elsewhere() -> Iterator[str]:
    text = (RESULTS / "elsewhere.md").read_text(encoding="utf-8")
    lines = rows("elsewhere.md")
    every = {line[0]: line for line in lines if line[1] == "all"}
    ours = every.pop("attrition")
    mixed = [every.pop(name) for name in [*every] if " and " in name]
    gains = [
        round(100 - 100 * float(ours[i]) / min(float(line[i]) for line in every.values()))
        for i in (2, 3)
    ]
    number = re.findall(r"(\d+) places", text)[0]
    assert len(every) == 3
    yield f"the weekly deaths of the {number} other countries"
    yield f"The WIS is {gains[0]} % below that of the best of three simple rivals"
    yield f"the log WIS {gains[1]} %. 90 % intervals hold {_whole(row('elsewhere.md', 'attrition', '1')[5])[0]} % one week ahead and {_whole(row('elsewhere.md', 'attrition', '4')[5])[0]} % at four; 50 % ones hold {_whole(ours[4])[0]} %"
    mean, mean_log = (
        _span([100 * float(m[i]) / float(ours[i]) - 100 for m in mixed], "+") for i in (2, 3)
    )
    shares = " or ".join(sorted({re.findall(r"\d+", m[0])[0] for m in mixed}))
    yield f"Averaged with {shares} % of the quantiles of one of the three, this forecast has a WIS of {mean} % and a log WIS of {mean_log} % against its own"
    since = [[100 * float(x) - 100 for x in line[2:]] for line in lines if line[0][:2] == "20"]
    wis, log, rival, rival_log = zip(*since, strict=True)
    yield f"have a WIS of {_span([*wis], '+')} % and a log WIS of {_span([*log], '+')} % against"
    yield f"The best rival is {_span([round(x) for x in rival])} % and {_span([round(x) for x in rival_log])} % above them"


def _priors() -> Iterator[str]:
    epidemics, conflicts = (int(row("priors.md", name)[1]) for name in ("epidemic", "conflict"))
    yield f"deaths by day in {epidemics - 2} countries"
    yield f"in the {conflicts - 2} countries that counted one a day or more; and the four counts"


def sentences() -> Iterator[tuple[str, str]]:
    """Return each sentence with its page."""
    for page, parts in {
        "docs/how-tested.md": (_counts, _worlds, _words, _articles, _claims),
        "docs/races.md": (_races, _elsewhere),
        "docs/priors.md": (_priors,),
    }.items():
        for part in parts:
            for sentence in part():
                yield page, sentence
