// Words of the card form. What Stripe's own says is close to this.
const en = {
  number: "Card number",
  expiry: "Expiration date",
  cvc: "Security code",
  expiryHint: "MM / YY",
  cvcHint: "CVC",
  mark: "sandbox",
  incomplete_number: "Your card number is incomplete.",
  invalid_number: "Your card number is invalid.",
  incomplete_expiry: "Your card's expiration date is incomplete.",
  invalid_expiry_month: "Your card's expiration date is invalid.",
  invalid_expiry_year_past: "Your card's expiration date is in the past.",
  invalid_expiry_year: "Your card's expiration year is invalid.",
  incomplete_cvc: "Your card's security code is incomplete.",
}

const ko = {
  number: "카드 번호",
  expiry: "만료일",
  cvc: "보안 코드",
  expiryHint: "MM / YY",
  cvcHint: "CVC",
  mark: "sandbox",
  incomplete_number: "카드 번호가 불완전합니다.",
  invalid_number: "카드 번호가 유효하지 않습니다.",
  incomplete_expiry: "카드 만료일이 불완전합니다.",
  invalid_expiry_month: "카드 만료일이 유효하지 않습니다.",
  invalid_expiry_year_past: "카드 만료일이 지났습니다.",
  invalid_expiry_year: "카드 만료 연도가 유효하지 않습니다.",
  incomplete_cvc: "카드 보안 코드가 불완전합니다.",
}

export const texts = (language) => ({ en, ko })[language] ?? en
