/**
 * Opens the private channel to the page that holds this frame. `onOpen` gets what the page says first; it returns the
 * methods that the page may call. Resolves to a function that sends an event up.
 */
export function openChannel(onOpen) {
  addEventListener("message", async function greet({ source, data, ports }) {
    if (source !== parent || !ports.length) return
    removeEventListener("message", greet)
    const [port] = ports
    const emit = (event, detail) => port.postMessage({ event, detail })
    const methods = onOpen(data, emit)
    port.onmessage = async ({ data: { id, method, args } }) => {
      port.postMessage({ id, result: (await methods[method]?.(args)) ?? null })
    }
  })
  parent.postMessage("hello", "*")
}

/** Calls the sandbox with the publishable key; resolves to the object, or to {error}. */
export async function callSandbox(key, path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
    })
    return await answer.json()
  } catch {
    return { error: { type: "api_connection_error", message: "The sandbox does not answer." } }
  }
}
