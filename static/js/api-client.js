// Calls the shop's own API. Whatever happens is an answer: {status, body}; status 0 means that none came.

export async function call(method, url, data, more) {
  try {
    const response = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      credentials: "same-origin",
      body: data === undefined ? undefined : JSON.stringify(data),
      ...more,
    })
    return { status: response.status, body: response.status === 204 ? {} : await response.json() }
  } catch {
    return { status: 0, body: {} }
  }
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

function csrfToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? ""
}
