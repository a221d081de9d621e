// Asks for a refund without leaving the page. What each reason brings stands in the form before anything is asked;
// which of it shows is the style sheet's matter. Without a script the form sends itself.

import { call } from "api-client"

class RefundRequest extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this.#ask)
  }

  #ask = async (event) => {
    event.preventDefault()
    if (this.hasAttribute("aria-busy")) return
    this.setAttribute("aria-busy", "true")
    const form = event.target
    const data = { reason: form.reason.value, words: form.words.value, shown: event.submitter.value }
    const { status, body } = await call("POST", this.getAttribute("url"), data)
    this.removeAttribute("aria-busy")
    this.#tell(body.sentence ?? this.getAttribute("failed"), status === 200)
    if (status === 200) this.#close(form, body)
  }

  #tell(sentence, isDone) {
    this.#region.className = `notice ${isDone ? "notice--success" : "notice--danger"}`
    this.#region.textContent = sentence
  }

  #close(form, { is_ended: isEnded }) {
    form.closest("details").remove()
    this.#region.focus()
    if (isEnded) for (const each of document.querySelectorAll("[data-ends-with-refund]")) each.remove()
    this.#readFactsAnew()
  }

  /** The order's facts beside the form still say "Paid". Without an answer they do until the page is opened again. */
  async #readFactsAnew() {
    try {
      const answer = await fetch(location.pathname, { credentials: "same-origin" })
      const page = new DOMParser().parseFromString(await answer.text(), "text/html")
      const fresh = page.querySelector("[data-order-facts]")
      if (answer.ok && fresh) document.querySelector("[data-order-facts]").replaceWith(fresh)
    } catch {
      // The sentence above says what matters.
    }
  }

  get #region() {
    return this.querySelector("[role=status]")
  }
}

customElements.define("refund-request", RefundRequest)
