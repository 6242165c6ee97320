"""Who or what a sentence is about, by whose count, on whose figures and if what holds."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from attrition.core.laws import Law, Provenance
from attrition.data.dossier.models import SUBJECT
from attrition.reporting.words import TABLE, day_words, number, plain

LATENT, STATED = "latent", "stated"
NOBODY = ("",)
"""Sources that are not named."""

_FEW = 4  # words of a name that takes an apostrophe


def _nouns(kind: str) -> str:
    """Return the nouns of a kind, of which a pattern takes any."""
    return "|".join(TABLE["nouns"][kind].split())


_BEFALLEN = rf"(?:{_nouns('befallen')})\b"
_PEOPLE = re.compile(rf"\b({_BEFALLEN}|{_nouns('people')})\b", re.IGNORECASE)
_NO_PEOPLE = re.compile(rf"({_nouns('events')})$")
_THINGS = re.compile(rf"\w+s (?:{_nouns('done')})$")
_HEADS = re.compile(rf"({_nouns('people')}|{_nouns('events')})$")
_NUMBER = re.compile(r"^(the )?(number (of )?)?", re.IGNORECASE)
_SUMS = re.compile(rf"(?:[\w-]+ ){{0,3}}({_nouns('sums')})\b", re.IGNORECASE)
_COMMON = re.compile(
    rf"(?:{_nouns('common')})\b|(?:{_nouns('people')})\b(?!’|(?-i: [A-Z][a-z]))", re.IGNORECASE
)
"""How a title begins small, but no name: "Police killed", and not "Police Service"."""
_FILE = re.compile(r"^(\S+|data frame|xarray object)$")
"""The name of a file or a column, or of a thing of Python, which is no subject of a sentence."""
_BODIES = re.compile(rf"\b({_nouns('bodies')})\b", re.IGNORECASE)
_SHORT = re.compile(rf"({_nouns('short')})(?! News)( .*)?$")
_OWN = re.compile(r"(the|an?|its|this|[A-Z]\S*[’']s?)\s|.* ([A-Z]|\d+)$")
"""A name that needs no article: "a hospital director", "Gaza’s Ministry of Health", "Agency A"."""
_POSTS = rf"\b(?:{_nouns('posts')})"
_OFFICES = re.compile(
    rf"(?:[A-Z][a-z]+ )?(?:{_nouns('offices')})(?:[’']s | of |$)|[A-Z][a-z]+s[’'] "
)
"""How a name begins that has an article although it is somebody's: "President’s Office"."""
_KIN = re.compile(rf"({_nouns('kin')})( [a-z]+)*$")
_SEVERAL = re.compile(r"\S+ sources")
YEAR = re.compile(r"\b(?:19|20|21)\d\d\b")
_STOPS = re.compile(
    r"\s(?:in|of|from|since|by|near|on|at|to|for|during|sent|gained|among|under|who|that|with)\s"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is counted, as the subject of a sentence.

    Parameters
    ----------
    text : str
        As it stands inside a sentence: "the number killed", for people do not pass a number.
    plural : bool
    verb : str
        "pass", "reach", "cross" or "exceed": what it does to a threshold.
    people : str
        Who is counted, where these are people; empty of deaths, losses or a toll.
    """

    text: str
    plural: bool
    verb: str
    people: str = ""

    @property
    def first(self) -> str:
        """As it begins a sentence."""
        return capital(self.text)

    @property
    def are(self) -> str:
        """The verb to be, in the number of the subject."""
        return "are" if self.plural else "is"

    @property
    def have(self) -> str:
        """The verb to have."""
        return "have" if self.plural else "has"

    @property
    def they(self) -> str:
        """The pronoun: "they" of many, "it" of one."""
        return "they" if self.plural else "it"

    @property
    def passes(self) -> str:
        """The verb of the threshold at present: "pass" of many, "passes" of one."""
        if self.plural:
            return self.verb
        return f"{self.verb}es" if self.verb[-1] in "sh" else f"{self.verb}s"

    @property
    def passed(self) -> str:
        """Its participle."""
        return f"{self.verb}ed"

    @property
    def many(self) -> Subject:
        """The people themselves, of whom there are so many for every hundred of others."""
        return Subject(self.people, plural=True, verb=self.verb) if self.people else self


def capital(text: str) -> str:
    """Return a text with its first letter large."""
    return f"{text[:1].upper()}{text[1:]}"


def subject_of(what: Provenance) -> Subject:
    """Return what a law counts as the subject of a sentence.

    The dossier's own words, or the title without what stands in brackets or before a colon. A verb
    in the singular, "passes", says that the subject is one thing; without a verb its last noun
    tells.

    Examples
    --------
    >>> subject_of(Provenance(quantity="q", title="Children killed (UN)", definition="killed")).text
    'the number of children killed'
    >>> subject_of(Provenance(quantity="q", title="People killed", definition="killed")).text
    'the number killed'
    >>> toll = Provenance(quantity="q", title="Death toll in Gaza", definition="killed")
    >>> subject_of(toll).passes
    'passes'
    """
    title = what.title
    if what.counted and _FILE.search(title) and not _COMMON.fullmatch(title):
        title = "this count"
    return _subject(what.subject or title, what.verb)


@functools.lru_cache(maxsize=256)
def _subject(text: str, verb: str) -> Subject:
    title = re.sub(r"\s*\([^)]*\)", "", plain(text)).replace("'", "’")
    label, _, rest = title.partition(": ")
    counts = _PEOPLE.search(label) or _NO_PEOPLE.search(label) or _SUMS.search(label)
    whole = not rest or (counts and not _BODIES.search(label))
    title = (label if whole else rest).strip() or "the total"
    if len(_NUMBER.sub("", title).split()) > SUBJECT:
        title = re.split(r",|\ssince\s|\sfrom\s", title)[0]
    if len(_NUMBER.sub("", title).split()) > SUBJECT:
        title = "this total"
    title = "the total" if title.lower() == "total" else title
    head, _, rest = title.partition(" ")
    name = f"{head[:1].lower()}{head[1:]} {rest}".strip() if _COMMON.match(title) else title
    singular = verb.endswith("es") or verb == "exceeds"
    base = (verb.removesuffix("es") if verb != "exceeds" else "exceed") or "pass"
    people = _NUMBER.sub("", name)
    if not singular and _are_people(people):
        bare = re.sub(rf"^(?:people|persons) (?={_BEFALLEN}|who )", "", people)
        of = " " if re.match(rf"{_BEFALLEN}|who ", bare) else " of "
        return Subject(f"the number{of}{bare}", plural=False, verb=base, people=people)
    if not verb and _SUMS.match(name) and not _OWN.match(name):
        name = f"the {name}"
    return Subject(name, not singular if verb else _is_plural(name), base)


def unit_beside(what: Provenance, text: str) -> str:
    """Return the unit that a number needs beside a subject: "persons", unnamed, if that says it.

    Examples
    --------
    >>> count = Provenance(quantity="q", title="t", definition="d", unit="personnel")
    >>> unit_beside(count, "the number of people killed"), unit_beside(count, "losses in the war")
    ('persons', 'personnel')
    """
    words = text.split()
    unit, _, whole = what.unit.partition(" of ")
    if whole and whole not in words:  # "a gain of territory" of percent needs no "of territory"
        unit = what.unit
    people = _HEADS.search(unit) and _are_people(text.removeprefix("the number of "))
    return "persons" if people or unit in words else unit


def owned(what: Provenance) -> str:
    """Return what is counted by the name of who counts, where no word says of whom or where.

    Examples
    --------
    >>> told = Provenance(quantity="q", title="People killed", definition="d", basis="un")
    >>> owned(dataclasses.replace(told, basis_name="count of UN"))
    'the UN’s count of people killed'
    >>> owned(dataclasses.replace(told, basis="latent", sources=("UN",)))
    'the true number behind the UN’s count of people killed'
    """
    subject = subject_of(what)
    true = "the true number behind " if what.basis == LATENT else ""
    thing = subject.people or subject.text
    placed = _STOPS.search(re.sub(r"\b(?:who|that)\b", "", thing))
    bare = thing == thing.lower() and not placed and "’" not in thing
    if what.subject or what.unit != "persons" or not bare:
        return ""
    if re.fullmatch(_BEFALLEN, thing):
        thing = f"the {thing}"
    thing = thing if thing.startswith("the ") and not subject.people else f"count of {thing}"
    thing = thing.removeprefix("the ")
    if what.counted:
        return f"this {thing}" if subject.text != "this count" else ""
    source = owner(what)
    return f"{true}{source} {thing}" if source else ""


def owner(what: Provenance) -> str:
    """Return whose count it is as a word before it: "the UN’s"; of a long name nothing."""
    names = what.sources if what.basis == LATENT and len(what.sources) == 1 else ()
    name = names[0] if names else source_name(what)
    if _SEVERAL.fullmatch(name):  # have a count each
        return ""
    whole = whose(name, "total") if name else ""
    return whole.removesuffix(" total") if whole.endswith(" total") else ""


def its(what: Provenance) -> str:
    """Return the pronoun of who counts: "their" of local officials, "its" of one body."""
    name = owner(what)
    return "their" if name.endswith("s’") and not name.startswith("the ") else "its"


def counted_subject(law: Law) -> Subject:
    """Return the subject of a sentence on one count: whose it is, or that it is so whoever counts.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast(at.read_dossier(), seed=1, quantities=["russian-casualties"])
    >>> counted_subject(forecast.law(basis="latent")).text
    'Russia’s killed and wounded, whoever counts,'
    """
    subject, count = subject_of(law.provenance), owned(law.provenance)
    if count:
        return dataclasses.replace(subject, text=count, plural=False)
    return truly(subject, law)


def truly(subject: Subject, law: Law) -> Subject:
    """Return a subject that says so of the toll itself: "the true number killed"."""
    text = f"{subject.text}{whoever(law)}"
    if text != subject.text and subject.people:
        text = f"the true {subject.text.removeprefix('the ')}"
    return dataclasses.replace(subject, text=text)


def _are_people(text: str) -> bool:
    """Tell whether a noun phrase is of people, and not of what is somebody's: "Russia’s dead".

    Things that were destroyed are counted like people.
    """
    head = _STOPS.split(f"{text} ")[0].strip(" .,’")
    people = _PEOPLE.search(head) or _THINGS.search(head)
    return bool(people) and not _NO_PEOPLE.search(head) and "’s " not in head


def _is_plural(text: str) -> bool:
    """Tell whether a noun phrase is of many, by the noun before its first preposition."""
    head = _STOPS.split(f"{text} ")[0]
    noun = head.split()[-1].lower().strip(".,’")
    return bool(_PEOPLE.search(head)) or (
        noun.endswith("s") and not noun.endswith(("ss", "us", "is"))
    )


@functools.lru_cache(maxsize=1024)
def named(name: str) -> str:
    """Return the name of a source inside a sentence, with its article.

    Examples
    --------
    >>> named("UK Ministry of Defence"), named("UN"), named("CSIS"), named("The Lancet")
    ('the UK Ministry of Defence', 'the UN', 'CSIS', 'the Lancet')
    >>> named("Police"), named("Local officials"), named("Gaza’s Ministry of Health")
    ('the police', 'local officials', 'Gaza’s Ministry of Health')
    >>> named("President’s Office"), named("Health Minister of Zemlan"), named("Miners’ Union")
    ('the President’s Office', 'the Health Minister of Zemlan', 'the Miners’ Union')
    """
    text = plain(name).replace("'", "’")
    if re.search(rf"^[^A-Z]*{_POSTS}$", text) and not _OWN.match(text):
        return f"the {text}"
    if text.startswith(("The ", "A ", "An ")) or _KIN.match(text):
        text = f"{text[0].lower()}{text[1:]}"
    if _OFFICES.match(text):
        return f"the {text}"
    bodies = _BODIES.search(text) or _SHORT.match(text)
    return f"the {text}" if bodies and not _OWN.match(text) else text


def whose(name: str, thing: str) -> str:
    """Return somebody's thing: "CSIS’s count"; of a long name, or another's, "the count of …".

    Examples
    --------
    >>> whose("CSIS", "count"), whose("United Nations", "figures")
    ('CSIS’s count', 'the United Nations’ figures')
    >>> whose("President’s Office", "count")
    'the count of the President’s Office'
    """
    text = named(name)
    if "," in text or "’" in text or len(text.split()) > _FEW + 1:
        return f"the {thing} of {text}" if thing == "count" else f"{thing} from {text}"
    many = re.search(r"[a-z][b-rt-z]s$", text)  # of many: "Nations’", but "CSIS’s" and "press’s"
    return f"{text}{'’' if many else '’s'} {thing}"


def _teller(name: str) -> str:
    """Return a name without whom it told, which the note names: "US officials, to the Times"."""
    return re.split(r", (?=(?:to|via|in|on|by|through|quoted|cited) )", name)[0]


def source_name(what: Provenance) -> str:
    """Return the name of the source whose count a law is, or nothing."""
    if what.counted or what.basis in (LATENT, STATED):
        return ""
    return plain(what.basis_name).removeprefix("the ").removeprefix("count of ")


def briefer(law: Law) -> Iterator[Law]:
    """Yield a law that names its sources in few words, then none of them, for a long sentence.

    A name is told by its beginning, several by how many there are. Of a law without names nothing
    says that it is so whoever counts either: the note alone says both.
    """
    what = law.provenance
    names = [_shortly(name) for name in what.sources]
    if len(names) > 1 and what.basis == LATENT:
        names = [f"{spelled(len(names))} sources"]
    name = _shortly(source_name(what))
    own = f"count of {name}" if name else what.basis_name
    hills = tuple((_shortly(one), share, middle) for one, share, middle in what.contested)
    brief = dataclasses.replace(what, sources=tuple(names), basis_name=own, contested=hills)
    yield law.with_provenance(brief)
    yield law.with_provenance(dataclasses.replace(brief, sources=NOBODY, basis_name=""))


def _shortly(name: str) -> str:
    """Return the beginning of a name, or what kind of body it is: "UK Ministry", "Organization"."""
    short = name.split(",", maxsplit=1)[0]
    if len(short.split()) >= _FEW:
        short = re.split(r" (?:of|for|and|in|to|on) ", short)[0]
    if len(short.split()) < _FEW:
        return short
    last = short.split()[-1]
    return last if _BODIES.fullmatch(last) else name


def count_words(what: Provenance) -> str:
    """Return whose count a law is about, in words that need no key.

    Examples
    --------
    >>> count_words(Provenance(quantity="q", title="t", definition="d"))
    'the toll itself, whoever counts'
    """
    if what.basis == LATENT:
        return "the toll itself, whoever counts"
    if what.basis == STATED:
        return "the count of the two figures"
    name = source_name(what)
    return whose(name, "count") if name else "the series’ own count"


def figures_words(law: Law, *, past: bool = False, beside: str = "") -> str:
    """Return on whose figures, and as known on which day: "on CSIS’s figures to 5 June 2025".

    Parameters
    ----------
    law : Law
    past : bool
        Whether the sentence has named the day already, which is "that day" then.
    beside : str
        What stands before it; where that says the same year and no later, the year is left out.
    """
    what, day = law.provenance, _known(law, past=past, beside=beside)
    if what.basis == STATED:
        return f"on the two figures given for {day}"
    count = owned(what)
    own = its(what) if count and count[1:] in beside else ""
    if what.counted:
        return f"on {own or 'the count’s'} own reports to {day}"
    if what.figures == 0 and not what.sources:
        return f"in simulated paths from {day}"
    name = source_name(what)
    figures = "minimum figures" if what.least else "figures"
    text = whose(_teller(name), figures) if name else _reported(what, figures)
    return f"on {f'{own} {figures}' if own else text} to {day}"


def closing(law: Law, *, past: bool = False, beside: str = "") -> str:
    """Return how a sentence ends: on whose figures; where nobody is named, when it was known."""
    if law.provenance.sources == NOBODY:
        return f" (known on {_known(law, past=past, beside=beside)})."
    return f", {figures_words(law, past=past, beside=beside)}."


def _known(law: Law, *, past: bool, beside: str) -> str:
    """Return the information date in words, without a year that alone stands beside it."""
    day, year = "that day" if past else day_words(law.information_date), law.information_date.year
    # "since 2014" is part of a name, and no date of what is said
    alone = {int(other) for other in YEAR.findall(beside) if int(other) >= year} == {year}
    return day.removesuffix(f" {year}") if alone else day


def figures_that(law: Law) -> str:
    """Return which figures it is that do something: "The UN’s figures to 5 June 2025 do"."""
    begins = capital(figures_words(law).removeprefix("on ").removeprefix("in "))
    return f"{begins}{' are minimums, and' * law.provenance.floors} do"


def _reported(what: Provenance, figures: str) -> str:
    """Return "figures from CSIS", or from how many sources; of nobody by name "figures"."""
    if what.sources == NOBODY:
        return figures
    roots, others = [], ""
    for name in map(_teller, what.sources):
        root, *more = re.split(r" (?:or|and|and,) (?=.*\bit\b)", name)
        roots.append(root)
        others = " and others" if more and " quote" not in more[-1] else others
    if len(roots) == 1 and not others:
        return whose(roots[0], "figures")
    if others:
        return f"figures from {named(roots[0])} and others"
    if len(roots) == 2:  # noqa: PLR2004
        return f"figures from {named(roots[0])} and {named(roots[1])}"
    if roots:
        return f"figures from {named(roots[0])} and {spelled(len(roots) - 1)} others"
    return f"{spelled(what.figures)} reported figure{'s' * (what.figures != 1)}"


_SPELLED = ("no", *["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])


def spelled(count: int) -> str:
    """Return a count in letters up to ten.

    Examples
    --------
    >>> spelled(3), spelled(12)
    ('three', '12')
    """
    return _SPELLED[count] if count < len(_SPELLED) else number(count)


def whoever(law: Law) -> str:
    """Return ", whoever counts," for the toll itself, else nothing."""
    what = law.provenance
    return ", whoever counts," if what.basis == LATENT and any(what.sources) else ""
