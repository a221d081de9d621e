// Holds this page's place among those where its viewer may play at once: a sign of life every two seconds from the start
// until the film stands still, again when it goes on, and a farewell when the page is left. A place that was lost is told
// of by `lose`: a code, and what the shop says of it.

import { call } from "api-client"

const EVERY = 1800 // and the way there
const LOST = new Set([403, 404, 409])
const REFUSED = new Set(["8673", "8675"])

export class StreamLease {
  #url
  #lose
  #next
  #isOver = false

  constructor(url, lose) {
    this.#url = url
    this.#lose = lose
    addEventListener("pagehide", this.#leave)
    this.#beat()
  }

  follow(controller) {
    controller.addEventListener("play", () => this.#beat())
    for (const event of ["pause", "done"]) controller.addEventListener(event, () => this.#rest())
  }

  // The player is gone; the place is free for another.
  stop() {
    if (!this.#isOver) this.#leave()
    this.#end()
  }

  async #beat() {
    this.#rest()
    if (this.#isOver) return
    const [beat, sent] = [(this.#next = {}), performance.now()]
    const { status, body } = await call("POST", `${this.#url}beat/`)
    if (this.#isOver) return
    if (LOST.has(status)) {
      this.#end()
      return this.#lose("no-right", status === 409 ? body : undefined)
    }
    if (beat !== this.#next) return // the film stands still, or went on meanwhile
    this.#next = setTimeout(() => this.#beat(), Math.max(0, EVERY - (performance.now() - sent)))
  }

  #rest() {
    clearTimeout(this.#next)
    this.#next = undefined
  }

  #leave = () => {
    call("POST", `${this.#url}leave/`, undefined, { keepalive: true })
  }

  #end() {
    this.#isOver = true
    this.#rest()
    removeEventListener("pagehide", this.#leave)
  }
}

// Why a viewing failed by this code: a code, and what the shop says of it. The shop keeps each error, and knows more of
// those by which it said no itself. A preview, which has no address of its own, is refused once its link ran out.
export async function whyNot(code, url) {
  const kept = url && call("POST", `${url}errors/`, { code })
  if (!REFUSED.has(code)) return [code]
  if (!url) return ["link_expired"]
  const { why } = (await kept).body
  if (why) return [why]
  const { status, body } = await call("POST", `${url}beat/`)
  return status === 409 ? [body.code, body] : [code]
}
