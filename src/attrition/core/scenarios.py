"""What is supposed of the days ahead: another pace from a day on, or a stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from attrition.core._typing import Floats
from attrition.core.checks import number_within
from attrition.core.days import day_from
from attrition.core.errors import InputError, clip
from attrition.core.laws.digits import print_date
from attrition.core.laws.transforms import what_ends

_WORDS = {0.5: "half", 1.5: "one and a half times", 2.0: "twice"}
_MOST = 100.0  # a larger factor is a mistyped one


class Bend(NamedTuple):
    """A scenario on the axis of a law.

    Parameters
    ----------
    day : int
        Last day of the expected pace [day after the information date].
    factor : float
        By which what is counted later is multiplied.
    """

    day: int
    factor: float

    @property
    def nodes(self) -> np.ndarray:
        """Days next to the bend, between which nothing is smooth."""
        return np.array([max(self.day - 1, 0), self.day, self.day + 1])

    def weekly(self, begins: Floats, length: float) -> Floats:
        """Return the mean factor of stretches of time from the days on which they begin."""
        before = np.clip((self.day - begins) / length, 0.0, 1.0)
        return np.asarray(before + (1 - before) * self.factor)

    def daily(self, days: int) -> Floats:
        """Return the factor of each of some days after the information date."""
        return np.where(np.arange(1, days + 1) > self.day, self.factor, 1.0)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Another pace from a day on: whatever the pace will be, times a factor.

    Parameters
    ----------
    pace : float
        The factor, 0 to 100; 0 is a stop.
    since : datetime.date
        First day on which it holds.

    Raises
    ------
    InputError
        If the factor is out of range.

    See Also
    --------
    attrition.core.laws.with_end : an end on a day that is not known.

    Examples
    --------
    >>> Scenario.of({"pace": 0.5, "from": "2025-09-01"})
    Scenario(pace=0.5, since=datetime.date(2025, 9, 1))
    >>> Scenario.of("0.5 from 2025-09-01").words()
    'at half the pace from 1 September 2025'
    >>> Scenario.of("stop 2025-09-01").condition("if the fighting continues")
    'if the fighting stops on 1 September 2025'
    """

    pace: float
    since: date

    def __post_init__(self) -> None:
        """Refuse a factor that no pace has."""
        rule = f"the pace of a scenario must be a factor from 0 to {_MOST:g}"
        remedy = "Give for example 0.5 for half of what is expected, or 0 for a stop"
        number_within(self.pace, rule, "scenario", remedy, most=_MOST)

    @classmethod
    def of(cls, given: object) -> Scenario:
        """Return the scenario that somebody gives.

        Parameters
        ----------
        given : Scenario, mapping or str
            ``{"pace": 0.5, "from": day}`` or ``{"stop": day}``; ``"0.5 from 2025-09-01"`` or
            ``"stop 2025-09-01"``.

        Raises
        ------
        InputError
            If it is none of these.
        """
        if isinstance(given, cls):
            return given
        content: dict[str, Any] = {}
        if isinstance(given, str):
            match given.replace("=", " ").split():
                case ["stop", day]:
                    content = {"stop": day}
                case ["pace", factor, "from", day] | [factor, "from", day]:
                    content = {"pace": factor, "from": day}
        elif isinstance(given, Mapping):
            content = dict(given)
        if set(content) == {"stop"}:
            content = {"pace": 0.0, "from": content["stop"]}
        pace = _pace(content)
        if pace is None:
            raise InputError(
                "a scenario must be a pace from a day on, or a stop on a day",
                got=clip(given),
                place="scenario",
                remedy='Give {"pace": 0.5, "from": "2025-09-01"} or {"stop": "2025-09-01"}; '
                "in a shell --scenario '0.5 from 2025-09-01' or 'stop 2025-09-01'",
            )
        return cls(pace, day_from(content["from"], "scenario"))

    def to_dict(self) -> dict[str, Any]:
        """Return the mapping that :meth:`of` reads."""
        return {"pace": self.pace, "from": self.since.isoformat()}

    def bend(self, known: date, last: date) -> Bend:
        """Return the scenario on the axis of a law.

        Raises
        ------
        InputError
            If it does not begin after the information date, and by the horizon.
        """
        if not known < self.since <= last:
            rule = "a scenario must begin after the information date, and by the horizon"
            got = f"{self.since}, where {known} and {last} are these"
            remedy = "Choose a day between them: the past is what is reported of it"
            raise InputError(rule, got=got, place="scenario", remedy=remedy)
        return Bend((self.since - known).days - 1, self.pace)

    def words(self) -> str:
        """Return what follows the condition of a law: nothing for a stop, which is one itself."""
        if self.pace == 0:
            return ""
        factor = _WORDS.get(self.pace, f"{self.pace:.3g} times")
        return f"at {factor} the pace from {print_date(self.since, 'day')}"

    def condition(self, usual: str) -> str:
        """Return the condition under which a law holds, from the one without the scenario."""
        if self.pace > 0:
            return usual
        return f"if {what_ends(usual)} stops on {print_date(self.since, 'day')}"


def _pace(content: Mapping[str, Any]) -> float | None:
    """Return the factor of the pace that a mapping names; None where it is no scenario."""
    if set(content) != {"pace", "from"} or isinstance(content["pace"], bool):
        return None
    try:
        return float(content["pace"])
    except (TypeError, ValueError):
        return None
