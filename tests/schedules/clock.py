"""One clock for the shop and for Stripe. Tests move it forward, never back."""

from datetime import UTC, datetime, timedelta

from tests.sandbox_client import World


class Clock:
    """Real time plus what was skipped."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.skipped_seconds = 0

    def now(self) -> datetime:
        """The shop's present instant, in place of `django.utils.timezone.now`."""
        return datetime.now(UTC) + timedelta(seconds=self.skipped_seconds)

    def skip(self, seconds: int) -> None:
        """Let time pass for both; what Stripe meant to send meanwhile falls due."""
        self.skipped_seconds += seconds
        self._world.shift_clock("stripe", self.skipped_seconds)
