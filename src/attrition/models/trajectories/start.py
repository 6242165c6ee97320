"""What the engine starts from: where the total stands, how fast it moves, how that changes."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from attrition.core._typing import HasCdf
from attrition.data.elicitation import parts
from attrition.models.pace import PaceModel


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the total: a level reported some days ago, and a rate.

    Parameters
    ----------
    level : distribution
        The total on the day it describes [unit].
    rate : distribution
        The mean rate over ``rate_window`` [unit/day]; where ``relative``, as a multiple of
        the level [1/day].
    lags : tuple of float
        Days from the day described to the information date; several where only a month or a
        year is known, equally likely.
    rate_window : tuple of float
        First and last lag of the days over which the rate is an average; (0, 0) for a rate
        at the information date.
    weight : float
        Its weight in the linear pool.
    relative : bool
        Whether the rate is a multiple of this component's level.
    """

    level: HasCdf
    rate: HasCdf
    lags: tuple[float, ...] = (0.0,)
    rate_window: tuple[float, float] = (0.0, 0.0)
    weight: float = 1.0
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """The state at the information date: a linear pool of components, and the pace.

    Parameters
    ----------
    components : tuple of Account
        Weights sum to one.
    pace : PaceModel
        How the rate moves before and after the information date.
    """

    components: tuple[Account, ...]
    pace: PaceModel

    def split(self) -> Start:
        """Return the same start with mixtures and discrete distributions split into components.

        Each then has one smooth shape, or is an atom, which is what the kernel integrates well.
        """
        components = [
            dataclasses.replace(
                component, level=level, rate=rate, weight=component.weight * share * part
            )
            for component in self.components
            for share, level in parts(component.level)
            for part, rate in parts(component.rate)
        ]
        return Start(tuple(components), self.pace)
