# ruff: noqa: E501 - a sentence stands in one piece
"""What pages say in numbers is what data, results and rules say: a page out of date is noticed.

Numbers in examples are run where they stand, and those of generated parts are made anew by
tests/test_docs.py. Here are the ones in sentences: each sentence once more, with gaps, and from
where the gaps are filled. A sentence that was measured stands beside the file in which its command
left the result.
"""

from __future__ import annotations

import csv
import math
import re
import tomllib
from calendar import month_name
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path

import pytest
from benchmarks import articles, two_figures, widths
from benchmarks import priors as taught
from scipy import stats

import attrition as at
from attrition.core import numerics, tasks
from attrition.core.laws import digits
from attrition.core.simulation import REPLICATES
from attrition.data.dossier import files as files_of_dossiers
from attrition.data.elicitation.pooling import SHARED, worth
from attrition.data.series import cleaning, slips, unreported
from attrition.evaluation import answers
from attrition.forecasts import asking, assimilated
from attrition.models import families
from attrition.models.assimilation import evidence, network, paces, search
from attrition.models.assimilation.learnt import _DRIFT, _ERROR
from attrition.models.pace import fates
from attrition.models.pace.prior import Prior
from attrition.reporting import record as record_file
from attrition.reporting.words import _SCALES
from attrition.text.text import LONGEST
from results_on_pages import RESULTS, SMALL, row, rows, sentences

ROOT = Path(__file__).parent.parent
BUNDLED = files("attrition") / "bundled"
Numbers = tuple[float | str | date, ...]


def _tolerances() -> Numbers:
    """Return the words of the tolerances of a date, of its interval and of its unit."""
    return {200: "two-hundredth"}[round(1 / assimilated._SHARE)], {8: "eighth"}[digits.ERRORS]


def _steady() -> Numbers:
    """Return the word of the share of a steady pace where no kind is named."""
    shares = {family.name: share for family, share in families.bundled_priors().mixture(None)}
    return ({0.1: "tenth"}[round(shares["steady"], 9)],)


def _pit(name: str, head: str) -> list[int]:
    """Return what 90 % intervals hold by the PIT [percent], of all and then of each series."""
    lines = rows(name, head)
    start = next(i for i, line in enumerate(lines) if line[0] == "series")
    return [int(line[7]) for line in [lines[start - 1], *lines[start + 1 : -1]]]


def _two_figures() -> Numbers:
    four, thirty = (_pit("two_figures.md", head) for head in ("Four", "30"))
    return four[0], thirty[0], min(four + thirty)


def _as_a_dossier() -> Numbers:
    every, *single = _pit("two_figures_dossier.md", "Four")
    return every, min(single), max(single)


def _rates() -> Numbers:
    constant, ours = (row("hindcasts.md", n)[-1] for n in ("constant-rate Poisson", "attrition"))
    return constant, ours


def _arima() -> Numbers:
    ours, arima, ets = (
        float(row("hindcasts.md", name)[5]) for name in ("attrition", "AutoARIMA", "AutoETS")
    )
    return f"{arima / ours:.1f}", f"{ets / ours:.0f}"


def _hubs() -> Numbers:
    ours = [row("races.md", "attrition", "all", head=f"Weekly {w}")[3] for w in ("COVID", "infl")]
    flat = [row("races.md", f"{name}-baseline", "all")[3] for name in ("EuroCOVIDhub", "FluSight")]
    return tuple(
        str(Decimal(number).quantize(Decimal("0.01"), "ROUND_HALF_UP")) for number in (*ours, *flat)
    )


def _quarter() -> Numbers:
    """Return the ends of what an epidemic's rate may become, in the words of the page."""
    (family, _), *_ = families.bundled_priors().mixture("epidemic")
    score = float(stats.t(family.nu).ppf(0.95))
    low, high = (math.exp(family.mu + sign * family.s * score) for sign in (-1, 1))
    return {0.1: "a tenth"}[round(low, 1)], {6: "six times"}[round(high)]


def _stops() -> Numbers:
    shares = {
        round(100 * share)
        for kind in ("epidemic", "conflict")
        for family, share in families.bundled_priors().mixture(kind)
        if family.fade is not None
    }
    (share,) = shares
    return (share,)


def _gold() -> Numbers:
    rows = tomllib.loads((ROOT / "tests/reading_gold.toml").read_text(encoding="utf-8"))
    kinds = {name: cases for name, cases in rows.items() if name != "rounds"}
    words = {13: "thirteen", 14: "fourteen", 15: "fifteen"}
    thousands = sum(len(cases) for cases in kinds.values()) // 1_000
    return {4: "four", 5: "five", 6: "six", 7: "seven"}[thousands], words[len(kinds)]


def _widths() -> Numbers:
    out = StringIO()
    with redirect_stdout(out):
        widths.main()
    text = out.getvalue()
    conflicts = re.search(r"(\d+) conflicts: (\d+) stated ranges begin at ([\d.]+)", text)
    war = re.search(r"one war: (\d+) stated ranges begin at ([\d.]+)", text)
    held = re.findall(r"up-to +reaches down to ([\d.]+) of its number: (\d+)%", text)
    floors = re.search(r"at-least .*: (\d+)% of (\d+) figures", text)
    assert conflicts
    assert war
    assert floors
    (down, first), (_, second) = held
    return (
        *(conflicts[2], conflicts[1], conflicts[3]),
        *(war[1], war[2], down, first, second, floors[1], floors[2]),
    )


def _claims() -> Numbers:
    with (BUNDLED / "war_loss_claims_to_2025-06-03.csv").open(encoding="utf-8") as file:
        return (sum(1 for _ in csv.DictReader(file)),)


def _errors() -> Numbers:
    dossier = at.read_dossier("war-in-ukraine-2025-06")
    numbers: list[str] = []
    for quantity in ("russian-casualties", "russian-killed", "ukrainian-killed"):
        error = dossier.assumption("source_error", quantity)
        figures = re.search(r"(\d+) ", error.reason)
        assert figures
        numbers += [
            f"{error.value:.2f}",
            f"{dossier.assumption('source_drift', quantity).value:.2f}",
        ]
        numbers += [figures[1]] if quantity.startswith("russian") else []
    return tuple(numbers)


def _trend() -> dict[str, float]:
    tables = tomllib.loads((BUNDLED / "trend.toml").read_text(encoding="utf-8"))
    return {key: value for table in tables.values() for key, value in table.items()}


def _scale(word: str) -> Callable[[], Numbers]:
    return lambda: next(
        (round(100 * low), round(100 * high))
        for low, high, name in _SCALES["ICD-203"]
        if word in {name, f"{name}ly"}
    )


def _printed(page: str, call: str) -> str:
    """Return what an example of a page prints below a line that begins so; it is run there."""
    _, _, after = (ROOT / page).read_text(encoding="utf-8").partition(f"\n>>> {call}")
    assert after, call
    return after.partition("\n")[2].partition("\n>>>")[0].partition("\n\n")[0]


def _ranges() -> Numbers:
    counted = re.findall(
        r"\d+", _printed("docs/cases.md", "len({war for war, _, _ in ranges}), len")
    )
    half = _printed("docs/cases.md", 'f"{median(high / low').strip("'")
    return counted[1], half, _printed("docs/cases.md", "len({war for war, low, high in ranges if")


def _days(page: str, call: str) -> list[date]:
    return [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", _printed(page, call))]


def _tally() -> at.Series:
    return at.read_series(str(BUNDLED / "general_staff_personnel_to_2025-06-03.csv"))


def _passed() -> Numbers:
    first, middle, last = _days(
        "docs/assimilation-example.md", "[str(end.day) for end in law.crossing(1_000_000, prob=0.8)"
    )
    return first.day, last.strftime("%d %B"), middle.strftime("%d %B")


def _ministry() -> Numbers:
    own = _days("docs/assimilation-example.md", "[str(law.crossing(1_000_000).median.day)")[0]
    return own.strftime("%d %B"), {5: "five"}[(own - date(2025, 6, 12)).days]


def _toll() -> Numbers:
    low, high = re.findall(r"\d+\.", _printed("docs/assimilation-example.md", "[round(end, -3)"))
    return tuple(f"{round(float(end), -4):,.0f}" for end in (low, high))


def _bounds() -> Numbers:
    words = ("more than 886,123 killed", "nearly 806,000 killed")
    over, under = (at.parse(text)[0].interval for text in words)
    assert over
    assert under
    return f"{over.upper:,.0f}", f"{under.lower:,.0f}"


@cache
def _million() -> at.Law:
    name = "russian-casualties"
    forecast = at.forecast("russia-ukraine-2025-06", quantities=[name], bases="csis", seed=1)
    return forecast.law(name)


def _sentence() -> Numbers:
    return (at.cite(_million(), 1_000_000).sentence,)


def _dots() -> Numbers:
    words = at.plots.text_alternative(at.plots.crossing(_million(), 1_000_000))
    already = re.search(r": (\d+) passed by 5 Jun 2025", words)
    assert already
    return ({"6": "six", "7": "seven", "8": "eight"}[already[1]],)


def _news() -> Numbers:
    months = [
        12 * int(year) + list(month_name).index(month)
        for month, year in re.findall(
            r"by (?:the end of|late) (\w+) (\d{4})",
            _printed("docs/assimilation-example.md", "news, known ="),
        )
    ]
    return ({5: "five"}[months[0] - months[1]],)


def _end() -> Numbers:
    end = re.search(
        r"are (\d+) % likely to have passed one million by (late \w+)", str(*_sentence())
    )
    assert end
    return end[2], end[1]


def _memories() -> Numbers:
    return tuple(
        word
        for share, length in paces._MEMORIES
        for word in (
            {4: "four", 1: "one"}[round(5 * share)],
            {6: "six", 60: "sixty"}[int(length)],
        )
    )


def _missed() -> Numbers:
    return 100 - 59, 100 * (100 / 59 - 1)


def _undrawn() -> Numbers:
    drawn, _ = re.findall(
        r"\d+", _printed("docs/cases.md", "len({war for war, _, _ in ranges}), len")
    )
    return drawn, {12: "twelve"}[81 - int(drawn)]


def _percent(*shares: float) -> Callable[[], Numbers]:
    return lambda: tuple(f"{100 * share:.4g}" for share in shares)


PAGES: list[tuple[str, str, Callable[[], Numbers]]] = [
    (
        "README.md",
        "intervals meant to hold the day nine times in ten held it {} % of the time over four counts, {} % over the worst and {} % over the best",
        _as_a_dossier,
    ),
    (
        "docs/when.md",
        "hold {} % on four recorded counts and {} % on thirty countries, and at least {} % on each",
        _two_figures,
    ),
    ("docs/when.md", "with a share of {} % that stops or dies away", _stops),
    (
        "docs/explanation.md",
        "from a constant rate held {} % of the dates, those of this library {} %",
        _rates,
    ),
    (
        "docs/explanation.md",
        "an epidemic's may fall to {} or rise to {} within a quarter of a year",
        _quarter,
    ),
    (
        "docs/explanation.md",
        "In the model {} is the correlation of a source with its input",
        lambda: (SHARED,),
    ),
    ("docs/compared.md", "its AutoARIMA and AutoETS had {} and {} times", _arima),
    (
        "docs/tutorials/forecasting-hub.md",
        "its score was {} and {} times that of the hub's own ensemble of many teams, lower being better, and a flat baseline had {} and {} times",
        _hubs,
    ),
    (
        "docs/reading-words.md",
        "`tests/reading_gold.toml`, more than {} thousand sentences in {} kinds of difficulty",
        _gold,
    ),
    (
        "docs/reading-words.md",
        '{} ranges of {} conflicts begin at {} of their top in the median, {} ranges of one war at {}; "up to X" read as {} X or more holds {} % and {} % of them. A lone lower end was at or below {} % of the {} figures',
        _widths,
    ),
    ("docs/assimilation-example.md", "holds the {} figures that The Economist keeps", _claims),
    (
        "docs/assimilation-example.md",
        "(`python -m benchmarks.dossier.measured`): {} and {} on the log scale for Russian casualties ({} figures), {} and {} for killed ({} figures). Of the Ukrainian side only four such figures exist each, so that the spread of all four quantities together is taken, {} and {}",
        _errors,
    ),
    (
        "docs/assimilation-example.md",
        "outside figures for the same day differ by about {} %",
        lambda: (
            round(
                100
                * float(
                    at.read_dossier("russia-ukraine-2025-06")
                    .assumption("source_error", "russian-casualties")
                    .value
                )
            ),
        ),
    ),
    (
        "docs/assimilation.md",
        "its spread $s$ is one of a ladder ({})",
        lambda: (", ".join(map(str, paces.LADDER)),),
    ),
    (
        "docs/assimilation.md",
        "a lognormal prior about {} whose standard deviation is a factor of {:.0f}",
        lambda: _ERROR[:2],
    ),
    (
        "docs/assimilation.md",
        "about a year, nine in ten between {:.0f} days and {:.0f} years",
        lambda: tuple(
            evidence.AGE[0] * math.exp(sign * evidence.AGE[1] * stats.norm.ppf(0.95)) / unit
            for sign, unit in ((-1, 1.0), (1, 365.25))
        ),
    ),
    (
        "docs/assimilation.md",
        "where nobody says about {:.0f} days. In its first {} days it is followed by the day",
        lambda: (families.bundled_priors().age("disaster")[0], evidence.YOUNG),
    ),
    ("docs/assimilation.md", "The drift is then {} of it", lambda: (_DRIFT,)),
    ("docs/assimilation.md", "(k-hat above {})", lambda: (numerics.KHAT,)),
    (
        "docs/assimilation.md",
        "with the stated `source_error` {} times in ten, else {} times as wide",
        lambda: (
            {9: "nine"}[round(10 * network.WEIGHTS[0])],
            {8: "eight"}[round(network.WIDTHS[1])],
        ),
    ),
    (
        "docs/assimilation.md",
        "with a standard deviation of {:.0f} % (one time in ten {:.0f} %)",
        lambda: (100 * network.REPEATED, 100 * network.REPEATED * network.WIDTHS[1]),
    ),
    (
        "docs/assimilation.md",
        "may drift from {} to {} times as fast",
        lambda: (
            {0.083: "a twelfth", 0.082: "a twelfth"}[round(float(network.RATES[0]), 3)],
            {12: "twelve"}[round(float(network.RATES[-1]))],
        ),
    ),
    ("docs/mathematics.md", r"\quad \rho = {},$$", lambda: (SHARED,)),
    ("docs/mathematics.md", r"\rho = {}$ | equal correlation", lambda: (SHARED,)),
    (
        "docs/mathematics.md",
        "greatest evidence with a lognormal prior about {} |",
        lambda: _ERROR[:1],
    ),
    ("docs/mathematics.md", r"\hat k > {}$ and", lambda: (numerics.KHAT,)),
    (
        "docs/mathematics.md",
        "below a {} of the interval if that is more (at most an {} of the unit)",
        _tolerances,
    ),
    (
        "docs/engine.md",
        "it is a {} of the interval if that is more, and at most an {} of the unit",
        _tolerances,
    ),
    ("docs/mathematics.md", "{} at most,", lambda: (Prior().most_pull,)),
    (
        "docs/explanation.md",
        "the judgement that a {} is usual",
        lambda: ({0.2: "fifth"}[_ERROR[0]],),
    ),
    ("docs/assimilation.md", "all are mixed and steady keeps a {}", _steady),
    ("docs/when.md", "*Steady* always gets a {}", _steady),
    (
        "docs/late-reports.md",
        "are compared where there are {}",
        lambda: (SMALL[unreported._HABIT + 1],),
    ),
    (
        "docs/how-tested.md",
        "learnt from {} of the counts and asked of the others",
        lambda: ({3: "two thirds"}[two_figures.STEADY_FOLDS],),
    ),
    ("docs/priors.md", "*steady* keeps a {}", _steady),
    (
        "docs/counts.md",
        "After n silent days a stop has the weight n/(n + {:.0f})",
        lambda: (fates._LATE,),
    ),
    (
        "docs/counts.md",
        "a new pace with {}, {}, {} % after one, two, three of them",
        _percent(*fates._SURGES),
    ),
    (
        "docs/counts.md",
        "a decline with {} %, or reports that are still to come with {} %",
        _percent(1 - unreported.COMING, unreported.COMING),
    ),
    (
        "docs/counts.md",
        "with {} % it will be taken back",
        _percent(slips._TAKEN_BACK / (1 + slips._TAKEN_BACK)),
    ),
    (
        "docs/counts.md",
        "times too large ({} % of slips), or too small ({} %), two digits swapped ({} %), a digit too many, left out or wrong ({} % each)",
        _percent(
            sum(slips._ZEROS.values()), sum(slips._TENTHS.values()), slips._SWAPPED, slips._DIGIT
        ),
    ),
    ("docs/counts.md", "Nothing is a slip with more than {} %", _percent(slips._SUREST)),
    (
        "docs/decisions/0006-the-pace-of-a-recorded-count.md",
        "to variance/mean {:.0f}, with or without a lognormal noise of the week of {} to {})",
        lambda: (
            max(phi for phi, _ in Prior().noises),
            min(sd for _, sd in Prior().noises if sd),
            max(sd for _, sd in Prior().noises),
        ),
    ),
    (
        "docs/decisions/0006-the-pace-of-a-recorded-count.md",
        "(0, {}, {} and bent to the long run, {})",
        lambda: tuple(rho for rho, _ in Prior().momenta[1:]),
    ),
    (
        "docs/decisions/0006-the-pace-of-a-recorded-count.md",
        "over {} rungs from {:.3f} to {:.1f} a week",
        lambda: ({10: "ten"}[len(Prior().sigmas)], Prior().sigmas[0], Prior().sigmas[-1]),
    ),
    (
        "docs/pace-of-counts.md",
        "begins to die away with {} %, and later with {} % a year",
        _percent(Prior().ending, 365 * Prior().hazard),
    ),
    (
        "docs/counts.md",
        "no count for {} weeks up to the end",
        lambda: ({4: "four"}[cleaning._STOP // 7],),
    ),
    (
        "docs/citing.md",
        "where the error is smaller ({} %, of tens {} %, and as far below 100)",
        lambda: tuple(
            ", ".join(f"{100 * mark:g}" for mark in marks[:5])
            for marks in (digits._FIVES, digits._TENS)
        ),
    ),
    *((page, sentence, tuple) for page, sentence in sentences()),
    *(
        ("docs/editors.md", f"| {word} | {{}} to {{}} % |", _scale(word))
        for word in (
            "almost certainly",
            "very likely",
            "likely",
            "roughly even chance",
            "unlikely",
            "very unlikely",
            "almost no chance",
        )
    ),
    (
        "docs/assimilation.md",
        "in {} worlds the truth lies uniformly in all five",
        lambda: ({"1000": "a thousand"}[row("calibration.md", "as it is")[1]],),
    ),
    ("docs/mathematics.md", r"\sigma^2 (1 + {:.0f}/w)", lambda: (paces._YOUNG,)),
    ("docs/mathematics.md", r"\log(1 + t/{:.0f})", lambda: (network._MONTH,)),
    ("docs/assimilation.md", r"\sqrt{1 + {:.0f}/w}", lambda: (paces._YOUNG,)),
    (
        "docs/assimilation.md",
        "Of its variance $s^2$ {} fifths are forgotten in {} weeks, {} fifth in {}",
        _memories,
    ),
    (
        "docs/pace-of-counts.md",
        "A rate does not rise above {} times the largest week seen",
        lambda: ({20: "twenty"}[round(math.exp(Prior().ceiling))],),
    ),
    (
        "docs/citing.md",
        'these differ on what "likely" means ({:.0f} to {:.0f}, {:.0f} to {:.0f} and {:.0f} to {:.0f}',
        lambda: tuple(
            100 * end
            for scale in ("ICD-203", "PHIA", "IPCC")
            for low, high, name in _SCALES[scale]
            if name.startswith("likely")
            for end in (low, high)
        ),
    ),
    ("README.md", "> {}", _sentence),
    ("README.md", "Fifty dots: {} passed by 5 June 2025", _dots),
    ("README.md", "{} say that the million had passed", lambda: (str(_dots()[0]).capitalize(),)),
    (
        "docs/cases.md",
        "In half of these {} ranges the upper end is {} times the lower one or more; in {} conflicts",
        _ranges,
    ),
    (
        "docs/cases.md",
        "Until 17 May {} were added a day",
        lambda: (f"{int(_printed('docs/cases.md', 'round((1_000_000')):,}",),
    ),
    (
        "docs/cases.md",
        "So the count held {} to {} % of the dead",
        lambda: tuple(
            round(100 * float(x))
            for x in _printed("docs/cases.md", 'f"{low:.2f} to').strip("'").split(" to ")
        ),
    ),
    (
        "docs/cases.md",
        "The number is {} % higher",
        lambda: (_printed("docs/cases.md", 'f"{64_260 / 37_877').strip("'%"),),
    ),
    (
        "docs/cases.md",
        "the day on which the million came lies {} tenths",
        lambda: ({"0.7": "seven"}[_printed("docs/cases.md", 'f"{answer.prob').strip("'")],),
    ),
    (
        "docs/compared.md",
        "squigglepy would need some {} thousand times the CPU time",
        lambda: (
            {4: "forty"}[
                round(int(row("race.md", "squigglepy", "5,000")[7].replace(",", "")) / 1e4)
            ],
        ),
    ),
    (
        "docs/compared.md",
        "It reads {} times as many reports",
        lambda: ({4: "forty"}[round(4_609 / float(str(_claims()[0])) / 10)],),
    ),
    ("docs/assimilation-example.md", "takes {} months off the upper end", _news),
    ("docs/editors.md", '("By {}" goes with {} %, not with', _end),
    ("docs/editors.md", '"{} are …".', lambda: (str(_sentence()[0]).partition(" are ")[0],)),
    (
        "docs/editors.md",
        '"{} are …" ([the sentence',
        lambda: (
            _printed("docs/tutorials/recorded-count.md", "print(forecast.cite").partition(" are ")[
                0
            ],
        ),
    ),
    ("docs/editors.md", "> {}", lambda: (_printed("docs/cases.md", "print(floor.cite"),)),
    ("docs/editors.md", "misses {} %, and the truth is {:.0f} % higher", _missed),
    (
        "docs/tutorials/conflicting-sources.md",
        "says 20,000, the hospitals say 200,000. Nobody said {:,}, the mean",
        lambda: ((20_000 + 200_000) // 2,),
    ),
    (
        "docs/tutorials/conflicting-sources.md",
        "A real case, with {} claims",
        _claims,
    ),
    ("docs/cases.md", "{} are drawn: of the other {} the collection has no range", _undrawn),
    ("docs/cases.md", "5,914 in Syria, {:,} together", lambda: (44_218 + 5_914,)),
    (
        "docs/tutorials/first-citation.md",
        "between {:,.0f} and {:,.0f}, nine times in ten",
        lambda: tuple(
            float(x)
            for x in re.findall(
                r"\d{4,}\.", _printed("docs/tutorials/first-citation.md", "reading.hedge")
            )
        ),
    ),
    (
        "docs/assimilation-example.md",
        "pass a million between {} and {} with a probability of 80 %, and {} as its median",
        _passed,
    ),
    ("docs/assimilation-example.md", "The median, {}, is {} days after", _ministry),
    ("docs/assimilation-example.md", "from about {} to {} on the day", _toll),
    (
        "docs/assimilation-example.md",
        "the count of the Ukrainian General Staff stood at {:,.0f}",
        lambda: (float(_tally().totals[-1]),),
    ),
    (
        "docs/assimilation-example.md",
        "the pace of {} weeks",
        lambda: (round((_tally().days[-1] - _tally().days[0]).days / 7),),
    ),
    (
        "docs/assimilation-example.md",
        "at some {:,} a day",
        lambda: (round(float(_tally().totals[-1] - _tally().totals[-29]) / 28 / 100) * 100,),
    ),
    (
        "docs/assimilation-example.md",
        "* {} rows of the UK Ministry of Defence were never printed as such",
        lambda: (
            sum(c.kind == "increment" for c in at.read_dossier("war-in-ukraine-2025-06").claims),
        ),
    ),
    (
        "docs/explanation.md",
        "With ρ = 0.8, ten are worth {}. In the model",
        lambda: (round(worth(10, SHARED), 1),),
    ),
    (
        "docs/reading-words.md",
        '"more than 886,123" ends at {}, "nearly 806,000" begins at {}',
        _bounds,
    ),
    (
        "docs/counts.md",
        "One report in a {} is typed wrongly",
        lambda: ({1000: "thousand"}[round(1 / slips._SLIP)],),
    ),
    (
        "docs/counts.md",
        "within {} robust standard deviations of the neighbours; a slip in new counts of fewer than {}",
        lambda: ({4: "four"}[int(slips._FAR)], {3: "three"}[int(slips._LEAST)]),
    ),
    (
        "docs/counts.md",
        "and {} of that after each ordinary count",
        lambda: ({0.2: "a fifth"}[fates._QUIETER],),
    ),
    ("docs/scale.md", "by replicates, of which there are {}", lambda: (REPLICATES,)),
    ("docs/scale.md", "in at most {:,} pieces", lambda: (tasks._PIECES,)),
    ("docs/scale.md", "together, up to {}, because", lambda: (answers._TOGETHER,)),
    ("docs/engine.md", "by {} scramblings", lambda: ({16: "sixteen"}[REPLICATES],)),
    ("docs/mathematics.md", "over {} replicates", lambda: ({16: "sixteen"}[REPLICATES],)),
    (
        "docs/dossier-format.md",
        "a coverage of {:.2f}, and the number is then {:.0f} % higher",
        lambda: (1 - 0.41, 100 * (1 / (1 - 0.41) - 1)),
    ),
    (
        "docs/how-tested.md",
        "would pass 1,000,000 between {:%-d} and {:%-d %B %Y} (90 % credible interval; median {:%-d %B})",
        lambda: tuple(
            _days("docs/how-tested.md", "[str(end.day) for end in law")[i] for i in (0, 2, 1)
        ),
    ),
    (
        "docs/how-tested.md",
        "On {:%-d %B %Y} the General Staff's count of reported Russian losses stood at {:,.0f}",
        lambda: (_tally().days[-1], float(_tally().totals[-1])),
    ),
    ("docs/how-tested.md", "Over the {} claims", _claims),
    (
        "docs/how-tested.md",
        "a small chance of one ({} % a year)",
        _percent(365 * Prior().hazard),
    ),
    (
        "docs/races.md",
        "last {}, recent ones more often (a half-life of {}), times a lognormal factor of {}",
        lambda: (
            SMALL[int(_trend()["steps"])],
            SMALL[int(_trend()["half_life"])],
            _trend()["jitter"],
        ),
    ),
    (
        "docs/races.md",
        "expected beyond {} times the largest",
        lambda: ({20: "twenty"}[round(math.exp(_trend()["ceiling"]))],),
    ),
    (
        "docs/priors.md",
        "in each of {} months about as many, within a factor of {}",
        lambda: (SMALL[taught.CALM[0]], taught.CALM[1]),
    ),
    ("docs/priors.md", "of its own scale with {} for what", lambda: (families._WORD,)),
    (
        "docs/priors.md",
        "a prior of one in {}, worth {} counts",
        lambda: ({(2.0, 20.0): "twenty"}[taught.ENDING],) * 2,
    ),
    (
        "docs/mathematics.md",
        "{} fifths of the variance forgotten in {} weeks, {} fifth in {} |",
        _memories,
    ),
    (
        "docs/mathematics.md",
        r"nine in ten $N(0, \varsigma^2)$, one in ten {} times as wide | one source in ten is off",
        lambda: ({(0.9, 8.0): "eight"}[network.WEIGHTS[0], network.WIDTHS[1]],),
    ),
    (
        "docs/mathematics.md",
        "nine in ten of {:.0f} %, one in ten of {:.0f} %",
        lambda: (100 * network.REPEATED, 100 * network.REPEATED * network.WIDTHS[1]),
    ),
    (
        "SECURITY.md",
        "above {:.0f} MB, keys of more than {} parts, phrases above {:,} characters, more than {} thresholds or {} sources of one total, figures more than {} years from the information date, and records whose columns unpack to more than {:.0f} MB",
        lambda: (
            files_of_dossiers._LARGEST / 1e6,
            files_of_dossiers._DEEPEST,
            LONGEST,
            asking._THRESHOLDS,
            assimilated._SOURCES,
            assimilated._LONGEST,
            record_file._MOST / 1e6,
        ),
    ),
    ("docs/glossary.md", "Above {}, and where one", lambda: (numerics.KHAT,)),
    ("docs/glossary.md", "measured by {} repetitions", lambda: ({16: "sixteen"}[REPLICATES],)),
    (
        "docs/glossary.md",
        "a chance of one in {} to be off",
        lambda: (SMALL[round(1 / network.WEIGHTS[1])],),
    ),
    ("docs/names.md", "offers {} names", lambda: (len(at.__all__) - 1,)),
    (
        "docs/mathematics.md",
        r"settles at $\mu - s^2/{:.0f}$ from where it is, with a memory of {} weeks",
        lambda: (1 / paces._BELOW, _memories()[1]),
    ),
    ("docs/assimilation.md", r"process in $\log(1 + t/{:.0f}\,", lambda: (network._MONTH,)),
    (
        "docs/assimilation.md",
        "{} shapes in ten come from the prior; {} of these are moved",
        lambda: (
            {6: "six"}[round(10 * sum(share for _, share in search._PRIOR))],
            SMALL[round(10 * dict(search._PRIOR)[True])],
        ),
    ),
    (
        "docs/exporting.md",
        "the {} items of GATHER",
        lambda: (len(at.reporting.gather_items(at.reporting.make_record(_million(), [1e6]))),),
    ),
]


def squeezed(text: str) -> str:
    """Return a text with one blank between its words."""
    return " ".join(text.split())


def filled(sentence: str, numbers: Numbers) -> str:
    """Return a sentence with its gaps filled."""
    rest = iter(numbers)

    def fill(gap: re.Match[str]) -> str:
        return format(next(rest), (gap[1] or ":")[1:])

    return re.sub(r"\{(:[^}]*)?\}", fill, squeezed(sentence))


def _stale(page: str, sentence: str, numbers: Numbers) -> str:
    """Return what a page ought to say, or nothing where it does."""
    words = filled(sentence, numbers)
    return "" if words in squeezed(page) else words


@pytest.mark.parametrize(
    ("page", "sentence", "numbers"),
    PAGES,
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_a_number_in_a_sentence_is_the_one_it_came_from(
    page: str, sentence: str, numbers: Callable[[], Numbers]
) -> None:
    assert _stale((ROOT / page).read_text(encoding="utf-8"), sentence, numbers()) == ""


def test_a_number_that_is_out_of_date_would_be_noticed() -> None:
    page = "Held 93 % of the\ntime, of {} counts."
    assert _stale(page, "Held {} % of the time", (93,)) == ""
    assert _stale(page, "Held {} % of the time", (94,)) == "Held 94 % of the time"
    assert (
        _stale(page, "93 % of the time, of {:.0f} counts", (4.2,))
        == "93 % of the time, of 4 counts"
    )


def test_what_the_signs_tell_is_printed_as_they_tell_it_today() -> None:
    """Whoever changes the reader runs the commands of that file again."""
    assert articles.signs() in (RESULTS / "reading.md").read_text(encoding="utf-8")
