"""What is reported and not simulated: strengths, and forecasts by others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from attrition.core.laws import Law, probability_by
from attrition.data.dossier import Claim, Dossier
from attrition.data.elicitation import elicit_claim, lexicon_of, quantile
from attrition.forecasts.models import OtherForecast, Stock
from attrition.models.assimilation import is_counted


def stocks_of(
    dossier: Dossier,
    chosen: Sequence[str],
    known: date,
    prob: float,
    left_out: dict[str, str],
) -> list[Stock]:
    """Return the strengths among the chosen quantities, each source's latest."""
    tail = (1 - prob) / 2
    stocks: list[Stock] = []
    for key in chosen:
        what = dossier.quantities[key]
        if what.cumulative:
            continue
        claims = [c for c in dossier.claims_on(key, as_of=known) if c.kind == "level"]
        latest: dict[str, Claim] = {c.source: c for c in sorted(claims, key=_recency)}
        if not latest:
            left_out[key] = f"no claim of kind 'level' known on {known}"
        for source, claim in latest.items():
            distribution = elicit_claim(
                claim,
                lexicon_of(dossier),
                place=f"dossier '{dossier.id}', {key}, source '{source}'",
                counted=is_counted(what),
            )
            lower, median, upper = (float(q) for q in quantile(distribution, [tail, 0.5, 1 - tail]))
            name = dossier.sources[source].name
            stocks.append(
                Stock(
                    key,
                    what.title,
                    what.unit,
                    source,
                    f"count of {name}",
                    str(claim.as_of),
                    claim.words,
                    prob,
                    lower,
                    median,
                    upper,
                )
            )
    return stocks


def _recency(claim: Claim) -> tuple[date, date]:
    return claim.as_of.last, claim.published.last


def others_of(
    dossier: Dossier, laws: Mapping[tuple[str, str], Law], known: date
) -> tuple[OtherForecast, ...]:
    """Return what others expected next to the probabilities of our laws."""
    forecasts: list[OtherForecast] = []
    past = dossier.superseded(known)
    for index, claim in enumerate(dossier.claims):
        if claim.kind != "forecast" or not claim.known_on(known) or index in past:
            continue
        if claim.threshold is None or claim.by is None:  # pragma: no cover - the model refuses
            continue
        for (key, whose), law in laws.items():
            last = claim.by.last
            inside = law.information_date <= last <= law.horizon
            if key == claim.quantity and inside:
                probability = probability_by(law, claim.threshold, last)
                forecasts.append(
                    OtherForecast(
                        key, claim.source, claim.words, claim.threshold, last, whose, probability
                    )
                )
    return tuple(forecasts)
