// A radio group of cards. The chosen card is its `value`; arrow keys move and choose, as in any radio group.
// Source: https://www.w3.org/WAI/ARIA/apg/patterns/radio/

class ChoiceCards extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.choose(event.target.closest("[role=radio]")))
    this.addEventListener("keydown", this.#move)
  }

  get chosen() {
    return this.querySelector("[aria-checked=true]") ?? this.#cards[0]
  }

  choose(card) {
    if (!card) return
    for (const each of this.#cards) {
      each.setAttribute("aria-checked", each === card)
      each.tabIndex = each === card ? 0 : -1
    }
    this.dispatchEvent(new Event("change", { bubbles: true }))
  }

  get #cards() {
    return [...this.querySelectorAll("[role=radio]")]
  }

  #move = (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const cards = this.#cards
    const next = cards.at((cards.indexOf(document.activeElement) + step) % cards.length)
    this.choose(next)
    next.focus()
  }
}

customElements.define("choice-cards", ChoiceCards)
