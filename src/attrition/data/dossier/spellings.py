"""One source, many spellings: claims may name a source by any of its aliases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrition.core.errors import clip
from attrition.core.refusals import refusal


def with_ids(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with the source of each claim as an id, where an alias stood."""
    sources, claims = content.get("sources"), content.get("claims")
    if not isinstance(sources, Mapping) or not isinstance(claims, (list, tuple)):
        return dict(content)
    ids = _spellings(sources)
    rows: list[Any] = []
    for claim in claims:
        source = claim.get("source") if isinstance(claim, Mapping) else getattr(claim, "source", "")
        key = ids.get(source.strip()) if isinstance(source, str) else None
        if key is None or source in sources:
            rows.append(claim)
        elif isinstance(claim, Mapping):
            rows.append({**claim, "source": key})
        else:
            rows.append(claim.model_copy(update={"source": key}))
    return {**content, "claims": rows}


def _spellings(sources: Mapping[str, Any]) -> dict[str, str]:
    """Return the id for every spelling; one alias for two sources is refused."""
    ids: dict[str, str] = {}
    for key, source in sources.items():
        fields = source if isinstance(source, Mapping) else vars(source)
        aliases = fields.get("aliases", ())
        for spelling in aliases if isinstance(aliases, (list, tuple)) else ():
            owner = ids.get(spelling, key) if spelling not in sources else spelling
            if owner != key:
                place = f"sources.{key}.aliases, and sources.{owner}"
                raise refusal("alias of one source", clip(spelling), place)
            ids[spelling] = key
    return ids


def slug(text: str) -> str:
    """Return a name as an id: lower case, words joined by "-".

    Examples
    --------
    >>> slug("US officials (via NYT)")
    'us-officials-via-nyt'
    """
    return "-".join(re.findall(r"[^\W_]+", text.lower()))
