from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string

from accounts import letter_samples


class Command(BaseCommand):
    help = """Show every mail that the shop sends, in each of its languages, about an invented purchase.

Without options their plain text is printed. Nothing is written to the database, and nothing
is sent to anybody unless you name an address. Links and the sign-in code in them lead nowhere.

    manage.py mail_preview
    manage.py mail_preview --to-folder previews    pages to open in a browser, and an index
    manage.py mail_preview --send-to you@example.com    by the shop's mail server"""

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to-folder", type=Path, help="write a page and a text for each into this folder"
        )
        parser.add_argument("--send-to", help="mail each to this address")

    def handle(self, *args: Any, **options: Any) -> None:
        samples = [
            (sample, language, sample.write(language))
            for sample in letter_samples.every()
            for language, _name in settings.LANGUAGES
        ]
        if folder := options["to_folder"]:
            folder.mkdir(parents=True, exist_ok=True)
            for sample, language, letter in samples:
                (folder / f"{sample.name}.{language}.html").write_text(letter.html, encoding="utf-8")
                (folder / f"{sample.name}.{language}.txt").write_text(letter.text, encoding="utf-8")
            index = render_to_string("admin/accounts/mail/index_of_folder.html", {"samples": samples})
            (folder / "index.html").write_text(index, encoding="utf-8")
            self.stdout.write(f"{len(samples)} mails in {folder}")
        if address := options["send_to"]:
            with get_connection() as connection:
                for _sample, _language, letter in samples:
                    mail = EmailMultiAlternatives(
                        letter.subject, letter.text, to=[address], connection=connection
                    )
                    mail.attach_alternative(letter.html, "text/html")
                    mail.send()
            self.stdout.write(f"{len(samples)} mails sent")
        if not (options["to_folder"] or options["send_to"]):
            for sample, language, letter in samples:
                self.stdout.write(f"== {sample.name} ({language}): {letter.subject}\n\n{letter.text}")
