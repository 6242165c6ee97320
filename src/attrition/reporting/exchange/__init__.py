"""Laws and paths in the forms of others: netCDF, Zarr, Parquet, ArviZ.

What is written is read back as it was: numbers to the last bit, units, names and provenance.
"""

from attrition.reporting.exchange.labels import law_from_dataset, to_arviz, with_conventions
from attrition.reporting.exchange.storage import read_law, write_law

__all__ = ["law_from_dataset", "read_law", "to_arviz", "with_conventions", "write_law"]
