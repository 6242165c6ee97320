"""Several counts of one total side by side: where they agree, and where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Unpack

from attrition.core.days import day_from
from attrition.core.errors import InputError
from attrition.core.laws import Law, print_date, probability_by, round_count, total
from attrition.plots.canvas import Look, canvas
from attrition.plots.look import ACROSS, fitted, pen, say, write
from attrition.plots.rows import draw_interval, frame_rows, name_row
from attrition.reporting import amount, basis_words, number, percent
from attrition.reporting.subject import capital
from attrition.reporting.words import chance, condition, in_unit, signs

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_sources(
    laws: Sequence[Law],
    ax: Axes | None = None,
    *,
    on: date | str | None = None,
    threshold: float | None = None,
    prob: float = 0.9,
    **look: Unpack[Look],
) -> Axes:
    """Draw what each count of a total is on a day: one row a count, on one scale.

    Parameters
    ----------
    laws : sequence of Law
        Of one quantity by several counts, from top to bottom.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.
    on : datetime.date or str, optional
        The day; the information date when left out.
    threshold : float, optional
        A total marked by a line [unit]; beside each row stands how likely it has been passed.
    prob : float
        Probability of the equal-tailed intervals.
    **look : Look
        ``size``, ``style`` and ``record``; see :class:`Look`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If no law is given, or they are of several quantities.

    See Also
    --------
    attrition.Forecast.law : the count of one source.

    Examples
    --------
    >>> import attrition as at
    >>> forecast = at.forecast("russia-ukraine-2025-06", quantities=["russian-casualties"], seed=1)
    >>> laws = [law for (what, _), law in forecast.laws.items() if what == "russian-casualties"]
    >>> print(at.plots.text_alternative(at.plots.sources(laws)))
    2 counts of Russian military casualties on 5 June 2025. 90 % intervals: CSIS’s count:
    920,000 to 1,020,000, median 970,000; the toll itself, whoever counts: 720,000 to 1,300,000,
    median 980,000.
    """
    kinds = dict.fromkeys(law.provenance.quantity for law in laws)
    if len(kinds) != 1:
        raise InputError(
            "a picture of several counts needs laws of one quantity",
            got=", ".join(kinds) or "no law",
            place="plot_sources",
            remedy="Give for example [law for (key, _), law in forecast.laws.items() if key == …]",
        )
    first = laws[0]
    what = first.provenance
    day = first.information_date if on is None else day_from(on, "on")
    reads = [total(law, day, prob=prob) for law in laws]
    shares = [probability_by(law, threshold, day) if threshold else None for law in laws]
    heading = f"{what.title}: what each count says of {print_date(day, 'day')}"
    line = ""
    if threshold is not None:
        line = f" Dashed: {number(threshold)}; beside it the probability of having passed it."
    detail = (
        f"{capital(in_unit(what.unit) + condition(first))}. Bar: {chance(prob)} interval of the "
        f"total on that day; dot: median.{line}"
    )
    body = (0.62 if look.get("size") == "column" else 0.5) * len(laws) + 0.4
    with canvas(ax, body, heading, detail, first, look, least=0.34 * len(laws) + 0.4) as axes:
        ends = [value for read in reads for value in (read.lower, read.upper)]
        frame_rows(axes, len(laws), ends, threshold, margin=0.1)
        for row, (law, read, share) in enumerate(zip(laws, reads, shares, strict=True)):
            name = fitted(axes, capital(basis_words(law)), 0.8)
            name_row(axes, -row, name)
            draw_interval(axes, -row, (read.lower, read.median, read.upper))
            if share is not None:
                ink = {"xycoords": ACROSS, "color": pen().outer_ink, "annotation_clip": False}
                write(axes, signs(share, law.draws), (1, -row), (5, 0), ("left", "center"), **ink)
    whole = what.unit == "persons"
    rows = []
    for law, read, share in zip(laws, reads, shares, strict=True):
        low, middle, high = round_count(
            read.lower, read.median, read.upper, whole=whole, mcse=read.mcse
        )
        passed = (
            "" if share is None else f", {percent(share, law.draws)} above {number(threshold or 0)}"
        )
        rows.append(
            f"{basis_words(law)}: {number(low)} to {amount(high, what.unit)}, "
            f"median {number(middle)}{passed}"
        )
    return say(
        axes,
        f"{len(laws)} counts of {what.title} on {print_date(day, 'day')}. "
        f"{chance(prob)} intervals: {'; '.join(rows)}.",
    )
