"""Watches a page while somebody buys in it: nothing may leave it, open, lie over it or go wrong."""

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Error, Frame, Page

# Runs in the page before anything of ours; what it sees is read at the end.
_EYES = """
(() => {
  if (window.top !== window) return
  const seen = (window.__seen = { opened: 0, reports: [], overlays: [] })
  window.open = () => { seen.opened += 1; return null }
  document.addEventListener("securitypolicyviolation", (event) =>
    seen.reports.push(`${event.violatedDirective} ${event.blockedURI}`))
  const describe = (element) => `${element.localName}.${element.className}#${element.id}`
  const look = () => {
    const onTop = "dialog[open], [popover]:popover-open, [aria-modal=true]"
    for (const element of document.querySelectorAll(onTop)) seen.overlays.push(describe(element))
    const panel = document.querySelector("checkout-panel, card-form")
    if (!panel) return
    for (const element of document.querySelectorAll("body *")) {
      if (panel.contains(element) || element.contains(panel)) continue
      const style = getComputedStyle(element)
      if (style.position === "fixed" && style.visibility === "visible" && element.checkVisibility())
        seen.overlays.push(`fixed ${describe(element)}`)
    }
    const box = panel.getBoundingClientRect()
    for (const part of [0.1, 0.5, 0.9]) {
      const x = box.left + box.width * part
      const y = Math.min(Math.max(box.top + 20, 1), innerHeight - 2)
      const top = document.elementsFromPoint(x, y)[0]
      const isInView = box.top < innerHeight && box.bottom > 30
      const isOver = top && isInView && !panel.contains(top) && !top.contains(panel)
      if (isOver && !top.closest(".buy-bar")) seen.overlays.push(`over ${describe(top)}`)
    }
  }
  setInterval(look, 100)
})()
"""


@dataclass
class Witness:
    """`watch` before the page is opened, `swear` at the end."""

    page: Page
    navigations: list[str] = field(default_factory=list)
    pop_ups: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> "Witness":
        self.page.add_init_script(_EYES)
        self.page.on("framenavigated", self._note_navigation)
        self.page.on("popup", self._note_pop_up)
        self.page.on("console", self._note_complaint)
        self.page.on("pageerror", self._note_error)
        return self

    def swear(self, *, expected_errors: tuple[str, ...] = ()) -> None:
        """Assert that since the first page nothing left it, opened, lay over it or complained."""
        seen = self.page.evaluate("window.__seen")
        against = {
            "navigations": self.navigations[1:],
            "pop-ups": self.pop_ups,
            "window.open": seen["opened"],
            "reports": seen["reports"],
            "overlays": sorted(set(seen["overlays"])),
            "complaints": [
                text for text in self.complaints if not any(part in text for part in expected_errors)
            ],
            "passwords": self.page.locator("input[type=password]").count(),
        }
        assert not any(against.values()), {what: found for what, found in against.items() if found}

    def count_inputs(self) -> int:
        """How many fields of ours a buyer sees."""
        return self.page.locator("main :is(input, select, textarea):visible").count()

    def _note_pop_up(self, page: Page) -> None:
        self.pop_ups.append(page.url)

    def _note_complaint(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(said.text)

    def _note_error(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _note_navigation(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self.navigations.append(frame.url)
