from billing.models.card_changes import CardChange
from billing.models.companies import Company
from billing.models.consents import Consent
from billing.models.coupons import Coupon, CouponAmount, CouponGuess, CouponUse
from billing.models.dispute_taxes import DisputeTax
from billing.models.disputes import Dispute, DisputeAnswer
from billing.models.erasures import ErasedCustomer, Erasure
from billing.models.fraud import FraudWarning
from billing.models.guarding import Heat
from billing.models.inbox import StripeEvent
from billing.models.ledger import BalanceTransaction, LedgerEntry
from billing.models.legal_texts import LegalText
from billing.models.memberships import Membership, MembershipPeriod, StripePrice
from billing.models.orders import Order
from billing.models.payments import Payment
from billing.models.plan_changes import PlanChange
from billing.models.price_moves import PriceMove
from billing.models.receipts import ReceiptCounter
from billing.models.refunds import Refund
from billing.models.selling import Selling
from billing.models.tax_calculations import TaxCalculation
from billing.models.taxes import TaxRate
from billing.models.trials import Trial
from billing.models.unpaid_renewals import CardOnFile, RenewalPayment, UnpaidRenewal
from billing.models.withdrawals import Withdrawal

__all__ = [
    "BalanceTransaction",
    "CardChange",
    "CardOnFile",
    "Company",
    "Consent",
    "Coupon",
    "CouponAmount",
    "CouponGuess",
    "CouponUse",
    "Dispute",
    "DisputeAnswer",
    "DisputeTax",
    "ErasedCustomer",
    "Erasure",
    "FraudWarning",
    "Heat",
    "LedgerEntry",
    "LegalText",
    "Membership",
    "MembershipPeriod",
    "Order",
    "Payment",
    "PlanChange",
    "PriceMove",
    "ReceiptCounter",
    "Refund",
    "RenewalPayment",
    "Selling",
    "StripeEvent",
    "StripePrice",
    "TaxCalculation",
    "TaxRate",
    "Trial",
    "UnpaidRenewal",
    "Withdrawal",
]
