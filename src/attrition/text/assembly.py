"""From a figure and its surroundings to a reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from attrition.text.context import (
    Neighbourhood,
    acting_verb,
    category_in,
    category_of,
    differ,
    fate_in,
    is_former_level,
    is_increment,
    is_new_level,
    is_possible,
    labels,
    of_new_level,
    own_side,
    period_in,
    reach_of,
    scope_in,
    sentence_around,
    side_in,
    turned,
    until_multiple,
    until_next_verb,
    until_subordinate,
)
from attrition.text.elements import Figure, Speaker, Window
from attrition.text.hedging import ends_sentence, find_after, find_before, find_loose, word_width
from attrition.text.lexicon import Lexicon
from attrition.text.patterns import beside
from attrition.text.ranges import join_bounds
from attrition.text.reading import Reading
from attrition.text.relations import other_people, paired
from attrition.text.settling import settle
from attrition.text.sharing import inherit, share_verb
from attrition.text.spelled import SMALL
from attrition.text.standing import standing_of
from attrition.text.text import Tokens
from attrition.text.units import per_of
from attrition.text.vocabulary import DEMONYM, LOOSE_CATEGORY, MEMBERS, WORDS

_DAYS: Final = re.compile(r"(?:on |in (?!the (?:past|last)))?((?!since|in |during|over |for ).+)")
_OPENING: Final = 2
_QUOTES: Final = frozenset("\"'“”")
_ELSEWHERE: Final = 100_000
_OF_THEM: Final = ("among|of them|whom #", "# of them|whom|these")
"""What makes a figure a part of the one before it."""


@dataclass(slots=True)
class Scene:
    """A quotation taken apart, before its figures are read.

    Attributes
    ----------
    text : str
        As given.
    tokens : Tokens
        Cut up.
    windows, speakers, figures : list
        What was found, in order.
    book : Lexicon
        Rows in force.
    grid : float or None
        The rounding of the source, if known.
    origins : list of int or None
        Where each character of the cleaned text stood in `text`, if any has moved.
    """

    text: str
    tokens: Tokens
    windows: list[Window]
    speakers: list[Speaker]
    figures: list[Figure]
    book: Lexicon
    grid: float | None
    origins: list[int] | None = None


def readings_of(scene: Scene) -> tuple[Reading, ...]:
    """Read every figure, then let neighbours share what only one of them says."""
    tokens, figures = scene.tokens, scene.figures
    scene.windows = [hit for hit in scene.windows if not _of_a_record(tokens, hit)]
    near: list[list[str]] = []
    before = 0
    for figure in figures:
        near.append(find_before(tokens, figure, before, scene.book))
        before = figure.last + 1
    for i, figure in enumerate(figures):
        stop = figures[i + 1].first if i + 1 < len(figures) else len(tokens)
        near[i] += find_after(tokens, figure, stop, scene.book)
    figures, near = join_bounds(tokens, figures, near, scene.book)
    scene.figures = figures
    reaches: list[Neighbourhood] = []
    for i, figure in enumerate(figures):
        start = figures[i - 1].last + 1 if i else 0
        stop = figures[i + 1].first if i + 1 < len(figures) else len(tokens)
        reaches.append(reach_of(tokens, figure, start, stop))
    _over_shares(figures, reaches)
    share_verb(figures, reaches)
    readings: list[Reading] = []
    loose: list[str] = []
    for i, (figure, reach) in enumerate(zip(figures, reaches, strict=True)):
        last = max(reach.right, default=figure.last)
        begin = min(reach.left, default=figure.first)
        own = find_loose(tokens, begin, last + 1, scene.book)
        listed = i > 0 and not near[i] and paired(figures[i - 1], figure)
        listed = listed and figures[i - 1].unit.name == figure.unit.name
        shared = loose if listed else []
        readings.append(_read(scene, figure, reach, near[i], own or shared))
        loose = find_loose(tokens, begin, figure.first, scene.book) or shared
        if beside(tokens, figure.first, figure.first, "confirmed <category> ..4 #"):
            loose = []  # "the confirmed dead number 288, and 112 are unaccounted for"
    readings = inherit(figures, readings)
    return tuple(settle(figures, readings))


def _over_shares(figures: list[Figure], reaches: list[Neighbourhood]) -> None:
    """Let a figure reach over its share in brackets: "57 (13.8 %) died"."""
    for i, (one, two) in enumerate(pairwise(figures)):
        if two.unit.name == "percent" and one.until(two) == ["("] and two.at(1) == ")":
            after = range(two.last + 2, max(reaches[i + 1].right.stop, two.last + 2))
            reaches[i] = replace(reaches[i], right=after, far_right=reaches[i + 1].far_right)


def _of_a_record(tokens: Tokens, hit: Window) -> bool:
    """Return whether a time is how long a record has stood: "its worst disaster in 30 years"."""
    before, then = tokens.low[max(hit.first - 6, 0) : hit.first], tokens.low[hit.last + 1 :]
    span = hit.words.startswith(("in ", "since ")) and "when" not in then[:2]
    return span and bool(WORDS.superlatives & set(before))


def _read(
    scene: Scene, figure: Figure, reach: Neighbourhood, near: list[str], loose: list[str]
) -> Reading:
    tokens = scene.tokens
    patients = until_next_verb(tokens, _patients(figure, reach))
    side = _first(side_in, tokens, _before_next(tokens, patients))
    inside = range(figure.first, figure.numbers[0].first)
    left = until_multiple(tokens, reach.left)
    right = until_subordinate(tokens, reach.right)  # "the 346 who died there will be heard"
    right = range(right.start, min(right.stop + _OPENING + 1, reach.right.stop))
    possible = is_possible(tokens, [*inside, *left, *right])
    persons = figure.unit.name == "persons"
    category = scope = None
    reached = ""
    if persons or figure.unit.name == "percent":
        category, reached = _category(scene, figure, reach)
        scope = _first(scope_in, tokens, reach) if persons else None
    hedge = word_width(figure, near, loose, scene.book, scene.grid, possible=possible)
    per = figure.per or per_of(tokens, figure.last, figure.unit)
    if category is None and per is not None and figure.unit.name == "percent":
        category = category_of(per.split())
    speaker = _speaker(scene, figure)
    kind, period, window, as_of = _kind(scene, figure, reach)
    per = period or per
    running = window is None if kind == "level" else (window or "").startswith("since ")
    if running and as_of is None and speaker is not None and kind != "rate":
        as_of = speaker.day  # "in September, when it said that 24,310 had died since February"
    unclear = tuple(dict.fromkeys(figure.choices))
    numberless = bool(unclear)
    if category is not None and " / " in category:
        one, two = category.split(" / ")
        unclear, category = (*unclear, f"{one}, not {two}", f"{two}, not {one}"), None
    return Reading(
        text=scene.text,
        low=None if numberless else figure.low,
        high=None if numberless else figure.high,
        point=None if numberless else figure.point,
        kind=kind,
        unit=figure.unit.name,
        per=per,
        window=window,
        category=category,
        scope=scope,
        side=own_side(figure) or side or _admitted(scene, figure) or _lost(scene, figure),
        hedged_by=None if speaker is None else speaker.words,
        **hedge,
        ambiguous=unclear,
        as_of=as_of,
        standing=standing_of(tokens, figure),
        reached=reached if category else "",
        start=_place(scene, tokens.start[figure.first]),
        end=_place(scene, tokens.end[figure.last]),
    )


def _kind(
    scene: Scene, figure: Figure, reach: Neighbourhood
) -> tuple[str, str | None, str | None, str | None]:
    """Return what a figure is, the period of a rate, the time that it covers, and its day."""
    tokens = scene.tokens
    window, as_of = _when(scene, figure, reach)
    near = {tokens.low[k] for k in (*reach.right, *reach.left)}
    former = is_former_level(figure)
    stands = former or is_new_level(figure) or _stands_at(figure)
    day = None if window is None else _DAYS.fullmatch(window)
    if day and (stands or WORDS.still & near):  # "12 were still missing on Saturday"
        as_of, window = day[1], None
    if former:
        as_of = as_of or "earlier"
    if period := period_in(tokens, reach, figure):
        return "rate", period, window, as_of
    if figure.unit.name == "percent":
        return "share", None, window, as_of
    if stands or {"cumulative", "cumulatively"} & near:
        return "level", None, None, as_of
    added = figure.unit.name == "percentage points" or is_increment(figure, reach)
    return "increment" if window is not None or added else "level", None, window, as_of


def _place(scene: Scene, k: int) -> int:
    return k if scene.origins is None else scene.origins[k]


def _first(
    find: Callable[[Tokens, Iterable[int]], str | None], tokens: Tokens, reach: Neighbourhood
) -> str | None:
    places = (reach.right, reach.left, reach.far_right, reach.far_left)
    return next(filter(None, (find(tokens, indices) for indices in places)), None)


def _patients(figure: Figure, reach: Neighbourhood) -> Neighbourhood:
    """Leave out whoever did it: in "Russian forces killed 1,000 civilians" no side is said."""
    tokens = figure.tokens
    right = until_subordinate(tokens, reach.right)
    that = (k for k in right if tokens.low[k] == "that")
    right = range(right.start, next(that, right.stop))  # "the 1,500 that the Austrians boasted of"
    cut = len(right) < len(reach.right)  # "71 militants who crossed from Afghanistan"
    far = range(0) if cut else until_subordinate(tokens, reach.far_right)
    speech = (k for k in far if tokens.low[k] in WORDS.says)  # "..., Kyiv said, a toll Moscow"
    far = range(far.start, next(speech, far.stop))
    blamed = WORDS.blamed & {tokens.low[k] for k in reach.left}
    if blamed or acting_verb(figure) is not None or figure.at(-1) == "leaving":
        return Neighbourhood(right, range(0), far, range(0))
    others = turned(figure) or _others(tokens, reach)
    others = others or other_people(figure, (tokens.low[k] for k in reach.far_left))
    left = range(0) if others else reach.far_left
    return replace(reach, right=right, far_right=far, far_left=left)


def _others(tokens: Tokens, reach: Neighbourhood) -> bool:
    """Return whether the figure before counts people of another side: "12 rebels and 2 guards"."""
    then = min(reach.far_left, default=0) - 1
    counted = then >= 0 and (tokens.is_number(then) or tokens.low[then] in SMALL)
    scope = scope_in(tokens, reach.right)
    return counted and (scope == "fighters" or differ(scope, scope_in(tokens, reach.far_left)))


def _before_next(tokens: Tokens, reach: Neighbourhood) -> Neighbourhood:
    """Leave out the people of the next figure: "13,325 killed and the Italians 13,755"."""
    far = reach.far_right
    if not far or far.stop >= len(tokens) or ends_sentence(tokens, far.stop):
        return reach
    joint = (k for k in reversed(far) if tokens.low[k] in {"and", ",", "while", "but"})
    stop = next(joint, far.stop)
    right = range(reach.right.start, min(reach.right.stop, stop))
    return replace(reach, right=right, far_right=range(far.start, stop))


def _category(scene: Scene, figure: Figure, reach: Neighbourhood) -> tuple[str | None, str]:
    """Return the category, and whether it is of the figure's "own" words or "far" from it.

    Two that contradict each other come back with a stroke between.
    """
    tokens = scene.tokens
    reach = until_next_verb(tokens, reach)
    if figure.reads(*_OF_THEM):  # "two of them by air, after a roof fell": no more is said of them
        rest = reach.far_right
        cut = (k for k in rest if beside(tokens, k + 1, k, ", # after|when|as|while|because"))
        reach = replace(reach, far_right=range(rest.start, next(cut, rest.stop)))
    near = until_subordinate(tokens, reach.right)
    if decided := _decided(figure, reach, near):
        return decided, "own"
    right, left = category_in(tokens, near), category_in(tokens, reach.left)
    then = category_in(tokens, reach.right)
    if not (right or left) and then and tokens.at(near.stop) in {"after", "before"}:
        return then, "far"  # "450 police officers were deployed after the killings"
    if len(scene.figures) == 1 and _clash(left, right or then, scene):
        return f"{left} / {right or then}", "own"
    far = category_in(tokens, reach.far_right)
    captives = bool(WORDS.captives & {tokens.low[k] for k in near[:3]})
    captives = captives and figure.at(1) not in WORDS.copula
    if captives and figure.reads("including|incl #", *_OF_THEM):
        return None, ""  # "killing 37 refugees, among them 12 prisoners"
    captives = captives and far in MEMBERS - {"captured"}
    loose = LOOSE_CATEGORY | ({"captured"} if captives else set())
    name = next((name for name in (right, left, then) if name and name not in loose), None)
    if name:
        return name, "own"  # but "12 prisoners, all of them men, died"
    part = figure.reads("including|among|incl|<violence> #")  # it is counted with its whole
    clause = figure.at(-1) == "that"  # "and that 16 others": a clause of their own
    if not (far or part or clause):
        far = category_in(tokens, reach.far_left)
    name = right or left or then or far
    group = name in {"displaced", "captured"} and figure.reads(*_OF_THEM)
    return None if group else name, "far"  # "killing 37 refugees, among them 12"


def _decided(figure: Figure, reach: Neighbourhood, near: range) -> str | None:
    """Return the category that a verb, a label or a level beside a figure decides."""
    tokens = figure.tokens
    name = acting_verb(figure) or _label(figure, near) or fate_in(tokens, near)
    if not name and any(tokens.low[k : k + 2] == ["found", "dead"] for k in reach.right):
        return "killed"  # "three soldiers who had been missing were found dead"
    joined = range(figure.numbers[0].last + 1, figure.numbers[-1].first)
    if not name and figure.low is not None:
        name = category_in(tokens, joined)  # "at least ten killed, perhaps a dozen"
    return name or of_new_level(figure, near)


def _admitted(scene: Scene, figure: Figure) -> str | None:
    """Return the side of those who admit a figure: it is their own."""
    tokens = scene.tokens
    for hit in scene.speakers:
        near = 0 <= figure.first - hit.last - 1 <= 1
        if near and tokens.low[hit.last] in WORDS.owning:
            return side_in(replace(tokens, used=[False] * len(tokens)), range(hit.first, hit.last))
    return None


def _lost(scene: Scene, figure: Figure) -> str | None:
    """Return the side of "it lost 192 soldiers", "published its own losses": the speaker's own."""
    tokens, near = scene.tokens, range(max(figure.first - 4, 1), figure.first)
    if figure.reads("its own <is_losses> ..16 #"):
        begin, _ = sentence_around(tokens, figure, 0, 0)
        words = tokens.low[begin : figure.first]
        return next((DEMONYM[word] for word in words if word in DEMONYM), None)
    if not any(tokens.low[k] == "lost" and tokens.low[k - 1] in WORDS.they for k in near):
        return None
    unused = replace(tokens, used=[False] * len(tokens))
    before = (hit for hit in reversed(scene.speakers) if hit.last < figure.first)
    hit = next(before, None)
    return None if hit is None else side_in(unused, range(hit.first, hit.last + 1))


def _label(figure: Figure, near: range) -> str | None:
    """Return the category of the label before a figure: "Killed: 12", unless its noun says it."""
    tokens, label = figure.tokens, figure.first - 1
    while label > 0 and tokens.kind[label] == "s":
        label -= 1
    if label < 0 or not labels(tokens, label) or category_in(tokens, near[:2]) is not None:
        return None
    return "killed" if tokens.low[label] == "fatal" else category_in(tokens, [label])


def _clash(one: str | None, two: str | None, scene: Scene) -> bool:
    """Return whether two categories contradict; "casualties were few: five men wounded" do not."""
    before = scene.tokens.low[: scene.figures[0].first]
    heading = ":" in before and {"were", "was"} & set(before)
    return not heading and len({one, two} & {"killed", "wounded", "casualties"}) > 1


def _when(scene: Scene, figure: Figure, reach: Neighbourhood) -> tuple[str | None, str | None]:
    """Return the window and the as-of date nearest to a figure, its own clause first."""
    window = as_of = None
    tokens = scene.tokens
    former = is_former_level(figure)
    for hit in scene.windows:
        after = tokens.low[figure.last + 1 : hit.first]
        gap = tokens.low[hit.last + 1 : figure.first]
        if (
            _opens_next(scene, hit, reach.far_right)
            or {"which", "where"} & set(after)  # "213 died in the quake which struck on 5 October"
            or ({"against", "compared"} & set(gap) and "," in gap)  # "23 in August, against 17"
            or (former and hit.last < figure.first)  # "to 2,117 on Thursday, up from 1,684"
            or _of_former(scene, hit, figure)
        ):
            continue
        around = (reach.right, reach.far_right, reach.left, reach.far_left)
        if any(hit.first in where for where in around):
            if hit.role == "window" and (window is None or hit.first in reach.right):
                window = hit.words
            elif hit.role == "as_of" and as_of is None:
                as_of = hit.words
    return window or _closing(scene, figure, "window"), as_of or _closing(scene, figure, "as_of")


def _of_former(scene: Scene, hit: Window, figure: Figure) -> bool:
    """Return whether a time is that of what a count was: "up from 58,900 a month earlier"."""
    return any(
        0 < hit.first - one.last <= _OPENING and one.last < figure.first and is_former_level(one)
        for one in scene.figures
    )


def _stands_at(figure: Figure) -> bool:
    """Return whether a figure is what a count stands at: "put the number of dead at 58"."""
    if figure.reads("toll|count|tally|figure|total ..4 was|is|reached #"):
        return True
    tolls = {"toll", "count", "tally", "figure", "total", "number"}
    if figure.tokens.low[figure.first] in WORDS.passing and figure.at(-1) != "by":
        return bool(tolls & set(figure.before(9)))  # "the toll climbed past 100 on Monday"
    lead = -2 if figure.at(-1) in _QUOTES else -1  # 'put casualties at "nearly one million"'
    return figure.at(lead) in {"at", ":"} and bool(WORDS.counts & set(figure.before(9)))


def _opens_next(scene: Scene, hit: Window, far: range) -> bool:
    """Return whether a window opens the clause of the next figure: ", and in winter 400 died"."""
    joint = {"and", "but", "while", "whereas"} & set(scene.tokens.low[far.start : hit.first])
    return (
        hit.first in far
        and bool(joint)
        and any(0 < then.first - hit.last <= _OPENING for then in scene.figures)
    )


def _closing(scene: Scene, figure: Figure, role: str) -> str | None:
    """Return the time that closes a sentence after a comma; it belongs to all its figures."""
    tokens, last = scene.tokens, scene.figures[-1].last
    for hit in scene.windows:
        if hit.role == role and hit.first > last and tokens.at(hit.first - 1) == ",":
            between = range(figure.last + 1, hit.first)
            return None if any(ends_sentence(tokens, k) for k in between) else hit.words
    return None


def _speaker(scene: Scene, figure: Figure) -> Speaker | None:
    """Return who said so: the nearest attribution, in the figure's own sentence if there is one."""
    best: tuple[int, Speaker] | None = None
    tokens = scene.tokens
    for hit in scene.speakers:
        if tokens.low[hit.first] in {"we", "i"}:
            continue  # "We fear the worst," the mayor told reporters
        before = hit.last < figure.first
        low, high = (hit.last, figure.first) if before else (figure.last, hit.first)
        low, high = sorted((low, high))
        away = high - low
        if any(ends_sentence(tokens, k) for k in range(low + 1, high)):
            away += _ELSEWHERE
        if best is None or away < best[0]:
            best = (away, hit)
    return None if best is None or best[0] >= _ELSEWHERE else best[1]
