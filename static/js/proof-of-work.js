// A little work that the shop asks for while somebody tries cards by the thousand: fetched only then, a moment for one.
// For each part a number is found, so that the SHA-256 of `token:part:number` begins with so many zero bits.

const AT_ONCE = 64
const encoder = new TextEncoder()

// The fields to send along. Rejects where the browser cannot hash: a page without HTTPS.
export async function workOn({ token, parts, bits }) {
  const numbers = []
  for (let part = 0; part < parts; part += 1) numbers.push(await find(`${token}:${part}:`, bits))
  return { work_token: token, work_numbers: numbers }
}

async function find(start, bits) {
  for (let from = 0; ; from += AT_ONCE) {
    const zeros = await Promise.all(Array.from({ length: AT_ONCE }, (_, each) => zerosOf(start + (from + each))))
    const found = zeros.findIndex((count) => count >= bits)
    if (found >= 0) return from + found
  }
}

async function zerosOf(text) {
  const hash = await crypto.subtle.digest("SHA-256", encoder.encode(text))
  return Math.clz32(new DataView(hash).getUint32(0))
}
