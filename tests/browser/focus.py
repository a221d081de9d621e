"""Goes from control to control as the Tab key does: each is seen to have the focus, and nothing hides it."""

from typing import Final

from playwright.sync_api import Page

# Each stands at the foot of the screen and then at its head, where something may lie over the page: the
# browser scrolls it clear, as with the key, if the page says so. Of a link over two lines one is enough.
_NOT_SEEN: Final = """() => {
    const controls = "a[href], button, input, select, textarea, summary, [tabindex]"
    const hasRing = (each, part) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(each, part)
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
    }
    const isHidden = (each) => {
        const { left, top, width, height } = each.getClientRects()[0]
        const points = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]]
        const at = ([x, y]) => document.elementFromPoint(left + x * width, top + y * height)
        return !points.some((point) => each.contains(at(point)))
    }
    const found = []
    for (const each of document.querySelectorAll(controls)) {
        if (each.tabIndex < 0 || !each.checkVisibility({ visibilityProperty: true })) continue
        for (const edge of ["foot", "head"]) {
            document.activeElement?.blur()
            const { top, bottom } = each.getBoundingClientRect()
            scrollBy(0, edge === "foot" ? bottom - innerHeight : top)
            each.focus()
            if (document.activeElement !== each) continue // it is not to be used now
            const html = each.outerHTML.slice(0, 160)
            if (!hasRing(each) && !hasRing(each, "::after")) found.push(["no ring", html])
            if (isHidden(each)) found.push([`hidden at the ${edge}`, html])
        }
    }
    return found
}"""


def is_always_seen(page: Page) -> None:
    """This will fail with each control that gets the focus unseen (WCAG 2.4.7, 2.4.11). The browser has to
    want no motion: a page that scrolls smoothly is still on its way.
    """
    page.keyboard.press("Tab")  # from here on the focus is the keyboard's
    assert page.evaluate(_NOT_SEEN) == [], page.url
