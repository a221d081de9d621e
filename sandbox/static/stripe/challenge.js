// In the slow mode the buttons come after some seconds.
const form = document.querySelector("form[hidden]")
if (form) {
  setTimeout(() => {
    form.hidden = false
    for (const waiting of document.querySelectorAll("#wait, progress")) waiting.remove()
  }, form.dataset.slowSeconds * 1000)
}
