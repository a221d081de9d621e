// Has Kollus' installed player keep a film, and shows it among the copies once the player has told the shop that it is
// there. Whether a player is installed no page can tell.

import { call } from "api-client"

const EVERY = 5_000
const FOR = 10 * 60_000

class KeptFilm extends HTMLElement {
  #next
  #until

  connectedCallback() {
    this.querySelector("[data-act=keep]")?.addEventListener("click", this.#keep)
    document.addEventListener("visibilitychange", this.#look)
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#look)
    clearTimeout(this.#next)
  }

  #keep = async ({ currentTarget: button }) => {
    button.disabled = true
    const { status, body } = await call("POST", this.dataset.keepUrl, { video: this.dataset.slug })
    button.disabled = false
    button.focus()
    if (status !== 200) return this.#say("refused", body?.sentence)
    location.href = body.app_url
    this.#say("handed")
    this.#until = Date.now() + FOR
    this.#wait()
  }

  #wait() {
    clearTimeout(this.#next)
    if (Date.now() < this.#until) this.#next = setTimeout(this.#look, EVERY)
  }

  #look = async () => {
    if (document.hidden || !this.#until) return
    const html = await this.#fetchList()
    const list = this.querySelector("[data-part=list]")
    const before = count(list)
    if (html !== null) list.replaceChildren(document.createRange().createContextualFragment(html))
    if (count(list) <= before) return this.#wait()
    this.#until = 0
    this.#say("kept")
  }

  async #fetchList() {
    try {
      const response = await fetch(this.dataset.listUrl, { credentials: "same-origin" })
      return response.ok ? await response.text() : null
    } catch {
      return null // the network is gone; it may be back the next time
    }
  }

  #say(word, sentence) {
    const said = this.querySelector("[data-part=said]")
    said.textContent = sentence ?? said.dataset[word]
  }
}

const count = (list) => list.querySelectorAll("li").length

customElements.define("kept-film", KeptFilm)
