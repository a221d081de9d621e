from billing.admin import inbox, orders

__all__ = ["inbox", "orders"]
