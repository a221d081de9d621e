from billing.admin import inbox, orders, selling

__all__ = ["inbox", "orders", "selling"]
