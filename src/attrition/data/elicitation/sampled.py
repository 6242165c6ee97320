"""The distribution that a sample of draws describes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from attrition.core._typing import Floats
from attrition.core.refusals import refusal

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """A distribution by its quantiles, linear between the draws of a sample.

    The i-th of n ordered draws is the quantile of probability (i - 1/2) / n (Hazen 1914; type 5 of
    Hyndman and Fan 1996, doi:10.1080/00031305.1996.10473566). Nothing lies beyond the outermost.

    Parameters
    ----------
    values : ndarray of float, shape (draw,)
        Ascending, and distinct.
    mass : ndarray of float, shape (draw,)
        P(X <= value).
    """

    values: Floats = field(repr=False)
    mass: Floats = field(repr=False)

    def cdf(self, x: ArrayLike, /) -> Floats:
        """Return P(X <= x), elementwise."""
        return np.asarray(
            np.interp(np.asarray(x, dtype=float), self.values, self.mass, left=0.0, right=1.0)
        )

    def ppf(self, probability: ArrayLike, /) -> Floats:
        """Return the quantiles, elementwise."""
        return np.asarray(np.interp(np.asarray(probability, dtype=float), self.mass, self.values))


def of_sample(draws: ArrayLike, place: str) -> Sampled:
    """Return the distribution of a sample of any shape.

    Raises
    ------
    InputError
        If there are fewer than two distinct draws, or one is not finite.
    """
    flat = np.sort(np.asarray(draws, dtype=float).ravel())
    values, last = np.unique(flat[::-1], return_index=True)
    if values.size < 2 or not np.isfinite(flat).all():  # noqa: PLR2004 - a spread needs two
        raise refusal("sample", f"{values.size} distinct of {flat.size}", place)
    mass = (flat.size - last - 0.5) / flat.size  # of the last of equal draws
    return Sampled(values, np.asarray(mass))
