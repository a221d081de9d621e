from billing.admin import inbox, ledger, orders, selling

__all__ = ["inbox", "ledger", "orders", "selling"]
