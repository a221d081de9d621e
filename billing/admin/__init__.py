from billing.admin import coupons, disputes, guarding, inbox, ledger, orders, refunds, selling, taxes

__all__ = ["coupons", "disputes", "guarding", "inbox", "ledger", "orders", "refunds", "selling", "taxes"]
