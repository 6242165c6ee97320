"""The pages that describe data and models say what these say."""

from __future__ import annotations

import importlib.util
import inspect
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
import typer

import attrition as at
from attrition.cli import _COMMANDS, _whole
from attrition.text import default_lexicon

DOCS = Path(__file__).parent.parent / "docs"
SOURCE = DOCS.parent / "src" / "attrition"
NAMES = SOURCE / "bundled" / "names.toml"
TABLES: dict[str, Any] = runpy.run_path(str(DOCS / "tables.py"))
FORMAT = (DOCS / "dossier-format.md").read_text(encoding="utf-8")


def test_the_tables_of_the_docs_are_those_of_the_data() -> None:
    command = [sys.executable, str(DOCS / "tables.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run python docs/tables.py: {done.stdout}{done.stderr}"


def test_a_page_that_is_out_of_date_is_noticed() -> None:
    stale = FORMAT.replace("| `low` |", "| `lowest` |")
    assert stale != FORMAT
    assert TABLES["rendered"](stale) == FORMAT


def test_the_words_of_the_gallery_are_those_of_the_figures(whole: at.Forecast) -> None:
    """And every figure that the README and the docs show is one that the command makes."""
    command = runpy.run_path(str(DOCS / "figures.py"))
    page = (DOCS / "figures.md").read_text(encoding="utf-8")
    figures = {
        name: (call, at.plots.text_alternative(draw()))
        for name, (call, draw) in command["drawn"](whole).items()
    }
    assert command["rendered"](page, figures) == page, "run python docs/figures.py"
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    cases = (DOCS / "cases.md").read_text(encoding="utf-8")
    assert f":alt: {at.plots.text_alternative(command['conflicts']())}\n" in cases
    one_file = (DOCS / "page.md").read_text(encoding="utf-8")
    shown = re.findall(r"figures/([a-z-]+\.(?:svg|png))", page + readme + cases + one_file)
    rows = (
        {f"{name}.svg" for name in figures}
        | {"conflicts.svg"}
        | {f"page{part}.png" for part in ("", "-dark", "-phone", "-sliders")}
    )
    kept = {path.name for path in (DOCS / "figures").iterdir() if path.is_file()}
    assert set(shown) == rows == kept
    pairs = (DOCS / "before-and-after.md").read_text(encoding="utf-8")
    old = {path.name for path in (DOCS / "figures" / "before").iterdir()}
    assert set(re.findall(r"figures/before/([a-z-]+\.(?:svg|png))", pairs)) == old <= kept
    assert all(f"figures/{name}" in pairs for name in old)


def test_every_hedge_stands_in_the_table() -> None:
    page = (DOCS / "reading-words.md").read_text(encoding="utf-8")
    for row in default_lexicon().rows:
        assert f"| `{row.key}` |" in page


@pytest.mark.parametrize("name", TABLES["MODELS"])
def test_every_key_has_a_row_with_an_example_that_is_toml(name: str) -> None:
    model, examples = TABLES["MODELS"][name], TABLES["EXAMPLES"][name]
    table = FORMAT.split(f"<!-- table: {name} -->")[1].split("<!-- end")[0]
    assert set(examples) == set(model.model_fields)
    for key, example in examples.items():
        assert re.search(rf"^\| `{key}` \|", table, re.MULTILINE), key
        if example:
            assert key in tomllib.loads(f"{key} = {example}")


@pytest.mark.parametrize(
    "name", [n for n in TABLES["MODELS"] if n not in {"Dossier", "Claim", "Recording"}]
)
def test_the_examples_of_a_part_are_valid_together(name: str) -> None:
    lines = [f"{key} = {example}" for key, example in TABLES["EXAMPLES"][name].items()]
    text = TABLES["MODELS"][name].model_validate(tomllib.loads("\n".join(lines)))
    assert text is not None


def test_the_example_of_the_format_reads_checks_and_forecasts(tmp_path: Path) -> None:
    block = FORMAT.split("```toml\n")[1].split("```")[0]
    file = tmp_path / "example.toml"
    file.write_text(block, encoding="utf-8")
    dossier = at.read_dossier(file)
    assert dossier.claims[0].source == "ministry"
    assert at.check(dossier) == ()
    assert len(at.forecast(dossier, seed=1).laws) > 0


def _documented(page: str) -> dict[str, object]:
    """Return what the reference describes, by the name under which a user writes it."""
    names = re.findall(r"auto(?:function|class|exception):: attrition\.(\w+)", page)
    for room, members in re.findall(r"automodule:: attrition\.(\w+)\n   :members: (.+)", page):
        names += [f"{room}.{name}" for name in members.split(", ")]
    return {name: attrgetter(name)(at) for name in names}


DOCUMENTED = _documented((DOCS / "reference/api.md").read_text(encoding="utf-8"))


def _without_example(thing: object, text: str) -> list[str]:
    """Return the methods and properties of a class that neither its words nor theirs show."""
    members: dict[str, str] = {}
    for key, member in (dict(vars(thing)) if isinstance(thing, type) else {}).items():
        inner = getattr(member, "fget", getattr(member, "__func__", member))
        if inspect.isfunction(inner) and not key.startswith(("_", "model_")):
            members[key] = inspect.getdoc(inner) or ""
    lines = "\n".join([text, *members.values()]).splitlines()
    shown = "\n".join(line for line in lines if line.lstrip().startswith((">>> ", "... ")))
    return [key for key in members if not re.search(rf"\.{key}\b", shown)]


def _lacks(name: str, documented: Mapping[str, object]) -> str:
    """Return what the words of a name lack: an example, what is near, or that this is known."""
    text = inspect.getdoc(inspect.unwrap(documented[name])) or ""  # type: ignore[arg-type]
    near = re.findall(r"^attrition\.([\w.]+) : ", text.partition("See Also\n")[2], re.MULTILINE)
    # a method stands with its class
    unknown = [n for n in near if n not in documented and n.rpartition(".")[0] not in documented]
    if ">>> " not in text:
        return "an example"
    bare = _without_example(documented[name], text)
    if bare:
        return f"an example of {', '.join(bare)}"
    return "See Also" if not near else ", ".join(unknown)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_public_name_has_an_example_and_says_what_is_near(name: str) -> None:
    assert _lacks(name, DOCUMENTED) == ""


def test_what_a_public_name_lacks_would_be_noticed() -> None:
    def bare() -> None:
        """Do nothing."""

    def shown() -> None:
        """Do nothing.

        >>> shown()
        """

    def astray() -> None:
        """Do nothing.

        See Also
        --------
        attrition.nowhere : it is not.

        >>> astray()
        """

    class Partly:
        """Hold a method that is shown and one that is not.

        >>> Partly().one()
        """

        def one(self) -> None: ...

        @property
        def other(self) -> None: ...

    planted = {"bare": bare, "shown": shown, "astray": astray, "partly": Partly}
    lacks = ["an example", "See Also", "nowhere", "an example of other"]
    assert [_lacks(name, planted) for name in planted] == lacks


def test_what_the_pages_call_stands_in_the_reference() -> None:
    """And so do all names at the root, and the new places of those that left it."""
    pages = [DOCS.parent / "README.md", *DOCS.rglob("*.md")]
    code = "\n".join(
        line
        for page in pages
        if page.name != "names.md"
        for line in page.read_text(encoding="utf-8").splitlines()
        if "import" not in line
    )
    called = set(re.findall(r"\bat\.((?:\w+\.)?\w+)\(", code))
    moved = tomllib.loads(NAMES.read_text(encoding="utf-8"))["moved"]
    names = [*at.__all__, *moved.values()]
    callables = {n for n in names if callable(attrgetter(n)(at))}
    known = {name.split(".")[0] for name in DOCUMENTED if name[0].isupper()}
    lost = {n for n in called | callables if n not in DOCUMENTED and n.split(".")[0] not in known}
    assert lost == set()
    assert len(called) > 30


def test_the_table_of_the_case_is_what_the_command_prints(
    command: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    page = (DOCS / "assimilation-example.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert shown == [command("forecast", "russia-ukraine-2025-06").stdout]


SENTENCES: dict[str, Any] = runpy.run_path(str(DOCS / "sentences.py"))


@pytest.fixture(scope="module")
def cases() -> dict[str, list[tuple[str, at.reporting.Citation]]]:
    """The sentences of the page, made anew."""
    groups: dict[str, list[tuple[str, at.reporting.Citation]]] = SENTENCES["cases"]()
    return groups


def test_the_page_of_sentences_is_what_the_command_prints(
    cases: dict[str, list[tuple[str, at.reporting.Citation]]],
) -> None:
    page = (DOCS / "sentences.md").read_text(encoding="utf-8")
    assert page == SENTENCES["rendered"](cases), "run python docs/sentences.py"


def test_the_sentences_of_the_page_are_short_enough_to_print(
    cases: dict[str, list[tuple[str, at.reporting.Citation]]],
) -> None:
    sizes = {
        citation.sentence: len(re.sub(r"(?<=\d) %", "%", citation.sentence).split())
        for part in cases.values()
        for _, citation in part
    }
    assert len(sizes) >= 40
    assert sorted(sizes.values())[len(sizes) // 2] <= 32
    two = {text for text in sizes if text.count(" likely to ") > 1 or ", but when they " in text}
    for text, size in sizes.items():
        assert size <= (55 if text in two else 40), text
    for part in cases.values():
        for name, citation in part:
            assert "will " not in citation.full, name
            assert re.search(r"\d{4}", citation.sentence), name  # the day on which it was known
            assert re.search(r"\d %|chance", citation.sentence), name


def test_the_links_of_the_readme_lead_somewhere() -> None:
    """How long it is, tests/browser/test_site_in_browser.py measures."""
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", readme)
    assert len(links) > 12
    for link in links:
        assert (DOCS.parent / link).is_file(), link


def test_the_commands_of_the_readme_can_be_given_in_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the tutorials are given by docs/conftest.py, after their Python."""
    monkeypatch.chdir(tmp_path)
    given = runpy.run_path(str(DOCS / "conftest.py"))["give"]
    assert given((DOCS.parent / "README.md").read_text(encoding="utf-8")) == 1
    with pytest.raises(AssertionError, match="no such file"):
        given("```sh\nattrition forecast lost.toml   # nobody wrote it\n```\n")


def _strange(glossary: str) -> list[str]:
    """Return the terms of a glossary that neither code nor data of the package use."""
    files = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.toml")]
    code = " ".join(file.read_text(encoding="utf-8") for file in files).casefold()
    heads = re.findall(r"^(?!```)(\S.*)\n    ", glossary, re.MULTILINE)
    assert heads == sorted(heads, key=str.casefold)
    return [term for head in heads for term in head.split(", ") if term.casefold() not in code]


def test_the_glossary_is_that_of_the_code() -> None:
    page = (DOCS / "glossary.md").read_text(encoding="utf-8")
    assert page.count("\n    ") > 40
    assert _strange(page) == []
    assert _strange("flux capacitor\n    None.\n\nhorizon\n    Some.\n") == ["flux capacitor"]


def _without_address(page: str) -> set[str]:
    """Return the works that a page names by author and year and its list of references lacks."""
    body, listed = page.split("## References")
    bare = re.sub(r"\[[^\]]*\]\(http[^)]*\)", "", body)
    name = r"[A-Z][\w-]+"
    works = re.findall(rf"({name})((?:, {name})*(?: and {name}| et al\.)?) (\d{{4}})\b", bare)
    return {f"{one}{more} {year}" for one, more, year in works} - set(
        re.findall(rf"{name}(?:, {name})*(?: and {name}| et al\.)? \d{{4}}", listed)
    )


def test_every_work_that_the_mathematics_name_has_an_address() -> None:
    page = (DOCS / "mathematics.md").read_text(encoding="utf-8")
    assert _without_address(page) == set()
    assert _without_address(page.replace("* Morris 1983", "* Norris")) == {"Morris 1983"}


def test_the_cheat_sheet_has_every_command() -> None:
    page = (DOCS / "cheat-sheet.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `attrition ([a-z-]+)", page, re.MULTILINE))
    assert named == {*_COMMANDS, "archive"}


@pytest.mark.parametrize(("stem", "least"), [("architecture", 0), ("mathematics", 40)])
def test_every_function_and_file_that_a_page_names_is_there(stem: str, least: int) -> None:
    page = (DOCS / f"{stem}.md").read_text(encoding="utf-8")
    names = re.findall(r"`(attrition(?:\.\w+)+)`", page)
    assert len(names) >= least
    for name in names:
        module, thing = name, None
        parts = name.split(".")
        for cut in range(len(parts), 0, -1):
            module = ".".join(parts[:cut])
            try:
                thing = importlib.import_module(module)
            except ModuleNotFoundError:
                continue
            for part in parts[cut:]:
                thing = getattr(thing, part)
            break
        assert thing is not None, name
    for file in re.findall(r"`((?:src|tests|docs)/[\w./]+\.\w+)`", page):
        assert (DOCS.parent / file).is_file(), file


LINKS: dict[str, Any] = runpy.run_path(str(DOCS / "links.py"))


def test_a_link_that_leads_nowhere_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<a id='here' href='b.html#there'></a><a href='#here'></a><a href='b.html#no'></a>"
        "<img src='lost.svg'><a href='https://example.org/x#y'></a><a href='#lost'></a>",
        encoding="utf-8",
    )
    (tmp_path / "b.html").write_text("<p id='there'><a href='a.html'></a></p>", encoding="utf-8")
    assert LINKS["broken"](tmp_path) == ["a.html: b.html#no", "a.html: lost.svg", "a.html: #lost"]


def test_the_page_of_benchmarks_names_every_result_and_only_commands_that_are_there() -> None:
    folder = DOCS.parent / "benchmarks"
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert {*re.findall(r"\(results/([\w-]+\.md)\)", page)} == {
        file.name for file in (folder / "results").glob("*.md")
    }
    for name in re.findall(r"python -m (benchmarks[\w.]*)", page):
        assert importlib.util.find_spec(name), name


def test_the_numbers_of_decisions_have_no_gap() -> None:
    numbers = sorted(int(file.name[:4]) for file in (DOCS / "decisions").glob("[0-9]*.md"))
    assert numbers == [*range(1, len(numbers) + 1)]


def misread(page: str) -> list[str]:
    """Return the lines of a page's shell that the command would refuse, as it is given to type.

    A command that is only named in a sentence may lack what it is asked about.
    """
    fence = re.compile(r"^```(\w*).*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
    blocks = [text for form, text in fence.findall(page) if form in {"sh", "bash", "console"}]
    lines = [line for text in blocks for line in text.replace("\\\n", " ").splitlines()]
    typed = [(line, True) for line in lines]
    typed += [(words, False) for words in re.findall(r"`(attrition [^`]+)`", fence.sub("", page))]
    refused = []
    for line, whole in typed:
        asked = re.match(r"(?:\$ )?(?:\S*/)?(?:python -m )?attrition ([a-z].*)", line)
        if asked is None:
            continue
        words = re.split(r" (?:[|;>]|&&)", asked[1])[0]
        name, *rest = shlex.split(words, comments=True)
        app: Any = typer.main.get_command(_whole())
        try:
            app.commands[name].make_context(name, rest)
        except (KeyError, typer.Exit) as error:
            refused += [line] if isinstance(error, KeyError) else []
        except Exception as error:  # noqa: BLE001 - click's own, by whichever click typer brings
            lacking = type(error).__name__ in {"MissingParameter", "BadOptionUsage"}
            refused += [line] if whole or not lacking else []
    return refused


# docs/names.md and the decisions speak of commands as they were called before.
@pytest.mark.parametrize(
    "page",
    [
        *(page for page in sorted(DOCS.glob("*.md")) if page.name != "names.md"),
        *sorted(DOCS.glob("tutorials/*.md")),
        *(DOCS.parent / f"{name}.md" for name in ("README", "CONTRIBUTING")),
    ],
    ids=lambda page: str(page.relative_to(DOCS.parent)),
)
def test_every_line_of_a_shell_is_one_that_the_command_takes(page: Path) -> None:
    assert misread(page.read_text(encoding="utf-8")) == []


def test_a_line_that_the_command_does_not_take_is_noticed() -> None:
    bad = ["attrition forecasts x", "attrition verify", "attrition check x --deep"]
    good = "attrition parse 'about 5' | head # so"
    assert misread("```sh\n" + "\n".join([*bad, good]) + "\n```\n") == bad
    assert misread("`attrition verify` and `attrition check --deep`") == ["attrition check --deep"]
