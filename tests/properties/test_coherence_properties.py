"""Reports drawn from one truth fit together, and whatever is planted among them is found."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import attrition as at

Row = dict[str, Any]
START: Final = date(2024, 1, 1)
SOURCES: Final = {
    "army": {"name": "Army"},
    "wire": {"name": "Wire", "copies": ["army"]},
    "study": {"name": "Study", "derived_from": ["army"]},
    "list": {"name": "List of names"},
    "press": {"name": "Herald"},
    "rival": {"name": "Institute"},
}
PEOPLE: Final = {"unit": "persons", "side": "Keldish", "kind": "conflict", "start": "2024-01-01"}


def _quantity(title: str, category: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "definition": title, "category": category, **PEOPLE, **more}


# of the killed nobody says that they are a part of the casualties: their category does
QUANTITIES: Final = {
    "all": _quantity("Keldish casualties", "casualties"),
    "killed": _quantity("Keldish killed", "killed"),
    "wounded": _quantity("Keldish wounded", "wounded", part_of="all"),
    "dead": _quantity("Dead of the flood", "killed", side=None, kind="disaster"),
    "north": _quantity("Dead in the north", "killed", side=None, kind="disaster"),
    "ferry": _quantity("Dead of the ferry", "killed", side=None, kind="disaster"),
    "south": _quantity("Dead in the south", "killed", side=None, kind="disaster"),
    "ill": _quantity("Cases of cholera in Keld", "killed", side=None, kind="epidemic"),
    "fatal": _quantity("Cholera deaths in Keld", "killed", side=None, kind="epidemic"),
    "foe": _quantity("Ostran killed", "killed", side="Ostran"),
    "hurt": _quantity("Wounded for each killed", "killed", kind="stock", start=None),
}
QUANTITIES["ill"]["category"] = QUANTITIES["hurt"]["category"] = None
QUANTITIES["hurt"].update(ratio_of=["wounded", "killed"], unit="wounded per killed")
QUANTITIES["all"]["sum_of"] = ["killed", "wounded"]
QUANTITIES["dead"]["sum_of"] = ["north", "south"]
WORDS: Final = {"all": "killed and wounded", "killed": "killed", "wounded": "wounded"}


class World:
    """A truth of some months, and how sources speak of it."""

    def __init__(self, draw: some.DrawFn) -> None:
        self.draw = draw
        self.days = sorted(
            draw(some.lists(some.integers(20, 300), min_size=3, max_size=6, unique=True))
        )
        self.base = draw(some.integers(1_000, 40_000))
        self.pace = draw(some.floats(0.002, 0.02)) * self.base
        self.share = draw(some.floats(0.22, 0.3))
        self.bias = draw(some.floats(0.95, 1.05))

    def true(self, quantity: str, day: int) -> float:
        """Return the total at the end of a day."""
        everybody = self.base + self.pace * day
        shares = {"all": 1.0, "killed": self.share, "wounded": 1 - self.share}
        shares |= {"dead": 0.1, "north": 0.06, "south": 0.04}
        return everybody * shares[quantity]

    def row(self, quantity: str, quote: str, day: int, source: str = "army", **more: Any) -> Row:
        published = self.date(day + self.draw(some.integers(1, 20)))
        known = {"quantity": quantity, "source": source, "kind": "level", "quote": quote}
        return {**known, "as_of": self.date(day), "published": published, **more}

    @staticmethod
    def date(day: int) -> str:
        return (START + timedelta(days=day)).isoformat()

    def exact(self, quantity: str, day: int) -> int:
        """Return what the army prints."""
        return round(self.true(quantity, day) * self.bias)

    def words(self, quantity: str, number: float, before: str = "") -> str:
        """Return a number in words; those of a disaster died."""
        return f"{before} {number:,.0f} {WORDS.get(quantity, 'dead')}".strip()


def _totals(world: World) -> list[Row]:
    """Return exact totals of the army, with the copies of a wire that rounds some of them."""
    rows: list[Row] = []
    for quantity in world.draw(some.sampled_from([("all", "killed"), ("all",), ("dead", "north")])):
        for day in world.days:
            number = world.exact(quantity, day)
            rows.append(world.row(quantity, world.words(quantity, number), day))
            how = world.draw(some.sampled_from(["", "same", "more than", "about"]))
            if how == "same":
                rows.append(world.row(quantity, rows[-1]["quote"], day, "wire"))
            elif how:
                step = 10 ** (len(str(number)) - 2)
                rounded = (
                    (number - 1) // step * step
                    if how == "more than"
                    else round(number / step) * step
                )
                rows.append(world.row(quantity, world.words(quantity, rounded, how), day, "wire"))
    return rows


def _floors(world: World) -> list[Row]:
    """Return floors of a list, which may count few, and a figure that says little."""
    share = world.draw(some.floats(0.3, 0.9))
    days = [day for day in world.days if world.draw(some.booleans())] or world.days[:1]
    how = world.draw(some.sampled_from(["at least", "no fewer than", "more than", "over"]))
    rows = [
        world.row("all", world.words("all", int(share * world.true("all", day)), how), day, "list")
        for day in days
    ]
    top = 2 * world.true("all", world.days[-1])
    rows.append(world.row("all", world.words("all", top, "no more than"), world.days[-1], "press"))
    return rows


def _ranges(world: World) -> list[Row]:
    """Return ranges of two institutes, each with the truth somewhere in it."""
    rows = []
    for source in ("study", "rival"):
        for day in world.days:
            low, high = (world.draw(some.floats(*ends)) for ends in ((0.8, 0.97), (1.03, 1.3)))
            ends = (round(one * world.true("all", day), -2) for one in (low, high))
            quote = "between {:,.0f} and {:,.0f} killed and wounded".format(*ends)
            rows.append(world.row("all", quote, day, source))
    return rows[: world.draw(some.integers(1, len(rows)))]


def _increments(world: World) -> list[Row]:
    """Return increases between the dates of exact totals, with those totals and the pace."""
    rows: list[Row] = []
    for early, late in zip(world.days, world.days[1:], strict=False):
        begin, end = world.exact("all", early), world.exact("all", late)
        rows += [
            world.row("all", world.words("all", n), d) for n, d in ((begin, early), (end, late))
        ]
        window = {"kind": "increment", "since": world.date(early + 1)}
        rows.append(world.row("all", world.words("all", end - begin), late, **window))
        daily = (end - begin) / (late - early)
        pace = {"kind": "rate", "per": "day", "as_of": world.date(late)}
        rows.append(world.row("all", f"about {max(daily, 1):,.0f} a day", late, **pace))
    unique = {(row["kind"], row["as_of"]): row for row in rows}
    return [row for row in unique.values() if row["quote"] != "0 killed and wounded"]


def _revisions(world: World) -> list[Row]:
    """Return a total that was corrected, downwards or upwards, and says so."""
    day = world.days[-1]
    number = world.exact("all", day)
    wrong = int(number * world.draw(some.sampled_from([0.4, 0.9, 1.1, 3.0])))
    return [
        world.row(
            "all", world.words("all", wrong), day, "press", id="first", published=world.date(day)
        ),
        world.row("all", world.words("all", number + 7), day, "press", supersedes="first"),
    ]


def _shares(world: World) -> list[Row]:
    """Return shares of the wounded, in numbers and in words, near the truth."""
    wounded = 100 * (1 - world.share)
    quote = f"about {wounded:.0f} percent of the casualties were wounded"
    figure = f"about {wounded:.0f} percent"
    numbers = {"low": (wounded - 5) / 100, "high": (wounded + 5) / 100}
    return [
        world.row("wounded", quote, world.days[0], "rival", kind="share", figure=figure),
        world.row("wounded", "", world.days[-1], "rival", kind="share", **numbers),
        *(
            world.row("wounded", world.words("wounded", world.exact("wounded", day)), day)
            for day in world.days[:1]
        ),
    ]


def _sentence(world: World) -> list[Row]:
    """Return the toll of a ferry as a list of its dead."""
    men, women, children = (world.draw(some.integers(2, 900)) for _ in range(3))
    total = men + women + children
    before, quote = world.draw(
        some.sampled_from(
            [
                (f"{total:,} people died", ": {men} men, {women} women and {children} children"),
                (f"{total:,} people died", ", including {children} children"),
                (f"{total:,} dead", " ({men} men, {women} women and {children} children)"),
            ]
        )
    )
    quote = before + quote.format(men=men, women=women, children=children)
    return [world.row("ferry", quote, world.days[-1], "press", figure=before)]


def _several(world: World) -> list[Row]:
    """Return one source's killed, wounded, their ratio and the sum, with what it writes of them."""
    rows: list[Row] = []
    for early, day in itertools.pairwise(world.days):
        killed, wounded = (world.exact(key, day) for key in ("killed", "wounded"))
        rows += [world.row(k, world.words(k, world.exact(k, day)), day) for k in WORDS]
        figure = f"about {wounded / killed:.0f}"
        quote = f"for each man killed there are {figure} wounded"
        rows.append(world.row("hurt", quote, day, figure=figure))
        when = START + timedelta(days=day)
        quote = f"As of {when.day} {when:%B %Y}, some {killed:,} Keldish soldiers were killed"
        rows.append(world.row("killed", quote, day, "study", figure=f"some {killed:,}"))
        before = world.exact("killed", early)
        quote = f"The dead rose from {before:,} to {killed:,}, an increase of {killed - before:,}"
        rows.append(world.row("killed", quote, day, "wire", figure=f"{killed:,}"))
        window = {"kind": "increment", "since": world.date(early + 1)}
        if killed > before:
            number = world.words("killed", killed - before)
            rows.append(world.row("killed", number, day, **window))
    return rows


def _caps(world: World) -> list[Row]:
    """Return floors of the parts, and ceilings of them and of the whole that leave room."""
    rows: list[Row] = []
    low, high = world.draw(some.floats(0.3, 0.9)), world.draw(some.floats(1.35, 3))
    for key in WORDS:
        for day in world.days:
            floor, cap = (round(f * world.true(key, day)) for f in (low, high))
            rows.append(world.row(key, world.words(key, floor, "at least"), day, "list"))
            rows.append(world.row(key, world.words(key, cap, "no more than"), day, "rival"))
    return rows


def _epidemic(world: World) -> list[Row]:
    """Return cases and deaths of one disease, and a forecast of the deaths that is kept."""
    share = world.draw(some.floats(0.002, 0.9))
    rows: list[Row] = []
    for day in world.days:
        cases = world.exact("all", day)
        deaths = max(1, round(share * cases))
        rows.append(world.row("ill", f"{cases:,} cases of cholera", day))
        rows.append(world.row("fatal", f"{deaths:,} people have died of cholera", day))
        more: Row = {"kind": "forecast", "threshold": 2 * deaths, "by": world.date(day + 90)}
        rows.append(world.row("fatal", f"the deaths will pass {2 * deaths:,}", day, **more))
    return rows


def _two_sides(world: World) -> list[Row]:
    """Return what a wire repeats of both sides."""
    rows: list[Row] = []
    for day in world.days:
        one, other = world.exact("killed", day), world.exact("wounded", day)
        rows.append(
            world.row("killed", f"{one:,} Keldish soldiers killed by Ostran fire", day, "wire")
        )
        quote = f"Keldish officers said that {other:,} Ostran soldiers were killed"
        rows.append(world.row("foe", quote, day, "wire"))
    return rows


PARTS: Final = (
    *(_totals, _floors, _ranges, _increments, _revisions, _shares, _sentence),
    *(_several, _caps, _epidemic, _two_sides),
)


def _dossier(rows: list[Row]) -> at.Dossier:
    return at.Dossier.of(id="d", sources=SOURCES, quantities=QUANTITIES, claims=rows)


def _findings(rows: list[Row]) -> list[str]:
    return [f"{finding.rule}: {finding.message}" for finding in at.check(_dossier(rows))]


@some.composite
def clean(draw: some.DrawFn) -> tuple[World, list[Row]]:
    """Draw a world and what one or several of its sources said."""
    world = World(draw)
    kinds = draw(some.lists(some.sampled_from(PARTS), min_size=1, max_size=3, unique=True))
    # the army's totals are in two of them, and stand once
    rows = [row for kind in kinds for row in kind(world)]
    unique = {(r["quantity"], r["source"], r["kind"], r["as_of"], r["quote"]): r for r in rows}
    rows = list(unique.values())
    return world, [rows[place] for place in draw(some.permutations(range(len(rows))))]


@settings(deadline=None)  # the first claim reads the lexicon
@given(clean())
def test_reports_of_one_truth_do_not_contradict_one_another(drawn: tuple[World, list[Row]]) -> None:
    # floors or shares alone forbid no report: that a forecast lacks a total is said of any dossier;
    # two that count well may come to one number, and to ask whether one copies contradicts neither
    told = ("floors", "shares alone", "undeclared copy")
    findings = [one for one in _findings(drawn[1]) if not one.startswith(told)]
    assert findings == []


# ------------------------------------------------------------------ planted


def _pair(
    world: World, first: str, second: str, one: str = "rival", other: str = "rival"
) -> list[Row]:
    """Return two figures of one day, written by one source or two."""
    day = world.days[0]
    return [world.row("all", first, day, one), world.row("all", second, day, other)]


def _scaled(world: World, before: str, factor: float) -> str:
    return world.words("all", factor * world.true("all", world.days[0]), before)


def _range(world: World, factor: float) -> str:
    low = factor * world.true("all", world.days[0])
    return f"between {low:,.0f} and {1.1 * low:,.0f} killed and wounded"


def _fall(world: World) -> list[Row]:
    drop = world.draw(some.floats(0.3, 0.9))
    number = world.exact("all", world.days[0])
    return [
        world.row("all", world.words("all", number), world.days[0], "rival"),
        world.row("all", world.words("all", drop * number), world.days[1], "rival"),
    ]


def _part(day: int) -> Callable[[World], list[Row]]:
    def rows(world: World) -> list[Row]:
        quantity = world.draw(some.sampled_from(["killed", "wounded"]))
        whole = world.exact("all", world.days[day])
        more = world.draw(some.floats(1.2, 3)) * whole
        return [
            world.row(quantity, world.words(quantity, more), world.days[0], "rival"),
            world.row("all", world.words("all", whole), world.days[day], "rival"),
        ]

    return rows


def _window(world: World, number: float, first: int, last: int, **more: Any) -> Row:
    window: Row = {"kind": "increment", "since": world.date(first), **more}
    return world.row("all", world.words("all", number), last, "rival", **window)


def _differences(world: World, factor: float) -> list[Row]:
    """Return two totals a month or more apart, and their difference times a factor."""
    first = world.days[0]
    last = first + 60
    begin, end = (world.exact("all", day) + 50 * day for day in (first, last))
    totals = [
        world.row("all", world.words("all", n), d, "rival")
        for n, d in ((begin, first), (end, last))
    ]
    return [*totals, _window(world, factor * (end - begin), first + 1, last)]


def _months(world: World) -> list[Row]:
    """Return two totals and two months between them, each fewer than they differ by, not both."""
    early, late, window = _differences(world, 1.0)
    grown = float(window["quote"].split()[0].replace(",", ""))
    first = world.days[0]
    ends = (first + 1, first + world.draw(some.integers(20, 40)), first + 60)
    return [
        early,
        late,
        _window(world, world.draw(some.floats(0.65, 0.95)) * grown, ends[0], ends[1]),
        _window(world, world.draw(some.floats(0.65, 0.95)) * grown, ends[1] + 1, ends[2]),
    ]


def _rate(world: World) -> list[Row]:
    begin, end, window = _differences(world, 1.0)
    daily = float(window["quote"].split()[0].replace(",", "")) / 60
    often = world.draw(some.sampled_from([0.1, 5.0, 10.0]))
    pace = {"kind": "rate", "per": "day", "as_of": end["as_of"]}
    quote = f"about {max(often * daily, 1):,.0f} a day"
    return [begin, end, world.row("all", quote, world.days[0] + 60, "rival", **pace)]


def _copied(world: World) -> list[Row]:
    number = 10_001 + 10 * (world.exact("all", world.days[0]) // 10)
    return _pair(world, world.words("all", number), world.words("all", number), "rival", "list")


def _list_off(world: World) -> list[Row]:
    men, women, children = (world.draw(some.integers(11, 900)) for _ in range(3))
    total = int((men + women + children) * world.draw(some.sampled_from([0.5, 0.8, 1.3])))
    quote = f"{total} people died: {men} men, {women} women and {children} children"
    return [world.row("ferry", quote, world.days[0], "press", figure=f"{total} people died")]


def _included(world: World) -> list[Row]:
    total = world.draw(some.integers(3, 900))
    quote = f"{total} people died, among them {total + 1 + total // 3} children"
    return [world.row("ferry", quote, world.days[0], "press", figure=f"{total} people died")]


def _provinces(world: World) -> list[Row]:
    number = world.exact("dead", world.days[0])
    return [
        world.row("north", world.words("north", 0.7 * number), world.days[0], "rival"),
        world.row("south", world.words("south", 0.6 * number), world.days[0], "rival"),
        world.row("dead", world.words("dead", number), world.days[1], "rival"),
    ]


def _share_of(*numbers: float) -> Callable[[World], list[Row]]:
    """Return shares of killed and wounded, of one whole."""

    def rows(world: World) -> list[Row]:
        scale = world.draw(some.sampled_from([0.01, 1.0]))
        return [
            world.row(key, "", world.days[0], "rival", kind="share", point=scale * number)
            for key, number in zip(("wounded", "killed"), numbers, strict=False)
        ]

    return rows


def _share_and_figures(world: World) -> list[Row]:
    day = world.days[0]
    off = world.draw(some.sampled_from([20, 40, 95]))
    words = (("wounded", world.exact("wounded", day)), ("all", world.exact("all", day)))
    rows = [world.row(key, world.words(key, number), day, "rival") for key, number in words]
    return [*rows, world.row("wounded", f"{off} percent", day, "rival", kind="share")]


def _floors_and_cap(world: World) -> list[Row]:
    """Return floors of the parts by one source and a ceiling of their sum by another."""
    day, factor = world.days[0], world.draw(some.floats(0.3, 0.9))
    parts = [
        world.row(key, world.words(key, world.exact(key, day), "at least"), day, "list")
        for key in ("killed", "wounded")
    ]
    cap = world.words("all", factor * world.exact("all", day), "no more than")
    return [*parts, world.row("all", cap, world.days[world.draw(some.integers(0, 1))], "press")]


def _later_cap(world: World) -> list[Row]:
    number = world.exact("killed", world.days[0])
    cap = world.draw(some.floats(0.2, 0.9)) * number
    return [
        world.row("killed", world.words("killed", number, "at least"), world.days[0], "list"),
        world.row("killed", world.words("killed", cap, "at most"), world.days[-1], "press"),
    ]


def _other_ratio(world: World) -> list[Row]:
    day = world.days[0]
    figure = world.draw(some.sampled_from(["about 1", "about 6", "some 8", "nearly 20"]))
    levels = [
        world.row(key, world.words(key, world.exact(key, day)), day, "rival")
        for key in ("killed", "wounded")
    ]
    quote = f"{figure} wounded for each killed"
    return [*levels, world.row("hurt", quote, day, "rival", figure=figure)]


def _other_side(world: World) -> list[Row]:
    number = world.exact("killed", world.days[0])
    quote, figure = world.draw(
        some.sampled_from(
            [
                (f"Some {number:,} Ostran soldiers were killed", f"Some {number:,}"),
                (f"the Ostran dead number about {number:,}", f"about {number:,}"),
            ]
        )
    )
    return [world.row("killed", quote, world.days[0], "rival", figure=figure)]


def _other_year(world: World) -> list[Row]:
    day, number = world.days[0], world.exact("killed", world.days[0])
    when = START + timedelta(days=day)
    year = when.year + world.draw(some.sampled_from([-1, 2]))
    quote = f"As of {min(when.day, 28)} {when:%B} {year}, about {number:,} had been killed"
    return [world.row("killed", quote, day, "rival", figure=f"about {number:,} had been killed")]


def _other_difference(world: World) -> list[Row]:
    # the ends of a difference of round numbers are as loose as they are round
    odd = some.integers(1_000, 9_000).filter(lambda number: number % 10)
    first = world.draw(odd)
    rise = world.draw(some.integers(400, 4_000).filter(lambda more: (first + more) % 10))
    wrong = round(rise * world.draw(some.sampled_from([0.6, 1.4, 10])))
    last = first + rise
    quote = world.draw(
        some.sampled_from(
            [
                f"deaths rose from {first:,} to {last:,} in June, an increase of {wrong:,}",
                f"deaths rose by {wrong:,} from {first:,} to {last:,}",
                f"deaths rose from {first:,} to {last:,}, a rise of {250 * rise / first:.0f} %",
            ]
        )
    )
    return [world.row("killed", quote, world.days[0], "rival", figure=f"{last:,}")]


def _more_deaths(world: World) -> list[Row]:
    cases = world.exact("all", world.days[1])
    deaths = world.draw(some.floats(1.1, 5)) * cases
    later = world.days[world.draw(some.integers(0, 1))]
    return [
        world.row("fatal", f"{deaths:,.0f} people died of cholera", world.days[0], "rival"),
        world.row("ill", f"{cases:,} cases of cholera", later, "rival"),
    ]


def _slip(world: World) -> list[Row]:
    """Return an exact number of one day, and the same with one digit that is wrong."""
    number = str(world.draw(some.integers(101, 99_999).filter(lambda n: n % 10)))
    # of two figures that are as near as if rounded nobody can tell
    place = world.draw(some.integers(0, 1))
    apart = [d for d in "123456789" if place == 0 or abs(int(d) - int(number[1])) > 2]
    digit = world.draw(some.sampled_from([d for d in apart if d != number[place]]))
    day, wrong = world.date(world.days[0]), number[:place] + digit + number[place + 1 :]
    return [
        world.row("ferry", f"{one} dead", world.days[0], "rival", published=day)
        for one in (f"{int(number):,}", f"{int(wrong):,}")
    ]


def _forecast_late(world: World) -> list[Row]:
    number = world.exact("all", world.days[0])
    below = round(world.draw(some.floats(0.3, 0.95)) * number)
    more = {"kind": "forecast", "threshold": below, "by": world.date(400)}
    more |= {"published": world.date(world.days[0] + 60)}
    return [
        world.row("all", world.words("all", number), world.days[0], "rival"),
        world.row("all", f"losses will reach {below:,}", world.days[0] + 30, "rival", **more),
    ]


def _unrounded(number: int) -> int:
    """Return a number near it that is not taken for a round one, which leaves room."""
    return number // 10 * 10 + 3


def _killed_added(world: World) -> list[Row]:
    """Return more killed than casualties between two days, as totals or as an increase."""
    first, last = world.days[0], world.days[0] + 60
    before = _unrounded(world.exact("all", first))
    after = _unrounded(before + before // 8)
    killed = _unrounded(before // 3)
    gain = _unrounded(round(world.draw(some.floats(1.3, 2)) * (after - before)))
    rows = [
        world.row("all", world.words("all", before), first, "rival"),
        world.row("all", world.words("all", after), last, "rival"),
    ]
    if world.draw(some.booleans()):
        window = {"kind": "increment", "since": world.date(first + 1)}
        source = world.draw(some.sampled_from(["rival", "press"]))
        return [*rows, world.row("killed", world.words("killed", gain), last, source, **window)]
    totals = ((killed, first), (_unrounded(killed + gain), last))
    return rows + [world.row("killed", world.words("killed", n), d, "rival") for n, d in totals]


PLANTED: Final[dict[str, tuple[str, Callable[[World], list[Row]]]]] = {
    "a total that falls": ("falling total", _fall),
    "a part above its whole": ("part above whole", _part(0)),
    "a part above a later whole": ("part above whole", _part(1)),
    "an increase that is not the difference": (
        "increment against totals",
        lambda world: _differences(world, world.draw(some.sampled_from([0.3, 2.0, 4.0]))),
    ),
    "months above the difference": ("increment against totals", _months),
    "a pace that is not the difference": ("rate against window", _rate),
    "a month above its quarter": (
        "increment above a longer one",
        lambda world: [_window(world, 900, 31, 90), _window(world, 1_400, 61, 90)],
    ),
    "months above their sum": (
        "increment above total",
        lambda world: [
            _window(world, 0.6 * world.exact("all", 100), 1, 40),
            _window(world, 0.7 * world.exact("all", 100), 41, 100),
            world.row("all", world.words("all", world.exact("all", 100)), 100, "rival"),
        ],
    ),
    "shares of more than everything": ("share", _share_of(80, 45)),
    "a share of more than everything": ("share", _share_of(130)),
    "a share of other figures": ("share against figures", _share_and_figures),
    "a list that does not add up": ("sum in a sentence", _list_off),
    "more included than there are": ("sum in a sentence", _included),
    "more of the patients than there are": (
        "sum in a sentence",
        lambda world: [
            world.row("ferry", "210 of the 180 patients died", world.days[0], "press", figure="210")
        ],
    ),
    "provinces above a later nation": ("sum", _provinces),
    "one number of two sources": ("undeclared copy", _copied),
    "ranges of two sources": (
        "sources apart",
        lambda world: _pair(world, _range(world, 1.0), _range(world, 1.6), other="press"),
    ),
    "figures of two sources": (
        "sources apart",
        lambda world: _pair(world, _scaled(world, "", 1), _scaled(world, "", 5), other="list"),
    ),
    "ranges of one source": (
        "two figures of one source",
        lambda world: _pair(world, _range(world, 1.0), _range(world, 1.3)),
    ),
    "a floor above a ceiling": (
        "two figures of one source",
        lambda world: _pair(
            world, _scaled(world, "at least", 1.2), _scaled(world, "no more than", 1.0)
        ),
    ),
    "a figure above its ceiling": (
        "two figures of one source",
        lambda world: _pair(world, _scaled(world, "", 1.2), _scaled(world, "fewer than", 1.0)),
    ),
    "a copy of another figure": (
        "copy apart",
        lambda world: _pair(world, _scaled(world, "", 1), _scaled(world, "", 1.3), "army", "wire"),
    ),
    "an estimate far from what enters it": (
        "derived apart",
        lambda world: _pair(world, _scaled(world, "", 1), _range(world, 1.6), "army", "study"),
    ),
    "one report twice": (
        "duplicate",
        lambda world: _pair(world, _scaled(world, "", 1), _scaled(world, "", 1)),
    ),
    "ten times off": (
        "number",
        lambda world: [
            world.row("all", _scaled(world, "", 1), world.days[0], "rival", point=world.base * 40.0)
        ],
    ),
    "a week filed as a day": (
        "period",
        lambda world: [
            world.row(
                "all", "700 casualties a week", world.days[0], "rival", kind="rate", per="day"
            )
        ],
    ),
    "floors of the parts above the ceiling of their sum": (
        "floor above ceiling",
        _floors_and_cap,
    ),
    "a later ceiling below an earlier floor": ("floor above ceiling", _later_cap),
    "a ratio of other figures": ("ratio", _other_ratio),
    "the other side": ("mixed scopes", _other_side),
    "the year of another report": ("dates", _other_year),
    "a difference that is another": ("sum in a sentence", _other_difference),
    "more deaths than cases": ("part above whole", _more_deaths),
    "one digit of a day's figure": ("two figures of one source", _slip),
    "a forecast of what was counted": ("forecast of the past", _forecast_late),
    "more killed than casualties between two days": ("killed in a window", _killed_added),
    "the wounded filed as killed": (
        "category",
        lambda world: [world.row("killed", "1,200 wounded", world.days[0], "rival")],
    ),
}


@pytest.mark.parametrize("name", PLANTED)
@settings(deadline=None, max_examples=settings().max_examples // 8)
@given(data=some.data())
def test_what_is_planted_among_them_is_found_by_its_own_rule(
    name: str, data: some.DataObject
) -> None:
    world, rows = data.draw(clean())
    rule, plant = PLANTED[name]
    rows = [row for row in rows if row["source"] not in {"rival", "list", "press"}]
    planted = plant(world)
    at_place = data.draw(some.integers(0, len(rows)))
    rules = [
        finding.rule
        for finding in at.check(_dossier([*rows[:at_place], *planted, *rows[at_place:]]))
    ]
    assert rule in rules, planted
