from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from config.demo import address_card, environment, legal, occupancy, people, providers
from config.demo.environment import Ports
from config.demo.server import DemoServer


class Command(BaseCommand):
    help = """Run the whole shop on this machine, with the sandbox standing for Stripe and Kollus.

Prints the addresses, who may sign in, and what each test card does; Ctrl-C closes
everything. The next run goes on where this one ended (reset_demo forgets it). Ports come
from PORT, SANDBOX_PORT and SANDBOX_SMTP_PORT, the data from DATA_DIR. No money moves: it is
for trying out and never for selling.

    manage.py serve
    PORT=9000 manage.py serve"""

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def handle(self, *args: Any, **options: Any) -> None:
        ports = environment.ports()
        try:
            with occupancy.only_one(settings.DATA_DIR):
                occupancy.need_free(ports)
                self._fill()
                self._open(ports)
        except (occupancy.Occupied, providers.SandboxFailed) as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:  # before the server took the signals over
            raise CommandError("Closed before it was open.", returncode=130) from None

    def _fill(self) -> None:
        call_command("migrate", verbosity=0)
        call_command("load_tax_rates", verbosity=0)
        call_command("seed_shop")
        people.invite()
        legal.publish()

    def _open(self, ports: Ports) -> None:
        with providers.sandbox(ports):
            providers.introduce_shop(ports)
            connections.close_all()  # none may be shared with the process that serves
            card = address_card.address_card(ports, shop_name=settings.SHOP_NAME)
            DemoServer(port=ports.shop, threads=settings.WEB_THREADS, greeting=card).run()
