// One order on its way to a decision: sent until an answer comes, then asked after until it is decided.
// Each answer leaves as the event "answer", each that did not come as "lost". Only the newest question's answer counts,
// so that a late one cannot disturb who has begun to type again. Where the shop asks for a little work before it takes an
// order, it is done here, between the events "work" and "worked".

import { call, pause } from "api-client"

const ASK_AGAIN = 1500
const LONGEST_PAUSE = 8000
const MOST_WORK = 3
const UNDECIDED = new Set(["asking", "challenge"])

export class PendingOrder extends EventTarget {
  #url
  #reference = ""
  #questions = 0

  constructor(url) {
    super()
    this.#url = url
  }

  // The same order sent twice is one order, so one whose answer was lost is simply sent again.
  send(order, url = this.#url) {
    return this.#ask("POST", url, order)
  }

  resume(reference) {
    this.#reference = reference
    return this.ask()
  }

  ask() {
    return this.#ask("GET", this.#address)
  }

  leaveChallenge() {
    return this.#ask("POST", `${this.#address}another-card/`)
  }

  // Whatever is still to come does not count any more.
  forget() {
    this.#questions += 1
  }

  async #ask(method, url, order) {
    const question = (this.#questions += 1)
    for (let wait = 1000, worked = 0; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
      const answer = await call(method, url, order)
      if (question !== this.#questions) return
      const work = answer.body.task && worked < MOST_WORK ? await this.#workOn(answer.body.task) : null
      if (question !== this.#questions) return
      if (work) {
        Object.assign(order, work)
        worked += 1
        continue
      }
      const isLost = answer.status === 0 || (answer.status >= 500 && !order)
      if (!isLost) return this.#hear(answer, question)
      this.dispatchEvent(new Event("lost"))
      await pause(wait)
      if (question !== this.#questions) return
    }
  }

  async #hear(answer, question) {
    this.#reference = answer.body.order ?? this.#reference
    this.dispatchEvent(new CustomEvent("answer", { detail: answer }))
    if (!UNDECIDED.has(answer.body.state)) return
    await pause(ASK_AGAIN)
    if (question === this.#questions) await this.ask()
  }

  // What was found, or null where this browser cannot: then the answer's sentence stands.
  async #workOn(task) {
    this.dispatchEvent(new Event("work"))
    try {
      const { workOn } = await import("proof-of-work")
      return await workOn(task)
    } catch {
      return null
    } finally {
      this.dispatchEvent(new Event("worked"))
    }
  }

  get #address() {
    return `${this.#url}${this.#reference}/`
  }
}
