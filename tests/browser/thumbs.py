"""What is too small on a screen that is touched."""

from typing import Final

# Links inside a sentence are exempt (WCAG 2.5.8), as is what a card's link covers with its own ::after.
# A field is touched by its label too.
SMALL_TARGETS: Final = """() => {
    const targets = document.querySelectorAll("a, button, input, select, summary, [role=radio]")
    return [...targets].filter((each) => {
        const box = (each.closest("label") ?? each).getBoundingClientRect()
        if (!box.width || each.closest("p, dd, .assurances") || each.matches(".skip-link")) return false
        return box.height < 43.5 && getComputedStyle(each, "::after").position !== "absolute"
    }).map((each) => each.outerHTML.slice(0, 120))
}"""
