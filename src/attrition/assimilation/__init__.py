"""All dated claims and counts on one total, brought to the information date.

Two ways. An *account* pools: each source's latest level is carried forward by the pace from the
day it describes, and the sources are mixed, families of sources weighing the same. A *posterior*
confronts: every figure and every count is a term in the density of one path of the rate, of the
shares of its parts and of the errors of the sources.
"""

from attrition.assimilation.account import Account, account
from attrition.assimilation.evidence import Evidence, Term, evidence_of, recordings_of, term_of
from attrition.assimilation.factors import ONE, Factor, logit_normal, share, source_error
from attrition.assimilation.figures import Figure
from attrition.assimilation.inference import KHAT, Draws, Sampler, smoothed_weights
from attrition.assimilation.learnt import learnt
from attrition.assimilation.network import Node, original
from attrition.assimilation.outlook import Outlook, outlook_of
from attrition.assimilation.search import Fit, fit
from attrition.assimilation.table import LATENT, is_counted, stated
from attrition.elicitation import families

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
