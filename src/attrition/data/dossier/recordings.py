"""A recorded count that goes with a dossier: a file, and what it counts for whom."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import Field, PrivateAttr, ValidationInfo, model_validator

from attrition.core.errors import InputError, clip
from attrition.core.files import read_file
from attrition.core.refusals import refusal
from attrition.data.dossier.values import FrozenModel


class Recording(FrozenModel):
    """A recorded count, in a file beside the dossier.

    Parameters
    ----------
    quantity : str
        Id of what is counted.
    source : str
        Id, or an alias, of who counts.
    file : str
        The CSV or Parquet file, from the folder of the dossier.
    sha256 : str
        Digest of the file; worked out where it is left out, checked where it is given.

    See Also
    --------
    attrition.Dossier : where it stands.
    attrition.read_series : how its file is read.

    Examples
    --------
    >>> import attrition as at
    >>> from importlib.resources import files
    >>> file = files("attrition") / "bundled/general_staff_personnel_to_2025-06-03.csv"
    >>> count = at.dossier.Recording(quantity="losses", source="staff", file=str(file))
    >>> len(count.sha256)
    64
    """

    quantity: str
    source: str
    file: str = Field(min_length=1)
    sha256: str = ""
    _folder: str = PrivateAttr(default="")

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return Path(self._folder) / self.file

    @model_validator(mode="after")
    def _same(self, info: ValidationInfo) -> Recording:
        context = info.context or {}
        if context.get("recorded") and self.sha256:
            return self  # of a record: no file of this name, here or elsewhere, is asked
        folder = context.get("folder", "")
        self._folder = folder or self._folder
        try:
            if folder:
                _check_inside(self.path, Path(folder))
            count = read_file(self.path, _LARGEST, "a recorded count", lambda: _BESIDE)
        except InputError:
            if self.sha256 and not self._folder:
                return self  # named in a record: the file is asked for when it is read
            raise
        digest = hashlib.sha256(count).hexdigest()
        if self.sha256 and self.sha256 != digest:
            got = f"sha256 {digest[:12]}... where {self.sha256[:12]}... is stated"
            raise refusal("count as named", got, f"series, file {clip(str(self.path))}")
        object.__setattr__(self, "sha256", digest)
        return self


_BESIDE = "Put the file beside the dossier, or correct `file`"
_LARGEST = 200_000_000  # bytes


def _check_inside(path: Path, folder: Path) -> None:
    """Refuse a file outside the dossier's folder: a stranger's dossier must not choose it."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise refusal("count in its folder", clip(str(path)), "series, file")
