// Captions: none, or one of those that the player has for this film.

const NONE = -1

export class CaptionChoice {
  #say
  #controller
  #select
  #names = []
  #shown = NONE
  #liked = 0 // the one that "on" brings
  #wish // what the viewer chose, for a player that has to begin anew

  constructor(say) {
    this.#say = say
  }

  attach(controller) {
    this.#controller = controller
    this.#names = []
    controller.addEventListener("fetch_main_media_subtitles", ({ detail }) => this.#offer(Object.values(JSON.parse(detail))))
    controller.addEventListener("subtitlevisibilitychange", ({ detail }) => this.#mark(detail ? this.#liked : NONE))
  }

  show(select) {
    this.#select = select
    select.addEventListener("change", () => this.#choose(Number(select.value)))
    this.#list()
  }

  toggle() {
    if (this.#names.length) this.#choose(this.#shown === NONE ? this.#liked : NONE)
    else this.#say("captionless")
  }

  #offer(captions) {
    this.#names = captions.map(({ subtitle_name }) => subtitle_name)
    if (!captions.length) return
    if (this.#wish !== undefined) return this.#choose(this.#wish)
    this.#liked = Math.max(0, captions.findIndex((each) => each.default))
    this.#shown = this.#liked
    this.#list()
  }

  #choose(index) {
    this.#wish = index
    if (index !== NONE) this.#controller.chooseCaption((this.#liked = index))
    this.#controller.showCaptions(index !== NONE)
    this.#list()
    if (index !== this.#shown) this.#say(index === NONE ? "uncaptioned" : "captions", this.#names[index])
    this.#mark(index)
  }

  #list() {
    if (!this.#select || !this.#names.length) return
    this.#select.replaceChildren(this.#select.options[0], ...this.#names.map((name, index) => new Option(name, index)))
    this.#select.hidden = false
    this.#mark(this.#shown)
  }

  #mark(index) {
    this.#shown = index
    if (this.#select) this.#select.value = index
  }
}
