from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from videos.sample_shop import seeding


class Command(BaseCommand):
    help = "Fill the shop with the sample films. Run again it adds only what is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        added = seeding.seed(at=timezone.now())
        if added and options["verbosity"]:
            self.stdout.write(f"{added} films and collections added.")
