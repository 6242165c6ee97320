"""All dated claims and counts on one total, brought to the information date.

Two ways. An *account* pools: each source's latest level is carried forward by the pace from the
day it describes, and the sources are mixed, families of sources weighing the same. A *posterior*
confronts: every figure and every count is a term in the density of one path of the rate, of the
shares of its parts and of the errors of the sources.
"""

from attrition.data.elicitation import families
from attrition.models.assimilation.account import Account, account
from attrition.models.assimilation.evidence import (
    Evidence,
    Term,
    checked_series,
    evidence_of,
    recordings_of,
    term_of,
)
from attrition.models.assimilation.factors import ONE, Factor, logit_normal, share, source_error
from attrition.models.assimilation.figures import Figure
from attrition.models.assimilation.inference import Draws, Sampler
from attrition.models.assimilation.learnt import learnt
from attrition.models.assimilation.network import Node, original
from attrition.models.assimilation.outlook import Outlook, outlook_of
from attrition.models.assimilation.search import Fit, fit
from attrition.models.assimilation.weights import KHAT, smoothed_weights
from attrition.models.assimilation.table import LATENT, is_counted, stated

__all__ = [
    "KHAT",
    "LATENT",
    "ONE",
    "Account",
    "Draws",
    "Evidence",
    "Factor",
    "Figure",
    "Fit",
    "Node",
    "Outlook",
    "Sampler",
    "Term",
    "account",
    "checked_series",
    "evidence_of",
    "families",
    "fit",
    "is_counted",
    "learnt",
    "logit_normal",
    "original",
    "outlook_of",
    "recordings_of",
    "share",
    "smoothed_weights",
    "source_error",
    "stated",
    "term_of",
]
