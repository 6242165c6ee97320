"""Shared pieces: a small dossier as text, and how to read it with changes."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import attrition as at

# No example fails because the machine is slow, or drawn slowly on it.
usual = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("usual", usual)
settings.load_profile("usual")
# Ten times the examples, wherever a test names a share of them: scripts/nightly.
settings.register_profile("nightly", usual, max_examples=1_000)

EXACT = """
[dossier]
id = "exact"
title = "An exact start and an exact rate"

[sources.tally]
name = "Tally"

[quantities.total]
title = "Recorded cases"
definition = "cases"
unit = "persons"
thresholds = [1_000_000]

[[claims]]
quantity = "total"
source = "tally"
kind = "level"
point = 950_500
hedge = "exactly"
as_of = 2025-06-03
published = 2025-06-03

[[claims]]
quantity = "total"
source = "tally"
kind = "rate"
point = 1_000
hedge = "exactly"
per = "day"
as_of = 2025-06-03
published = 2025-06-03

[assumptions]
volatility = { value = 0.0, reason = "none" }
day_noise = { value = 0.0, reason = "none" }
source_error = { value = 0.0, reason = "no error" }
source_drift = { value = 0.0, reason = "no drift" }
"""


@pytest.fixture(scope="session")
def exact_text() -> str:
    """The text of a dossier in which nothing is uncertain."""
    return EXACT


@pytest.fixture(scope="session")
def soft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a small dossier with something uncertain in it."""
    text = EXACT.replace('hedge = "exactly"', 'hedge = "about"').replace("950_500", "950_000")
    file = tmp_path_factory.mktemp("soft") / "soft.toml"
    file.write_text(text.replace("volatility = { value = 0.0", "volatility = { value = 0.05"))
    return file


@pytest.fixture(scope="session")
def soft_record(soft: Path) -> at.Record:
    """Its record, with a short horizon."""
    return at.reporting.make_record(
        at.forecast(at.read_dossier(soft), seed=1, horizon=date(2025, 12, 31))
    )


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a dossier and returns its path."""

    def written(text: str) -> Path:
        path = tmp_path / "dossier.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs the command in this process: no new interpreter each time."""

    def ran(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        from attrition.cli import main

        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        monkeypatch.setattr("sys.argv", ["attrition", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        code = ended.value.code
        return subprocess.CompletedProcess(
            arguments, code if isinstance(code, int) else 0, out, err
        )

    return ran


@pytest.fixture(scope="session")
def bundled() -> at.Dossier:
    """The dossier that comes with the package."""
    return at.read_dossier()


@pytest.fixture(scope="session")
def whole(bundled: at.Dossier) -> at.Forecast:
    """The forecast of the bundled dossier with seed 1."""
    return at.forecast(bundled, seed=1)
