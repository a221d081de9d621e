// A viewing that the shop has opened, while its film is on the stage: its link is kept fresh, and a rental's hours are
// told.

import { call } from "api-client"

const SOON = 15_000
const HOUR = 3600

export class Viewing {
  #url
  #seconds
  #askedAt
  #renewal
  #clock
  #isOver = false

  // The link lasts so many seconds.
  constructor(url, seconds) {
    this.#url = url
    this.#seconds = seconds
    this.#keepFresh(seconds * 700)
  }

  // A rental's hours begin, and `tell` hears how many are left; again when the words will have changed.
  async start(tell) {
    const { body } = await call("POST", `${this.#url}start/`)
    if (this.#isOver || !body.time_left) return
    tell(body.time_left)
    if (body.ends_in_seconds === null) return
    const unchanged = body.ends_in_seconds % (body.ends_in_seconds > HOUR ? HOUR : 60)
    this.#clock = setTimeout(() => this.start(tell), (unchanged + 1) * 1000)
  }

  // Back from the background, or from sleep: timers stood still meanwhile.
  comeBack() {
    const { running, standing } = this.#askedAt
    const away = Math.max(performance.now() - running, Date.now() - standing)
    if (away > this.#seconds * 500) this.#freshen()
  }

  stop() {
    this.#isOver = true
    clearTimeout(this.#renewal)
    clearTimeout(this.#clock)
  }

  // The link is short-lived: well before it ends the shop is told that this page still watches. How long is counted from
  // when it was asked for, never by the device's idea of the time.
  #keepFresh(milliseconds) {
    this.#askedAt = { running: performance.now(), standing: Date.now() }
    clearTimeout(this.#renewal)
    this.#renewal = setTimeout(() => this.#freshen(), milliseconds)
  }

  async #freshen() {
    const { status } = await call("POST", `${this.#url}link/`)
    if (this.#isOver || status === 403 || status === 404) return
    this.#keepFresh(status === 200 ? this.#seconds * 700 : SOON)
  }
}
