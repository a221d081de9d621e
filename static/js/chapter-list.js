// The chapters beside a film: once it plays each is a button, and the one that plays is marked.

export class ChapterList {
  #list
  #current

  constructor(list) {
    this.#list = list
  }

  attach() {
    for (const text of this.#list?.querySelectorAll("span.chapter") ?? []) text.replaceWith(asButton(text))
  }

  mark(seconds) {
    const chapters = [...(this.#list?.querySelectorAll(".chapter") ?? [])]
    const current = chapters.findLast((each) => Number(each.dataset.from) <= seconds)
    if (current === this.#current) return
    this.#current?.removeAttribute("aria-current")
    current?.setAttribute("aria-current", "true")
    this.#current = current
  }
}

// In the same place and size.
function asButton(text) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = text.className
  button.dataset.from = text.dataset.from
  button.append(...text.childNodes)
  return button
}
