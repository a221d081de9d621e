"""Each command of ours says in `--help` what it does, what it leaves alone, and how it is typed."""

import pytest
from django.core.management import get_commands, load_command_class

OURS = (
    "import_videos",
    "ledger",
    "mail_preview",
    "money_report",
    "note_bounce",
    "reconcile",
    "replay_stripe_events",
    "reset_demo",
    "seed_shop",
    "send_film",
    "serve",
    "sync_kollus",
    "take_down",
)


@pytest.mark.parametrize("name", OURS)
def test_its_help_is_for_a_person(name: str) -> None:
    command = load_command_class(get_commands()[name], name)

    said = command.create_parser("manage.py", name).format_help()

    assert f"    manage.py {name}" in said, "an example stands on a line of its own"
    assert len(command.help) > 150
    assert max(map(len, command.help.splitlines())) <= 100
