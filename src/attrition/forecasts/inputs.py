"""What a forecast is made of, whatever it was given as: a dossier, or a recorded count."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attrition.core.neighbours import Frame
from attrition.data.dossier import BUNDLED, Claim, Dossier, dossier_of, read_dossier
from attrition.data.series import Series

if TYPE_CHECKING:
    import xarray as xr

Data = Dossier | Series | Sequence[Claim] | str | Path | Frame
"""A dossier, a recorded count, claims, a frame of either kind, or the path of a file."""


def read_data(data: Data | xr.DataArray | xr.Dataset) -> Dossier | Series:
    """Return the dossier or the recorded count that was given, read if it must be.

    Parameters
    ----------
    data : Dossier, Series, list of Claim, data frame, xarray object, str or pathlib.Path
        A path that ends in ``.toml`` and the name of a bundled dossier are dossiers; every other
        path, and every frame, is a recorded count.

    Raises
    ------
    InputError
        If it is none of these, or cannot be read.

    Examples
    --------
    >>> read_data("russia-ukraine-2025-06").id
    'russia-ukraine-2025-06'
    """
    if isinstance(data, (Dossier, Series)):
        return data
    if isinstance(data, Claim):
        return dossier_of([data])
    if isinstance(data, Sequence) and not isinstance(data, (str, Path)):
        return dossier_of(data)
    if isinstance(data, (str, Path)):
        path = Path(data)
        bundled = str(data) in BUNDLED or not (path.suffix or os.path.lexists(path))
        if bundled or path.suffix == ".toml":
            return read_dossier(data)
    from attrition.data.series import read_series  # which a dossier does not need

    return read_series(data)
