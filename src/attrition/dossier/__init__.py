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
from attrition.dossier.read_table import read_claims
from attrition.dossier.recordings import Recording
from attrition.dossier.sources import Component, Coverage, Source, check_coverage
from attrition.dossier.tables import ClaimRow, ClaimTable, RefusedRow, Summary
from attrition.dossier.write import dossier_schema, dossier_toml, starter, write_dossier

__all__ = [
    "BUNDLED",
    "DEFAULT_ASSUMPTIONS",
    "Assumption",
    "Assumptions",
    "Claim",
    "ClaimRow",
    "ClaimTable",
    "Component",
    "Coverage",
    "Dossier",
    "PartialDate",
    "Quantity",
    "Recording",
    "RefusedRow",
    "Source",
    "Summary",
    "check_coverage",
    "check_threshold",
    "dossier_schema",
    "dossier_toml",
    "read_claims",
    "read_dossier",
    "starter",
    "suggestion",
    "write_dossier",
]
