"""All dated claims and counts on one total, in one posterior.

Every figure and every count is a term in the density of one path of the rate, of the shares of its
parts and of the errors of the sources.
"""

from attrition.data.elicitation import families, original
from attrition.models.assimilation.contest import Hill, hills_of
from attrition.models.assimilation.evidence import (
    LISTED,
    Evidence,
    Term,
    evidence_of,
    recordings_of,
    term_of,
)
from attrition.models.assimilation.figures import PrintedTotal
from attrition.models.assimilation.inference import Draws, Sampler
from attrition.models.assimilation.learnt import learnt
from attrition.models.assimilation.network import Node
from attrition.models.assimilation.outlook import Outlook, outlook_of, redrawn
from attrition.models.assimilation.paces import (
    Hypothesis,
    Kind,
    Pace,
    Walk,
    noise_of,
    pace_of,
    priors_of,
)
from attrition.models.assimilation.search import Fit, fit
from attrition.models.assimilation.table import LATENT, is_counted, stated
from attrition.models.assimilation.weights import KHAT, smoothed_weights

__all__ = [
    "KHAT",
    "LATENT",
    "LISTED",
    "Draws",
    "Evidence",
    "Fit",
    "Hill",
    "Hypothesis",
    "Kind",
    "Node",
    "Outlook",
    "Pace",
    "PrintedTotal",
    "Sampler",
    "Term",
    "Walk",
    "evidence_of",
    "families",
    "fit",
    "hills_of",
    "is_counted",
    "learnt",
    "noise_of",
    "original",
    "outlook_of",
    "pace_of",
    "priors_of",
    "recordings_of",
    "redrawn",
    "smoothed_weights",
    "stated",
    "term_of",
]
