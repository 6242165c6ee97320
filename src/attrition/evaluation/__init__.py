"""Was a law right? Forecasts from past days, and scores of what they said.

:func:`attrition.hindcast` stands at past days of a series, or of a dossier, sees nothing later, and
scores every forecast against baselines in the same table. :func:`attrition.evaluation.score` judges
a single law.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrition.core.late import attributes

if TYPE_CHECKING:
    from attrition.evaluation.baselines import BASELINES, Forecaster
    from attrition.evaluation.claims import ClaimsHindcast, ClaimsSummary, NextFigure, record_claims
    from attrition.evaluation.increments import IncrementOutcome, IncrementSummary
    from attrition.evaluation.protocol import Outcome, Protocol
    from attrition.evaluation.rolling import OURS, Hindcast, hindcast, record
    from attrition.evaluation.scores import Past, Score, Strip, Summary, read_past, score, strips

__getattr__ = attributes(
    __name__,
    {
        "evaluation.baselines": "BASELINES Forecaster",
        "evaluation.claims": "ClaimsHindcast ClaimsSummary NextFigure record_claims",
        "evaluation.increments": "IncrementOutcome IncrementSummary",
        "evaluation.protocol": "Outcome Protocol",
        "evaluation.rolling": "OURS Hindcast hindcast record",
        "evaluation.scores": "Past Score Strip Summary read_past score strips",
    },
)

__all__ = [
    "BASELINES",
    "OURS",
    "ClaimsHindcast",
    "ClaimsSummary",
    "Forecaster",
    "Hindcast",
    "IncrementOutcome",
    "IncrementSummary",
    "NextFigure",
    "Outcome",
    "Past",
    "Protocol",
    "Score",
    "Strip",
    "Summary",
    "hindcast",
    "read_past",
    "record",
    "record_claims",
    "score",
    "strips",
]
