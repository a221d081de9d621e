from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from accounts import proving, second_step
from accounts.models import User, normalize_email


class Command(BaseCommand):
    help = """Let a member of staff set up a new second step, whose app and recovery codes are lost.

Ask who he is first: his mailbox alone opens the office afterwards, until the new step is set
up. He is signed out everywhere.

    manage.py forget_second_step cho@example.com"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=normalize_email(options["email"])).first()
        if user is None or not second_step.take_away(user):
            raise CommandError("Nobody of that address has a second step.")
        proving.sign_out_everywhere(user)
        self.stdout.write("Forgotten. At the next visit to the office a new one is set up.")
