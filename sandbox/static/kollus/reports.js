// Tells the sandbox what was played: every few seconds of playing, at once on pause and end, and on leaving.
export class Reports {
  #player
  #facts
  #showtimeTold = 0
  #told = ""

  constructor(player, facts) {
    this.#player = player
    this.#facts = facts
    for (const event of ["pause", "done", "error"]) player.addEventListener(event, () => this.#send(event))
    player.addEventListener("sample", this.#sendIfDue)
    addEventListener("pagehide", this.#sendOnLeaving)
  }

  #sendIfDue = () => {
    if (this.#player.viewing.showtime - this.#showtimeTold >= this.#facts.reportEvery) this.#send("interval")
  }

  async #send(event) {
    const body = this.#body(event)
    if (body === null) return
    const answer = await fetch(this.#address, { method: "POST", body, keepalive: true }).catch(() => null)
    const told = answer?.ok ? await answer.json() : {}
    if (told.error) this.#player.fail(told.error)
  }

  #sendOnLeaving = () => {
    const body = this.#body("leave")
    if (body !== null) navigator.sendBeacon(this.#address, body)
  }

  // Null when nothing was played since the last report.
  #body(event) {
    const { viewing, position } = this.#player
    const stretches = viewing.stretches.map(({ start, end, speed }) => [round(start), round(end), speed])
    const news = JSON.stringify(stretches)
    if (news === "[]" || (news === this.#told && event !== "done")) return null
    this.#told = news
    this.#showtimeTold = viewing.showtime
    return JSON.stringify({ event, stretches, position: round(position), open_seconds: round(viewing.openSeconds) })
  }

  get #address() {
    return `${this.#facts.start}progress`
  }
}

function round(seconds) {
  return Math.round(seconds * 1000) / 1000
}
