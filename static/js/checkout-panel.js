// The place to pay: brings the panel's fragment into the page, and anew where its price has gone stale.
// What the buyer typed survives; a film that was paid for leaves as the event "film-ready".

import "checkout-form"
import { pause } from "api-client"
import { timeZone } from "time-zone"

class CheckoutPanel extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#follow)
    this.addEventListener("checkout-stale", ({ detail }) => this.#load(this.#address, detail.sentence))
    this.addEventListener("coupon-wanted", ({ detail }) => this.#changeCoupon(detail.address))
    this.addEventListener("checkout-paid", ({ detail }) => this.#celebrate(parse(detail.receipt), detail.ticket))
    if (!this.querySelector(".checkout-panel")) this.#load(this.#address)
  }

  // A currency is a link, so that it works in a page of its own too.
  #follow = (event) => {
    const link = event.target.closest("a[data-currency]")
    if (!link) return
    event.preventDefault()
    this.#load(link.dataset.panel).then(() => this.#giveFocus(this.querySelector(".currencies [aria-current]")))
  }

  async #changeCoupon(address) {
    await this.#load(address)
    this.querySelector("coupon-field")?.focus()
  }

  async #load(address, sentence = "") {
    this.setAttribute("aria-busy", "true")
    const html = await fetchFragment(address)
    this.removeAttribute("aria-busy")
    if (html === null) return this.#offerRetry(address)
    const fragment = parse(html)
    if (this.#form && fragment.querySelector(".receipt")) return this.#celebrate(fragment)
    const kept = this.#form?.remember()
    this.replaceChildren(fragment)
    if (kept) this.#form?.recall(kept, sentence)
  }

  // What was pressed went with the panel before.
  #giveFocus(to) {
    if (document.activeElement === document.body) (to ?? this).focus({ preventScroll: true })
  }

  #offerRetry(address) {
    this.querySelector("[data-part=unreachable]")?.remove()
    this.append(document.getElementById("panel-unreachable").content.cloneNode(true))
    const button = this.querySelector("[data-part=unreachable] button")
    button.addEventListener("click", () => this.#load(address).then(() => this.#giveFocus()), { once: true })
    if (!this.#form) return
    this.#form.rest()
    button.focus()
  }

  // The live region that told where paying stood stays in its place and the receipt is laid around it: a region that
  // comes with its words is not read out.
  #celebrate(fragment, ticket) {
    const receipt = fragment.querySelector(".receipt")
    const words = receipt.querySelector("[data-testid=order-status]")
    const region = this.querySelector("[data-testid=order-status]")
    for (let kept = region; kept !== this; kept = kept.parentElement) {
      for (const other of [...kept.parentElement.children]) if (other !== kept) other.remove()
    }
    region.className = ""
    region.parentElement.className = receipt.className
    region.textContent = words.textContent
    const parts = [...receipt.children]
    region.before(...parts.slice(0, parts.indexOf(words)))
    region.after(...parts.slice(parts.indexOf(words) + 1))
    document.dispatchEvent(new CustomEvent("film-ready", { detail: ticket }))
  }

  get #form() {
    return this.querySelector("checkout-form")
  }

  get #address() {
    return this.#form?.getAttribute("panel-url") ?? withCoupon(this.getAttribute("src"))
  }
}

// A link to the page with ?coupon=CODE applies the code by itself.
function withCoupon(address) {
  const coupon = new URLSearchParams(location.search).get("coupon")
  const url = new URL(address, location)
  if (coupon) url.searchParams.set("coupon", coupon)
  return url
}

// Whose law has a say in the purchase shows in the terms; where the buyer is only his browser knows.
function withZone(address) {
  const url = new URL(address, location)
  url.searchParams.set("time_zone", timeZone())
  return url
}

async function fetchFragment(address) {
  for (const wait of [0, 1000, 3000]) {
    await pause(wait)
    try {
      const response = await fetch(withZone(address), { credentials: "same-origin", headers: { Accept: "text/html" } })
      if (response.ok) return await response.text()
    } catch { /* the network is gone; it may be back in a moment */ }
  }
  return null
}

function parse(html) {
  return document.createRange().createContextualFragment(html)
}

customElements.define("checkout-panel", CheckoutPanel)
