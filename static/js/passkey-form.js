/* Shows what needs a passkey where the browser knows them, and hands the ceremony to the library's script. */
class PasskeyForm extends HTMLElement {
  connectedCallback() {
    if (!window.PublicKeyCredential) return
    const ids = { credential: "passkey-credential", login: "passkey-button", signup: "passkey-button" }
    if (this.dataset.options) ids.data = this.dataset.options
    window.allauth.webauthn.forms[this.dataset.ceremony]({ ids })
    document.addEventListener("allauth.error", this.#tell)
    this.hidden = false
  }

  disconnectedCallback() { document.removeEventListener("allauth.error", this.#tell) }

  /* Turned away, timed out, or none on this device: browsers do not say which. */
  #tell = (event) => {
    event.preventDefault()
    this.querySelector("[role=alert]").hidden = false
  }
}
customElements.define("passkey-form", PasskeyForm)
