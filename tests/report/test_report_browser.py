"""The pages in a real browser: what only layout and a security policy can show."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import builders
import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright

from graders.model import Pictures, Record, say
from graders.pictures import picture
from graders.report import class_report, student_report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")

# Contrast of every text against the nearest background that is not see-through, after WCAG 2.
PALE = """() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = rgb => rgb.slice(0, 3)
    .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const pale = [];
  for (const element of document.querySelectorAll('body *')) {
    if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
    if (element.closest('title, desc, .hidden, .skip')) continue;
    const style = getComputedStyle(element);
    const ink = element.closest('svg') ? style.fill : style.color;
    const [a, b] = [light(parts(ink)), light(behind(element))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) pale.push(element.textContent.slice(0, 40));
  }
  return pale;
}"""


def with_pictures(record: Record) -> Record:
    """The record with a sheet that is wider than a phone, and a small picture, under its first mark."""
    shapes = ((112, 500), (28, 28))
    shown = tuple(picture(np.zeros(shape, np.uint8), say("samples.shown")) for shape in shapes)
    first, *others = record.marks
    first = first.model_copy(update={"evidence": (*first.evidence, Pictures(items=shown))})
    return record.model_copy(update={"marks": (first, *others)})


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    course, assignment = builders.course(), builders.assignment()
    records = {
        "good": builders.record(),
        "broken": builders.broken_record(),
        "reviewed": builders.reviewed_record(),
        "hostile": builders.hostile_record(),
        "pictures": with_pictures(builders.record()),
    }
    texts = {name: student_report(record, assignment, course, "ru") for name, record in records.items()}
    texts["class"] = class_report(list(records.values()), course, "ru")
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield launched
        launched.close()


@pytest.mark.parametrize("name", ["good", "broken", "hostile", "class"])
def test_a_page_is_silent_and_asks_for_nothing(name: str, browser: Browser, pages: dict[str, Path]) -> None:
    page = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[name].as_uri())
    styled = page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")
    page.close()
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [pages[name].as_uri()]
    assert styled != "none"


@pytest.mark.parametrize("name", ["good", "broken", "reviewed", "hostile", "class"])
def test_a_phone_scrolls_down_only(name: str, browser: Browser, pages: dict[str, Path]) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(pages[name].as_uri())
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert width == 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["good", "reviewed", "class"])
def test_all_text_stands_out_from_its_ground(
    name: str, scheme: str, browser: Browser, pages: dict[str, Path]
) -> None:
    page = browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(pages[name].as_uri())
    pale = page.evaluate(PALE)
    page.close()
    assert pale == []


def test_every_picture_and_scrolling_box_has_a_name(browser: Browser, pages: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(pages["good"].as_uri())
    names = [
        image.evaluate(
            "drawing => document.getElementById(drawing.getAttribute('aria-labelledby')"
            ".split(' ')[0]).textContent"
        )
        for image in page.get_by_role("img").all()
    ]
    boxes = page.locator("[tabindex='0']").all()
    labels = [box.get_attribute("aria-label") for box in boxes]
    page.close()
    assert names
    assert all(names)
    assert labels
    assert all(labels)


@pytest.mark.parametrize(("width", "expected"), [(1200, [500, 112]), (390, [0, 112])])
def test_pictures_are_as_wide_as_they_are_where_there_is_room(
    width: int, expected: list[int], browser: Browser, pages: dict[str, Path]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(pages["pictures"].as_uri())
    wide, small = page.evaluate("[...document.querySelectorAll('.pictures img')].map(one => one.width)")
    assert small == expected[1]
    assert wide == expected[0] or (not expected[0] and 250 < wide < width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_print_opens_what_is_folded(browser: Browser, pages: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(pages["broken"].as_uri())
    folded = page.locator("details pre").first
    on_screen = folded.is_visible()
    page.emulate_media(media="print")
    on_paper = folded.is_visible()
    page.close()
    assert (on_screen, on_paper) == (False, True)
