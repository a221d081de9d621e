"""Celery's messages as files, for a shop without Redis: Kombu's transport but for how they are laid down.

Its writer opens a message in the very folder that the reader empties, so that a reader could take an empty
file and stumble. Here a message is written under a name that no reader looks for, and renamed when whole.
"""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

SCHEME = "files"


class Channel(filesystem.Channel):
    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:  # type: ignore[override] # Kombu passes more
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        whole = Path(self.data_folder_out, name)
        unfinished = whole.with_name(f"{name}.part")
        try:
            unfinished.write_bytes(dumps(message).encode())
            unfinished.rename(whole)
        except OSError as error:
            raise ChannelError(f"Cannot add file {name!r} to directory") from error


class Transport(filesystem.Transport):
    Channel = Channel


def register() -> None:
    """Make `files://` a broker's address."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
