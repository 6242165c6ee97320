"""Refusals by name: ``bundled/refusals.toml`` holds the rule and the remedy of each."""

from __future__ import annotations

from functools import cache
from importlib import resources

from attrition.core.errors import InputError


@cache
def _table() -> dict[str, dict[str, str]]:
    import tomllib  # which no command needs that refuses nothing

    table = resources.files("attrition").joinpath("bundled", "refusals.toml")
    return tomllib.loads(table.read_text(encoding="utf-8"))


def refusal(name: str, got: str, where: str, /, **words: object) -> InputError:
    """Return the error of a rule that is broken.

    Parameters
    ----------
    name : str
        Of a row of the table.
    got : str
        The value that broke the rule.
    where : str
        Where it stands.
    **words : object
        What the rule or the remedy names in braces.

    Examples
    --------
    >>> print(refusal("two reports", "1", "deaths.csv"))
    a series must hold at least two reports, got 1 (deaths.csv). Add reports on other days.
    """
    rule, remedy = (_table()[name][part].format(**words) for part in ("rule", "remedy"))
    return InputError(rule, got=got, place=where, remedy=remedy)
