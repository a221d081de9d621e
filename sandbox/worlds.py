"""Worlds: everything the sandbox knows, apart for each secret key, so that tests cannot see each other."""

import hashlib
import threading
from pathlib import Path

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.storage import Record, Shelf

SECRET_KEY_PREFIX = "sk_test_sandbox_"  # noqa: S105 - how every key begins opens nothing
MAX_LOG = 2000
_MAIL = "mail"

Json = Record


class World:
    """All that belongs to one secret key.

    `secret_key`, and `name`: a short name made from it, the same after a restart, fit for URLs
    `lock`: re-entrant; hold it while you read and change several records (never while you sleep or call out)
    `config`: what PUT /_sandbox/worlds/<key> gave: `publishable_key`, `webhook`, `kollus`, `sign_in`; and
    how Stripe's account is set, each told of where it is read below `sandbox.stripe`: `settlement_currency`,
    `exchange_rates` (`settlement`), `dispute_fee_returned` (`dispute_life`), `retries`,
    `renewal_authentication` (`billing.retries`, `billing.collecting`), `trial_card_is_default`
    (`setup_outcomes`), `tax_registrations` (`tax.rates`), `default_test_clock` (`customers`),
    `issuer_country` (`payment_methods`)
    `faults`: see `sandbox.faults.Faults`
    `clocks["stripe"]`, `clocks["kollus"]`: `.now()` in seconds, `.seconds()` in whole ones

    Records are JSON dicts by kind and id, saved as they are put, in the order of their first `put`:

    `get(kind, id)`       the record itself or None; change it under `lock`, then `put` it again
    `put(kind, id, body)` keep it; returns it
    `all(kind)`           a list, oldest first
    `remove(kind, id)`    forget it
    `log(kind, body)`     keep one more record under the next number, only the newest 2,000 of the kind

    A kind is a provider's name of the object (`payment_intent`); kinds of Kollus are `kollus.start`,
    `kollus.callback`, `kollus.licence`, ...; kinds that begin with `_` are our own and not listed.
    """

    def __init__(self, secret_key: str, shelf: Shelf) -> None:
        self.secret_key = secret_key
        self.name = hashlib.sha256(secret_key.encode()).hexdigest()[:16]
        self.lock = threading.RLock()
        self.clocks = {"stripe": Clock(), "kollus": Clock()}
        self.busy: set[str] = set()
        self._shelf = shelf
        self._records: dict[str, dict[str, Record]] = {}
        self._numbers: dict[str, int] = {}
        self.faults = Faults(self.lock, lambda body: self._keep("_faults", body))

    @property
    def config(self) -> Record:
        return self.get("_world", "config") or {}

    def configure(self, changes: Record) -> None:
        """Merge `changes` into the configuration, group by group; None takes a group out. Objects stay."""
        with self.lock:
            merged = dict(self.config)
            for key, value in changes.items():
                both_groups = isinstance(value, dict) and isinstance(merged.get(key), dict)
                merged[key] = {**merged[key], **value} if both_groups else value
            self.put("_world", "config", {key: value for key, value in merged.items() if value is not None})

    def shift_clock(self, whose: str, offset_seconds: float) -> None:
        """Set how far the clock of `whose` ("stripe" or "kollus") runs ahead of real time."""
        with self.lock:
            self.clocks[whose].offset_seconds = offset_seconds
            self._keep("_clocks", {key: clock.offset_seconds for key, clock in self.clocks.items()})

    def get(self, kind: str, id: str) -> Record | None:
        return self._records.get(kind, {}).get(id)

    def put(self, kind: str, id: str, body: Record) -> Record:
        with self.lock:
            self._records.setdefault(kind, {})[id] = body
            self._shelf.put(self.secret_key, kind, id, body)
        return body

    def all(self, kind: str) -> list[Record]:
        with self.lock:
            return list(self._records.get(kind, {}).values())

    def has_any(self, *kinds: str) -> bool:
        """Tell, without waiting for the lock, whether there is a record of one of these kinds."""
        return any(self._records.get(kind) for kind in kinds)

    def remove(self, kind: str, id: str) -> None:
        with self.lock:
            if self._records.get(kind, {}).pop(id, None) is not None:
                self._shelf.remove(self.secret_key, kind, id)

    def log(self, kind: str, body: Record) -> Record:
        with self.lock:
            number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
            if number > MAX_LOG:
                self.remove(kind, str(number - MAX_LOG))
            return self.put(kind, str(number), body)

    def kinds(self) -> list[str]:
        """Return the kinds of provider objects there are."""
        with self.lock:
            return [kind for kind, records in self._records.items() if records and kind[0] != "_"]

    def reset(self) -> None:
        """Forget objects, faults, deliveries, logs and clock shifts; keep the configuration."""
        with self.lock:
            for kind, records in self._records.items():
                for id in list(records) if kind != "_world" else ():
                    self.remove(kind, id)
            for clock in self.clocks.values():
                clock.offset_seconds = 0
            self.faults.load({})
            self.remove("_world", "_clocks")
            self.remove("_world", "_faults")

    def restore(self, kind: str, id: str, body: Record) -> None:
        """Take back one record that was saved; used at the start only."""
        self._records.setdefault(kind, {})[id] = body
        if id.isdecimal():
            self._numbers[kind] = max(self._numbers.get(kind, 0), int(id))
        if (kind, id) == ("_world", "_faults"):
            self.faults.load(body)
        if (kind, id) == ("_world", "_clocks"):
            for whose, offset in body.items():
                self.clocks[whose].offset_seconds = offset

    def _keep(self, id: str, body: Record) -> None:
        self.put("_world", id, body)


class Worlds:
    """All worlds of this process, and the mailbox they share."""

    def __init__(self, directory: Path | None = None) -> None:
        self._shelf = Shelf(directory)
        self._worlds: dict[str, World] = {}
        self.lock = threading.RLock()
        self.mail = World(_MAIL, self._shelf)
        for owner, kind, id, body in self._shelf.load():
            (self.mail if owner == _MAIL else self._make(owner)).restore(kind, id, body)

    def create(self, secret_key: str) -> World:
        """Return the world of that key, made if need be. :raises ValueError: a key not of the sandbox."""
        if not secret_key.startswith(SECRET_KEY_PREFIX):
            raise ValueError(f"A secret key of the sandbox begins with {SECRET_KEY_PREFIX}.")
        with self.lock:
            return self._make(secret_key)

    def all(self) -> list[World]:
        with self.lock:
            return list(self._worlds.values())

    def get(self, secret_key: str) -> World | None:
        return self._worlds.get(secret_key)

    def by_name(self, name: str) -> World | None:
        return next((world for world in self.all() if world.name == name), None)

    def by_publishable_key(self, key: str) -> World | None:
        return next(
            (world for world in self.all() if key and world.config.get("publishable_key") == key), None
        )

    def by_custom_key(self, key: str) -> World | None:
        """Return the world whose Kollus account has this custom key."""
        return next(
            (w for w in self.all() if key and w.config.get("kollus", {}).get("custom_key") == key), None
        )

    def reset(self) -> None:
        """Reset every world and empty the mailbox."""
        for world in [*self.all(), self.mail]:
            world.reset()

    def _make(self, secret_key: str) -> World:
        if secret_key not in self._worlds:
            self._worlds[secret_key] = World(secret_key, self._shelf)
        return self._worlds[secret_key]


_opened: list[Worlds] = []


def open_worlds(directory: Path | None) -> Worlds:
    """Load what `directory` holds and make it the worlds of this process."""
    _opened[:] = [Worlds(directory)]
    return _opened[0]


def worlds() -> Worlds:
    """Return the worlds of this process."""
    return _opened[0]
