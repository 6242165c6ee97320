"""Shared type words: what counts as a distribution, a seed, an array."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
"""An array of 64-bit floats of any shape."""

LARGEST = 1e30
"""What no number that is read may reach: far above any count, and powers of it stay finite."""

Singles: TypeAlias = npt.NDArray[np.float32]
"""An array of 32-bit floats of any shape."""

Rng: TypeAlias = int | np.random.Generator
"""A seed, or a Generator from which one integer seed is drawn and recorded."""


@runtime_checkable
class HasCdf(Protocol):
    """Anything with a cumulative distribution function ``cdf``.

    Both families of :mod:`scipy.stats` fit: the new random variables offer
    ``icdf``, the frozen ones ``ppf``. :func:`attrition.data.elicitation.quantile`
    reads either; scipy has no public base type for both.
    """

    def cdf(self, x: Any, /) -> Any:  # noqa: ANN401 - scalars and arrays of any kind
        """Return P(X <= x), elementwise."""


def is_distribution(thing: object) -> bool:
    """Tell whether ``thing`` offers ``cdf`` and one of ``ppf`` and ``icdf``."""
    return isinstance(thing, HasCdf) and (hasattr(thing, "ppf") or hasattr(thing, "icdf"))
