// The stretch that is played again and again: from where it starts to where it ends, once both are set.
const [CANCEL, START, END] = [0, 1, 2]
const STATES = ["cancel", "start", "end"]

export class Repeat {
  #player
  #start = 0
  #end = 0

  constructor(player) {
    this.#player = player
    player.addEventListener("sample", () => {
      if (this.#end && player.position >= this.#end) player.seek(this.#start)
    })
  }

  // {type, value}: the value is a second, or -1 for where the film is.
  set({ type, value } = {}) {
    if (!STATES[type] || !Number.isInteger(value)) return
    const second = value < 0 ? this.#player.position : value
    if (type === CANCEL) [this.#start, this.#end] = [0, 0]
    if (type === START) [this.#start, this.#end] = [second, 0]
    if (type === END && second <= this.#start) return
    if (type === END) this.#end = second
    this.#player.tell("repeat_stat_change", { status: STATES[type], start: this.#start, end: this.#end })
  }
}
