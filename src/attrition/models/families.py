"""How a pace goes on from a stated rate: a few families, and the kinds that mix them.

A table of both is a :class:`Priors`: the library's own is learnt and bundled, another may be given.

Each family is a path. The rate moves to a new level and keeps it: its log is k(t) z above that of
the stated rate, with k(t) = 1 - (1 - t/tau) exp(-t/tau), so that the mean of the log rate over the
first L days is kappa(L) z with kappa(L) = 1 - exp(-L/tau). A rate above zero makes a total that
never falls, which a formula for the gain at each lead alone would not promise. The parameters are
data, with their evidence, in ``bundled/paces.toml``; ``python -m benchmarks.priors`` learns them.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from attrition.core._showing import Shown
from attrition.core._typing import Floats
from attrition.core.days import WEEK
from attrition.core.errors import InputError, clip, refusal
from attrition.core.files import bundled_table, read_text
from attrition.core.late import special

UNNAMED = "unnamed"
"""The mixture of all kinds, where nobody says of which kind a total is."""

STEADY = "steady"

CALM = "calm"
"""The family that is learnt from counts whose pace had been steady for months."""

_LASTING = re.compile(r"steady for (\d{1,3}) months")
_WORD = 0.15  # standard deviation that "steady" allows the log of a month's pace beside another
_MONTH = 365.25 / 12  # days

_EDGE = 1e-12  # uniforms are kept this far from 0 and 1, whose quantiles may be infinite
_CENTRAL = 0.9  # mass of the stated interval of a life
_DAILY = 4 * WEEK  # days of which each is a step of the integral of a pace; later ones are weeks


@runtime_checkable
class PaceFamily(Protocol):
    """One way in which a pace goes on, as :func:`attrition.when` asks for it.

    Level and the noise of a gain are integrated for any of them; what it draws is its own.

    See Also
    --------
    attrition.when : what takes one.
    attrition.pace.Priors : those of ``bundled/paces.toml``.

    Examples
    --------
    >>> import attrition as at
    >>> family, _ = at.pace.bundled_priors().mixture("steady")[0]
    >>> isinstance(family, at.forecasts.PaceFamily), family.name
    (True, 'steady')
    >>> family.evidence
    'Definition: the rate stays and days scatter as independent events do (Poisson).'
    >>> family.phi, family.dimensions, family.keeps_rate
    (1.0, 4, False)
    >>> import numpy as np
    >>> rates, movers = family.paces(np.full((1, family.dimensions), 0.5), np.array([10.0]))
    >>> rates, family.elapsed(movers, np.array([1, 7]))
    (array([10.]), array([[1., 7.]]))
    """

    @property
    def name(self) -> str:
        """What it is called where the answer says what was assumed."""

    @property
    def evidence(self) -> str:
        """What it rests on."""

    @property
    def phi(self) -> float:
        """Variance over mean of what a day adds; at 1 it is Poisson, else gamma."""

    @property
    def dimensions(self) -> int:
        """Uniforms that drive one pace, 36 at most; what matters most comes first."""

    @property
    def keeps_rate(self) -> bool:
        """Whether rates come back from `paces` as they are: then the rate is integrated too."""

    def paces(self, uniforms: Floats, rate: Floats) -> tuple[Floats, Floats]:
        """Return rates [unit/day], shape (point,), and what moves them, shape (point, any)."""

    def elapsed(self, movers: Floats, days: NDArray[np.int64]) -> Floats:
        """Return the time passed, in days at the rate of each pace, shape (point, day).

        Of what moves the paces, as `paces` returned it, and ascending days; never falling, and 0
        on day 0.
        """


@dataclass(frozen=True, slots=True)
class Family(Shown):
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

    dimensions: ClassVar[int] = 4  # its life, the scale of its t, its new level, the noise
    keeps_rate: ClassVar[bool] = False  # the noise of a stated rate depends on what was counted

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
        noise, hazard = np.zeros_like(z), np.zeros_like(z)
        if self.life is not None:
            middle, spread = self.life
            hazard = np.exp(-(middle + spread * special.ndtri(inner[:, 0])))
        if self.window:
            noise = math.sqrt(self.phi / self.window) * scale * special.ndtri(inner[:, 3])
        # A rate so low that it could be anything is bounded by the same levels as the pace.
        noise = np.clip(noise / np.sqrt(np.maximum(rate, 1e-9)), low, high)
        return rate * np.exp(noise), np.stack([z, hazard], axis=1)

    @property
    def life(self) -> tuple[float, float] | None:
        """Mean and standard deviation of the log of a rate's life [day]; None without an end."""
        return None if self.fade is None else _lognormal(self.fade)

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

        Notes
        -----
        The rate is integrated by Gauss's rule of two points, within each of the first days and
        each later week.

        Examples
        --------
        >>> steady = bundled_priors().family("steady")
        >>> steady.elapsed(np.zeros((1, 2)), np.arange(4))[0].tolist()
        [0.0, 1.0, 2.0, 3.0]
        """
        if self.fade is None and not movers[:, 0].any():  # steady
            return np.broadcast_to(days.astype(float), (len(movers), days.size))
        last = int(days[-1])
        cells = np.unique(np.r_[: min(_DAILY, last), days, last:_DAILY:-WEEK])
        middle, half = (cells[1:] + cells[:-1]) / 2, np.diff(cells) / 2
        integral = np.zeros((len(movers), cells.size))
        for offset in (-half, half):
            time = middle + offset / math.sqrt(3.0)
            part = time / self.tau
            log_rate = movers[:, :1] * (1.0 - (1.0 - part) * np.exp(-part))
            if self.fade is not None:
                log_rate -= movers[:, 1:] * time
            integral[:, 1:] += half * np.exp(log_rate)
        np.cumsum(integral, axis=1, out=integral)
        return integral[:, np.searchsorted(cells, days)]

    @property
    def unmoved(self) -> float:
        """Density of a month's log rate at that of another month, as far as "steady" tells."""
        half = math.lgamma((self.nu + 1) / 2) - math.lgamma(self.nu / 2)
        return math.exp(half) / math.sqrt(self.nu * math.pi * (self.s**2 + _WORD**2))

    @property
    def counts(self) -> bool:
        """Whether what a day adds is Poisson: whole, and no more scattered than chance."""
        return self.phi == 1


def months_of(kind: str | None) -> int:
    """Return for how many months a pace has been steady, where a kind says so; else 0.

    Examples
    --------
    >>> months_of("steady for 6 months"), months_of("steady"), months_of(None)
    (6, 0, 0)
    """
    lasting = _LASTING.fullmatch(str(kind))
    return int(lasting[1]) if lasting else 0


def _lognormal(ends: tuple[float, float]) -> tuple[float, float]:
    """Return mean and standard deviation of the log, of a central 90 % interval."""
    low, high = (math.log(end) for end in ends)
    return (low + high) / 2, (high - low) / (2 * float(special.ndtri(0.5 + _CENTRAL / 2)))


def _density(age: float, ends: tuple[float, float]) -> float:
    middle, spread = _lognormal(ends)
    return math.exp(-(((math.log(age) - middle) / spread) ** 2) / 2) / spread


Mixture = tuple[tuple[Family, float], ...]
"""Families and their shares, which sum to one."""


@dataclass(frozen=True, slots=True)
class KindOfPace:
    """What a kind of total is made of.

    Parameters
    ----------
    name : str
    shares : tuple of (str, float)
        Families by name, and the share of each; they sum to one.
    evidence : str
    """

    name: str
    shares: tuple[tuple[str, float], ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class Priors(Shown):
    """What is assumed of paces before any figure is seen: families, and the kinds they make.

    Parameters
    ----------
    families : tuple of Family
    kinds : tuple of KindOfPace
        One of them is ``"unnamed"``, the mixture of all.

    See Also
    --------
    attrition.forecast : what takes them.

    Examples
    --------
    >>> own = Priors.of({"families": {"epidemic": {"s": 0.8}}})
    >>> [family.s for family, _ in own.mixture("epidemic")], own.digest == bundled_priors().digest
    ([0.8, 0.5], False)
    >>> own.family("epidemic").name, own.kind("epidemic").shares
    ('epidemic', (('epidemic', 0.95), ('ending', 0.05)))
    >>> [round(number, 1) for number in own.age("epidemic")], list(own.to_dict())
    ([357.5, 2.4], ['families', 'kinds'])
    """

    _parts = "families"

    families: tuple[Family, ...]
    kinds: tuple[KindOfPace, ...]

    @classmethod
    def of(cls, given: Priors | Mapping[str, Any] | str | Path | None) -> Priors:
        """Return the priors of a table, of a TOML file that holds one, or the library's own.

        Parameters
        ----------
        given : Priors, mapping, path or None
            ``families`` and ``kinds`` as in ``bundled/paces.toml``; what a table leaves out stays
            as the library has it.

        Raises
        ------
        InputError
            If the file or a key is none of that form, or a value is out of range.
        """
        if given is None or isinstance(given, Priors):
            return given or bundled_priors()
        place = "priors"
        if not isinstance(given, Mapping):
            from attrition.data.dossier.files import toml_of  # which most paces never need

            place = clip(str(given))
            if not isinstance(given, str | Path):
                raise _refused(repr(given), "priors", "Give a table, or the path of a file of one")
            given = toml_of(read_text(Path(given), _LARGEST, "a file of priors"), place)
        return _merged(bundled_priors().to_dict(), given, place)

    def to_dict(self) -> dict[str, Any]:
        """Return the table as TOML and JSON hold it."""
        return {
            "families": {
                one.name: {
                    key: list(value) if isinstance(value, tuple) else value
                    for key, value in dataclasses.asdict(one).items()
                    if key != "name" and value is not None
                }
                for one in self.families
            },
            "kinds": {
                one.name: {"shares": dict(one.shares), "evidence": one.evidence}
                for one in self.kinds
            },
        }

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that change with any number of the table."""
        text = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def names(self) -> tuple[str, ...]:
        """The kinds that a total may be named as.

        Examples
        --------
        >>> bundled_priors().names
        ('steady', 'epidemic', 'conflict', 'disaster')
        """
        return tuple(one.name for one in self.kinds if one.name != UNNAMED)

    def family(self, name: str) -> Family:
        """Return a family by its name."""
        return next(one for one in self.families if one.name == name)

    def kind(self, name: str | None) -> KindOfPace:
        """Return a kind; that of all where it is None.

        Raises
        ------
        InputError
            If there is no such kind.
        """
        for one in self.kinds:
            if one.name == (name or UNNAMED) and name != UNNAMED:
                return one
        months = months_of(name)
        if months > 1:
            return self._lasting(str(name), months)
        raise refusal("kind of total", clip(name), "kind", names=", ".join(self.names))

    def _lasting(self, name: str, months: int) -> KindOfPace:
        """Return the mixture of all, as a pace that has been steady for some months weighs it.

        Each month's pace is about that of the first: under a family that moves, its log scatters
        by Student's t about it, and by what the word allows. What is steady is so as far as counts
        that were for months, *calm*. How the futures end nothing of the past tells.
        """
        shares = dict(self.kind(None).shares)
        shares[CALM] = shares.pop(STEADY, 0.0) + shares.pop(CALM, 0.0)
        moving = {key: s for key, s in shares.items() if self.family(key).fade is None}
        weighed = {key: s * self.family(key).unmoved ** (months - 1) for key, s in moving.items()}
        whole = sum(moving.values()) / sum(weighed.values())
        shares |= {key: share * whole for key, share in weighed.items()}
        text = f"{self.family(CALM).evidence} The rest as where no kind is named, as far as so much"
        return KindOfPace(name, tuple(shares.items()), f"{text} calm lets it be.")

    def levels_off(self, kind: str | None) -> bool:
        """Tell whether all paces of a kind die away, as after one blow.

        Examples
        --------
        >>> [kind for kind in bundled_priors().names if bundled_priors().levels_off(kind)]
        ['disaster']
        """
        return all(family.fade is not None for family, _ in self.mixture(kind))

    def age(self, kind: str | None) -> tuple[float, float]:
        """Return the middle [day] and the standard deviation of the log of level over rate.

        Of a kind: the mean over its families.
        """
        rows = [(share, *_lognormal(family.age)) for family, share in self.mixture(kind)]
        middle = sum(share * mean for share, mean, _ in rows)
        return math.exp(middle), sum(share * spread for share, _, spread in rows)

    def mixture(self, kind: str | None, age: float | None = None) -> Mixture:
        """Return the families of a kind with their shares; of the mixture of all where it is None.

        Parameters
        ----------
        kind : str or None
        age : float, optional
            Level over rate [day]. It weighs the families of the mixture of all, except that
            *steady* keeps its share: nothing in two figures speaks against it.

        Raises
        ------
        InputError
            If there is no such kind.

        Examples
        --------
        >>> [(family.name, share) for family, share in bundled_priors().mixture("epidemic")]
        [('epidemic', 0.95), ('ending', 0.05)]
        >>> shares = bundled_priors().mixture(None, age=5.0)
        >>> {family.name: round(share, 2) for family, share in shares}
        {'steady': 0.1, 'pooled': 0.04, 'wide': 0.25, 'disaster': 0.58, 'ending': 0.03}
        """
        shares = {self.family(name): share for name, share in self.kind(kind).shares}
        months = months_of(kind)
        if months:  # so old it is at least
            age = max(age or 0.0, months * _MONTH)
        if (kind is None or months) and age is not None:
            # A total of less than a day's worth is as young as one of a day.
            weighed = {
                f: s * _density(max(age, 1.0), f.age) for f, s in shares.items() if f.name != STEADY
            }
            steady = sum(s for f, s in shares.items() if f.name == STEADY)
            whole = sum(weighed.values())
            shares |= {f: (1 - steady) * s / whole for f, s in weighed.items()}
        return tuple(shares.items())


LEVELLED = 183
"""Days in which the toll of a disaster has levelled off: six lives of the longest of its rates."""

_YOUNG = 0.4  # share from which a total of no named kind is said to be as young as a disaster's


def mixture_words(kind: str | None, mixture: Iterable[tuple[PaceFamily, float]]) -> str:
    """Return how likely which families are, for readers of a table."""
    shares = [(f.name, share) for f, share in mixture if share >= 0.005]  # noqa: PLR2004 - printed
    words = bundled_table("sentences.toml")["paces"]
    meanings = [f"{words.get(name, 'of its own kind')} ({name})" for name, _ in shares]
    chances = ", ".join(
        f"{100 * share:.0f} % {meaning}"
        for (_, share), meaning in zip(shares, meanings, strict=True)
    )
    if len(shares) == 1:
        chances = meanings[0].removeprefix("that ")
    if kind is None:
        return f"nobody said of which kind this is, so a mixture of all: {chances}"
    if months_of(kind):
        return f"the pace has been {kind}, which weighs the mixture of all: {chances}"
    return f"the pace goes on as those of its kind, {kind}, do: {chances}"


def disaster_words(
    kind: str | None, mixture: Iterable[tuple[PaceFamily, float]], unit: str
) -> list[str]:
    """Return what a reader must know where a total is the toll of a disaster, or may be.

    Of what is no people, as an advance in metres, nothing is supposed.
    """
    share = sum(share for family, share in mixture if family.name == "disaster")
    words = []
    if kind == "disaster":
        judged = "that is judgement, because no corpus of such tolls was at hand"
        words.append(f"a toll of a disaster levels off, here within days to weeks: {judged}")
    elif kind is None and unit == "persons" and share >= _YOUNG:
        young = "a total as young as this may be the toll of a disaster, which levels off within "
        named = "where its kind is known, name it"
        words.append(f"{young}days to weeks ({100 * share:.0f} % here): {named}")
    return words


@functools.cache
def bundled_priors() -> Priors:
    """Return what the library assumes: ``bundled/paces.toml``."""
    return _priors(bundled_table("paces.toml"), "paces.toml")


def given_priors(priors: Priors | None) -> list[tuple[str, str, str, str]]:
    """Return the assumption that a law states under other priors than the library's own."""
    if priors is None or priors == bundled_priors():
        return []
    return [("priors", priors.digest, "given with the question", "argument")]


_LARGEST = 1_000_000  # bytes of a file of priors
_SHARES = 1e-6  # by which shares may miss one
_PAIRS = {"fade", "age"}
_FREE = {"mu", "s", "window"}  # what need not be above 0
_KEYS = (
    "A family has mu, s, nu, tau, phi, window, least and most (numbers), evidence (text), and may "
    "have fade and age (two numbers above 0)"
)


def _merged(base: dict[str, Any], given: Mapping[str, Any], place: str) -> Priors:
    """Return a table with the rows of another in their places."""
    for part, rows in given.items():
        if part not in base or not isinstance(rows, Mapping):
            raise _refused(f"[{clip(part)}]", place, "Give tables [families.…] and [kinds.…]")
        for name, row in rows.items():
            if not isinstance(row, Mapping):
                raise _refused(f"{part}.{name} = {clip(row)}", place, "Give a table of keys")
            old = base[part].get(name, {"evidence": "given with the question"})
            base[part][name] = {**old, **row}
    return _priors(base, place)


def _priors(table: Mapping[str, Any], place: str) -> Priors:
    families = {name: _family(name, row, place) for name, row in table["families"].items()}
    kinds = []
    for name, row in table["kinds"].items():
        shares = row.get("shares")
        known = isinstance(shares, Mapping) and set(shares) <= set(families)
        if not (known and all(_number(value) and value >= 0 for value in shares.values())):
            got, remedy = f"kinds.{name}.shares = {clip(shares)}", "Give shares of families"
            raise _refused(got, place, remedy)
        whole = sum(shares.values())
        if abs(whole - 1) > _SHARES:
            got = f"kinds.{name}: shares that sum to {whole:g}"
            raise _refused(got, place, "Shares of a kind sum to 1")
        rows = tuple((family, float(share)) for family, share in shares.items())
        kinds.append(KindOfPace(str(name), rows, str(row.get("evidence", ""))))
    return Priors(tuple(families.values()), tuple(kinds))


def _family(name: str, row: Mapping[str, Any], place: str) -> Family:
    fields = {one.name: one.default for one in dataclasses.fields(Family) if one.name != "name"}
    content: dict[str, Any] = {}
    for key, value in row.items():
        pair = isinstance(value, list | tuple) and len(value) == 2  # noqa: PLR2004 - two ends
        numbers = value if pair else [value]
        good = key in fields and pair is (key in _PAIRS)
        if key != "evidence":
            good = good and all(_number(n) and (key in _FREE or n > 0) for n in numbers)
        if not good:
            raise _refused(f"families.{name}: {key} = {clip(value)}", place, _KEYS)
        content[key] = tuple(map(float, numbers)) if pair else value
    missing = [
        key for key, usual in fields.items() if key not in row and usual is dataclasses.MISSING
    ]
    if missing or content["least"] > content["most"] or content["s"] < 0:
        raise _refused(f"families.{name}: {', '.join(missing) or 'bounds'}", place, _KEYS)
    return Family(name=str(name), **content)


def _number(value: object) -> bool:
    real = isinstance(value, int | float) and not isinstance(value, bool)
    return real and math.isfinite(value)  # type: ignore[arg-type]


def _refused(got: str, place: str, remedy: str) -> InputError:
    return refusal("priors", clip(got, 120).strip("'"), place, remedy=remedy)
