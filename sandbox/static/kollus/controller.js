// The player's side of the controller protocol: JSON strings {"event_name", "uid", "data"} over postMessage,
// c_… from the page around us, e_… from here. Documented at
// https://docs.kollus.com/en/dev-guide/vod/player/web-player-controller/
const EVENTS = [
  ...["ready", "play", "pause", "done", "progress", "seeking", "seeked", "error"],
  ...["volumechange", "muted", "speedchange", "screenchange"],
  ...["jumpstepchange", "scalemodechange", "playbackrateschange", "topmostchange", "videosettingchange"],
  ...["subtitlevisibilitychange", "subtitle_sizechange", "repeat_stat_change"],
]

export class Controller {
  #player
  #screen
  #controls
  #captions
  #repeat
  #facts
  #hasPlayed = false
  #pages = new Map()

  constructor({ player, screen, controls, captions, repeat, facts }) {
    this.#captions = captions
    this.#repeat = repeat
    this.#player = player
    this.#screen = screen
    this.#controls = controls
    this.#facts = facts
    addEventListener("message", this.#receive)
    player.addEventListener("play", () => (this.#hasPlayed = true), { once: true })
    for (const name of EVENTS) player.addEventListener(name, ({ detail }) => this.#tellAll(name, detail))
  }

  #receive = ({ data, source, origin }) => {
    if (source === null || source === window || typeof data !== "string") return
    const message = parse(data)
    if (typeof message?.event_name !== "string" || !message.event_name.startsWith("c_")) return
    if (message.event_name === "c_initialize") this.#welcome(message.uid, { source, origin })
    else if (this.#pages.has(message.uid)) this.#obey(message)
  }

  // The page repeats c_initialize until it is answered; only the first time is there anything else to say.
  #welcome(uid, page) {
    const isNew = !this.#pages.has(uid)
    this.#pages.set(uid, page)
    this.#tell(uid, "initialized", this.#facts.playerType)
    if (!isNew) return
    this.#tell(uid, "connected")
    this.#tell(uid, "fetch_player_id", this.#facts.playerId ?? "")
    this.#tell(uid, "fetch_hardware_id", "")
    if (this.#captions.list.length) {
      this.#tell(uid, "fetch_main_media_subtitles", JSON.stringify(this.#captions.list))
    }
    this.#tell(uid, "loaded")
    if (this.#player.error) this.#tell(uid, "error", this.#player.error)
    else if (this.#player.isReady) this.#tell(uid, "ready")
  }

  #obey({ event_name, uid, data }) {
    const [player, screen, controls] = [this.#player, this.#screen, this.#controls]
    const commands = {
      c_is_connected: () => this.#tell(uid, "connected"),
      c_play: () => player.play(this.#maySeek(data) ? data : null),
      c_pause: () => player.pause(),
      c_mute: () => player.toggleMute(),
      c_ff: () => player.jump(player.jumpSeconds),
      c_rw: () => player.jump(-player.jumpSeconds),
      c_set_current_time: () => this.#maySeek(data) && player.seek(data),
      c_set_volume: () => player.setVolume(Number(data)),
      c_set_speed: () => typeof data === "string" && player.setSpeed(Number(data)),
      c_set_jumpstep: () => player.setJump(Number(data)),
      c_set_playback_rates: () => controls.offerSpeeds(parse(data)),
      c_set_controls_inactive_time: () => controls.hideAfter(Number(data)),
      c_set_screen: () => screen.toggle(),
      c_set_scalemode: () => screen.scale(data),
      c_set_topmost: () => [0, 1].includes(data) && player.tell("topmostchange", data),
      c_set_brightness: () => screen.set("brightness", data),
      c_set_contrast: () => screen.set("contrast", data),
      c_set_saturation: () => screen.set("saturation", data),
      c_set_sectiontime: () => this.#repeat.set(data),
      c_set_subtitle_visibility: () => this.#captions.show(data),
      c_set_current_subtitle: () => this.#captions.choose(data),
      c_set_subtitle_font_size: () => this.#captions.resize(data),
      c_set_control_visibility: () => screen.showControls(Boolean(data)),
      c_set_video_visibility: () => screen.showVideo(Boolean(data)),
      c_set_custom_error: () => player.rewordError(data),
      c_dispose: () => player.pause(),
    }
    commands[event_name]?.()
  }

  // Whole seconds, as the official script sends them; a customer found that nothing before the first play is heeded.
  #maySeek(data) {
    return Number.isInteger(data) && (this.#hasPlayed || this.#facts.seeksBeforePlay)
  }

  #tellAll(name, data) {
    for (const uid of this.#pages.keys()) this.#tell(uid, name, data)
  }

  #tell(uid, name, data = null) {
    const { source, origin } = this.#pages.get(uid)
    const message = { event_name: `e_${name}`, uid, ...(data === null ? {} : { data }) }
    source.postMessage(JSON.stringify(message), origin === "null" ? "*" : origin)
  }
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
