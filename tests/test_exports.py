"""Exports hold the numbers of the record and nothing that a dossier could slip in."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from markdown_it import MarkdownIt

import attrition as at
from attrition.reporting import (
    EXPORTS,
    Picture,
    bibtex,
    csl_items,
    exports,
    gather_items,
    gather_table,
    html_fragment,
    latex_macros,
    law_csv,
    law_parquet,
    markdown,
    methods_paragraph,
    word_document,
    write_exports,
)
from attrition.reporting.templates import for_csv, for_latex, for_markdown

Write = Callable[[str], Path]
ARTICLE = Path(__file__).parent.parent / "docs" / "examples" / "article.tex"
EVIL = r"</script><b> \input{/etc/passwd} =cmd() 50% a_b & {x [y](z) `q`" + " \u05d0\u05d1 \u202e"
EXAMPLE = Path(__file__).parent.parent / "docs" / "examples" / "article.md"


@pytest.fixture(scope="module")
def plain_record(bundled: at.Dossier) -> at.Record:
    return at.reporting.make_record(at.forecast(bundled, seed=1, quantities=["russian-casualties"]))


@pytest.fixture(scope="module")
def evil(exact_text: str, tmp_path_factory: pytest.TempPathFactory) -> at.Record:
    """The record of a dossier whose every text tries to do something."""
    text = exact_text.replace("Recorded cases", "EVIL").replace('definition = "cases"', "DEF")
    text = text.replace('name = "Tally"', 'name = "EVIL"\nurl = "https://x/}%\\\\input{a}"')
    literal = json.dumps(EVIL)
    text = text.replace('"EVIL"', literal).replace("DEF", f"definition = {literal}")
    file = tmp_path_factory.mktemp("evil") / "evil.toml"
    file.write_text(text, encoding="utf-8")
    return at.reporting.make_record(at.forecast(at.read_dossier(file), seed=1))


def test_every_export_is_written_whole_and_twice_the_same(
    plain_record: at.Record, tmp_path: Path
) -> None:
    written = write_exports(plain_record, tmp_path)
    assert tuple(path.name for path in written) == EXPORTS
    for path in written:
        assert path.read_bytes() == exports(plain_record)[path.name]
        assert plain_record.id in path.read_text(encoding="utf-8")


# ------------------------------------------------------------------ LaTeX

_DEFINED = re.compile(r"\\newcommand\{\\(attr[A-Za-z]+)\}\{(.*)\}")
_ALLOWED = re.compile(
    r"~?\\(?:[#$%&_]|textbackslash\{\}|textbrace(?:left|right)\{\}|ldots\{\}"
    r"|textasciicircum\{\}|textasciitilde\{\}|textless\{\}|textgreater\{\})"
)


def macros(text: str) -> dict[str, str]:
    """Parse a file of macros; every line must be a comment or one complete definition."""
    bodies: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("%"):
            continue
        match = _DEFINED.fullmatch(line)
        assert match is not None, line
        name, body = match.groups()
        assert name not in bodies
        rest = _ALLOWED.sub("", body)
        assert not re.search(r"[\\{}#$%&_^~]", rest), rest
        bodies[name] = body
    return bodies


def test_the_macros_define_each_number_once(plain_record: at.Record) -> None:
    macro = macros(latex_macros(plain_record))
    one = plain_record.laws[0].crossings[0]
    assert macro["attrMedian"] == one.printed["median"]
    assert macro["attrMedianB"] == plain_record.laws[1].crossings[0].printed["median"]
    assert macro["attrProb"] == r"90~\%"
    assert macro["attrInformationDate"] == "5 June 2025"
    clause = re.fullmatch(
        r"would have passed one million by (.+) \((\d+~\\%)\)", macro["attrClause"]
    )
    assert clause is not None, macro["attrClause"]
    assert clause[1] in macro["attrSentence"]
    assert clause[2] in macro["attrSentence"]
    assert f"{macro['attrAlready']} already" in macro["attrSentence"]
    assert macro["attrRecord"] == plain_record.id
    assert "attrEnded" not in macro


ENGINE = next((e for e in ("pdflatex", "lualatex", "xelatex") if shutil.which(e)), None)


def typeset(file: Path) -> str:
    """Build a LaTeX file with a real engine and return what it said; it must not fail."""
    command = [str(ENGINE), "-halt-on-error", "-interaction=nonstopmode", file.name]
    done = subprocess.run(command, cwd=file.parent, capture_output=True, check=False)
    log = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, log[-2_000:]
    assert file.with_suffix(".pdf").stat().st_size > 1_000
    return log


def test_the_article_of_the_docs_is_built(plain_record: at.Record, tmp_path: Path) -> None:
    write_exports(plain_record, tmp_path)
    article = Path(shutil.copy(ARTICLE, tmp_path))
    if ENGINE is not None:
        log = typeset(article)
        assert "Overfull" not in log
        assert "undefined" not in log.lower()
        if shutil.which("pdftotext"):
            pdf = str(article.with_suffix(".pdf"))
            read = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True).stdout
            words = " ".join(read.decode("utf-8").split())
            assert "90 % credible interval, median early July 2025" in words
    else:
        text = ARTICLE.read_text(encoding="utf-8")
        used = set(re.findall(r"\\(attr[A-Za-z]+)", text))
        assert used
        assert used <= set(macros(latex_macros(plain_record)))
        assert text.count("{") == text.count("}")
    print(f"LaTeX was checked by {ENGINE or 'a parser, because no TeX engine is installed'}")


@pytest.mark.skipif(ENGINE is None, reason="no TeX engine is installed; a parser reads the macros")
def test_a_hostile_dossier_is_typeset_as_what_it_says(evil: at.Record, tmp_path: Path) -> None:
    latin = latex_macros(evil).replace("\u05d0\u05d1", "")  # the fonts of pdfTeX hold no Hebrew
    (tmp_path / "citation.tex").write_text(latin, encoding="utf-8")
    file = tmp_path / "evil.tex"
    file.write_text(
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\input{citation}\\begin{document}"
        "\\attrTitle\\par\\attrNote\\par\\attrSentence\\end{document}\n",
        encoding="utf-8",
    )
    assert "(/etc/passwd" not in typeset(file)  # a file that is read is named in the log


def test_a_macro_that_is_not_defined_would_be_noticed(plain_record: at.Record) -> None:
    macro = macros(latex_macros(plain_record))
    assert "attrMode" not in macro
    with pytest.raises(AssertionError):
        macros(r"\newcommand{\attrTitle}{\input{x}}")


# ------------------------------------------------------------------ escaping


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert attrs is not None
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_from_a_hostile_dossier_holds_only_our_tags(evil: at.Record) -> None:
    parser = _Tags()
    parser.feed(html_fragment(evil))
    ours = {"section", "figure", "blockquote", "p", "figcaption", "small"}
    ours |= {"table", "tr", "th", "td"}
    assert parser.tags <= ours
    assert "</script><b>" in parser.text
    assert "90\u00a0% credible interval from" in parser.text
    assert "comes first" not in parser.text  # no end is allowed for


def test_latex_from_a_hostile_dossier_holds_only_known_macros(evil: at.Record) -> None:
    assert r"\input{" not in latex_macros(evil).replace(r"\textbackslash{}input", "")
    assert macros(latex_macros(evil))


def test_bibtex_from_a_hostile_dossier_keeps_its_braces_in_pairs(evil: at.Record) -> None:
    text = bibtex(evil)
    depth = 0
    for sign in text:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
    assert r"\input{" not in text
    assert len(re.findall(r"^@\w+\{", text, re.MULTILINE)) == 2


def test_markdown_from_a_hostile_dossier_makes_no_markup(evil: at.Record) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).parse(markdown(evil))
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {"text", "softbreak", "text_special"}, kinds
    assert "html_block" not in {token.type for token in tokens}
    rows = [line for line in gather_table(evil).splitlines() if line.startswith("|")]
    assert len(rows) == 20
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}


def test_a_spreadsheet_takes_no_cell_for_a_formula(evil: at.Record) -> None:
    for evil_cell in ("=cmd()", "+1", "-1", "@x", " =cmd()", "\t=cmd()"):
        assert for_csv(evil_cell).startswith("'")
    rows = list(csv.reader(io.StringIO(law_csv(evil))))
    assert {len(row) for row in rows} == {6}
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]


def test_right_to_left_text_keeps_its_letters_in_every_target(evil: at.Record) -> None:
    for name in ("citation.md", "citation.tex", "citation.html", "sources.bib"):
        text = exports(evil)[name].decode()
        assert "\u05d0\u05d1" in text, name
        assert "\u202e" not in text, name
    assert "\u2068" not in for_latex("\u05d0")  # TeX has no such sign
    assert for_markdown("\u05d0").startswith("\u2068")


# ------------------------------------------------------------------ content


def test_the_markdown_file_of_a_record_renders_with_a_footnote_each(
    plain_record: at.Record,
) -> None:
    text = markdown(plain_record)
    used, defined = re.findall(r"\[\^([\w-]+)\](?!:)", text), re.findall(r"\[\^([\w-]+)\]:", text)
    assert used == defined
    assert len(used) == 2


def test_the_markdown_article_of_the_docs_holds_what_is_exported_now(
    plain_record: at.Record,
) -> None:
    article = EXAMPLE.read_text(encoding="utf-8")
    assert MarkdownIt("commonmark").render(article).count("<p>") >= 3
    for line in markdown(plain_record).splitlines():
        if "CSIS" in line:
            known = line.replace(plain_record.id, "0123456789abcdef")
            assert known in article, known


def test_the_law_as_csv_gives_the_law_back(plain_record: at.Record) -> None:
    rows = list(csv.DictReader(io.StringIO(law_csv(plain_record))))
    latent = [row for row in rows if row["basis"] == "csis"]
    reached = next(row["date"] for row in latent if float(row["probability"]) >= 0.5)
    assert reached == plain_record.laws[0].crossings[0].median.day


def test_parquet_holds_the_rows_of_the_csv_to_the_last_bit(plain_record: at.Record) -> None:
    import pandas as pd

    table = pd.read_parquet(io.BytesIO(law_parquet(plain_record)))
    rows = list(csv.DictReader(io.StringIO(law_csv(plain_record))))
    assert list(table.columns) == list(rows[0])
    assert table["probability"].tolist() == [float(row["probability"]) for row in rows]
    assert table["threshold"].tolist() == [float(row["threshold"]) for row in rows]
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == [row["date"] for row in rows]
    for name in ("record", "quantity", "basis"):
        assert table[name].tolist() == [row[name] for row in rows]


def test_where_there_is_no_parquet_engine_the_extra_is_named(
    plain_record: at.Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(at.InputError, match=r"Install `attrition\[parquet\]`"):
        law_parquet(plain_record)


def test_sources_and_software_are_items_of_a_reference_manager(plain_record: at.Record) -> None:
    items = {item["id"]: item for item in csl_items(plain_record)}
    assert items["csis"]["issued"] == {"date-parts": [[2025, 6, 3]]}
    assert items["attrition"]["type"] == "software"
    assert "“approximately 950,000”" in items["csis"]["note"]


def test_all_eighteen_items_of_gather_are_filled_or_say_why_not(plain_record: at.Record) -> None:
    items = gather_items(plain_record)
    assert [number for number, _, _ in items] == list(range(1, 19))
    for _, question, answer in items:
        assert question
        assert answer.startswith("n/a because") or len(answer) > 20, (question, answer)
    assert sum(answer.startswith("n/a because") for _, _, answer in items) <= 7


def test_a_record_of_a_law_alone_says_in_gather_what_it_lacks(plain_record: at.Record) -> None:
    (given,) = plain_record.inputs
    bare = plain_record.model_copy(update={"inputs": (given.model_copy(update={"content": None}),)})
    answers = [answer for _, _, answer in gather_items(bare)]
    assert answers[7] == "n/a because the record holds only the digest of its dossier"
    assert [item["id"] for item in csl_items(bare)] == ["attrition"]


def test_the_paragraph_on_methods_names_assumptions_and_record(plain_record: at.Record) -> None:
    text = methods_paragraph(plain_record)
    for part in ("up to 4 reported figures", "volatility 0.07", plain_record.id, " `attrition"):
        assert part in text.replace("\\", "")


# ------------------------------------------------------------------ Word


def _opened(content: bytes) -> Any:
    docx = pytest.importorskip("docx", reason="the extra `word` is not installed")
    return docx.Document(io.BytesIO(content))


def test_a_document_of_word_holds_sentences_notes_and_numbers_as_they_were_cited(
    plain_record: at.Record,
) -> None:
    pytest.importorskip("docx", reason="the extra `word` is not installed")
    document = _opened(word_document(plain_record))
    texts = [paragraph.text for paragraph in document.paragraphs]
    first = texts.index(plain_record.sentences[0].sentence)
    both = [text for one in plain_record.sentences for text in (one.sentence, one.note)]
    assert texts[first : first + len(both)] == both
    assert any(f"record {plain_record.id}" in text for text in texts)
    head, *rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert head == ["Total", "From", "Median", "To", "Already", "Later"]
    names = ("lower", "median", "upper", "already", "beyond")
    cited = [one for law in plain_record.laws for one in law.crossings]
    assert [row[1:] for row in rows] == [[one.printed[n] for n in names] for one in cited]
    assert document.core_properties.comments == f"record {plain_record.id}"


def test_a_figure_in_a_document_has_its_words_and_its_source(plain_record: at.Record) -> None:
    pytest.importorskip("docx", reason="the extra `word` is not installed")
    axes = at.plots.claim(at.parse("around 1,000")[0])
    words = at.plots.text_alternative(axes)
    picture = Picture(at.plots.figure_bytes(axes, "png"), words, "Source: somebody.")
    content = word_document(plain_record, picture)
    document = _opened(content)
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == words
    assert "Source: somebody." in [paragraph.text for paragraph in document.paragraphs]
    assert content == word_document(plain_record, picture)


def test_a_document_from_a_hostile_dossier_opens_and_holds_text_alone(evil: at.Record) -> None:
    pytest.importorskip("docx", reason="the extra `word` is not installed")
    document = _opened(word_document(evil))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert all(one.sentence in texts and one.note in texts for one in evil.sentences)
    targets = [part.reltype for part in document.part.rels.values() if part.is_external]
    assert targets == []


def test_word_without_its_library_is_refused_with_the_extra_that_brings_it(
    plain_record: at.Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(at.InputError, match=r"Install `attrition\[word\]`"):
        word_document(plain_record)


def test_no_form_stutters_or_breaks_its_punctuation() -> None:
    reports = [
        at.claim("at least 3,000 killed", source="Local officials", on="2025-06-03"),
        at.claim("around 20 killed a day", source="Local officials", on="2025-06-03"),
    ]
    quoted = at.forecast(reports, thresholds=[5_000], bases=["latent"], seed=1, size=64)
    frame = pd.DataFrame(
        {"date": pd.date_range("2025-01-01", periods=60), "cumulative": np.arange(100.0, 160.0)}
    )
    counted = at.forecast(at.read_series(frame), thresholds=[200], seed=1)
    for record in map(at.reporting.make_record, (quoted, counted)):
        for name in ("citation.md", "gather.md", "methods.md", "sources.bib"):
            text = at.reporting.exports(record)[name].decode()
            assert not re.search(r"(\b\w+ \w+\b)[ (:]+\1\b|\.\)|\.;|\w_\w|;;", text), (name, text)
            assert "ata frame is" not in text
            assert "of Local" not in text
            assert "by Local" not in text
    assert "Monte Carlo standard error" not in at.reporting.make_record(quoted).sentences[0].note
    gather = at.reporting.gather_table(at.reporting.make_record(counted))
    assert "dossier stands" not in gather
