from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from videos.kollus.api_client import KollusRefused, KollusUnavailable
from videos.publishing import syncing


class Command(BaseCommand):
    help = """Hold every video and upload against what lies in Kollus' library and channel.

Makes up for lost callbacks, finds keys that changed by the upload file key, takes over
lengths and captions, puts prepared uploads into the channel, and says each change in a
line; a second run says nothing. Calls Kollus at most once a second, a hundred rows a call.
What stands in the shop and broke at Kollus is taken off sale, and put back once it is well
again; what would not play is named, and the exit status is then 1.

    manage.py sync_kollus"""

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for line in syncing.sync(at=timezone.now()):
                self.stdout.write(line)
        except KollusUnavailable:
            raise CommandError("Kollus does not answer. Try again in a minute.") from None
        except KollusRefused as error:
            raise CommandError(f"Kollus refuses: {error}") from None
        if troubles := syncing.troubles(at=timezone.now()):
            raise CommandError("\n".join(troubles))
