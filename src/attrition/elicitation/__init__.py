"""From figures to distributions, and from several of them to one.

A reading says which interval the words carry and what shape lies around it; this room finds the
:mod:`scipy.stats` random variable with exactly those quantiles. It covers the *wording* only, and
for a list of names its coverage: how wrong a source is otherwise, and how the pace will move, are
other rooms' business.
"""

from attrition.elicitation.claims import DAYS_PER, elicit, elicit_claim, lexicon_of, read_claim
from attrition.elicitation.coverage import elicit_list
from attrition.elicitation.distributions import (
    Distribution,
    Mixed,
    atom,
    atoms,
    density,
    exceedance,
    is_distribution,
    mixture,
    parts,
    quantile,
)
from attrition.elicitation.forms import metalog, normal, pert, split_normal
from attrition.elicitation.shapes import exponential, from_interval, log_uniform, lognormal

__all__ = [
    "DAYS_PER",
    "Distribution",
    "Mixed",
    "atom",
    "atoms",
    "density",
    "elicit",
    "elicit_claim",
    "elicit_list",
    "exceedance",
    "exponential",
    "from_interval",
    "is_distribution",
    "lexicon_of",
    "log_uniform",
    "lognormal",
    "metalog",
    "mixture",
    "normal",
    "parts",
    "pert",
    "quantile",
    "read_claim",
    "split_normal",
]
