"""Looks at a page through axe: nothing is wrong for whoever does not see, or sees badly."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# One that ends may start another. What turns without end, such as a busy button's wheel, is not waited for.
_ALL_IS_STILL = """async () => {
    const moving = () => document.getAnimations().filter(
        (each) => each.playState === "running" && each.effect.getComputedTiming().endTime !== Infinity)
    do {
        await Promise.allSettled(moving().map((each) => each.finished))
        await new Promise(requestAnimationFrame)
    } while (moving().length)
}"""
_LOOK = """([context, options]) => axe.run(context ?? document, options).then(({ violations }) =>
    violations.map((each) => [each.id, each.nodes[0].html.slice(0, 200)]))"""
# What passes is not worked out; others' frames have no axe in them, and would be waited for. The size of
# what is pressed (WCAG 2.2) axe looks at only if it is told to.
_WRONG_ALONE: Final = {
    "resultTypes": ["violations"],
    "iframes": False,
    "rules": {"target-size": {"enabled": True}},
}
_CONTRAST_ALONE: Final = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def finds_nothing(
    page: Page, state: str = "", *, context: str | None = None, options: dict[str, Any] | None = None
) -> None:
    """This will fail with each rule that the page breaks once it is still, and the element that does; with a
    `context`, a CSS selector, only what is in there is looked at.
    """
    page.wait_for_load_state()
    page.evaluate(_ALL_IS_STILL)
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(Axe().axe_script)
    found = page.evaluate(_LOOK, [context, _WRONG_ALONE | (options or {})])
    assert not found, (page.url, state, found)


def finds_nothing_in_either_light(page: Page, state: str = "") -> None:
    """`finds_nothing` in light; the colours are looked at in dark too. The page is left in light."""
    finds_nothing(page, f"{state}, light")
    page.emulate_media(color_scheme="dark")
    finds_nothing(page, f"{state}, dark", options=_CONTRAST_ALONE)
    page.emulate_media(color_scheme="light")
