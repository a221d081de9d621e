// Names what the office's ready-made fields leave without a name for who does not see them: those that are searched
// (Select2), the calendar and the clock, and the mark before the filter of rights (all Django's).

const SEARCHED = "select.admin-autocomplete"

const name = (part, ...labels) => part?.setAttribute("aria-labelledby", labels.map(({ id }) => id).join(" "))

// Before Select2 looks: its list opens within the page's own part, and several choices, each with a cross of its own,
// have none for all of them, which would stand in their list.
function prepare(select) {
  select.dataset.dropdownParent = "#content"
  if (select.multiple) delete select.dataset.allowClear
}

function nameSearched(select) {
  const [label] = select.labels
  const field = select.nextElementSibling
  if (!label || !field?.matches(".select2")) return
  label.id ||= `${select.id}_label`
  const chosen = field.querySelector(".select2-selection__rendered")
  for (const part of field.querySelectorAll("[role=textbox], [role=searchbox]")) name(part, label)
  name(field.querySelector("[role=combobox]"), label, ...(chosen.id ? [chosen] : []))
}

// The list and its search are made anew whenever they open.
function nameOpened({ target }) {
  const [label] = target.labels
  const list = document.querySelector(".select2-container--open [role=listbox]")
  for (const part of [list, document.querySelector(".select2-dropdown .select2-search__field")]) name(part, label)
  target.nextElementSibling.querySelector("[role=combobox]").setAttribute("aria-controls", list.id)
}

function nameAll(within) {
  for (const select of within.querySelectorAll(SEARCHED)) nameSearched(select)
  for (const mark of within.querySelectorAll(".search-label-icon")) mark.setAttribute("role", "img")
  for (const [box, icon] of [[".calendarbox", ".date-icon"], [".clockbox", ".clock-icon"]])
    for (const each of document.querySelectorAll(box)) {
      each.setAttribute("role", "dialog")
      each.setAttribute("aria-label", document.querySelector(icon).title)
    }
}

for (const select of document.querySelectorAll(SEARCHED)) prepare(select)
document.addEventListener("formset:added", ({ target }) => nameAll(target))
// Select2 makes its fields when jQuery says so, which may be later than the page's own `load`.
addEventListener("load", () => {
  const { jQuery } = window.django
  jQuery(() => nameAll(document))
  jQuery(document).on("select2:open", nameOpened)
})
