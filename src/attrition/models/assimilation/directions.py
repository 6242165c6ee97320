"""Orthonormal directions, those that matter first."""

from __future__ import annotations

import numpy as np

from attrition.core._typing import Floats

_ROUNDED = 1e-7  # strength of a direction, of that of the strongest, below which it is rounding


def led(gradients: Floats) -> Floats:
    """Return an orthonormal basis that begins with the span of the gradients, strongest first."""
    return completed(spanned(gradients))


def spanned(gradients: Floats) -> Floats:
    """Return orthonormal directions of the span of the gradients, strongest first.

    What is left of a direction by rounding is left out, and signs are fixed, so that rounding
    turns nothing.
    """
    if not gradients.size:  # nothing but the line
        return np.zeros((gradients.shape[0], 0))
    left, strength, _ = np.linalg.svd(gradients, full_matrices=False)
    left = left[:, strength > _ROUNDED * strength.max(initial=0.0)]
    largest = np.abs(left).argmax(axis=0)
    return np.asarray(left * np.sign(left[largest, np.arange(left.shape[1])]))


def completed(directions: Floats) -> Floats:
    """Return an orthonormal basis that begins with some orthonormal directions."""
    basis, triangle = np.linalg.qr(directions, mode="complete")
    number = directions.shape[1]
    basis[:, :number] *= np.where(np.diag(triangle) < 0, -1.0, 1.0)
    return np.asarray(basis)
