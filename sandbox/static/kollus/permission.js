// Asks, call by call, whether this viewer may watch. Our server calls the shop; where it tells us to do that
// ourselves, it still reads the shop's reply, since only it has the key.
import { PlaybackError } from "./playback-error.js"

const CONNECTION_FAILED = 7
const TIMED_OUT = 28
const PATIENCE_MS = 10_000

// Resolves to {licence, limits}; rejects with the PlaybackError that the answer means.
export async function askPermission(facts) {
  let limits = null
  let answer = {}
  for (const kind of facts.kinds) {
    answer = await post(facts, { kind })
    if (answer.ask) answer = await post(facts, { kind, reply: await askShop(answer.ask) })
    limits ??= answer.limits
  }
  return { limits, licence: answer.licence }
}

async function post(facts, body) {
  const answer = await fetch(`${facts.start}permission`, { method: "POST", body: JSON.stringify(body) }).catch(() => null)
  if (!answer?.ok) throw PlaybackError.of(3000, facts)
  const told = await answer.json()
  if (told.error) throw new PlaybackError(told.error)
  return told
}

async function askShop({ url, form }) {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams(form), credentials: "omit", signal })
    return { status: answer.status, user_key: answer.headers.get("X-Kollus-UserKey"), body: await answer.text() }
  } catch (error) {
    return { curl_code: error.name === "TimeoutError" ? TIMED_OUT : CONNECTION_FAILED }
  }
}
