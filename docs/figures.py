"""Draw the figures of the README and the docs, and write the words beside them.

Run: python docs/figures.py. It writes docs/figures/*.svg and *.png and the gallery of
docs/figures.md; the picture of docs/cases.md is `conflicts`. The pictures of the page need a
browser (pip install attrition[browser], and Debian's chromium); ``--no-page`` leaves them as
they are. With ``--check`` it draws nothing into files and says whether the words of the gallery
are those of the figures as they are now.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

import attrition as at
from attrition.evaluation import read_past
from attrition.plots.canvas import canvas
from attrition.plots.look import new_figure, pen, say, write

DOCS = Path(__file__).parent
FOLDER = DOCS / "figures"
PAGE = DOCS / "figures.md"
DATA = Path(at.__path__[0]) / "bundled"
BUNDLED = "russia-ukraine-2025-06"

KILLED = {"military_killed", "civilians_killed_directly"}
NAMES = {
    "Wwii": "World War II,",
    "Wwi": "World War I",
    "Isis": "ISIS",
    "Sino Japanese": "Sino-Japanese",
    "Italo Ethiopian": "Italo-Ethiopian",
    "Greco Turkish": "Greco-Turkish",
    "Cambodian Vietnamese": "Cambodian–Vietnamese",
    "Iran Iraq": "Iran–Iraq",
    "Israel Gaza": "Israel–Gaza",
    "Nagorno Karabakh": "Nagorno-Karabakh",
    "Invasion East": "invasion of East",
}

HOUSE = at.plots.Style(
    dated="#00594c",
    outer="#c8a415",
    outer_ink="#6b5500",
    pale="#e6d9ce",
    paper="#fff1e5",
    font="DejaVu Serif",
)

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def drawn(forecast: at.Forecast) -> dict[str, tuple[str, Callable[[], Axes]]]:
    """Return of each figure the call that draws it, as it is shown, and the call itself."""
    law = forecast.law("russian-casualties", "csis")
    several = at.forecast(
        forecast.dossier,
        seed=1,
        quantities=["russian-casualties"],
        bases="csis",
        thresholds=[1e6, 1.05e6, 1.1e6, 1.2e6],
    ).law("russian-casualties")
    rows = [(f"{k:,.0f}", several, k) for k in (1e6, 1.05e6, 1.1e6, 1.2e6)]
    asked = [
        (f"{one.provenance.title}, {k:,.10g}, {at.reporting.basis_words(one)}", one, k)
        for (quantity, _), one in forecast.laws.items()
        for k in forecast.thresholds[quantity]
    ]
    war = at.read_claims(DATA / "war_loss_claims_to_2025-06-03.csv").dossier("war")
    past = read_past()[0]
    counts = [one for (key, _), one in forecast.laws.items() if key == "russian-casualties"]
    return {
        "crossing": (  # low, because README has a screen and a half
            "at.plots.crossing(law, 1_000_000, ax)",
            lambda: at.plots.crossing(law, 1e6, new_figure(7.2, 2.6)[1]),
        ),
        "law": ("at.plots.law(law, 1_000_000)", lambda: at.plots.law(law, 1e6)),
        "intervals": ("at.plots.intervals(rows)", lambda: at.plots.intervals(asked)),
        "ridges": ("at.plots.ridges(rows)", lambda: at.plots.ridges(rows)),
        "fan": (
            "at.plots.fan(law, thresholds=[1_000_000], dossier=dossier, until=date(2025, 12, 31))",
            lambda: at.plots.fan(
                law, thresholds=[1e6], dossier=forecast.dossier, until=date(2025, 12, 31)
            ),
        ),
        "fan-after": (
            "at.plots.fan(law, thresholds=[800_000, 900_000], happened=series)",
            after_the_fact,
        ),
        "claims": (
            'at.plots.claims(dossier, "russia-casualties")',
            lambda: at.plots.claims(war, "russia-casualties"),
        ),
        "reports": (
            'at.plots.reports(dossier, "russian-casualties", threshold=1_000_000)',
            lambda: at.plots.reports(forecast.dossier, "russian-casualties", threshold=1e6),
        ),
        "sources": (
            "at.plots.sources(laws, threshold=1_000_000)",
            lambda: at.plots.sources(counts, threshold=1e6),
        ),
        "house": (
            'at.plots.crossing(law, 1_000_000, size="column", style=house)',
            lambda: at.plots.crossing(law, 1e6, size="column", style=HOUSE),
        ),
        "claim": (
            'at.plots.claim(at.parse("up to 250,000 could be fatalities")[0])',
            lambda: at.plots.claim(at.parse("up to 250,000 could be fatalities")[0]),
        ),
        "tornado": ("at.plots.tornado(table)", lambda: at.plots.tornado(moved(forecast))),
        "hindcast": ("at.plots.hindcast(past)", lambda: at.plots.hindcast(past)),
        "pit": (
            "at.plots.pit(past.summary())",
            lambda: at.plots.pit(past.summary, name=past.name),
        ),
    }


def after_the_fact() -> Axes:
    """Draw a fan of the General Staff's count from November 2024, and what it then printed."""
    series = at.read_series(DATA / "general_staff_personnel_to_2025-06-03.csv")
    forecast = at.forecast(
        series,
        thresholds=[
            float(k) for k in (*np.arange(714e3, 780e3, 3e3), *np.arange(780e3, 1300e3, 20e3))
        ],
        seed=1,
        as_of=date(2024, 11, 10),
        horizon=date(2025, 6, 3),
        tolerance=5,
    )
    law = next(iter(forecast.laws.values()))
    return at.plots.fan(law, thresholds=[8e5, 9e5], happened=series)


def deadliest() -> list[tuple[str, float, float]]:
    """Return of each conflict the ends of its row of people killed with the highest upper end.

    A row is of one side, soldiers or civilians; conflicts of which no row has both ends are left
    out. The narrowest comes first.
    """
    rows: dict[str, tuple[float, float]] = {}
    with (DATA / "conflict_ranges_1900_2026.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            ends = float(row["low"] or 0), float(row["high"] or 0)
            most = rows.get(row["war_id"], (0.0, 0.0))[1]
            if row["bucket"] in KILLED and 0 < ends[0] < ends[1] and ends[1] > most:
                rows[row["war_id"]] = ends
    named = [(name_of(key), *ends) for key, ends in rows.items()]
    return sorted(named, key=lambda row: (-row[1] / row[2], row[0]))


def name_of(key: str) -> str:
    """Return the name of a conflict in words, from its key in the table."""
    words = [word if word in {"of", "in"} else word.capitalize() for word in key.split("_")]
    text = " ".join(words)
    for short, long in NAMES.items():
        text = re.sub(rf"\b{short}\b", long, text)
    return text


def conflicts() -> Axes:
    """Draw the ranges of :func:`deadliest` as shares of their upper ends, the widest lowest."""
    rows = deadliest()
    twice = sum(high >= 2 * low for _, low, high in rows)
    words = (
        f"Of {len(rows)} of 81 conflicts since 1900 a range of people killed is stated, of "
        f"soldiers or civilians of one side. In {twice} its upper end is at least twice the lower "
        f"one, in {sum(high >= 5 * low for _, low, high in rows)} at least five times."
    )
    source = "Ranges: D. H. Silver, casualty-source-aggregation (CC BY 4.0)."
    with canvas(
        None, 0.075 * len(rows), "How far apart are the ends of a range?", words, source, {}
    ) as axes:
        axes.set_xscale("log")
        axes.set(xlim=(0.0009, 1.0), ylim=(-len(rows), 1))
        axes.set_yticks([])
        axes.set_xticks([0.01, 0.1, 0.2, 0.5], ["a hundredth", "a tenth", "a fifth", "half"])
        axes.minorticks_off()
        axes.set_xlabel("lower end, as a share of the upper one")
        axes.vlines([0.1, 0.2, 0.5], -len(rows), 0.5, colors=pen().pale, linewidths=0.8, zorder=0)
        free = -math.inf
        for index, (name, low, high) in reversed(list(enumerate(rows))):
            wide = high >= 2 * low
            ink = pen().dated if wide else pen().muted
            axes.plot(
                [low / high, 1], [-index] * 2, color=ink, linewidth=2.2, solid_capstyle="butt"
            )
            if -index >= free:
                shown = f"{name}: {low:,.0f}–{high:,.0f}"
                write(axes, shown, (low / high, -index), (-4, 0), ("right", "center"), color=ink)
                free = -index + 2.2
        return say(axes, words)


def moved(forecast: at.Forecast) -> xr.Dataset:
    """Return by how many days each report moves the median of the first threshold."""
    table = at.forecasts.influence(forecast, "russian-casualties", 1e6, "latent", by="claim")
    return table.assign_attrs(
        title="Which report moves the date?",
        detail="Days by which the median of passing 1,000,000 moves, by the latent total, when "
        "one report is left out.",
    )


def gallery(figures: Mapping[str, tuple[str, str]]) -> str:
    """Return the part of docs/figures.md that shows each figure with its call and its words."""
    blocks = [
        f"### `{call}`\n\n```{{image}} figures/{name}.svg\n:alt: {words}\n:width: 100%\n```\n\n"
        f"*In words:* {words}\n"
        for name, (call, words) in figures.items()
    ]
    return "\n".join(blocks)


def rendered(page: str, figures: Mapping[str, tuple[str, str]]) -> str:
    """Return the page with its gallery made anew."""
    return re.sub(
        r"(<!-- gallery -->\n).*?(<!-- end -->)",
        lambda match: f"{match[1]}\n{gallery(figures)}\n{match[2]}",
        page,
        flags=re.DOTALL,
    )


def pictures_of_the_page(forecast: at.Forecast) -> None:
    """Write how the page looks on a desk, in the dark, and on a telephone."""
    from playwright.sync_api import sync_playwright

    binary = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        file = at.page.write_page(forecast, Path(place) / "page.html")
        browser = driver.chromium.launch(executable_path=binary, args=_FLAGS)
        shots: tuple[tuple[str, int, int, Literal["light", "dark"]], ...] = (
            ("page", 900, 1180, "light"),
            ("page-dark", 900, 1180, "dark"),
            ("page-phone", 390, 844, "light"),
        )
        for name, width, height, scheme in shots:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page = context.new_page()
            page.goto(file.as_uri())
            page.screenshot(path=FOLDER / f"{name}.png")
            if name == "page":
                page.locator("#choose").screenshot(path=FOLDER / "page-sliders.png")
        browser.close()


def main() -> None:
    """Write the figures and the gallery, or compare its words."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--no-page", action="store_true")
    asked = parser.parse_args()
    forecast = at.forecast(at.read_dossier(BUNDLED), seed=1)
    figures: dict[str, tuple[str, str]] = {}
    for name, (call, draw) in drawn(forecast).items():
        axes = draw()
        figures[name] = (call, at.plots.text_alternative(axes))
        if not asked.check:
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / f"{name}.svg").write_bytes(at.plots.figure_bytes(axes, "svg"))
    page = PAGE.read_text(encoding="utf-8")
    fresh = rendered(page, figures)
    if asked.check:
        print("the words are the same" if fresh == page else "run python docs/figures.py")
        sys.exit(fresh != page)
    PAGE.write_text(fresh, encoding="utf-8")
    (FOLDER / "conflicts.svg").write_bytes(at.plots.figure_bytes(conflicts(), "svg"))
    if not asked.no_page:
        pictures_of_the_page(forecast)
    print(f"wrote {len(figures)} figures")


if __name__ == "__main__":
    main()
