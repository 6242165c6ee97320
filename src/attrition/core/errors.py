"""What goes wrong, said so that a reader can mend it.

Every refusal names four things: the rule, the value that broke it, the place
where it stands, and the remedy.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache


class AttritionError(Exception):
    """Base of every error that this library raises on purpose.

    See Also
    --------
    attrition.InputError : what entered breaks a rule.

    Examples
    --------
    >>> import attrition as at
    >>> for error in (at.InputError, FileNotFoundError):
    ...     print(error.__name__, issubclass(error, at.AttritionError))
    InputError True
    FileNotFoundError False
    """


class InputError(AttritionError, ValueError):
    """Something that entered breaks a stated rule.

    Parameters
    ----------
    rule : str
        What must hold, as a clause: "`low` must not exceed `high`".
    got : str
        The value that broke it: "low=900 and high=400".
    place : str
        Where it stands: "dossier.toml, claims[12], source 'A'".
    remedy : str
        What the reader can do, as a sentence without its full stop.

    See Also
    --------
    attrition.AttritionError : every error that is raised on purpose.

    Examples
    --------
    >>> print(
    ...     InputError(
    ...         "`prob` must lie between 0 and 1",
    ...         got="1.0",
    ...         place="forecast",
    ...         remedy="Give for example 0.9",
    ...     )
    ... )
    `prob` must lie between 0 and 1, got 1.0 (forecast). Give for example 0.9.
    """

    def __init__(self, rule: str, *, got: str, place: str, remedy: str) -> None:
        self.rule = rule
        self.got = got
        self.place = place
        self.remedy = remedy
        super().__init__(rule, got, place, remedy)

    def __reduce__(self) -> tuple[Callable[..., InputError], tuple[str, str, str, str]]:
        """Return how a worker's error is made again where its result is awaited."""
        return _input_error, (self.rule, self.got, self.place, self.remedy)

    def __str__(self) -> str:
        """Return the four parts as one line of prose."""
        end = "" if self.remedy.endswith("?") else "."
        return f"{self.rule}, got {self.got} ({self.place}). {self.remedy.rstrip('.')}{end}"


def _input_error(rule: str, got: str, place: str, remedy: str) -> InputError:
    return InputError(rule, got=got, place=place, remedy=remedy)


class UnfinishedError(AttritionError):
    """Long work stopped before its end; the message says what is kept and how to go on."""


class AttritionWarning(UserWarning):
    """Something a careful reader should know, though the answer stands.

    See Also
    --------
    attrition.AttritionError : where there is no answer.

    Examples
    --------
    >>> import warnings
    >>> import attrition as at
    >>> with warnings.catch_warnings(action="error", category=at.AttritionWarning):
    ...     print(at.parse("around 1,000")[0].point)
    1000.0
    """


def clip(value: object, length: int = 60) -> str:
    """Return ``repr(value)``, shortened in the middle when it is long.

    Examples
    --------
    >>> clip("short")
    "'short'"
    >>> len(clip("x" * 10_000))
    60
    """
    text = repr(value[: 4 * length] if isinstance(value, str) else value)
    if len(text) <= length:
        return text
    head = (length - 1) // 2
    return f"{text[:head]}…{text[-(length - 1 - head) :]}"


@cache
def _table() -> dict[str, dict[str, str]]:
    import tomllib  # which no command needs that refuses nothing
    from importlib import resources

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
