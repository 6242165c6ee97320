"""The words by which columns and cells of tables of counts are known: ``bundled/columns.toml``."""

from __future__ import annotations

import tomllib
from typing import Any

from attrition.core.files import bundled

NAMES: dict[str, list[Any]] = tomllib.loads(bundled("columns.toml"))
"""Words by what they name."""
