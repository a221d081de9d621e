// The inputs' focus rings need room inside the frame; the margin takes it back, so that the fields line up with the page.
const FRAME_STYLE = { border: "0", display: "block", width: "calc(100% + 8px)", margin: "-4px", colorScheme: "light" }
let framesMade = 0

/**
 * A frame of the sandbox's origin in the shop's page. What is typed in it stays there: the page sends wishes and gets
 * results through a private channel, which the frame accepts from its own parent only.
 */
class Frame {
  element = document.createElement("iframe")
  #answers = new Map()
  #calls = 0
  #port = null
  #opened

  constructor(path, { title, init, onEvent }) {
    this.element.src = ORIGIN + path
    this.element.title = title
    this.element.name = `__privateStripeFrame${++framesMade}`
    this.element.allow = "payment *; publickey-credentials-get *"
    Object.assign(this.element.style, FRAME_STYLE)
    this.#opened = new Promise((resolve) => {
      this.greet = (event) => {
        if (event.origin !== ORIGIN || event.source !== this.element.contentWindow || event.data !== "hello") return
        const channel = new MessageChannel()
        this.#port = channel.port1
        this.#port.onmessage = ({ data }) => this.#receive(data, onEvent)
        this.element.contentWindow.postMessage(init(), ORIGIN, [channel.port2])
        resolve()
      }
    })
    addEventListener("message", this.greet)
  }

  /** Asks the frame to do something; resolves to what it answers. */
  async call(method, args = {}) {
    await this.#opened
    const id = ++this.#calls
    this.#port.postMessage({ id, method, args })
    return new Promise((resolve) => this.#answers.set(id, resolve))
  }

  remove() {
    removeEventListener("message", this.greet)
    this.element.remove()
    this.#port?.close()
  }

  #receive(data, onEvent) {
    if (data.event) return onEvent?.(data.event, data.detail)
    this.#answers.get(data.id)?.(data.result)
    this.#answers.delete(data.id)
  }
}
