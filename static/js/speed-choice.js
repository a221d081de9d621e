// How fast the film plays: the speeds that the player offers, and the one at which it says it plays.

export class SpeedChoice {
  #say
  #controller
  #select
  #speeds = [0.5, 1, 1.5, 2]
  #speed = 1

  constructor(say) {
    this.#say = say
  }

  // A player that had to begin anew goes on as fast as the one before.
  attach(controller) {
    this.#controller = controller
    const wanted = this.#speed
    controller.addEventListener("playbackrateschange", ({ detail }) => this.#offer(JSON.parse(detail)))
    controller.addEventListener("speedchange", ({ detail }) => this.#hear(Number(detail)))
    if (wanted !== 1) controller.addEventListener("play", () => controller.setSpeed(wanted), { once: true })
  }

  show(select) {
    this.#select = select
    select.addEventListener("change", () => this.#controller.setSpeed(Number(select.value)))
    this.#offer(this.#speeds)
  }

  // To the next faster or slower one that is offered.
  change(by) {
    const faster = by > 0
    const next = this.#speeds.filter((speed) => (faster ? speed > this.#speed : speed < this.#speed))
    if (next.length) this.#controller.setSpeed(faster ? Math.min(...next) : Math.max(...next))
  }

  #offer(speeds) {
    this.#speeds = speeds
    this.#select?.replaceChildren(...speeds.map((speed) => new Option(`${speed}×`, speed)))
    this.#mark()
  }

  #hear(speed) {
    if (speed !== this.#speed) this.#say("speed", speed)
    this.#speed = speed
    this.#mark()
  }

  #mark() {
    if (!this.#select) return
    const isOffered = [...this.#select.options].some(({ value }) => Number(value) === this.#speed)
    if (!isOffered) this.#select.add(new Option(`${this.#speed}×`, this.#speed))
    this.#select.value = this.#speed
  }
}
