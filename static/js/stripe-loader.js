// Loads Stripe.js from Stripe, once a page. Rejects where it is blocked, or has not come within five seconds;
// a retry loads it anew.

const PATIENCE = 5000
let loading

export function loadStripe(url) {
  loading ??= load(url).catch((error) => {
    loading = undefined
    throw error
  })
  return loading
}

function load(url) {
  if (window.Stripe) return Promise.resolve(window.Stripe)
  return new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = url
    script.onload = () => (window.Stripe ? resolve(window.Stripe) : reject(new Error("no Stripe")))
    script.onerror = () => reject(new Error("blocked"))
    setTimeout(() => reject(new Error("slow")), PATIENCE)
    document.head.append(script)
  })
}
