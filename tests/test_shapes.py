"""Docstrings say the shapes of arrays, and what they say holds: checked while the package works.

A line ``points : ndarray of float, shape (draw, unknown)`` of a docstring is read as the annotation
``Float[ndarray, "draw unknown"]`` of jaxtyping, and beartype checks it at each call. So a shape
stands in one place, where it is read, and cannot lie.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
import pytest
from beartype import BeartypeConf, beartype
from beartype.roar import BeartypeCallHintViolation
from jaxtyping import Bool, Float, Int, Shaped, TypeCheckError, jaxtyped

import attrition as at

ROOMS = ("core", "models", "evaluation")
KINDS: dict[str, Any] = {"float": Float, "int": Int, "bool": Bool}
LINE = r"ndarray of (\w+), shape \(([^)]*)\)(.*)"
CHECKED = beartype(conf=BeartypeConf(is_pep484_tower=True))

Function = Callable[..., Any]


def _dims(text: str, whole: set[str], bound: set[str]) -> str:
    """Return the axes of a shape as jaxtyping writes them.

    Parameters
    ----------
    text : str
    whole : set of str
        Arguments that are whole numbers: an axis may be as long as one.
    bound : set of str
        Axes whose lengths are known, of which sums may be told.
    """
    axes = []
    for part in text.split(","):
        axis = part.strip()
        match = re.fullmatch(r"(\w+)(?: ([+-]) (\d+))?", axis)
        if axis == "...":
            axes.append(axis)
        elif match and match[1] in whole:
            axes.append(f"{{{match[1]}}}{match[2] or ''}{match[3] or ''}")
        elif match and (match[2] is None or match[1] in bound):
            axes.append(axis.replace(" ", ""))
        elif axis:  # "draw or 1": of either size
            axes.append("_")
    return " ".join(axes)


def _annotation(kind: str, dims: str, rest: str) -> Any:
    wanted = KINDS.get(kind, Shaped)[np.ndarray, dims]
    return wanted | None if "optional" in rest or "None" in rest else wanted


def shapes_of(function: Function) -> dict[str, Any]:
    """Return the annotations that the docstring of a function makes, by argument or "return"."""
    text = inspect.getdoc(function) or ""
    names = inspect.signature(function).parameters
    whole = {name for name, one in names.items() if one.annotation in {"int", int}}
    annotations: dict[str, Any] = {}
    bound: set[str] = set()
    for match in re.finditer(rf"^([\w, ]+) : {LINE}$", text, re.MULTILINE):
        for name in match[1].split(", "):
            if name in names and " or (" not in match[4]:  # one shape alone can be checked
                dims = _dims(match[3], whole, set())
                annotations[name] = _annotation(match[2], dims, match[4])
                bound |= set(dims.split())
    section = re.search(r"^Returns\n-------\n(.*?)(?=\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    lines = [line for line in section[1].splitlines() if line[:1] != " "] if section else []
    matches = [re.fullmatch(rf"(?:\w+ : )?{LINE}", line) for line in lines]
    # of several only some may be arrays
    only = matches[0] if len(matches) == 1 else None
    if only is not None and " or (" not in only[3]:
        annotations["return"] = _annotation(only[1], _dims(only[2], whole, bound), only[3])
    return annotations


def checked(function: Function, calls: set[str]) -> Function:
    """Return a function that checks the shapes its docstring says."""
    copy = types.FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__annotations__ = shapes_of(function)
    copy.__module__ = __name__
    inner = jaxtyped(typechecker=CHECKED)(copy)

    def call(*arguments: Any, **named: Any) -> Any:
        calls.add(f"{function.__module__}.{function.__qualname__}")
        return inner(*arguments, **named)

    return call


def _modules() -> Iterator[types.ModuleType]:
    for room in ROOMS:
        package = importlib.import_module(f"attrition.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(module.name)


def _stands_in(thing: Any, module: types.ModuleType) -> bool:
    return getattr(thing, "__module__", None) == module.__name__


@contextmanager
def watched() -> Iterator[set[str]]:
    """Check the shapes of all calls inside; yields the functions that were called."""
    calls: set[str] = set()
    wrappers: dict[int, Function] = {}
    places: list[tuple[Any, str, Function]] = []
    for module in _modules():
        own = [one for one in vars(module).values() if _stands_in(one, module)]
        for holder in (module, *(one for one in own if inspect.isclass(one))):
            for name, thing in list(vars(holder).items()):
                if inspect.isfunction(thing) and _stands_in(thing, module) and shapes_of(thing):
                    wrappers[id(thing)] = checked(thing, calls)
                    if holder is not module:
                        places.append((holder, name, thing))
    places += [
        (module, name, thing)
        for key, module in list(sys.modules.items())
        if key.startswith("attrition")
        for name, thing in list(vars(module).items())
        if inspect.isfunction(thing) and id(thing) in wrappers
    ]
    for module, name, thing in places:
        setattr(module, name, wrappers[id(thing)])
    try:
        yield calls
    finally:
        for module, name, thing in places:
            setattr(module, name, thing)


def _work() -> None:
    """Use the package as people do: quoted claims, a count, two figures, what is asked of them."""
    day = "2025-06-03"
    claims = [
        at.claim("about 250,000 killed", source="A", on=day),
        at.claim("around 300 killed a day", source="A", on=day),
    ]
    asked: dict[str, Any] = {"size": 64, "tolerance": 60.0, "horizon": "2026-06-03", "seed": 1}
    forecast = at.forecast(claims, thresholds=[300_000], scenario="0.5 from 2026-01-01", **asked)
    law = forecast.law()
    law.quantiles([0.05, 0.95], on="2025-12-01")
    law.probability(290_000, by="2025-12-01")
    forecast.check()
    forecast.increments(every="month")
    forecast.paths("killed", law.provenance.basis, draws=64, rng=1)
    daily = np.random.default_rng(1).poisson(40, 200).astype(float)
    index = pd.date_range("2025-01-01", periods=200)
    count = at.read_series(pd.Series(daily.cumsum(), index=index, name="cumulative"))
    at.forecast(count, thresholds=[9_000], tolerance=30.0, seed=1).law().total("2025-08-01")
    paths = np.cumsum(np.random.default_rng(2).poisson(9, (64, 30)), axis=1).astype(float)
    at.Law.from_paths(paths, [100.0], start=pd.Timestamp("2025-01-01").date()).crossing(100.0)


def test_shapes_are_what_docstrings_say() -> None:
    with watched() as calls:
        _work()
    assert len(calls) >= 30, sorted(calls)


def test_a_wrong_shape_would_be_noticed() -> None:
    def kernel(rates: np.ndarray, days: int) -> np.ndarray:
        """Add up.

        Parameters
        ----------
        rates : ndarray of float, shape (draw, week)
        days : int

        Returns
        -------
        ndarray of float, shape (draw, days + 1)
        """
        return np.zeros((rates.shape[0], days + (2 if rates.shape[1] == 9 else 1)))

    calls: set[str] = set()
    guarded = checked(kernel, calls)
    assert guarded(np.zeros((3, 4)), 5).shape == (3, 6)
    for wrong in (np.zeros(3), np.zeros((3, 4), int), np.zeros((3, 9))):
        with pytest.raises((TypeCheckError, BeartypeCallHintViolation)):
            guarded(wrong, 5)


def test_watching_leaves_the_package_as_it_was() -> None:
    from attrition.core import numerics

    before = numerics.smoothed
    with watched():
        pass
    assert numerics.smoothed is before
