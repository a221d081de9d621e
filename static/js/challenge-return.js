// The end of the bank's page. It carries a client secret in its address, which is dropped at once.
const inFrame = window.parent !== window
const told = new URLSearchParams(location.search)
const intent = told.get("payment_intent") ?? told.get("setup_intent") ?? ""
history.replaceState(null, "", location.pathname)
if (inFrame) {
  parent.postMessage({ type: "challenge-ended" }, location.origin)
} else {
  // A page that is reached by no order has left word where it is.
  const link = document.querySelector("[data-order-link]")
  const page = sessionStorage.getItem("after-challenge")
  if (page) link.href = page
  else link.search = new URLSearchParams({ payment_intent: intent })
  location.replace(link.href)
}
