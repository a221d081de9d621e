from accounts.admin import audit, outbox, people, undeliverable

__all__ = ["audit", "outbox", "people", "undeliverable"]
