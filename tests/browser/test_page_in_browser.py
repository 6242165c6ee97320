"""The page as a reader has it: opened, moved, printed, read aloud, on a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import attrition as at
from attrition.page.grid import PROBS, thresholds_of
from attrition.plots.dots import detail, heading, interval_words
from attrition.reporting import number
from attrition.reporting.passing import passing
from attrition.reporting.stretches import end_words
from attrition.reporting.words import rounded_amount

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Playwright leaves sockets of its own open at the end.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def pages_of(pdf: Path) -> int:
    """Return how many pages a PDF of Chromium has: their tree says it, uncompressed."""
    counts = re.findall(rb"/Type /Pages\s+/Count (\d+)", pdf.read_bytes())
    return max(int(count) for count in counts)


def squeezed(texts: Sequence[str]) -> str:
    """Return texts without blanks: where lines break is not compared."""
    return re.sub(r"\s+", "", "".join(texts))


@contextmanager
def opened(browser: Browser, file: Path, state: str = "", **settings: Any) -> Iterator[Page]:
    """Open a page, and require that nothing was complained of and nothing asked for.

    ``state`` is what its address ends in, after the number sign.
    """
    context = browser.new_context(**{"viewport": {"width": 1100, "height": 900}, **settings})
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    address = file.as_uri() + (f"#{state}" if state else "")
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if page.locator("#grid").count() and settings.get("java_script_enabled", True):
        page.locator("#choose:not([hidden])").wait_for(state="attached")
    yield page
    assert complaints == []
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    context.close()


def test_the_page_opens_without_a_complaint_and_asks_for_nothing(
    browser: Browser, page_file: Path
) -> None:
    with opened(browser, page_file) as page:
        assert "Reported losses" in page.title()
        broken = page.evaluate("[...document.images].filter(i => !i.naturalWidth).length")
        assert broken == 0
        assert page.locator("#choose").is_visible()


def test_a_request_would_be_noticed(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<title>x</title><img src='other.png'>", encoding="utf-8")
    with pytest.raises(AssertionError), opened(browser, file):
        pass


def test_the_sliders_choose_what_the_library_says(
    browser: Browser, page_file: Path, told_whole: tuple[at.Forecast, str]
) -> None:
    whole = told_whole[0]
    laws = list(whole.laws.items())
    probs = sorted({*PROBS, whole.prob})
    with opened(browser, page_file) as page:
        for choice in (0, 1, 6, 9):
            (key, _), law = laws[choice]
            offered = thresholds_of(law, whole.thresholds[key])
            page.select_option("#law", index=choice)
            for threshold, prob in ((0, 0), (len(offered) - 1, 3), (len(offered) // 2, 7)):
                page.locator("#threshold").fill(str(threshold))
                page.locator("#prob").fill(str(prob))
                level, chance = offered[threshold], probs[prob]
                sentence = at.cite(law, level, prob=chance).sentence
                assert page.locator("#said").inner_text() == sentence
                read = at.laws.crossing(law, level, prob=chance)
                shown = [
                    page.locator(f"#{name}").inner_text() for name in ("lower", "median", "upper")
                ]
                assert shown == [end_words(law, d, read.unit, short=True) for d in read.dates]
                assert number(level) in page.locator("#threshold-said").inner_text()
                assert page.locator("#dots circle:not(.ink)").count() == 50
                assert page.locator("#dots .bar").count() == 1
                written = squeezed(page.locator("#dots text").all_text_contents())
                drawn = at.plots.crossing(law, level, prob=chance)
                head = heading(passing(law, level, chance))
                outer = [text.get_text() for text in drawn.texts]
                for words in (head, detail(law), interval_words(read, law), *outer):
                    assert squeezed([words]) in written


def test_the_sliders_work_from_the_keyboard_and_are_announced(
    browser: Browser, page_file: Path
) -> None:
    with opened(browser, page_file) as page:
        before = page.locator("#said").inner_text()
        page.locator("#threshold").focus()
        page.keyboard.press("ArrowRight")
        after = page.locator("#said").inner_text()
        assert after != before
        words = page.locator("#threshold").get_attribute("aria-valuetext")
        assert words
        assert rounded_amount(float(words.replace(",", "")), "persons") in after
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "prob"
        page.keyboard.press("ArrowLeft")
        assert page.locator("#prob").get_attribute("aria-valuetext") == "85 %"
        page.keyboard.press("Home")  # a little less may be printed as the same days
        assert page.locator("#prob").get_attribute("aria-valuetext") == "50 %"
        assert page.locator("#said").inner_text() != after
        assert page.locator("#said").get_attribute("aria-live") == "polite"


def test_a_threshold_can_be_typed(
    browser: Browser, page_file: Path, told_whole: tuple[at.Forecast, str]
) -> None:
    (key, _), law = next(iter(told_whole[0].laws.items()))
    offered = thresholds_of(law, told_whole[0].thresholds[key])
    with opened(browser, page_file) as page:
        for text, level, complaint in (
            (f"{offered[3]:,.0f}", offered[3], ""),
            (f"{offered[5] + 1:.0f}", offered[5], "nearest"),
            ("many", offered[5], "Write a number"),
            ("-4", offered[5], "Write a number"),
        ):
            page.locator("#typed").fill(text)
            page.keyboard.press("Enter")
            assert at.cite(law, level).sentence == page.locator("#said").inner_text()
            assert complaint in page.locator("#typed-said").inner_text()
            assert bool(complaint) == bool(page.locator("#typed-said").inner_text())


def test_the_address_holds_what_is_chosen(
    browser: Browser, page_file: Path, told_whole: tuple[at.Forecast, str]
) -> None:
    laws = list(told_whole[0].laws.items())
    with opened(browser, page_file) as page:
        assert "#" not in page.url
        page.select_option("#law", index=3)
        page.locator("#threshold").fill("2")
        page.locator("#prob").fill("1")
        sentence, address = page.locator("#said").inner_text(), page.url
    (key, _), law = laws[3]
    level = thresholds_of(law, told_whole[0].thresholds[key])[2]
    assert sentence == at.cite(law, level, prob=sorted({*PROBS, 0.9})[1]).sentence
    with opened(browser, page_file, state=address.split("#")[1]) as page:
        assert page.locator("#said").inner_text() == sentence
        assert page.locator("#choose").evaluate("e => e.getBoundingClientRect().top") < 900
        page.evaluate("location.hash = 'total=nothing&threshold=x&prob=-1'")
        assert page.locator("#said").inner_text() == sentence


def test_sentence_note_and_figure_can_be_copied(browser: Browser, page_file: Path) -> None:
    from playwright.sync_api import expect

    granted = ["clipboard-read", "clipboard-write"]
    with opened(browser, page_file, permissions=granted) as page:
        for name in ("first", "choose"):
            scope = page.locator("main > .copy" if name == "first" else "#choose .copy")
            ids = ("lead", "note") if name == "first" else ("said", "noted")
            for what, place in zip(("sentence", "note"), ids, strict=True):
                scope.get_by_text(f"Copy {what}").click()
                expect(scope.locator("[role=status]")).to_have_text("Copied.")
                copied = page.evaluate("navigator.clipboard.readText()")
                assert copied == page.locator(f"#{place}").text_content()
            scope.locator("[role=status]").evaluate("e => { e.textContent = ''; }")
            scope.get_by_text("Copy figure").click()
            expect(scope.locator("[role=status]")).to_have_text("Copied.")
            inked = page.evaluate(INKED)
            assert inked["width"] > 1_000
            assert 0.02 < inked["share"] < 0.6


INKED = """async () => {
  const [item] = await navigator.clipboard.read();
  const image = await createImageBitmap(await item.getType("image/png"));
  const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  const dots = pen.getImageData(0, 0, image.width, image.height).data;
  let inked = 0;
  for (let i = 0; i < dots.length; i += 4) inked += dots[i] + dots[i + 1] + dots[i + 2] < 700;
  return { width: image.width, share: 4 * inked / dots.length };
}"""
"""Width of the picture on the clipboard [pixel], and how much of it is not paper."""

OVERLAPS = """async () => {
  const set = (id, value) => {
    const slider = document.getElementById(id);
    slider.value = value;
    slider.dispatchEvent(new Event(id === "law" ? "change" : "input"));
  };
  const last = (id) => Number(document.getElementById(id).max);
  const faults = [];
  let states = 0;
  const laws = document.getElementById("law").options;
  for (let law = 0; law < laws.length; law += 1) {
    document.getElementById("law").selectedIndex = law;
    set("law", laws[law].value);
    for (let k = 0; k <= last("threshold"); k += 1) {
      set("threshold", k);
      for (let p = k % 3; p <= last("prob"); p += 3) {
        set("prob", p);
        states += 1;
        const frame = document.querySelector("#dots svg").getBoundingClientRect();
        const texts = [...document.querySelectorAll("#dots text")];
        const boxes = texts.map((text) => text.getBoundingClientRect());
        const marks = [...document.querySelectorAll("#dots circle, #dots .bar, #dots path")]
          .map((mark) => mark.getBoundingClientRect());
        const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
        boxes.forEach((box, i) => {
          const where = laws[law].textContent + ", " + k + ", " + p + ": " + texts[i].textContent;
          if (box.left < frame.left - 1 || box.right > frame.right + 1 ||
              box.top < frame.top - 1 || box.bottom > frame.bottom + 1) faults.push("cut " + where);
          boxes.slice(i + 1).forEach((other, j) => {
            if (meet(box, other)) faults.push(where + " meets " + texts[i + 1 + j].textContent);
          });
          if (marks.some((mark) => meet(box, mark))) faults.push(where + " meets a mark");
        });
        if (document.documentElement.scrollWidth > innerWidth) faults.push("wide " + law + k + p);
      }
    }
  }
  return { states, faults };
}"""
"""Words of the dotplot that are cut off, or meet others or a mark, in states of the sliders."""


@pytest.mark.parametrize("width", [360, 1100])
def test_no_word_is_cut_off_or_overlaps_in_any_state_of_the_sliders(
    browser: Browser, page_file: Path, width: int
) -> None:
    with opened(browser, page_file, viewport={"width": width, "height": 800}) as page:
        page.set_default_timeout(120_000)
        # The address is kept at each step, which browsers allow some two hundred times in seconds.
        page.evaluate("history.replaceState = () => {}")
        report = page.evaluate(OVERLAPS)
        assert report["states"] >= 500
        assert report["faults"] == []


def test_headline_and_figure_stand_above_the_fold_of_a_small_telephone(
    browser: Browser, page_file: Path
) -> None:
    phone = {"width": 360, "height": 640}
    with opened(browser, page_file, viewport=phone, is_mobile=True, has_touch=True) as page:
        for part in ("h1", "#first img"):
            box = page.locator(part).bounding_box()
            assert box is not None
            assert 0 <= box["y"] < box["y"] + box["height"] <= 640
        assert "95 % likely" in page.locator("h1").inner_text().replace("\xa0", " ")


def test_markup_in_a_dossier_does_nothing(browser: Browser, hostile_file: Path) -> None:
    with opened(browser, hostile_file) as page:
        assert page.evaluate("window.hacked") is None
        assert "</script><script>window.hacked" in page.inner_text("body")
        page.locator("#prob").fill("0")
        assert "</script>" in page.locator("#said").inner_text()
        assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Browser, page_file: Path, scheme: str) -> None:
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    with opened(browser, page_file, color_scheme=scheme) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        page.evaluate(axe)
        report = page.evaluate("axe.run(document)")
        rows = [
            f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:120]}"
            for v in report["violations"]
        ]
        assert rows == []
        assert len(report["passes"]) > 20


def test_axe_would_find_one(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<html><body><img src='data:,'><input></body></html>", encoding="utf-8")
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    with opened(browser, file) as page:
        page.evaluate(axe)
        report = page.evaluate("axe.run(document)")
        assert {"image-alt", "label"} <= {violation["id"] for violation in report["violations"]}


def test_it_prints_to_at_most_six_pages(browser: Browser, page_file: Path, tmp_path: Path) -> None:
    with opened(browser, page_file, color_scheme="dark") as page:
        file = tmp_path / "page.pdf"
        page.pdf(path=file, prefer_css_page_size=True)
        page.emulate_media(media="print")
        assert page.locator("#choose").is_hidden()
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == "rgb(255, 255, 255)"
    assert 3 <= pages_of(file) <= 6


def test_a_telephone_needs_no_scrolling_sideways(browser: Browser, page_file: Path) -> None:
    phone = {"width": 360, "height": 740}
    with opened(browser, page_file, viewport=phone, is_mobile=True, has_touch=True) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        wide = page.evaluate(
            "[...document.querySelectorAll('.wide')]"
            ".filter(e => e.scrollWidth > e.clientWidth).length"
        )
        assert wide == 0
        for control in ("#threshold", "#prob", "#law", "#typed", "#choose button >> nth=0"):
            box = page.locator(control).bounding_box()
            assert box is not None
            assert box["height"] >= 24  # WCAG 2.5.8, target size
        smallest = page.evaluate(
            "Math.min(...[...document.querySelectorAll('#dots text')]"
            ".map(t => t.getBoundingClientRect().height / t.childElementCount))"
        )
        assert smallest >= 11


def test_without_script_the_figures_and_tables_remain(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file, java_script_enabled=False) as page:
        assert page.locator("#choose").is_hidden()
        assert page.locator("button:visible").count() == 0
        assert page.locator("figure img").count() == 7
        assert page.locator("table.thresholds tbody tr").count() == 18  # 12 rows and 6 headings
        assert page.locator("table.claims tbody tr").count() == 12
        assert "passed one million" in page.inner_text("h1")
        assert "if the fighting continues" in page.inner_text(".lead")
