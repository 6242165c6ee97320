"""From figures to distributions, and from several of them to one.

A reading says which interval the words carry and what shape lies around it; this room finds the
random variable with exactly those quantiles. It covers the *wording* only, and
for a list of names its coverage: how wrong a source is otherwise, and how the pace will move, are
other rooms' business.
"""

from attrition.core._typing import is_distribution
from attrition.data.elicitation.claims import (
    elicit,
    elicit_claim,
    elicit_list,
    lexicon_of,
)
from attrition.data.elicitation.distributions import (
    quantile,
)
from attrition.data.elicitation.pooling import (
    Pool,
    original,
    pool,
    pool_claims,
)

__all__ = [
    "Pool",
    "elicit",
    "elicit_claim",
    "elicit_list",
    "is_distribution",
    "lexicon_of",
    "original",
    "pool",
    "pool_claims",
    "quantile",
]
