"""What a page tells: computed once, before anything is written, or stored by the benchmarks."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from attrition.core.files import bundled
from attrition.core.laws import Law, crossing
from attrition.data.dossier import Claim
from attrition.forecasts import Forecast
from attrition.forecasts.asking import PLUS, roots_of
from attrition.forecasts.influences import Influences, influences_of
from attrition.reporting import Citation, Record, make_record, results
from attrition.reporting.citation import disagreeing

if TYPE_CHECKING:
    from attrition.evaluation import Past

_MOST = 12  # sources of which the page tells how they move the date


@dataclass(frozen=True)
class PageContent:
    """Everything that a page shows.

    Parameters
    ----------
    forecast : Forecast
    content : mapping
        What :func:`attrition.reporting.results` returned.
    record : Record or None
        What is needed to check the page later; None where no threshold is asked about.
    moved : Influences or None
        By how many days each report moves the median of the first threshold.
    past : tuple of Past
        How the intervals of recorded counts have held, read from the stored file; of another route
        nothing, see ``tried``.
    """

    forecast: Forecast
    content: Mapping[str, Any]
    record: Record | None
    moved: Influences | None
    past: tuple[Past, ...]

    @property
    def asked(self) -> list[tuple[Law, float]]:
        """Each law with each threshold that was asked about, in the order of the dossier."""
        forecast = self.forecast
        return [
            (law, threshold)
            for laws in (forecast.laws, forecast.unconditional)
            for (quantity, _), law in laws.items()
            for threshold in forecast.thresholds[quantity]
        ]

    @functools.cached_property
    def counts(self) -> Citation | None:
        """What is said of the first threshold where its counts share no date."""
        return disagreeing(self.forecast)

    @property
    def route(self) -> str:
        """By which route the headline came about; see :func:`route_of`."""
        return route_of(self.forecast, self.asked[0][0])

    @property
    def tried(self) -> Backtest:
        """How the intervals of that route have held, if it is not that of a recorded count."""
        return read_coverage(self.route)

    @property
    def claims(self) -> list[tuple[Claim, Claim | None]]:
        """The reports that were known on the information date, and what superseded each."""
        dossier, day = self.forecast.dossier, self.forecast.information_date
        past = dossier.superseded(day)
        return [
            (claim, dossier.claims[past[index]] if index in past else None)
            for index, claim in enumerate(dossier.claims)
            if claim.known_on(day)
        ]


def page_content(
    forecast: Forecast,
    *,
    content: Mapping[str, Any] | None = None,
    record: Record | None = None,
    on: Sequence[date] = (),
) -> PageContent:
    """Return what a page tells of a forecast; what is given is not computed again.

    Parameters
    ----------
    forecast : Forecast
    content : mapping, optional
        What :func:`attrition.reporting.results` returned.
    record : Record, optional
    on : sequence of datetime.date
        Days on which totals are told.
    """
    past: tuple[Past, ...] = ()
    if forecast.carried is not None:
        from attrition.evaluation import read_past  # which a page of a dossier does not need

        past = read_past()
    rows = results(forecast, on=on) if content is None else content
    page = PageContent(forecast, rows, None, None, past)
    if not page.asked:
        return page
    kept = make_record(forecast, prob=forecast.prob, on=on) if record is None else record
    return PageContent(forecast, page.content, kept, _moved(page), page.past)


def _moved(page: PageContent) -> Influences | None:
    """Return what moves the date of the headline, in the count of the headline."""
    law, threshold = page.asked[0]
    quantity, basis = law.provenance.quantity, law.provenance.basis
    if PLUS in quantity:  # of a sum each part has reports of its own
        return None
    if page.forecast.outlooks:
        known = page.forecast.dossier.claims_on(quantity, as_of=page.forecast.information_date)
        few = len(known) <= _MOST
        moved = influences_of(
            page.forecast, quantity, threshold, basis, by="claim" if few else "source"
        )
        return dataclasses.replace(moved, rows=moved.rows[:_MOST])
    whole = page.forecast.law(quantity, basis)
    if page.forecast.carried is not None or crossing(whole, threshold).median.offset is None:
        return None
    return influences_of(page.forecast, quantity, threshold, basis, by="claim")


_FEW = 2  # figures of which a forecast is one from two figures


@dataclass(frozen=True, slots=True)
class Backtest:
    """How intervals of one route have held.

    Parameters
    ----------
    command : str
        Which command stored it.
    count, independent : int
        Outcomes, and how many of them share no day with another.
    coverage : tuple of float
        Shares held by the intervals of 50, 80 and 90 %.
    """

    command: str
    count: int
    independent: int
    coverage: tuple[float, ...]


def route_of(forecast: Forecast, law: Law) -> str:
    """Return by which route a law of a forecast came about.

    Returns
    -------
    str
        "count", "two figures", "claims beside a count" or "claims".
    """
    if forecast.carried is not None:
        return "count"
    if law.provenance.figures <= _FEW:
        return "two figures"
    dossier = forecast.dossier
    own = roots_of(dossier, [law.provenance.quantity])
    beside = roots_of(dossier, [key for _, key in dossier.counts]) & own
    return "claims beside a count" if beside else "claims"


def read_coverage(route: str) -> Backtest:
    """Return how the intervals of a route other than "count" have held."""
    row = json.loads(bundled("coverage.json"))[route]
    return Backtest(**{**row, "coverage": tuple(row["coverage"])})


def past_command() -> str:
    """Return the command that stored how the intervals of recorded counts have held."""
    return str(json.loads(bundled("hindcasts.json"))["command"])
