"""Looks at a page through axe: nothing is wrong for whoever does not see, or sees badly."""

from typing import Any, Final, Literal
from weakref import WeakSet

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# axe reads each colour of a page anew for every word and all that it stands on: a third of its work.
_KNOWS_ITS_COLOURS: Final = """
    const { prototype } = axe.commons.color.Color
    const [known, read] = [new Map(), prototype.parseString]
    prototype.parseString = function (words) {
        if (!known.has(words)) {
            const { r, g, b, alpha } = read.call(this, words)
            known.set(words, { r, g, b, alpha })
        }
        return Object.assign(this, known.get(words))
    }
"""
# A program that comes with each page is read by Chromium for a fifth of what it costs to hand it over.
_BRING: Final = f"() => {{ if (top === self) {{ {Axe().axe_script}; {_KNOWS_ITS_COLOURS} }} }}"
_HAVE_IT: Final = WeakSet[Page]()
# One that ends may start another. What turns without end, such as a busy button's wheel, is not waited for.
_IS_THERE_WHEN_ALL_IS_STILL = """async () => {
    const moving = () => document.getAnimations().filter(
        (each) => each.playState === "running" && each.effect.getComputedTiming().endTime !== Infinity)
    do {
        await Promise.allSettled(moving().map((each) => each.finished))
        await new Promise(requestAnimationFrame)
    } while (moving().length)
    return typeof axe !== "undefined"
}"""
_LOOK = """([context, options]) => axe.run(context ?? document, options).then(({ violations }) =>
    violations.map((each) => [each.id, each.nodes[0].html.slice(0, 200)]))"""
# What passes is not worked out, nor a selector for what does not; others' frames have no axe in them, and
# would be waited for. The size of what is pressed (WCAG 2.2) axe looks at only if it is told to.
_WRONG_ALONE: Final = {
    "resultTypes": ["violations"],
    "selectors": False,
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
    if not page.evaluate(_IS_THERE_WHEN_ALL_IS_STILL):
        page.evaluate(_BRING)
        if page not in _HAVE_IT:
            page.add_init_script(f"({_BRING})()")
            _HAVE_IT.add(page)
    found = page.evaluate(_LOOK, [context, _WRONG_ALONE | (options or {})])
    assert not found, (page.url, state, found)


def finds_nothing_in_either_light(page: Page, state: str = "") -> None:
    """`finds_nothing`; the colours are looked at in the other light too, in which the page is left."""
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    lights: list[Literal["light", "dark"]] = ["dark", "light"] if is_dark else ["light", "dark"]
    finds_nothing(page, f"{state}, {lights[0]}")
    page.emulate_media(color_scheme=lights[1])
    finds_nothing(page, f"{state}, {lights[1]}", options=_CONTRAST_ALONE)
