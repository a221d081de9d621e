// What the stage says in place of a film that does not play: the sentence for a code, and the one thing to do.
// It comes, and fetches the sentences, once a film plays or fails: who only looks at the page needs neither.

const fetched = new Map()

// Rejects without a network; a second call fetches only what did not come the first time.
export function fetchParts(url) {
  if (!fetched.has(url)) fetched.set(url, fetchFragment(url))
  fetched.get(url).catch(() => fetched.delete(url))
  return fetched.get(url)
}

async function fetchFragment(url) {
  const response = await fetch(url, { credentials: "same-origin" })
  if (!response.ok) throw new Error(response.status)
  return document.createRange().createContextualFragment(await response.text())
}

// Rejects without a network. `hasFailedBefore`: the code has come back after its remedy; what nobody foresaw is then
// for us to look into.
export async function messageFor(code, { url, title, hasFailedBefore = false, told }) {
  const template = (await fetchParts(url)).querySelector("template")
  const message = template.content.firstElementChild.cloneNode(true)
  const sentence = pick([...message.querySelectorAll("[data-codes]")], code)
  sentence.querySelector("[data-code]")?.append(` (${code})`)
  const { remedy: first, then = first } = sentence.dataset
  const remedy = hasFailedBefore ? then : first
  address(message.querySelector("[data-letter]"), [`${title} (${code})`, sentence.textContent])
  for (const each of message.querySelectorAll("[data-codes]")) if (each !== sentence) each.remove()
  for (const each of message.querySelectorAll("[data-cures]")) if (each.dataset.cures !== remedy) each.remove()
  if (told) tell(message, sentence, told)
  return message
}

// The shop's own words, with a button for each place that may stop.
function tell(message, sentence, { sentence: words, places }) {
  sentence.textContent = words
  const button = message.querySelector("button")
  if (places.length) button.dataset.session = places[0].session
  for (const place of places.length > 1 ? places : []) {
    const another = message.appendChild(button.cloneNode(true))
    another.dataset.session = place.session
    another.append(`: ${place.where}`)
  }
  if (places.length > 1) button.remove()
}

// The code's own sentence, else that of its hundred, else the one for what nobody foresaw.
function pick(sentences, code) {
  const fits = (word) => sentences.find((each) => each.matches(`[data-codes~="${word}"]`))
  return fits(code) ?? fits(code.replace(/\d\d$/, "xx")) ?? fits("other")
}

// A letter to us that says what we would ask first.
function address(link, facts) {
  const { subject, letter } = link.dataset
  const lines = [letter, "", ...facts, location.origin + location.pathname, new Date().toISOString(), navigator.userAgent, ""]
  const query = { subject: `${subject}: ${facts[0]}`, body: lines.join("\r\n") }
  link.href += `?${Object.entries(query).map(([name, text]) => `${name}=${encodeURIComponent(text)}`).join("&")}`
}
