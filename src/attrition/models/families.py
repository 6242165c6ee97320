"""How a pace goes on from a stated rate: a few families, and the kinds that mix them.

Each family is a path. The rate moves to a new level and keeps it: its log is k(t) z above that of
the stated rate, with k(t) = 1 - (1 - t/tau) exp(-t/tau), so that the mean of the log rate over the
first L days is kappa(L) z with kappa(L) = 1 - exp(-L/tau). A rate above zero makes a total that
never falls, which a formula for the gain at each lead alone would not promise. The parameters are
data, with their evidence, in ``bundled/paces.toml``.
"""

from __future__ import annotations

import functools
import math
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from attrition.core._typing import Floats
from attrition.core.errors import InputError, clip
from attrition.core.late import special

UNNAMED = "unnamed"
"""The mixture of all kinds, where nobody says of which kind a total is."""

STEADY = "steady"

_EDGE = 1e-12  # uniforms are kept this far from 0 and 1, whose quantiles may be infinite
_CENTRAL = 0.9  # mass of the stated interval of a life


@runtime_checkable
class PaceFamily(Protocol):
    """One way in which a pace goes on, as :func:`attrition.when` asks for it.

    Level and the noise of a gain are integrated for any of them; what it draws is its own.

    See Also
    --------
    Family : those of ``bundled/paces.toml``.
    """

    @property
    def name(self) -> str:
        """What it is called where the answer says what was assumed."""
        ...

    @property
    def evidence(self) -> str:
        """What it rests on."""
        ...

    @property
    def phi(self) -> float:
        """Variance over mean of what a day adds; at 1 it is Poisson, else gamma."""
        ...

    @property
    def dimensions(self) -> int:
        """Uniforms that drive one pace, 36 at most; what matters most comes first."""
        ...

    @property
    def keeps_rate(self) -> bool:
        """Whether rates come back from `paces` as they are: then the rate is integrated too."""
        ...

    def paces(self, uniforms: Floats, rate: Floats) -> tuple[Floats, Floats]:
        """Return rates [unit/day], shape (point,), and what moves them, shape (point, any)."""
        ...

    def elapsed(self, movers: Floats, days: NDArray[np.int64]) -> Floats:
        """Return the time passed, in days at the rate of each pace, shape (point, day).

        Of what moves the paces, as `paces` returned it, and ascending days; never falling, and 0
        on day 0.
        """
        ...


@dataclass(frozen=True, slots=True)
class Family:
    """One way in which a pace goes on; see ``bundled/paces.toml`` for the letters.

    Parameters
    ----------
    name : str
    mu, s, nu : float
        Middle, scale and degrees of freedom of the log of the new level.
    tau : float
        Days in which the rate gets there.
    phi : float
        Variance over mean of what a day adds; 1 is Poisson.
    window : float
        Days over which a stated rate was counted, whose noise it carries; 0 for none.
    least, most : float
        Bounds of the new level, as multiples of the stated rate.
    evidence : str
    fade : tuple of float or None
        Central 90 % of a rate's life [day]; None where it does not die away.
    age : tuple of float
        Central 90 % of level over rate [day], where the kind is not named.
    """

    name: str
    mu: float
    s: float
    nu: float
    tau: float
    phi: float
    window: float
    least: float
    most: float
    evidence: str
    fade: tuple[float, float] | None = None
    age: tuple[float, float] = (7.0, 50 * 365.25)

    @property
    def dimensions(self) -> int:
        """Uniforms that drive one pace: its life, the scale of its t, its new level, the noise."""
        return 4

    @property
    def keeps_rate(self) -> bool:
        """Never: the noise of a stated rate depends on how many were counted."""
        return False

    def paces(self, uniforms: Floats, rate: Floats) -> tuple[Floats, Floats]:
        """Return the rates of paces, and what moves them, of uniform points.

        Parameters
        ----------
        uniforms : ndarray of float, shape (point, 4)
        rate : ndarray of float, shape (point,)
            As stated [unit/day].

        Returns
        -------
        rate : ndarray of float, shape (point,)
            With the noise of what was counted, which falls with the root of the rate [unit/day].
        movers : ndarray of float, shape (point, 2)
            Log of the new level over the rate, within the bounds; one over the life of the rate
            [1/day].
        """
        inner = np.clip(uniforms, _EDGE, 1 - _EDGE)
        # One scale for both normals, so that their sum is Student's t at every lead.
        scale = np.sqrt(self.nu / special.chdtri(self.nu, inner[:, 1]))
        low, high = math.log(self.least), math.log(self.most)
        z = np.clip(self.mu + self.s * scale * special.ndtri(inner[:, 2]), low, high)
        noise = np.zeros_like(z)
        if self.window:
            noise = math.sqrt(self.phi / self.window) * scale * special.ndtri(inner[:, 3])
        # A rate so low that it could be anything is bounded by the same levels as the pace.
        noise = np.clip(noise / np.sqrt(np.maximum(rate, 1e-9)), low, high)
        return rate * np.exp(noise), np.stack([z, self._hazard(inner[:, 0])], axis=1)

    @property
    def life(self) -> tuple[float, float] | None:
        """Mean and standard deviation of the log of a rate's life [day]; None without an end."""
        return None if self.fade is None else _lognormal(self.fade)

    def _hazard(self, uniform: Floats) -> Floats:
        if self.life is None:
            return np.zeros_like(uniform)
        middle, spread = self.life
        return np.exp(-(middle + spread * special.ndtri(uniform)))

    def elapsed(self, movers: Floats, days: NDArray[np.int64]) -> Floats:
        """Return the time that has passed, measured in days at the rate of each pace.

        Parameters
        ----------
        movers : ndarray of float, shape (point, 2)
            As of :meth:`paces`.
        days : ndarray of int, shape (day,)
            Ascending [day after that of the level].

        Returns
        -------
        ndarray of float, shape (point, day)
            Rising; multiplied by the rate it is the expected gain [unit].

        Examples
        --------
        >>> families()["steady"].elapsed(np.zeros((1, 2)), np.arange(4))[0].tolist()
        [0.0, 1.0, 2.0, 3.0]
        """
        last = int(days[-1])
        middle = np.arange(last) + 0.5  # a day counts at its noon
        part = middle / self.tau
        k = 1.0 - (1.0 - part) * np.exp(-part)
        integral = np.zeros((len(movers), last + 1))
        log_rate = movers[:, :1] * k
        if self.fade is not None:
            log_rate -= movers[:, 1:] * middle
        np.cumsum(np.exp(log_rate), axis=1, out=integral[:, 1:])
        return integral[:, days]

    @property
    def counts(self) -> bool:
        """Whether what a day adds is Poisson: whole, and no more scattered than chance."""
        return self.phi == 1


def _lognormal(ends: tuple[float, float]) -> tuple[float, float]:
    """Return mean and standard deviation of the log, of a central 90 % interval."""
    low, high = (math.log(end) for end in ends)
    return (low + high) / 2, (high - low) / (2 * float(special.ndtri(0.5 + _CENTRAL / 2)))


def _density(age: float, ends: tuple[float, float]) -> float:
    middle, spread = _lognormal(ends)
    return math.exp(-(((math.log(age) - middle) / spread) ** 2) / 2) / spread


@functools.cache
def _table() -> dict[str, dict[str, Any]]:
    text = files("attrition").joinpath("bundled", "paces.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@functools.cache
def families() -> dict[str, Family]:
    """Return the families of the bundled table by name."""
    return {name: _family(name, row) for name, row in _table()["families"].items()}


def _family(name: str, row: dict[str, Any]) -> Family:
    content: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    return Family(name=name, **content)


def kinds() -> tuple[str, ...]:
    """Return the kinds that a total may be named as.

    Examples
    --------
    >>> kinds()
    ('steady', 'epidemic', 'conflict', 'disaster')
    """
    return tuple(name for name in _table()["kinds"] if name != UNNAMED)


def mixture_of(kind: str | None, age: float | None = None) -> tuple[tuple[Family, float], ...]:
    """Return the families of a kind with their shares; of the mixture of all where it is None.

    Parameters
    ----------
    kind : str or None
    age : float, optional
        Level over rate [day]. It weighs the families of the mixture of all, except that *steady*
        keeps its share: nothing in two figures speaks against it.

    Raises
    ------
    InputError
        If there is no such kind.

    Examples
    --------
    >>> [(family.name, share) for family, share in mixture_of("epidemic")]
    [('epidemic', 0.93), ('ending', 0.07)]
    >>> {family.name: round(share, 2) for family, share in mixture_of(None, age=5.0)}
    {'steady': 0.1, 'pooled': 0.04, 'wide': 0.25, 'disaster': 0.58, 'ending': 0.03}
    """
    if kind is not None and kind not in kinds():
        raise InputError(
            "a kind of total must be one that is known",
            got=clip(kind),
            place="kind",
            remedy=f"Give one of {', '.join(kinds())}, or leave it out",
        )
    shares = {
        families()[n]: float(s) for n, s in _table()["kinds"][kind or UNNAMED]["shares"].items()
    }
    if kind is None and age is not None:
        # A total of less than a day's worth is as young as one of a day.
        weighed = {
            f: s * _density(max(age, 1.0), f.age) for f, s in shares.items() if f.name != STEADY
        }
        steady = sum(s for f, s in shares.items() if f.name == STEADY)
        whole = sum(weighed.values())
        shares |= {f: (1 - steady) * s / whole for f, s in weighed.items()}
    return tuple(shares.items())


def evidence_of(kind: str | None) -> str:
    """Return what the mixture of a kind rests on."""
    return str(_table()["kinds"][kind or UNNAMED]["evidence"])
