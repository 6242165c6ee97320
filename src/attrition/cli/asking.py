"""`attrition when`: from two figures to the day on which a total passes a threshold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrition.cli.arguments import figure_form, number_of, say, show
from attrition.cli.options import JsonOption, PriorsOption, ProbOption, SeedOption
from attrition.cli.writing import drawn
from attrition.core.files import try_file, write_whole

if TYPE_CHECKING:
    from attrition.core.laws import CrossingDate
    from attrition.forecasts import When


def when(
    threshold: str,
    *,
    level: str,
    rate: str,
    on: str,
    kind: str | None = None,
    priors: PriorsOption = None,
    horizon: str | None = None,
    prob: ProbOption = 0.9,
    seed: SeedOption = 1,
    unit: str = "persons",
    plot: Path | None = None,
    as_json: JsonOption = False,
) -> None:
    """Say when a total passes a threshold, from how many there are and how many a day.

    Parameters
    ----------
    threshold
        The total that is passed: '1,000,000'.
    level
        How many there are, in words: '900,000 to 1,000,000'.
    rate
        How many are added, in words: 'around 1,000 a day'.
    on : DATE
        The day that the level describes.
    kind
        steady (the pace stays as it is), epidemic or conflict (it moves as in recorded ones) or
        disaster (it levels off). Default: a mixture of all, most of it wider than any of these.
    horizon
        Last DATE. Default: two years ahead, or four times what the stated pace needs.
    unit
        What is counted.
    plot
        Draw the answer to this FILE (.svg or .png).
    """
    form = figure_form(plot, "--plot")
    try_file(plot)
    total = number_of(threshold, "THRESHOLD")
    import attrition as at

    answer = at.when(
        total,
        level=level,
        rate=rate,
        on=on,
        kind=kind,
        priors=priors,
        prob=prob,
        horizon=horizon,
        seed=seed,
        unit=unit,
    )
    if as_json:
        show(_content(answer), as_json=True)
    else:
        say(f"{answer}\n\n{answer.cite().sentence}")
    if plot is not None:
        write_whole(plot, *drawn(answer.plot, form))


def _content(answer: When) -> dict[str, Any]:
    read, citation = answer.crossing(), answer.cite()
    masses = read.masses
    return {
        "threshold": answer.threshold,
        "level": answer.level.words,
        "rate": answer.rate.words,
        "on": answer.on.isoformat(),
        "horizon": answer.horizon.isoformat(),
        "kind": answer.kind,
        "prob": answer.prob,
        "seed": answer.seed,
        **{name: _end(getattr(read, name)) for name in ("lower", "median", "upper")},
        "already": masses.already,
        "within": masses.within,
        "beyond": masses.beyond,
        "sentence": citation.sentence,
        "note": citation.note,
    }


def _end(end: CrossingDate) -> dict[str, Any]:
    day = None if end.day is None else end.day.isoformat()
    return {"state": end.state, "day": day, "mcse": end.mcse}
