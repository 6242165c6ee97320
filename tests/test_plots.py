from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

import attrition as at
from attrition.core.errors import InputError
from attrition.data.elicitation.distributions import atom, mixture
from attrition.data.elicitation.shapes import lognormal
from attrition.plots import DOTS
from attrition.plots.dates import ticks
from attrition.plots.dots import ROOMS, Dots, dot_ticks, placed
from attrition.plots.look import MARKERS
from attrition.reporting.stretches import end_words
from test_laws import normal_law


@pytest.mark.parametrize("threshold", [700.0, 905.0, 1_000.0, 1_090.0, 1_500.0])
def test_every_dot_of_the_dotplot_is_drawn_once(threshold: float) -> None:
    axes = at.plots.crossing(normal_law([threshold]), threshold)
    drawn = sum(len(np.asarray(collection.get_offsets())) for collection in axes.collections)
    assert drawn == DOTS


@pytest.mark.parametrize("step", [0.6, 0.9, 1.4, 2.2])
@pytest.mark.parametrize("columns", range(3, 9))
def test_the_days_under_few_dots_have_room(step: float, columns: int) -> None:
    law, dots = normal_law([1_000.0]), Dots(10, 10, 0.3 * step, step, (2,) * columns, 5, 3.0)
    left, right = dots.span
    for width in np.linspace(2, 7, 21):
        labels = dot_ticks(law, dots, width)
        days = [day for day, _ in labels]
        assert min(days) >= 0 or max(days) < 0  # none before the information date beside others
        inches = np.diff([day for day, _ in labels]) / step * width / (right - left)
        assert (inches >= 0.4).all(), (width, labels)  # 0.4: a month


@pytest.mark.parametrize("size", list(ROOMS.values()))
@pytest.mark.parametrize("outside", [0.02, 0.2, 0.39, 0.5, 0.7, 0.92])
def test_the_words_under_dots_without_a_date_have_room(
    outside: float, size: tuple[float, float]
) -> None:
    rise = (1.0 - outside) * (1.0 - np.exp(-np.arange(184.0) / 25))
    for mean in (rise, rise + outside):
        dots = placed(mean, size)
        (left, right), half = dots.span, dots.apart / 2
        for cells in dots.outer():
            if cells:
                middle = (min(x for x, _ in cells) + max(x for x, _ in cells)) / 2
                assert left <= middle - half
                assert middle + half <= right


def test_the_dots_stand_at_the_quantiles_of_the_law() -> None:
    axes = at.plots.crossing(normal_law([1_000.0]), 1_000.0)
    x = np.sort(np.concatenate([np.asarray(c.get_offsets())[:, 0] for c in axes.collections]))
    assert float(np.median(x)) == pytest.approx(100.0, abs=4.0)
    assert float(np.std(x)) == pytest.approx(20.0, rel=0.15)


def test_a_figure_is_the_same_bytes_twice(whole: at.Forecast) -> None:
    law = whole.law("russian-casualties")
    for form in ("svg", "png"):
        first, again = (at.plots.figure_bytes(at.plots.crossing(law, 1e6), form) for _ in range(2))
        assert first == again


def test_a_file_of_a_figure_leaves_the_figure_as_it_was() -> None:
    law = normal_law([1_000.0])
    axes, fresh = (at.plots.crossing(law, 1_000.0) for _ in range(2))
    figure = axes.get_figure(root=True)
    assert figure is not None
    before = figure.canvas, figure.dpi, figure.get_size_inches().tolist()
    svg = at.plots.figure_bytes(axes, "svg")
    assert (figure.canvas, figure.dpi, figure.get_size_inches().tolist()) == before
    assert at.plots.figure_bytes(axes, "png") == at.plots.figure_bytes(fresh, "png")
    assert at.plots.figure_bytes(axes, "svg") == svg


def test_every_row_of_the_interval_figure_is_labelled(whole: at.Forecast) -> None:
    rows = [(f"{q}, {b}", law, whole.thresholds[q][0]) for (q, b), law in whole.laws.items()]
    axes = at.plots.intervals(rows)
    assert [text.get_text() for text in axes.texts if "later" not in text.get_text()] == [
        label for label, _, _ in rows
    ]
    for label, law, threshold in rows:
        read = at.laws.crossing(law, threshold)
        words = at.plots.text_alternative(axes).split(f"{label}: ")[1].split(";")[0]
        assert end_words(law, read.median, read.unit, short=True) in words


# ------------------------------------------------------------------ claims


@pytest.fixture(scope="module")
def war() -> at.Dossier:
    table = Path(at.__path__[0]) / "bundled" / "war_loss_claims_to_2025-06-03.csv"
    return at.read_claims(table).dossier("war")


def _words(axes: Any) -> str:
    texts = [text.get_text() for text in (*axes.texts, *axes.figure.texts)]
    return " ".join(texts).replace("\xa0", " ")


def test_a_claim_is_drawn_with_its_words_interval_and_median() -> None:
    axes = at.plots.claim(at.parse("up to 250,000 could be fatalities")[0])
    words = _words(axes)
    for part in (
        "“up to 250,000 could be fatalities”",
        "90 % between 180,000 and 250,000",
        "persons",
    ):
        assert part in words
    assert "median 212,000" in words


def test_the_height_of_the_curve_is_the_mass_of_the_distribution() -> None:
    distribution = lognormal(180.0, 250.0, 0.9)
    axes = at.plots.claim(distribution, title="t", unit="persons")
    curve = next(line for line in axes.lines if len(np.asarray(line.get_xdata())) > 10)
    x, y = (np.asarray(mass, dtype=float) for mass in (curve.get_xdata(), curve.get_ydata()))
    step = x[1] - x[0]
    assert float(y.sum()) == pytest.approx(1.0, abs=0.01)
    expected = np.asarray(distribution.cdf(x + step / 2)) - np.asarray(
        distribution.cdf(x - step / 2)
    )
    assert y == pytest.approx(expected, abs=1e-12)


def test_an_atom_is_a_stem_with_its_probability() -> None:
    alone = at.plots.claim(at.parse("exactly 950,003 killed")[0])
    assert "exactly 950,003" in _words(alone)
    mixed = mixture([atom(200.0), lognormal(90.0, 110.0, 0.9)], [1.0, 3.0])
    axes = at.plots.claim(mixed, title="t")
    assert "25 %" in _words(axes)
    stems = [line for line in axes.lines if list(np.asarray(line.get_xdata())) == [200.0, 200.0]]
    assert len(stems) == 1


def test_a_floor_is_not_drawn_as_a_distribution() -> None:
    with pytest.raises(at.InputError, match="floor"):
        at.plots.claim(at.parse("at least 109,625 names")[0])


@pytest.mark.parametrize(
    "words", [{"point": 87.0, "hedge": "at-least"}, {"low": 87.0}, {"quote": "at least 87 killed"}]
)
def test_a_floor_without_coverage_is_drawn_as_one(words: dict[str, Any]) -> None:
    claim = at.claim("at least 87 killed", source="Office", on="2024-03-18")
    keys = dict.fromkeys(("quote", "point", "low", "high", "hedge"))
    dossier = at.dossier.dossier_of([claim.model_copy(update=keys | words)])
    axes: Any = at.plots.claims(dossier, claim.quantity)
    (arrow,) = (text for text in axes.texts if getattr(text, "arrow_patch", None) is not None)
    assert float(arrow.xy[1]) == 87.0
    assert arrow.xyann[1] > 0


def test_every_claim_of_a_quantity_is_drawn_once(war: at.Dossier) -> None:
    axes = at.plots.claims(war, "russia-casualties")
    claims = [c for c in war.claims if c.quantity == "russia-casualties"]
    dots = [line for line in axes.lines if line.get_marker() in MARKERS]
    bounds = [line for line in axes.lines if line.get_marker() == "_"]
    arrows = [text for text in axes.texts if getattr(text, "arrow_patch", None) is not None]
    assert len(dots) + len(bounds) == len(claims)
    floors = [c for c in claims if c.low is not None and c.high is None and c.point is None]
    assert len(bounds) == len(arrows) == len(floors)


def test_floors_point_up_and_caps_down(war: at.Dossier) -> None:
    axes: Any = at.plots.claims(war, "russia-deaths")
    drawn = {float(text.xy[1]): text.xyann[1] for text in axes.texts if hasattr(text, "xyann")}
    for claim in war.claims:
        if claim.quantity == "russia-deaths" and claim.point is None:
            if claim.high is None:
                assert claim.low is not None
                assert drawn[claim.low] > 0
            elif claim.low is None:
                assert drawn[claim.high] < 0


def test_sources_that_use_one_another_share_a_colour(bundled: at.Dossier) -> None:
    axes = at.plots.claims(bundled, "russian-casualties")
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert len(dots) == 2
    assert len({line.get_color() for line in dots}) == 1
    apart = bundled.model_copy(
        update={
            "sources": {
                key: source.model_copy(update={"derived_from": ()})
                for key, source in bundled.sources.items()
            }
        }
    )
    dots = [
        d for d in at.plots.claims(apart, "russian-casualties").lines if d.get_marker() in MARKERS
    ]
    assert len({line.get_color() for line in dots}) == len({d.get_marker() for d in dots}) == 2


def test_claims_that_were_not_yet_known_are_not_drawn(war: at.Dossier) -> None:
    def dots(day: date) -> int:
        axes = at.plots.claims(war, "russia-casualties", as_of=day)
        return sum(line.get_marker() in MARKERS for line in axes.lines)

    assert dots(date(2025, 1, 6)) + 30 < dots(date(2025, 1, 8))
    with pytest.raises(at.InputError, match="a reported total"):
        at.plots.claims(war, "russia-casualties", as_of=date(2020, 1, 1))


def test_the_same_claims_give_the_same_bytes(war: at.Dossier) -> None:
    one, two = (
        at.plots.figure_bytes(at.plots.claims(war, "ukraine-deaths"), "svg") for _ in range(2)
    )
    assert one == two


def test_a_day_of_a_picture_may_be_written(whole: at.Forecast) -> None:
    law, dossier = whole.law("russian-casualties", "csis"), whole.dossier
    until, known = date(2025, 12, 31), date(2025, 4, 1)
    total = "russian-casualties"
    pictures: list[tuple[Callable[..., Axes], str, date]] = [
        (partial(at.plots.fan, law, thresholds=[1e6]), "until", until),
        (partial(at.plots.sources, [law]), "on", until),
        (partial(at.plots.reports, dossier, total), "as_of", known),
        (partial(at.plots.claims, dossier, total), "as_of", known),
    ]
    for draw, name, day in pictures:
        written, given, left_out = (
            at.plots.text_alternative(draw(**days))
            for days in ({name: day.isoformat()}, {name: day}, {})
        )
        assert written == given != left_out, name
        with pytest.raises(InputError, match=name):
            draw(**{name: "31 December"})


@pytest.mark.parametrize("size", ["column", "page", "card"])
@pytest.mark.parametrize("lead", [0, 1, 5, 40])
def test_the_key_of_reports_meets_none_of_them(size: Any, lead: int) -> None:
    day = date(2026, 3, 12)
    reports = [
        at.claim("1,240 people killed", source="National Disaster Agency", on=day),
        at.claim("up to 2,500 people killed", source="World Health Organization", on=day),
        at.claim(
            "at least 2,400 killed", source="Health Minister of Zemlan", on=day + timedelta(lead)
        ),
        at.claim("2,300 to 2,500 killed", source="Red Cross", on=day + timedelta(lead)),
    ]
    dossier = at.forecast(reports, bases="latent", seed=1, size=64, tolerance=60.0).dossier
    axes = at.plots.claims(dossier, "killed", size=size)
    names = [text for text in axes.texts if text.get_text() and text.get_text()[0].isupper()]
    assert len(names) == 4
    figure = axes.get_figure()
    assert figure is not None
    figure.canvas.draw()
    foot = min(text.get_window_extent().y0 for text in names)
    right = max(text.get_window_extent().x1 for text in names)
    tops = np.concatenate([axes.transData.transform(line.get_xydata()) for line in axes.lines])
    assert len(tops)
    assert not ((tops[:, 0] < right) & (tops[:, 1] > foot)).any()
    plt.close("all")


def test_a_time_axis_dates_what_stands_on_it_however_narrow() -> None:
    for days in (20, 90, 200, 400, 550, 725, 1_000, 3_000):
        for room in (1.0, 1.3, 2.0, 5.0):
            labels = ticks(date(2026, 5, 19), 0, days, room)
            assert len(labels) > 1, (days, room)
            assert any(str(year) in text for _, text in labels for year in range(2026, 2036))
