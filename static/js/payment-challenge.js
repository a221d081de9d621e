// The bank's question, in the panel's place: a plain frame at a size that every issuer supports, with a way out.
// The frame's end is only a hint: whoever listens asks the server what came of it.
// Source: https://docs.stripe.com/payments/3d-secure/authentication-flow

const REVEAL_AFTER = 800

class PaymentChallenge extends HTMLElement {
  #frame

  connectedCallback() {
    addEventListener("message", this.#hear)
    this.querySelector("[data-act=another-card]").addEventListener("click", () => this.#tell("challenge-left"))
  }

  disconnectedCallback() {
    removeEventListener("message", this.#hear)
  }

  // A check without a question passes in a moment: show nothing until it is sure that somebody must act.
  open(url) {
    if (this.#frame?.src === url) return
    this.hidden = false
    const frame = document.createElement("iframe")
    frame.src = url
    frame.title = this.dataset.title
    frame.dataset.testid = "challenge-frame"
    this.querySelector(".challenge__frame").replaceChildren(frame)
    this.#frame = frame
    setTimeout(() => this.isConnected && this.#frame === frame && this.#reveal(), REVEAL_AFTER)
  }

  close() {
    this.#frame?.remove()
    this.#frame = undefined
    this.hidden = true
    this.classList.add("challenge--waiting")
  }

  #reveal() {
    this.classList.remove("challenge--waiting")
    this.#tell("challenge-shown")
    this.querySelector("h2").focus({ preventScroll: true })
    this.scrollIntoView({ block: "nearest" })
  }

  #hear = (event) => {
    if (event.origin !== location.origin || event.source !== this.#frame?.contentWindow) return
    if (event.data?.type === "challenge-ended") this.#tell("challenge-ended")
  }

  #tell(name) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true }))
  }
}

customElements.define("payment-challenge", PaymentChallenge)
