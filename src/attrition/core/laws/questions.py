"""What is asked of a law, as its methods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from attrition.core._showing import front
from attrition.core._typing import Floats
from attrition.core.days import day_from
from attrition.core.laws import reading
from attrition.core.laws.reading import Crossing, Masses, Total

if TYPE_CHECKING:
    from attrition.core.laws.law import Law


class Asked:
    """The questions to a law."""

    __slots__ = ()

    @property
    def _law(self) -> Law:
        return cast("Law", self)

    def crossing(self, threshold: float, *, prob: float = 0.9) -> Crossing:
        """Return when a threshold is passed, with its equal-tailed interval.

        Parameters
        ----------
        threshold : float
            The total that is passed [unit].
        prob : float
            Probability of the interval.

        See Also
        --------
        attrition.laws.crossing : the same as a function.

        Examples
        --------
        >>> import attrition as at
        >>> law = at.forecast(at.read_dossier(), seed=1, quantities=["kharkiv-advance"]).law()
        >>> law.crossing(10_000).median.day.year, law.probability(10_000, by="2026-06-05") > 0.5
        (2025, True)
        """
        return reading.crossing(self._law, threshold, prob=prob)

    def probability(self, threshold: float, *, by: date | str) -> float:
        """Return the probability that a threshold has been passed by the end of a day."""
        return reading.probability_by(self._law, threshold, by)

    def masses(self, threshold: float) -> Masses:
        """Return the probabilities of already, within, beyond and ended."""
        return reading.masses(self._law, threshold)

    def total(self, on: date | str, *, prob: float = 0.9) -> Total:
        """Return what the total is at the end of a day, with its equal-tailed interval [unit]."""
        return reading.total(self._law, day_from(on, "on"), prob=prob)

    def quantiles(
        self, probabilities: float | Sequence[float] | Floats, *, on: date | str
    ) -> Floats:
        """Return quantiles of the total at the end of a day.

        Parameters
        ----------
        probabilities : float or sequence of float, shape (probability,)
            In (0, 1).
        on : datetime.date or str

        Returns
        -------
        ndarray of float, shape (probability,)
            [unit]

        Raises
        ------
        InputError
            If a probability or the day is out of range.
        """
        levels = [reading.check_prob(float(level)) for level in np.atleast_1d(probabilities)]
        return np.array(reading.quantiles(self._law, levels, on)[0])

    def cite(self, threshold: float | Sequence[float] | None = None, **options: Any) -> Any:  # noqa: ANN401 - those of `cite`, and a Citation
        """Return the citation of what is asked; see :func:`attrition.cite`."""
        return front("cite")(self, threshold, **options)

    @property
    def plot(self) -> Plots:
        """The pictures of the law: ``law.plot.fan()``, ``law.plot.crossing(K)`` and so on."""
        return Plots(self._law)


class Plots:
    """The pictures of a law; each takes what the function of its name takes, and returns axes."""

    __slots__ = ("_law",)

    def __init__(self, law: Law) -> None:
        self._law = law

    def fan(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - matplotlib's axes
        """Draw the total on every day; see :func:`attrition.plots.fan`."""
        return front("plots.fan")(self._law, *arguments, **options)

    def crossing(self, threshold: float, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        """Draw when a threshold is passed, as dots; see :func:`attrition.plots.crossing`."""
        return front("plots.crossing")(self._law, threshold, *arguments, **options)

    def law(self, threshold: float, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        """Draw the probability of having passed by each day; see :func:`attrition.plots.law`."""
        return front("plots.law")(self._law, threshold, *arguments, **options)
