from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.inbox import webhook_inbox
from billing.models import StripeEvent


class Command(BaseCommand):
    help = """Act once more on events that Stripe sent, done or not.

What they tell is asked of Stripe anew, so that an old event brings no old state back: run
it as often as you like. The admin's list of events does the same with a button.

    manage.py replay_stripe_events evt_1 evt_2"""

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("event_id", nargs="+", help="as Stripe names it: evt_…")

    def handle(self, *args: Any, **options: Any) -> None:
        for event_id in options["event_id"]:
            event = StripeEvent.objects.filter(event_id=event_id).first()
            if event is None:
                raise CommandError(f"There is no event {event_id} in the inbox.")
            is_done = webhook_inbox.replay(event, at=timezone.now())
            self.stdout.write(
                f"{event_id}: {event.outcome if is_done else 'not done, the sweep tries again'}"
            )
