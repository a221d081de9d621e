// Sends a film's file from the admin's page straight to Kollus, in one request to an address that is good once:
// a cut begins again from the start with a fresh address. What the shop knows of the film, it renders; this part
// only fetches it anew while something moves.

const TRIES = 4
const PAUSES = [1000, 3000, 8000]
const END_BYTES = 1024 * 1024
const LOOK_EVERY = 2000

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

class FilmFile extends HTMLElement {
  #file
  #mark
  #request
  #isStopped = false

  connectedCallback() {
    this.addEventListener("change", ({ target }) => target.files?.[0] && this.#take(target.files[0]))
    this.addEventListener("click", ({ target }) => this.#act(target.dataset.act))
    for (const name of ["dragover", "dragleave", "drop"]) this.addEventListener(name, this.#drag)
    addEventListener("beforeunload", this.#warn)
    this.#watch()
  }

  #drag = (event) => {
    event.preventDefault()
    const isOver = event.type === "dragover"
    this.#one("drop")?.classList.toggle("is-over", isOver)
    const file = event.type === "drop" && !this.#field.disabled && event.dataTransfer.files[0]
    if (file) this.#take(file)
  }

  #warn = (event) => this.#request && event.preventDefault()

  #act(name) {
    if (name === "again") this.#send()
    if (name === "replace") this.#send({ replace: "on" })
    if (name === "stop") {
      this.#isStopped = true
      this.#request?.abort()
    }
  }

  async #take(file) {
    if (this.#request) return
    this.#say("looking")
    this.#file = file
    this.#mark = await markOf(file)
    const isSame = this.#mark === this.#state.dataset.mark
    if (isSame) this.#say("same")
    this.#send(isSame && this.#isReplacing ? { replace: "on" } : {})
  }

  // A try that began as a replacement stays one, in this page and after a reload.
  get #isReplacing() {
    return ["waiting", "given_up", "failed"].includes(this.querySelector("[data-upload]")?.dataset.upload)
  }

  async #send(more = {}) {
    this.#show()
    this.#isStopped = false
    this.#field.disabled = true
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      if (attempt) {
        this.#say("cut")
        await pause(PAUSES[attempt - 1])
      }
      const end = await this.#try(attempt ? { replace: "on" } : more)
      if (end === "cut" && !this.#isStopped) continue
      return this.#end(end)
    }
    this.#end("stuck")
  }

  // One address, one request. Ends in "sent", "cut", "offline", or with the shop's refusal.
  async #try(more) {
    const facts = { name: this.#file.name, size: this.#file.size, mark: this.#mark, ...more }
    const { status, body } = await this.#post("begin", facts)
    if (status === 0 || status === 503) return status ? body : "offline"
    if (status !== 200) return body
    if (this.#isStopped) return "stopped"
    this.#say("sending")
    this.#show("stop")
    const isThrough = await this.#transfer(body.url)
    if (this.#isStopped) return "stopped"
    if (!isThrough) return "cut"
    await this.#post("sent", { key: body.key })
    return "sent"
  }

  #transfer(url) {
    return new Promise((resolve) => {
      const request = (this.#request = new XMLHttpRequest())
      const form = new FormData()
      form.append("accept", "application/json")
      form.append("upload-file", this.#file)
      request.upload.onprogress = ({ loaded, total }) => this.#progress(Math.floor((loaded * 100) / total))
      request.onload = () => resolve(request.status === 200 && !answerOf(request).error)
      request.onerror = request.onabort = request.ontimeout = () => resolve(false)
      request.onloadend = () => (this.#request = undefined)
      this.#progress(0)
      request.open("POST", url)
      request.send(form)
    })
  }

  async #end(end) {
    this.#field.disabled = false
    this.#field.value = ""
    this.#one("sending").hidden = true
    if (typeof end === "string") this.#say(end)
    else this.#words(end.sentence ?? this.getAttribute("text-offline"))
    this.#show(end === "sent" || end.code === "already_here" ? "" : end.code === "would_replace" ? "replace" : "again")
    await this.#look()
    this.#watch(end === "sent")
  }

  // Looks again while Kollus works, and a while after the file was sent.
  async #watch(isExpecting = false) {
    for (let looks = 0; this.#isMoving || (isExpecting && looks < 15); looks += 1) {
      await pause(LOOK_EVERY)
      if (this.#request || !this.isConnected) return
      await this.#look()
      if (this.querySelector("[data-upload=ready]")) return this.#words("")
    }
  }

  async #look() {
    try {
      const answer = await fetch(this.getAttribute("state"), { credentials: "same-origin" })
      const page = new DOMParser().parseFromString(await answer.text(), "text/html")
      const fresh = page.querySelector(".film-state")
      if (answer.ok && fresh && fresh.outerHTML !== this.#state.outerHTML) this.#state.replaceWith(fresh)
    } catch {
      // The next look may reach it.
    }
  }

  async #post(what, data) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value
    const headers = { "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded" }
    try {
      const answer = await fetch(this.getAttribute(what), { method: "POST", headers, body: new URLSearchParams(data) })
      return { status: answer.status, body: answer.status === 204 ? {} : await answer.json() }
    } catch {
      return { status: 0, body: {} }
    }
  }

  #progress(percent) {
    this.#one("sending").hidden = false
    this.querySelector("progress").value = percent
    this.#one("percent").value = `${percent} %`
  }

  #show(act = "") {
    for (const each of this.querySelectorAll("[data-act]")) each.hidden = each.dataset.act !== act
  }

  #say(name) {
    this.#words(this.getAttribute(`text-${name}`))
  }

  #words(text) {
    this.#one("words").textContent = text
  }

  #one(name) {
    return this.querySelector(`[data-${name}]`)
  }

  get #field() {
    return this.#one("file")
  }

  get #state() {
    return this.querySelector(".film-state")
  }

  get #isMoving() {
    return this.#state.hasAttribute("data-moving")
  }
}

// By its size and both its ends: a film of gigabytes is recognised in a moment.
async function markOf(file) {
  const ends = [file.slice(0, END_BYTES), file.slice(-END_BYTES)]
  const bytes = await new Blob([`${file.size}:`, ...ends]).arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText) ?? {}
  } catch {
    return {}
  }
}

customElements.define("film-file", FilmFile)
