import shutil
from argparse import RawDescriptionHelpFormatter
from typing import Any, Final

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from config.demo import occupancy

# By name, so that a DATA_DIR that holds other things keeps them.
_FOLDERS: Final = ("jobs", "media", "sandbox")
_FILES: Final = ("keys.json", "shop.sqlite3", "shop.sqlite3-shm", "shop.sqlite3-wal")


class Command(BaseCommand):
    help = """Forget what the demonstration sold, uploaded and mailed, in the shop and in the sandbox.

Removes the demonstration's own database, keys, posters and jobs from DATA_DIR, and nothing
else there. It refuses while the demonstration is open.

    manage.py reset_demo"""
    requires_system_checks = []

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with occupancy.only_one(settings.DATA_DIR):
                for name in _FOLDERS:
                    shutil.rmtree(settings.DATA_DIR / name, ignore_errors=True)
                for name in _FILES:
                    (settings.DATA_DIR / name).unlink(missing_ok=True)
        except occupancy.Occupied as error:
            raise CommandError(str(error)) from None
        self.stdout.write("The demonstration's data is gone; make run begins anew.")
