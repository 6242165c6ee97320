"""What several commands are asked alike, and how they say what gave pause."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from attrition.cli.arguments import day_of, harmless, number_of, pairs_of
from attrition.core.errors import AttritionWarning, refusal

if TYPE_CHECKING:
    from attrition.data.dossier import Dossier
    from attrition.data.series import Series


class Alike:
    """Options that several commands have.

    Parameters
    ----------
    dossier
        A TOML file, or the id of a bundled dossier.
    prob
        Probability of the intervals, as much below as above.
    seed
        Seed of the simulation.
    as_json : --json
        Print JSON instead of text.
    priors : FILE
        What is assumed of paces: a TOML FILE in the form of bundled/paces.toml. Default: the
        library's own, learnt from recorded counts.
    workers : $ATTRITION_WORKERS
        'threads', 'processes' (':N' of them), or the address of a Dask scheduler. Default: this
        thread. The results are the same.
    checkpoint
        Keep what is done in this DIR; the same command goes on from there.
    max_time
        Stop cleanly after so many seconds; exit code 3.
    """


@dataclass(frozen=True, slots=True)
class QuestionOptions:
    """What is asked of a dossier or a recorded count, as options.

    Parameters
    ----------
    quantity
        Forecast only this total; may be repeated. 'one+other' asks about their sum.
    basis
        Whose count: a source's id, or 'latent', the toll itself. Default: as the dossier says.
    threshold
        Ask about this total instead of the dossier's; may be repeated.
    as_of
        Information DATE. Default: the latest publication in the dossier.
    horizon
        Last DATE. Default: two years ahead, half a year for a disaster.
    end_hazard
        Chance per day that the count ends. What follows stands beside the rest.
    scenario
        Suppose another pace from a day on, '0.5 from 2025-09-01' for half of what is expected, or
        'stop 2025-09-01'.
    common_pace
        How far the paces of totals that are added go together: a correlation, 0 to 1.
    subject
        What is counted, as sentences say it: 'cholera deaths in Zemlan'.
    verb
        What it does to a threshold: 'passes', 'reaches'.
    condition
        If what holds: 'if deaths go on at this pace'.
    kind
        What is counted, where the dossier names no kind: steady (the pace stays as it is), epidemic
        or conflict (it moves as in recorded ones), disaster (it levels off), or 'steady for 6
        months'. Default: a mixture of all.
    """

    quantity: list[str] | None = None
    basis: str | None = None
    threshold: list[str] | None = None
    as_of: str | None = None
    horizon: str | None = None
    prob: float = 0.9
    end_hazard: float | None = None
    scenario: str | None = None
    common_pace: float | None = None
    subject: str | None = None
    verb: str | None = None
    condition: str | None = None
    kind: str | None = None
    priors: Path | None = None
    seed: int = 1

    def words(self) -> dict[str, Any]:
        """Return the arguments of :func:`attrition.forecast`; refuse what is no day or number."""
        thresholds = [number_of(text) for text in self.threshold] if self.threshold else None
        return {
            "quantities": self.quantity or None,
            "bases": self.basis,
            "thresholds": thresholds,
            "as_of": day_of(self.as_of, "--as-of"),
            "horizon": day_of(self.horizon, "--horizon"),
            **{name: getattr(self, name) for name in _AS_THEY_ARE},
        }


_WORDS = ("subject", "verb", "condition")
_AS_THEY_ARE = (
    *("prob", "end_hazard", "scenario", "common_pace", "kind", "priors", "seed"),
    *_WORDS,
)


_ENTRY = re.compile(
    r"^(?P<name>\w+)(?: : (?P<declared>.*))?\n(?P<text>(?: {4}.*(?:\n|$))+)", re.MULTILINE
)
"""A parameter of numpydoc: its name, perhaps flag, $VARIABLE and what it takes, what it means."""


def expanded(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with options of which its docstring says what they mean.

    Where it takes a dataclass, the fields of that are options, and its docstring tells of them.
    """
    hints = get_type_hints(command)
    groups: dict[str, Any] = {
        name: kind for name, kind in hints.items() if dataclasses.is_dataclass(kind)
    }
    parameters: list[inspect.Parameter] = []
    for name, one in inspect.signature(command).parameters.items():
        if name not in groups:
            parameters.append(_documented(one, hints, command))
            continue
        kinds = get_type_hints(groups[name])
        parameters += [
            _documented(one.replace(name=field.name, default=_usual(field)), kinds, groups[name])
            for field in dataclasses.fields(groups[name])
        ]

    @functools.wraps(command)
    def run(**given: Any) -> None:  # noqa: ANN401 - options of any kind
        for name, kind in groups.items():
            own = {field.name: given.pop(field.name) for field in dataclasses.fields(kind)}
            given[name] = kind(**own)
        command(**given)

    del run.__wrapped__
    run.__doc__ = (inspect.getdoc(command) or "").partition("\n\nParameters\n")[0]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run


def _usual(field: dataclasses.Field[Any]) -> Any:  # noqa: ANN401 - an option of any kind
    return inspect.Parameter.empty if field.default is dataclasses.MISSING else field.default


def _documented(
    one: inspect.Parameter, hints: Mapping[str, Any], owner: object
) -> inspect.Parameter:
    """Return a parameter as an option or an argument, with what a docstring says of it."""
    kind, documents = hints[one.name], (owner, Alike)
    entries = (entry for text in documents for entry in _ENTRY.finditer(inspect.getdoc(text) or ""))
    entry = next(entry for entry in entries if entry["name"] == one.name)
    words = (entry["declared"] or "").split()
    flags = [word for word in words if word.startswith("--")]
    variables = [word.removeprefix("$") for word in words if word.startswith("$")]
    stated: dict[str, Any] = {
        "help": " ".join(entry["text"].split()),
        "metavar": next((word for word in words if word[0] not in "-$"), None),
        "envvar": variables or None,
        "readable": False,  # what cannot be read is refused by the reader, with a remedy
    }
    if one.kind is not one.KEYWORD_ONLY:
        return one.replace(annotation=Annotated[kind, typer.Argument(**stated)])
    if kind is bool and not flags:
        flags = [f"--{one.name.replace('_', '-')}"]  # without one that says no
    return one.replace(annotation=Annotated[kind, typer.Option(*flags, **stated)])


@contextmanager
def noting() -> Iterator[None]:
    """Write what the library warned of to the standard error, when all is done and printed."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", AttritionWarning)
        yield
    for warning in caught:
        if issubclass(warning.category, AttritionWarning):
            sys.stderr.write(f"attrition: note: {harmless(str(warning.message))}\n")


@dataclass(frozen=True, slots=True)
class CountOptions:
    """How a recorded count is read from a file, as options.

    Parameters
    ----------
    date_column
        Of a series: its column of dates, if not a known name.
    value_column
        Of a series: its column of counts, if not a known name.
    value_kind
        Of a series: 'total' so far, 'new' counts, or 'rows', each of which is one.
    where : COLUMN=VALUE
        Of a series: read only such rows; may be repeated. '*' adds all values.
    day_first : --day-first/--month-first
        Of a series: whether 3/4/2025 begins with the day.
    timezone : ZONE
        Of a series: the time zone, as Europe/Kyiv, of the day of a time with an offset.
    period
        Of a series: weeks or months are labelled by their 'start' or 'end'.
    scale
        Of a series: what one unit counts, 1000 for thousands.
    year
        Of a series: the year of dates that have none; of others, read this one.
    incomplete
        Of a series: so many last days are still incomplete.
    report_date_column
        Of a series by date of event: its column of dates of report. What is still to come about
        the last days is learnt from it.
    """

    date_column: str | None = None
    value_column: str | None = None
    value_kind: str | None = None
    where: list[str] | None = None
    day_first: bool | None = None
    timezone: str | None = None
    period: str | None = None
    scale: str | None = None
    year: int | None = None
    incomplete: int = 0
    report_date_column: str | None = None

    @property
    def given(self) -> dict[str, object]:
        """The options that were given, by their names on the command line."""
        words = ((field, getattr(self, field.name)) for field in dataclasses.fields(self))
        return {
            f"--{field.name.replace('_', '-')}": value
            for field, value in words
            if value not in (field.default, [])
        }

    def read(self, file: Path) -> Series:
        """Read a recorded count as the options say."""
        import attrition as at

        same = ("incomplete", "day_first", "timezone", "year", "period")
        words: dict[str, Any] = {name: getattr(self, name) for name in same}
        words["kind"] = self.value_kind  # which is checked
        pairs = pairs_of(self.where or [], "--where", "COLUMN=VALUE", "country=Sudan", empty=True)
        return at.read_series(
            file,
            date=self.date_column,
            value=self.value_column,
            where=dict(pairs),
            scale=None if self.scale is None else number_of(self.scale, "--scale"),
            report_date=self.report_date_column,
            **words,
        )


def plain_count_of(file: Path) -> Series:
    """Read a recorded count by its known names, and say on the standard error what is odd."""
    import attrition as at

    with noting():
        return at.read_series(file)


def data_of(
    dossier: str, bundled: str, series: Path | None, count: CountOptions, **others: object
) -> Dossier | Series:
    """Read what is asked about: a dossier, or a recorded count instead of it.

    ``others`` are options, by name, that go with a dossier only.
    """
    import attrition as at

    if series is None:
        if count.given:
            raise refusal("option of a count", " ".join(count.given), "dossier")
        return at.read_dossier(dossier)
    clashes = {"dossier": dossier != bundled, **others}
    for name, given in clashes.items():
        if given:
            raise refusal("count by itself", f"--series and a {name}", "--series", name=name)
    return count.read(series)
