"""What may go wrong between the shop and Stripe, and the shop's own work meanwhile; for any schedule."""

from typing import Any, ClassVar, Self

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from billing.inbox import webhook_inbox
from billing.models import StripeEvent
from tests.schedules.long_stage import LongStage
from tests.schedules.played_later import PlayedLater, step

_STRIPE_FAULTS = ["drop_before", "drop_after", "500", "503", "hang", "hang_then_process"]
_WEBHOOK_FAULTS: list[dict[str, Any]] = [
    *({"drop": 1}, {"drop": 100}, {"double": True}, {"reorder": True}),
    *({"delay_seconds": 20}, {"signature": "wrong"}, {"signature": "old"}),
]
any_of = st.integers(0, 5)
stripe_faults = st.sampled_from([*[""] * 5, "drop_before", "drop_after", "drop_after", *_STRIPE_FAULTS])
webhook_faults = st.sampled_from([{}, {}, {"drop": 100}, {"drop": 100}, *_WEBHOOK_FAULTS])


class Weather(PlayedLater):
    """The rules that know nothing of what is played."""

    stage: ClassVar[LongStage]

    @classmethod
    def on(cls, stage: LongStage) -> type[Self]:
        """This will make the machine that plays on a stage."""
        return type(cls.__name__, (cls,), {"stage": stage})

    @rule(how=stripe_faults, times=st.sampled_from([1, 1, 2, 20]))
    @step
    def stripe_fails(self, how: str, times: int) -> None:
        """Nothing, and Stripe works again."""
        self.stage.break_stripe(how, 1 if how.startswith("hang") else times)

    @rule(fault=webhook_faults)
    @step
    def webhooks_go_astray(self, fault: dict[str, Any]) -> None:
        """Nothing, and they find their way again."""
        self.stage.lead_webhooks_astray(fault)

    @rule()
    @step
    def webhooks_arrive(self) -> None:
        self.stage.let_webhooks_in()

    @rule(which=any_of, signature=st.sampled_from(["good", "good", "wrong", "missing"]))
    @step
    def stripe_sends_again(self, which: int, signature: str) -> None:
        events = self.stage.world.events()
        if events:
            self.stage.world.resend(events[-1 - which % len(events)]["id"], signature=signature)

    @rule(which=any_of)
    @step
    def a_worker_takes_an_event(self, which: int) -> None:
        events = StripeEvent.objects.order_by("-id")
        if events:
            webhook_inbox.process(events[which % len(events)], at=timezone.now())

    @rule()
    @step
    def the_sweep_runs(self) -> None:
        self.stage.sweep()

    @rule(seconds=st.sampled_from([2, 20, 60, 3700, 13 * 3600]))
    @step
    def time_passes(self, seconds: int) -> None:
        self.stage.skip(seconds)
