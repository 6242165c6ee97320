"""The log density at one point, with its gradient and its Hessian, for the search of modes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from attrition.core._typing import Floats
from attrition.core.late import special
from attrition.models.assimilation.model import Model, heavy
from attrition.models.assimilation.readings import log_density


def likelihood_expansion(model: Model, eta: Floats) -> tuple[float, Floats, Floats]:
    """Return the log likelihood at one set of log figures, its gradient and its Hessian."""
    single = list(model.singles)
    value, first, second = log_density(list(model.readings), eta[single])
    mean = np.exp(eta[model.terms :])
    fit = float(value.sum() + ((model.recorded * eta[model.terms :]) - mean).sum() / model.noise)
    slope, bend = np.zeros(eta.size), np.zeros((eta.size, eta.size))
    slope[single], bend[single, single] = first, second
    slope[model.terms :] = (model.recorded - mean) / model.noise
    counted = np.arange(model.terms, eta.size)
    bend[counted, counted] = -mean / model.noise
    for block in model.blocks:
        more, along, across, which = block.expansion(eta)
        fit += more
        slope[which] += along
        bend[np.ix_(which, which)] += across
    return fit, slope, bend


def expansion(model: Model, point: Floats) -> tuple[float, Floats, Floats]:
    """Return the log density at one point, its gradient and its Hessian."""
    rates = {key: rate[0] for key, rate in model.rates(point[None]).items()}
    weights, mean = model.errors
    counts = model.counts_of({key: rate[None] for key, rate in rates.items()})[0]
    fit, first, second = likelihood_expansion(
        model, counts + point[model.places["u"]] @ weights + mean
    )
    jacobian = np.zeros((first.size, model.size))
    curved = np.zeros((model.size, model.size))
    for groups, sign in ((model.groups, 1.0), (model.wholes, -1.0)):
        for key, index in groups.items():
            own, across = _of_quantity(
                model, key, index, rates, point=point, pull=sign * first[index]
            )
            jacobian[index] += sign * own
            curved += across
    jacobian[:, model.places["u"]] = model.errors[0].T
    reported = jacobian[: model.terms]
    weighed = np.diag(second)[model.terms :, None] * jacobian[model.terms :]
    hessian = curved + reported.T @ second[: model.terms, : model.terms] @ reported
    hessian += jacobian[model.terms :].T @ weighed
    gradient = jacobian.T @ first
    start, nodes = model.places["u"].start, len(model.network.series)
    own, own_slope, own_bend = heavy(point[start : start + nodes])
    bend = -np.concatenate([model.precision, np.ones(model.size - start)])
    slope = bend * point
    slope[start : start + nodes], bend[start : start + nodes] = own_slope, own_bend
    drifts = point[start + nodes :]
    prior = own.sum() + model.log_shape(point[None])[0] - 0.5 * drifts @ drifts
    return fit + float(prior), gradient + slope, hessian + np.diag(bend)


def _of_quantity(
    model: Model,
    key: str,
    index: np.ndarray,
    rates: Mapping[str, Floats],
    *,
    point: Floats,
    pull: Floats,
) -> tuple[Floats, Floats]:
    """Return the derivatives of the log counts of one quantity.

    Parameters
    ----------
    model : Model
    key : str
    index : ndarray of int
        The data that count it.
    rates : mapping of str to ndarray, shape (week,)
    point : ndarray of float, shape (unknown,)
    pull : ndarray of float, shape (datum,)
        What the second derivatives are multiplied by before they are added up.

    Returns
    -------
    first : ndarray of float, shape (datum, unknown)
    second : ndarray of float, shape (unknown, unknown)
    """
    curved = np.zeros((model.size, model.size))
    own, weights, left = _moved(model, key, model.windows[:, index], rates, point)
    maps, where = _maps(model, key, left)
    total, moved = pull @ weights, own[:, where]
    curved[np.ix_(where, where)] = (maps * total) @ maps.T - (moved.T * pull) @ moved
    for p in left:
        place, loading = model.places[f"y:{p}"], model.loadings[p]
        curved[place, place] -= (loading * (total * left[p] * (1 - left[p]))) @ loading.T
    return own, curved


def slopes_of(model: Model, windows: Floats, point: Floats) -> Floats:
    """Return the gradients of the log counts of every quantity in some windows.

    Parameters
    ----------
    model : Model
    windows : ndarray of float, shape (week, window)
        Days of each week.
    point : ndarray of float, shape (unknown,)

    Returns
    -------
    ndarray of float, shape (quantity x window, unknown)
    """
    rates = {key: rate[0] for key, rate in model.rates(point[None]).items()}
    return np.concatenate([_moved(model, key, windows, rates, point)[0] for key in rates])


def slopes(model: Model, point: Floats) -> Floats:
    """Return the gradient of the log of each figure, shape (datum, unknown)."""
    rates = {key: rate[0] for key, rate in model.rates(point[None]).items()}
    out = np.zeros((model.windows.shape[1], model.size))
    for groups, sign in ((model.groups, 1.0), (model.wholes, -1.0)):
        for key, index in groups.items():
            out[index] += sign * _moved(model, key, model.windows[:, index], rates, point)[0]
    out[:, model.places["u"]] = model.errors[0].T
    return out


def _moved(
    model: Model, key: str, windows: Floats, rates: Mapping[str, Floats], point: Floats
) -> tuple[Floats, Floats, dict[str, Floats]]:
    """Return the gradients of log counts, shape (window, unknown), with what makes them.

    That is the share of each week in each count, shape (window, week), and one minus the
    share of each part in the line of the quantity.
    """
    parts = rates[key][:, None] * windows
    weights = np.asarray((parts / parts.sum(axis=0)).T)
    lineage = model.evidence.lineage(key)
    left = {p: special.expit(-model.logits(point[None], p)[0]) for p in lineage}
    maps, where = _maps(model, key, left)
    own = np.zeros((windows.shape[1], model.size))
    own[:, where] = weights @ maps.T
    return own, weights, left


def _maps(model: Model, key: str, left: Mapping[str, Floats]) -> tuple[Floats, np.ndarray]:
    """Return how unknowns move the log rate of a quantity by week, and which they are."""
    lineage = model.evidence.lineage(key)
    maps = [np.ones(model.cells), model.walk, *(model.loadings[p] * left[p] for p in lineage)]
    where = np.r_[0, model.places["z"], *(model.places[f"y:{p}"] for p in lineage)]
    return np.vstack(maps), where
