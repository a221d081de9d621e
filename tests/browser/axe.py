"""Looks at a page through axe: nothing is wrong for whoever does not see, or sees badly."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# What turns without end, such as a busy button's wheel, is not waited for.
_ALL_IS_STILL = """() => Promise.allSettled(document.getAnimations().filter(
    (each) => each.effect.getComputedTiming().endTime !== Infinity
).map((each) => each.finished)).then(() => null)"""
_CONTRAST_ALONE = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def finds_nothing(
    page: Page, state: str = "", *, context: str | None = None, options: dict[str, Any] | None = None
) -> None:
    """This will fail with each rule that the page breaks once it is still, and the element that does; with a
    `context`, a CSS selector, only what is in there is looked at.
    """
    page.evaluate(_ALL_IS_STILL)
    found = Axe().run(page, context=context, options=options).response["violations"]
    assert not found, (page.url, state, [(each["id"], each["nodes"][0]["html"][:200]) for each in found])


def finds_nothing_in_either_light(page: Page, state: str = "") -> None:
    """`finds_nothing` in light; the colours are looked at in dark too. The page is left in light."""
    finds_nothing(page, f"{state}, light")
    page.emulate_media(color_scheme="dark")
    finds_nothing(page, f"{state}, dark", options=_CONTRAST_ALONE)
    page.emulate_media(color_scheme="light")
