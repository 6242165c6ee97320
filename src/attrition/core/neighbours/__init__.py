"""What people have, as labelled arrays: frames, other calendars, draws of other libraries.

pandas, xarray, anything that speaks Arrow (polars, pyarrow, DuckDB), dates of cftime, groups of
ArviZ and plain arrays are brought into the one form that the other rooms read. Nothing here knows
what the numbers mean.
"""

from attrition.core.neighbours.draws import paths_from
from attrition.core.neighbours.frames import Frame, dataset_from, is_frame
from attrition.core.neighbours.times import with_numpy_dates

__all__ = ["Frame", "dataset_from", "is_frame", "paths_from", "with_numpy_dates"]
