"""`python -m attrition.bench`: the same as `attrition bench`."""

from __future__ import annotations

import sys
from importlib import import_module

if __name__ == "__main__":
    sys.argv[1:1] = ["bench"]
    import_module("attrition.cli").main()  # by name: the command is the room above
