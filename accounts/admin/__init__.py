from accounts.admin import audit, outbox, people

__all__ = ["audit", "outbox", "people"]
