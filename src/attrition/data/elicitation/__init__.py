"""From figures to distributions, and from several of them to one.

A reading says which interval the words carry and what shape lies around it; this room finds the
random variable with exactly those quantiles. It covers the *wording* only, and
for a list of names its coverage: how wrong a source is otherwise, and how the pace will move, are
other rooms' business.
"""

from attrition.core._typing import is_distribution
from attrition.data.elicitation.claims import (
    DAYS_PER,
    elicit,
    elicit_claim,
    elicit_list,
    floor_of_claim,
    lexicon_of,
    read_claim,
    words_of,
)
from attrition.data.elicitation.distributions import (
    Distribution,
    Mixed,
    atom,
    atoms,
    density,
    exceedance,
    mixture,
    parts,
    quantile,
)
from attrition.data.elicitation.pooling import (
    Pool,
    effective_sources,
    families,
    family_of,
    original,
    pool,
    pool_claims,
    undeclared_copies,
)
from attrition.data.elicitation.shapes import (
    exponential,
    from_interval,
    log_uniform,
    lognormal,
    metalog,
    normal,
    pert,
    split_normal,
)

__all__ = [
    "DAYS_PER",
    "Distribution",
    "Mixed",
    "Pool",
    "atom",
    "atoms",
    "density",
    "effective_sources",
    "elicit",
    "elicit_claim",
    "elicit_list",
    "exceedance",
    "exponential",
    "families",
    "family_of",
    "floor_of_claim",
    "from_interval",
    "is_distribution",
    "lexicon_of",
    "log_uniform",
    "lognormal",
    "metalog",
    "mixture",
    "normal",
    "original",
    "parts",
    "pert",
    "pool",
    "pool_claims",
    "quantile",
    "read_claim",
    "split_normal",
    "undeclared_copies",
    "words_of",
]
