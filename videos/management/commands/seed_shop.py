from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from videos.sample_shop import seeding


class Command(BaseCommand):
    help = """Fill the shop with the sample films, their offers and prices.

Run again it adds only what is missing; what was changed or sold stays as it is. It is meant
for the demonstration: on a shop that sells, the films would be on sale.

    manage.py seed_shop"""

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def handle(self, *args: Any, **options: Any) -> None:
        added = seeding.seed(at=timezone.now())
        if added and options["verbosity"]:
            self.stdout.write(f"{added} films and collections added.")
