"""Keep how the intervals of each route have held, for the page to read.

`python -m benchmarks.claims` and `python -m benchmarks.two_figures --dossier` write their part of
src/attrition/bundled/coverage.json beside their results; a recorded count has hindcasts.json.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import attrition as at

TARGET = Path(at.__path__[0]) / "bundled/coverage.json"


def keep(route: str, command: str, counts: tuple[int, int], shares: Sequence[float]) -> None:
    """Write how a route did: all outcomes and those that share no day, and the shares held."""
    routes = json.loads(TARGET.read_text(encoding="utf-8")) if TARGET.exists() else {}
    routes[route] = {
        "command": command,
        "count": counts[0],
        "independent": counts[1],
        "coverage": [round(float(share), 6) for share in shares],
    }
    text = json.dumps(dict(sorted(routes.items())), indent=1, ensure_ascii=False)
    TARGET.write_text(f"{text}\n", encoding="utf-8")
