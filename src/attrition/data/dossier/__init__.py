"""A dossier: who reported what, of which day, published when, and what is assumed.

The boundary of the chain: everything that enters is checked here, once, and is
frozen from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrition.core.late import attributes
from attrition.data.dossier.claims import Claim
from attrition.data.dossier.dossier import Dossier
from attrition.data.dossier.files import (
    dossier_toml,
    read_dossier,
    write_dossier,
)
from attrition.data.dossier.models import (
    Assumption,
    Assumptions,
    Component,
    Coverage,
    Quantity,
    Recording,
    Source,
)
from attrition.data.dossier.quoted import claim, dossier_of
from attrition.data.dossier.values import PartialDate

if TYPE_CHECKING:
    from attrition.data.dossier.tables import ClaimRow, ClaimTable, read_claims

__getattr__ = attributes(  # which a dossier that is no table does not need
    __name__, {"data.dossier.tables": "ClaimRow ClaimTable read_claims"}
)

__all__ = [
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
    "Source",
    "claim",
    "dossier_of",
    "dossier_toml",
    "read_claims",
    "read_dossier",
    "write_dossier",
]
