from billing.admin import inbox, ledger, orders, refunds, selling

__all__ = ["inbox", "ledger", "orders", "refunds", "selling"]
