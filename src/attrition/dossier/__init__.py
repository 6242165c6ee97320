"""A dossier: who reported what, of which day, published when, and what is assumed.

The boundary of the chain: everything that enters is checked here, once, and is
frozen from then on.
"""

from attrition.dossier.claims import Claim
from attrition.dossier.dates import PartialDate
from attrition.dossier.dossier import Dossier, suggestion
from attrition.dossier.models import (
    DEFAULT_ASSUMPTIONS,
    Assumption,
    Assumptions,
    Quantity,
    check_threshold,
)
from attrition.dossier.read import BUNDLED, read_dossier
from attrition.dossier.sources import Component, Coverage, Source, check_coverage

__all__ = [
    "BUNDLED",
    "DEFAULT_ASSUMPTIONS",
    "Assumption",
    "Assumptions",
    "Claim",
    "Component",
    "Coverage",
    "Dossier",
    "PartialDate",
    "Quantity",
    "Source",
    "check_coverage",
    "check_threshold",
    "read_dossier",
    "suggestion",
]
