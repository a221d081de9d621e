// The end of the bank's page. It carries a client secret in its address, which is dropped at once.
const inFrame = window.parent !== window
const intent = new URLSearchParams(location.search).get("payment_intent") ?? ""
history.replaceState(null, "", location.pathname)
if (inFrame) {
  parent.postMessage({ type: "challenge-ended" }, location.origin)
} else {
  const link = document.querySelector("[data-order-link]")
  link.search = new URLSearchParams({ payment_intent: intent })
  location.replace(link.href)
}
