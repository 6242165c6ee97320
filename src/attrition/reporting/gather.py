"""What editors and reviewers ask for: the GATHER table, and a paragraph on methods.

GATHER is a checklist of 18 items for estimates (Stevens et al. 2016,
doi:10.1371/journal.pmed.1002056), used here beyond health for what it asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from attrition.reporting.escape import for_markdown
from attrition.reporting.models import Record
from attrition.reporting.recomputing import is_counted
from attrition.reporting.words import chance, day_words, plain

_NOT_OURS = "n/a because the record does not know it: the author fills it in"


def gather_items(record: Record) -> list[tuple[int, str, str]]:
    """Return number, question and answer of the 18 items, filled from a record.

    Returns
    -------
    list of tuple
        What the record cannot know begins with "n/a because".

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["kharkiv-advance"])
    >>> len(gather_items(at.make_record(forecast)))
    18
    """
    asked = zip(_QUESTIONS, _answers(record), strict=True)
    return [(index, what, answer) for index, (what, answer) in enumerate(asked, start=1)]


_OVERVIEW = (
    "Quoted words become claims, claims distributions, distributions paths of the total, and "
    "paths the probability that the total has passed a threshold by a day."
)
_OVERVIEW_OF_COUNT = (
    "From the past of a recorded count it is learnt how its rate moves; futures of the count are "
    "drawn, and the share of them that have reached a threshold by a day is its probability."
)
_QUESTIONS = (
    "Indicators, populations, time periods",
    "Funding",
    "How data were identified and accessed",
    "Inclusion and exclusion criteria; ad hoc exclusions",
    "All included data sources and their main characteristics",
    "Inputs with potentially important biases",
    "Other data inputs",
    "All inputs in a file from which data can be extracted",
    "Conceptual overview of the method",
    "Detailed description of all steps, with formulae",
    "How candidate models were evaluated and the final one selected",
    "Evaluation of performance; sensitivity analysis",
    "How uncertainty was calculated; what it does and does not hold",
    "How source code can be accessed",
    "Estimates in a file from which data can be extracted",
    "Quantitative measure of uncertainty",
    "Results in the light of existing evidence; reasons for changes",
    "Limitations",
)


def _answers(record: Record) -> tuple[str, ...]:
    laws = [law.provenance for law in record.laws]
    content = record.dossier.content if record.dossier is not None else None
    settings, counted = record.settings, is_counted(record)
    first, last = _days(record)
    notes = _distinct([note for law in laws for note in law.get("notes", ())])
    what = _distinct(
        [
            f"{w['title']} ({w['definition']}{'; ' if w.get('scope') else ''}{w.get('scope', '')})"
            for w in laws
        ]
    )
    figures = "report of the count" if counted else "figure of the dossier"
    interval, models = chance(settings.prob), _distinct([str(law["model"]) for law in laws])
    held = (
        "how the rate of the count moves, and the noise of its days"
        if counted
        else "what the words mean, the date they describe, how the pace moves, source error if any"
    )
    holds = _distinct([law.condition for law in record.laws]).removesuffix(".")
    return (
        f"{what} From {first} to {last}.",
        _NOT_OURS,
        "n/a because the dossier does not say it: the author fills it in",
        f"Every {figures} that was published by {first}. {_capital(notes) or 'None was left out.'}",
        _sources(content) or _BARE,
        _biases(content),
        _counts(record) or "n/a because none entered",
        _embedded(record),
        _OVERVIEW_OF_COUNT if counted else _OVERVIEW,
        f"Model: {models} The formulae stand in the documentation, page “engine”.",
        "n/a because one model was used, stated in advance",
        "n/a because the record holds one run; attrition compare shows what each input moves",
        f"{interval} credible intervals. Held: {held}. {_assumed(record)}",
        f"attrition {record.versions.attrition}, BSD-3-Clause; seed {settings.seed}.",
        f"law.csv, and record {record.id}.",
        " ".join(one.sentence for one in record.sentences),
        _NOT_OURS,
        f"The results hold {holds}. {_LIMITS}",
    )


_LIMITS = (
    "A change of pace beyond what the model allows for, and an error that all sources share, are "
    "not in the intervals."
)


_BARE = "n/a because the record holds only the digest of its dossier"


def _days(record: Record) -> tuple[str, str]:
    settings = record.settings
    first, last = (date.fromisoformat(d) for d in (settings.information_date, settings.horizon))
    return day_words(first), day_words(last)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _counts(record: Record) -> str:
    counts = [one for one in record.inputs if one.kind == "series"]
    return ", ".join(f"recorded count “{plain(c.id)}” (sha256 {c.sha256[:12]})" for c in counts)


def _embedded(record: Record) -> str:
    names = {"dossier": "The dossier", "series": "The recorded count"}
    whole = [names[one.kind] for one in record.inputs if one.content is not None]
    return " ".join(f"{name} stands in the record in full." for name in whole) or _BARE


def _distinct(texts: Sequence[str]) -> str:
    kept = [plain(text).removesuffix(".") for text in dict.fromkeys(texts)]
    return "; ".join(kept) + "." if kept else ""


def _sources(content: dict[str, object] | None) -> str:
    held = content.get("sources", {}) if content else {}
    sources = held if isinstance(held, dict) else {}
    named = [str(s["name"]) + (f", {s['url']}" if s.get("url") else "") for s in sources.values()]
    return _distinct(named)


def _biases(content: dict[str, object] | None) -> str:
    held = content.get("sources", {}) if content else {}
    sources = held if isinstance(held, dict) else {}
    known = [f"{s['name']} {s['direction']}" for s in sources.values() if s.get("direction")]
    known += [
        f"{s['name']} draws on {', '.join(s['derived_from'])}"
        for s in sources.values()
        if s.get("derived_from")
    ]
    return _distinct(known) or "n/a because the dossier states none"


def _assumed(record: Record) -> str:
    rows = [row for law in record.laws for row in law.provenance.get("assumptions", ())]
    stated = [f"{name} = {value} ({reason})" for name, value, reason, _ in rows]
    return f"Assumed: {_distinct(stated)}" if stated else "Nothing was assumed."


def gather_table(record: Record) -> str:
    """Return the 18 items as a Markdown table."""
    lines = ["| item | asked | answer |", "|---|---|---|"]
    lines += [
        f"| {index} | {for_markdown(what)} | {for_markdown(answer)} |"
        for index, what, answer in gather_items(record)
    ]
    return "\n".join(lines) + "\n"


def methods_paragraph(record: Record) -> str:
    """Return how the numbers came about, in plain language, as Markdown."""
    head, _, tail = methods_words(record).rpartition("`attrition verify`")
    return f"{for_markdown(head)} `attrition verify`{tail}\n"


def methods_words(record: Record) -> str:
    """Return the same paragraph as plain text."""
    return " ".join(methods_steps(record))


def methods_steps(record: Record, *, assumed: bool = True) -> list[str]:
    """Return how the numbers came about as a list of steps, in plain language.

    Without ``assumed`` for who lists the assumptions elsewhere.
    """
    settings = record.settings
    _, last = _days(record)
    seed = f"seed {settings.seed}" if settings.seed is not None else "no random numbers"
    conditions = _distinct([law.condition for law in record.laws]).removesuffix(".")
    model = plain(str(record.laws[0].provenance["model"]))
    version = record.versions.attrition
    followed = (
        f"From there many possible courses of the total were followed to {last}, with a pace that "
        f"may change ({model})."
    )
    share = (
        "The share of courses that have reached a threshold by a day is the probability that it "
        f"has been passed by then, {conditions}."
    )
    interval = (
        f"An interval of {chance(settings.prob)} holds the day with that probability; the rest is "
        "split evenly between earlier and later."
    )
    again = (
        f"Computed with attrition {version} ({seed}); anybody can compute record {record.id} again "
        "with the command `attrition verify`."
    )
    assumptions = [_assumed(record)] if assumed else []
    return [*_entered(record), followed, share, interval, *assumptions, again]


def _entered(record: Record) -> list[str]:
    first, _ = _days(record)
    figures = max(int(law.provenance["figures"]) for law in record.laws)
    if not figures:
        return [f"We started from simulated paths of the total, known on {first}."]
    if is_counted(record):
        counted = (
            f"We took a recorded count, of {figures:,} reports up to {first}, and learnt from it "
            "how its rate moves and how much its days scatter; typing errors, corrections and gaps "
            "are handled by stated rules."
        )
        return [counted]
    collected = (
        f"We collected what had been published by {first}: up to {figures:,} reported figures for "
        "each total."
    )
    read = (
        "Each was read as printed, and its words were turned into a range of values with their "
        "probabilities; a word such as “about” widens the range."
    )
    return [collected, read]
