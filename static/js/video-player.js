// The film's place: a poster until it may play. What plays it comes when it is wanted, and while a bank is asked; who only
// looks at the page needs none of it.

const PARTS = ["film-playing", "kollus-controller", "player-bar", "player-messages", "stream-lease", "viewing"]
const SMALL_PARTS = ["player-keys", "player-screen", "speed-choice", "caption-choice", "chapter-list", "following-film"]

class VideoPlayer extends HTMLElement {
  #coming

  connectedCallback() {
    document.addEventListener("film-ready", this.#begin)
    document.addEventListener("submit", this.#prepare)
    for (const place of [this, document.querySelector("[data-chapters]")]) place?.addEventListener("click", this.#follow)
    if (sessionStorage.getItem("play-next") !== this.dataset.slug) return
    sessionStorage.removeItem("play-next")
    if ("mayWatch" in this.dataset) this.#do("open", true)
  }

  disconnectedCallback() {
    document.removeEventListener("film-ready", this.#begin)
    document.removeEventListener("submit", this.#prepare)
    this.#coming?.then((playing) => playing.leave(), () => {})
  }

  // Bought just now in this page: the stage takes over, and nothing else moves.
  #begin = ({ detail: ticket }) => {
    this.scrollIntoView({ block: "start", behavior: "instant" })
    this.#do("begin", ticket)
  }

  #follow = ({ target }) => {
    const { act, from, session } = target.closest("[data-act], [data-from]")?.dataset ?? {}
    if (act === "reload") location.reload()
    else if (act) this.#do(act, session)
    else if (from) this.#do("seek", Number(from))
  }

  #prepare = () => this.#come().catch(() => {})

  #come() {
    return (this.#coming ??= Promise.all([...PARTS, ...SMALL_PARTS].map((part) => import(part))).then(([{ FilmPlaying }]) => new FilmPlaying(this)))
  }

  async #do(act, detail) {
    try {
      const playing = await this.#come()
      playing[act](detail)
    } catch {
      this.#sayGone()
    }
  }

  // Where a browser keeps a script's failure in mind, only the page anew helps.
  #sayGone() {
    this.#coming = undefined
    if (this.querySelector(".stage__message") && navigator.onLine) return location.reload()
    this.querySelector(".stage__message")?.remove()
    const message = this.querySelector("template").content.firstElementChild.cloneNode(true)
    this.querySelector(".stage").append(message)
    message.querySelector("button").focus()
  }
}

customElements.define("video-player", VideoPlayer)
