"""What is asked of a forecast: everything that fixes its answer, in one frozen value.

The same data, the same question and the same release give the same bytes. A record holds both, so
that anybody can ask again. What only says how the work is done (workers, a limit of time, a
display of progress) is no part of it.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np

from attrition.core._showing import Shown
from attrition.core.checks import check_known, check_prob, check_type, number_within, whole_number
from attrition.core.days import day_from, days_from
from attrition.core.errors import InputError, clip, refusal
from attrition.core.laws.law import tupled
from attrition.core.laws.scenarios import Scenario
from attrition.data.dossier.models import check_condition, check_subject, check_verb
from attrition.models.families import Priors
from attrition.models.pace import Prior

MODELS: Mapping[str, int] = {"posterior": 3, "count": 2}
"""The models, by the name under which a question asks for them, and the version of each: it rises
when a model answers the same question otherwise."""


@dataclass(frozen=True, slots=True)
class Question(Shown):
    """What is asked of a dossier or a recorded count.

    Parameters
    ----------
    quantities : tuple of str, optional
        Ids of the totals; all when left out. ``"one+other"`` alone asks about their sum.
    bases : tuple of str, optional
        Whose counts of them: ``"latent"`` or ids of sources; each total's own when left out.
    thresholds : tuple of float, optional
        Totals that are passed [unit]; those of the dossier, or the next round ones of a count, when
        left out.
    on : tuple of datetime.date
        Days on which totals are read.
    events : tuple of (str, float, str)
        Quantity, threshold and basis of events that are asked about together; a basis left out is
        ``"latent"``.
    as_of : datetime.date, optional
        The information date: nothing later is known. The latest day in the data when left out.
    horizon : datetime.date, optional
        Last day; two years after the information date when left out.
    prob : float
        Mass of the intervals, in (0, 1).
    seed : int
        Of all random numbers.
    size : int, optional
        Largest number of points per replicate; the model's own when left out.
    tolerance : float, optional
        Largest Monte Carlo standard error of a date [day]; an eighth at most of the unit in
        which it is printed when left out.
    end_hazard : float, optional
        Probability per day of an end [1/day]; the dossier's when left out.
    scenario : Scenario, mapping or str, optional
        Another pace from a day on, ``{"pace": 0.5, "from": "2025-09-01"}``, or a stop,
        ``{"stop": "2025-09-01"}``: what is expected from that day on, times a factor.
    common_pace : float
        Correlation, 0 to 1, of what drives the paces ahead of totals that are no parts of one
        another, where they are asked about together: both sides of a war stop together.
    kind : {"steady", "epidemic", "conflict", "disaster"}, optional
        What is counted, or "steady for 6 months": its pace goes on as such paces do; of the totals
        of a dossier that name no kind of their own. The mixture of all when left out.
    priors : Priors, mapping or path, optional
        What is assumed of paces by kind, as :meth:`attrition.pace.Priors.of` reads it; the
        library's own when left out.
    prior : Prior, optional
        What is assumed of the pace of a recorded count, in place of a kind.
    subject, verb, condition : str, optional
        Words in place of those of the data: what is counted, "cholera deaths in Zemlan", what it
        does to a threshold, "passes", and if what holds, "if deaths go on at this pace". Of a
        dossier for one total alone.
    model : {"posterior", "count"}, optional
        How the answer is found; chosen by the data when left out.
    model_version : int, optional
        Version of that model; this release's when left out.

    Raises
    ------
    InputError
        If a value is out of range. Days may be given as text, sequences as lists.

    See Also
    --------
    attrition.forecast : what takes one.

    Examples
    --------
    >>> question = Question(thresholds=[1_000_000], horizon="2027-06-03", seed=1)
    >>> question.horizon, Question.from_json(question.to_json()) == question
    (datetime.date(2027, 6, 3), True)
    >>> question.to_dict()
    {'thresholds': [1000000.0], 'horizon': '2027-06-03', 'seed': 1}
    """

    quantities: tuple[str, ...] | None = None
    bases: tuple[str, ...] | None = None
    thresholds: tuple[float, ...] | None = None
    on: tuple[date, ...] = ()
    events: tuple[tuple[str, float, str], ...] = ()
    as_of: date | None = None
    horizon: date | None = None
    prob: float = 0.9
    seed: int = 1
    size: int | None = None
    tolerance: float | None = None
    end_hazard: float | None = None
    scenario: Scenario | None = None
    common_pace: float = 0.0
    kind: str | None = None
    priors: Priors | None = None
    prior: Prior | None = None
    subject: str | None = None
    verb: str | None = None
    condition: str | None = None
    model: str | None = None
    model_version: int | None = None

    if TYPE_CHECKING:  # what is taken is wider than what is kept

        def __init__(  # noqa: PLR0913 - the fields
            self,
            *,
            quantities: Sequence[str] | None = None,
            bases: str | Sequence[str] | None = None,
            thresholds: Sequence[float] | None = None,
            on: date | str | Sequence[date | str] = (),
            events: Sequence[tuple[str, float] | tuple[str, float, str]] = (),
            as_of: date | str | None = None,
            horizon: date | str | None = None,
            prob: float = 0.9,
            seed: SupportsIndex = 1,
            size: SupportsIndex | None = None,
            tolerance: float | None = None,
            end_hazard: float | None = None,
            scenario: Scenario | Mapping[str, Any] | str | None = None,
            common_pace: float = 0.0,
            kind: str | None = None,
            priors: Priors | Mapping[str, Any] | str | Path | None = None,
            prior: Prior | None = None,
            subject: str | None = None,
            verb: str | None = None,
            condition: str | None = None,
            model: str | None = None,
            model_version: SupportsIndex | None = None,
        ) -> None: ...

    def __post_init__(self) -> None:
        """Bring every value into its one form, and refuse what is out of range."""
        for name in ("quantities", "bases"):
            if getattr(self, name) is not None:
                _set(self, name, _names(getattr(self, name), name))
        if self.thresholds is not None:
            _set(self, "thresholds", numbers_of(self.thresholds))
        _set(self, "on", days_from(self.on, "on"))
        check_type(self.events, Iterable, "events", "a list of events")
        check_type(self.prior, (Prior, NoneType), "prior", "a Prior, or left out")
        _set(self, "events", tuple(_event(event) for event in self.events))
        for name in ("as_of", "horizon"):
            if getattr(self, name) is not None:
                _set(self, name, day_from(getattr(self, name), name))
        check_prob(self.prob)
        _set(self, "prob", float(self.prob))
        _set(self, "seed", whole_number(self.seed, "seed"))
        for name in ("size", "model_version"):
            if getattr(self, name) is not None:
                _set(self, name, whole_number(getattr(self, name), name, least=1))
        self._check_model()

    def _check_model(self) -> None:
        """Bring tolerance, end hazard, kind and model into their one form, or refuse them."""
        for name, most in (("tolerance", math.inf), ("end_hazard", 1.0), ("common_pace", 1.0)):
            if (value := getattr(self, name)) is not None:
                number = number_within(value, name, name, most=most, above=name == "tolerance")
                _set(self, name, number)
        if self.scenario is not None:
            _set(self, "scenario", Scenario.of(self.scenario))
            self._check_stop()
        if self.priors is not None:
            _set(self, "priors", Priors.of(self.priors))
        if self.kind is not None:
            Priors.of(self.priors).kind(self.kind)  # which refuses a kind that is not known
            if self.prior is not None:
                raise refusal("kind or prior", f"kind '{self.kind}' and a prior", "kind")
        checks = {"subject": check_subject, "verb": check_verb, "condition": check_condition}
        for name, check in checks.items():
            if getattr(self, name) is not None:
                check(getattr(self, name))
        if self.model is not None:
            check_known(self.model, MODELS, "a model must be one of this release", "model")

    def _check_stop(self) -> None:
        """Refuse an end by chance beside a stop on a day."""
        if self.scenario is not None and self.scenario.pace == 0 and self.end_hazard:
            raise refusal(
                "end by chance or on a day",
                f"end_hazard={self.end_hazard:g} and a stop on {self.scenario.since}",
                "end_hazard",
            )

    def changed(self, **changes: Any) -> Question:  # noqa: ANN401 - checked by the new question
        """Return the question with other values of some of its keys.

        Raises
        ------
        InputError
            If a key is unknown or a value is out of range.

        Examples
        --------
        >>> Question(seed=1).changed(seed=2).seed
        2
        """
        _check_keys(changes)
        return dataclasses.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Return what was asked as JSON holds it: keys at their defaults are left out."""
        content: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if value != field.default or field.name == "seed":
                content[field.name] = _plain(value)
        return content

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Question:
        """Return the question that :meth:`to_dict` wrote.

        Raises
        ------
        InputError
            If a key is unknown or a value is out of range.

        Examples
        --------
        >>> Question.from_dict({"horizn": "2027-06-03"})
        Traceback (most recent call last):
        ...
        attrition.core.errors.InputError: every key must be known, got 'horizn' ... 'horizon'?
        """
        _check_keys(content)
        values = dict(content)
        if isinstance(values.get("prior"), Mapping):
            values["prior"] = _prior(values["prior"])
        return cls(**values)

    def to_json(self) -> str:
        """Return the question as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Question:
        """Return the question that :meth:`to_json` wrote.

        Raises
        ------
        InputError
            If it is none.
        """
        try:
            content = json.loads(text)
        except ValueError as error:
            raise _none(str(error)) from None
        if not isinstance(content, dict):
            raise _none(clip(text))
        return cls.from_dict(content)


def _none(got: str) -> InputError:
    return refusal("question in JSON", got, "Question.from_json")


def _set(question: Question, name: str, value: object) -> None:
    """Set a key of a question that is being made; it is frozen from then on."""
    object.__setattr__(question, name, value)


def _check_keys(content: Mapping[str, Any], known: type = Question) -> None:
    names = [field.name for field in dataclasses.fields(known)]
    for key in content:
        check_known(key, names, "every key must be known", "question")


def _prior(content: Mapping[str, Any]) -> Prior:
    _check_keys(content, Prior)
    return Prior(**{key: tupled(value) for key, value in content.items()})


def _names(value: object, place: str) -> tuple[str, ...]:
    names: tuple[object, ...] = ()
    if isinstance(value, str):
        names = (value,)
    elif isinstance(value, (tuple, list, set, frozenset, np.ndarray)):
        names = tuple(value)
    if not names or not all(isinstance(name, str) for name in names):
        raise refusal("ids", clip(value), place, place=place)
    return tuple(dict.fromkeys(str(name) for name in names))


def numbers_of(values: object) -> tuple[float, ...]:
    """Return thresholds as a user gave them, in order and each once; one stands for itself."""
    if np.ndim(np.asarray(values, dtype=object)) == 0:  # one text too, not its letters
        values = (values,)
    try:
        return tuple(sorted({float(value) for value in values}))  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise refusal("thresholds in numbers", clip(values), "thresholds") from None


def _event(event: Any) -> tuple[str, float, str]:  # noqa: ANN401 - what people give
    try:
        quantity, threshold, *rest = event
        (basis,) = rest or ("latent",)
        return str(quantity), float(threshold), str(basis)
    except (TypeError, ValueError):
        raise refusal("event", clip(event), "events") from None


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a question
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Scenario | Priors):
        return value.to_dict()
    return dataclasses.asdict(value) if isinstance(value, Prior) else value
