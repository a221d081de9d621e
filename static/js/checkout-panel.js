// The place to pay: brings the panel's fragment into the page, and anew where its price has gone stale.
// What the buyer typed survives; a film that was paid for leaves as the event "film-ready".

import "checkout-form"
import "choice-cards"
import { pause } from "api-client"

class CheckoutPanel extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#follow)
    this.addEventListener("checkout-stale", ({ detail }) => this.#load(this.#address, detail.sentence))
    this.addEventListener("checkout-paid", this.#celebrate)
    if (!this.querySelector("checkout-form")) this.#load(this.getAttribute("src"))
  }

  // A currency is a link, so that it works in a page of its own too.
  #follow = (event) => {
    const link = event.target.closest("a[data-currency]")
    if (!link) return
    event.preventDefault()
    this.#load(link.dataset.panel)
  }

  get #address() {
    return this.querySelector("checkout-form")?.getAttribute("panel-url") ?? this.getAttribute("src")
  }

  async #load(address, sentence = "") {
    const kept = this.#form?.remember()
    this.setAttribute("aria-busy", "true")
    const fragment = await fetchFragment(address)
    this.removeAttribute("aria-busy")
    if (fragment === null) return this.#offerRetry(address)
    this.innerHTML = fragment
    this.#form?.recall(kept, sentence)
  }

  get #form() {
    return this.querySelector("checkout-form")
  }

  #offerRetry(address) {
    const template = document.getElementById("panel-unreachable")
    this.replaceChildren(template.content.cloneNode(true))
    this.querySelector("button").addEventListener("click", () => this.#load(address), { once: true })
  }

  #celebrate = ({ detail }) => {
    this.innerHTML = detail.receipt
    document.dispatchEvent(new CustomEvent("film-ready", { detail: detail.ticket }))
  }
}

async function fetchFragment(address) {
  for (const wait of [0, 1000, 3000]) {
    await pause(wait)
    try {
      const response = await fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" } })
      if (response.ok) return await response.text()
    } catch { /* the network is gone; it may be back in a moment */ }
  }
  return null
}

customElements.define("checkout-panel", CheckoutPanel)
