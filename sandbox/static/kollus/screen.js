// How the player looks from outside: full screen, scaling, which of its parts are seen.
const PICTURE = { brightness: "brightness", contrast: "contrast", saturation: "saturate" }
const SCALES = { letterbox: "contain", stretch: "fill", zoom: "cover", none: "none" }

export class Screen {
  #root
  #player
  #picture = { brightness: 0, contrast: 0, saturation: 0 }

  constructor(root, player) {
    this.#root = root
    this.#player = player
    document.addEventListener("fullscreenchange", () => this.#player.tell("screenchange", this.mode))
  }

  get mode() {
    return document.fullscreenElement ? "fullscreen" : "windowed"
  }

  // The browser refuses this without a click of the viewer's.
  toggle() {
    const change = document.fullscreenElement ? document.exitFullscreen() : this.#root.requestFullscreen?.()
    change?.catch(() => {})
  }

  scale(mode) {
    if (!SCALES[mode]) return
    this.#player.video.style.objectFit = SCALES[mode]
    this.#player.tell("scalemodechange", mode)
  }

  // From -50 to 50, 0 as it is.
  set(name, value) {
    if (!Number.isInteger(value) || Math.abs(value) > 50) return
    this.#picture[name] = value
    const filters = Object.entries(PICTURE).map(([each, filter]) => `${filter}(${100 + this.#picture[each]}%)`)
    this.#player.video.style.filter = filters.join(" ")
    this.#player.tell("videosettingchange", { ...this.#picture })
  }

  showControls(isShown) {
    this.#root.classList.toggle("bare", !isShown)
  }

  showVideo(isShown) {
    this.#player.video.style.visibility = isShown ? "" : "hidden"
  }
}
