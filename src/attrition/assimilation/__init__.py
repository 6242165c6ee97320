"""All dated claims on one total, brought to the information date.

In this version they are pooled, not confronted: each source's latest level is carried
forward by the pace from the day it describes, and the sources are mixed in a linear pool.
Sources that derive from one another form one family; families weigh the same.
"""

from attrition.assimilation.account import Account, account
from attrition.assimilation.factors import ONE, Factor, logit_normal, share, source_error
from attrition.assimilation.table import LATENT, is_counted, stated
from attrition.elicitation import families

__all__ = [
    "LATENT",
    "ONE",
    "Account",
    "Factor",
    "account",
    "families",
    "is_counted",
    "logit_normal",
    "share",
    "source_error",
    "stated",
]
