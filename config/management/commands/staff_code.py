from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from config.demo import people
from config.refusals import SANDBOX_SECRET_PREFIX


class Command(BaseCommand):
    help = """Print the code that opens the office of the demonstration just now, for Cho.

It stands for the authenticator app on Cho's phone. Only with the sandbox's keys.

    manage.py staff_code"""

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.STRIPE_SECRET_KEY.startswith(SANDBOX_SECRET_PREFIX):
            raise CommandError("This works in the demonstration alone.")
        self.stdout.write(people.present_code())
