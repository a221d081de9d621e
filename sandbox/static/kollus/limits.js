// How far this viewer may go: what the token says about seeking and speed, and what the shop allowed.
export class Limits {
  #rules
  #codes
  #endsAt = Infinity
  #playtime = Infinity
  #furthest = 0
  section = null

  constructor(facts) {
    this.#rules = facts.rules
    this.#codes = facts.codes
  }

  // Take what the shop's reply allows: {seconds, playtime, section}, each of them null for no limit.
  allow({ seconds, playtime, section }) {
    if (seconds !== null) this.#endsAt = performance.now() + seconds * 1000
    this.#playtime = playtime ?? Infinity
    this.section = Array.isArray(section) ? section[0] : section
  }

  // The code of the limit that has been reached, or null.
  reached(viewing) {
    if (performance.now() >= this.#endsAt) return this.#codes.expired
    return viewing.playtime >= this.#playtime ? 8686 : null
  }

  saw(position) {
    this.#furthest = Math.max(this.#furthest, position)
  }

  // Where playing may begin when the link wants `target`.
  start(target) {
    const { seek, seekableEnd, startsAnywhere } = this.#rules
    return seek || startsAnywhere ? target : Math.min(target, Math.max(seekableEnd, 0))
  }

  // Where a seek to `target` may end, or null where seeking is not allowed.
  seek(target, duration) {
    const { start_time: low = 0, end_time: high = duration } = this.section ?? {}
    const inside = Math.min(Math.max(target, low), high)
    if (this.#rules.seek) return inside
    return this.#rules.seekableEnd < 0 ? null : Math.min(inside, Math.max(this.#rules.seekableEnd, this.#furthest))
  }

  get speedIsFree() {
    return this.#rules.speed
  }
}
