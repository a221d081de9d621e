// A coupon's code: hidden until wanted, then looked at by the server, which lays the panel out anew with it.
// The new address of the panel leaves as the event "coupon-wanted".

class CouponField extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.#act(event.target.closest("[data-act]")?.dataset.act))
    this.addEventListener("keydown", this.#applyByEnter)
  }

  // Where the focus goes once the panel has come anew.
  focus() {
    (this.querySelector("[tabindex]") ?? this.#code).focus()
  }

  #act(name) {
    if (name === "open") this.#open()
    if (name === "apply" && this.#code.value.trim()) this.#want(this.#code.value)
    if (name === "remove") this.#want("")
  }

  #open() {
    this.querySelector("[data-act=open]").hidden = true
    this.querySelector("#coupon-entry").hidden = false
    this.#code.focus()
  }

  // In a form Enter would press Pay.
  #applyByEnter = (event) => {
    if (event.key !== "Enter" || event.target !== this.#code) return
    event.preventDefault()
    this.#act("apply")
  }

  #want(code) {
    const { panel, currency } = this.dataset
    const address = `${panel}?${new URLSearchParams({ currency, coupon: code })}`
    this.dispatchEvent(new CustomEvent("coupon-wanted", { detail: { address }, bubbles: true }))
  }

  get #code() {
    return this.querySelector("input")
  }
}

customElements.define("coupon-field", CouponField)
