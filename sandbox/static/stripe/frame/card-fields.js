// What may be typed into the three fields, how it is written, and what is wrong with it. Nothing here touches the page.

const digits = (text) => text.replace(/\D/g, "")
const isAmex = (number) => /^3[47]/.test(number)

export const brandOf = (number) => {
  if (isAmex(number)) return "amex"
  if (/^4/.test(number)) return "visa"
  return /^(5[1-5]|2[2-7])/.test(number) ? "mastercard" : ""
}

export const lengthOf = (number) => (isAmex(number) ? 15 : 16)

export function formatNumber(text) {
  const number = digits(text).slice(0, lengthOf(digits(text)))
  const groups = isAmex(number) ? /^(\d{1,4})(\d{1,6})?(\d{1,5})?$/ : /^(\d{1,4})(\d{1,4})?(\d{1,4})?(\d{1,4})?$/
  return (number.match(groups) ?? []).slice(1).filter(Boolean).join(" ")
}

export function formatExpiry(text) {
  const parts = text.split("/").map(digits)
  let number = digits(text)
  if (/^[2-9]$/.test(parts[0]) || (parts.length > 1 && parts[0].length === 1)) number = `0${number}`
  if (parts.length > 1 && parts[1].length === 4) number = parts[0].padStart(2, "0") + parts[1].slice(2)
  const month = number.slice(0, 2)
  const year = number.slice(2, 4)
  if (year) return `${month} / ${year}`
  return month.length === 2 && /[\d/]\s*$/.test(text) && text.length > 1 ? `${month} / ` : month
}

export const formatCvc = (text, number) => digits(text).slice(0, isAmex(digits(number)) ? 4 : 3)

function isLuhn(number) {
  const sum = [...number].reverse().reduce((total, digit, place) => {
    const value = place % 2 ? digit * 2 : Number(digit)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

/** Returns the code of what is wrong with a card number, or "". */
export function faultOfNumber(text) {
  const number = digits(text)
  if (number.length < lengthOf(number)) return "incomplete_number"
  return isLuhn(number) ? "" : "invalid_number"
}

export function faultOfExpiry(text, today = new Date()) {
  const number = digits(text)
  const [month, year] = [Number(number.slice(0, 2)), 2000 + Number(number.slice(2, 4))]
  if (number.length >= 2 && (month < 1 || month > 12)) return "invalid_expiry_month"
  if (number.length < 4) return "incomplete_expiry"
  if (year * 12 + month <= today.getFullYear() * 12 + today.getMonth()) return "invalid_expiry_year_past"
  return year > today.getFullYear() + 50 ? "invalid_expiry_year" : ""
}

export const faultOfCvc = (text, number) => (digits(text).length < (isAmex(digits(number)) ? 4 : 3) ? "incomplete_cvc" : "")

/** Returns the card as the sandbox's API takes it. */
export function cardOf({ number, expiry, cvc }) {
  const [exp_month, exp_year] = expiry.split("/").map((part) => Number(digits(part)))
  return { number: digits(number), exp_month, exp_year: 2000 + exp_year, cvc }
}
