"""The version, written once: the build reads it here, and so does the library."""

__version__ = "0.1.0"
