"""Messages as files, laid down by many writers while a reader empties the folder."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from json import JSONDecodeError
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.transport import filesystem

from config import file_broker

_WRITERS, _EACH = 4, 100


def _channel(transport: type[filesystem.Transport], folder: Path) -> Any:
    folders = {name: str(folder) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    return Connection(transport=transport, transport_options=folders).channel()


def _write(transport: type[filesystem.Transport], folder: Path) -> None:
    channel = _channel(transport, folder)
    for number in range(_EACH):
        channel._put("celery", {"number": number, "filling": "x" * 20_000})


def _read(channel: Any) -> int:
    try:
        return int(channel._get("celery")["number"] >= 0)
    except Empty:
        return 0


def _all_read(transport: type[filesystem.Transport], folder: Path) -> int:
    channel = _channel(transport, folder)
    with ThreadPoolExecutor(_WRITERS) as pool:
        writers: list[Future[None]] = [pool.submit(_write, transport, folder) for _ in range(_WRITERS)]
        read = 0
        while not all(writer.done() for writer in writers):
            read += _read(channel)
    while found := _read(channel):
        read += found
    return read


def test_a_message_is_never_read_by_half(tmp_path: Path) -> None:
    assert _all_read(file_broker.Transport, tmp_path) == _WRITERS * _EACH


def test_without_the_rename_it_would_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A writer that is held up between opening the file and filling it, as any may be.
    monkeypatch.setattr(filesystem, "lock", lambda *_: time.sleep(0.005))

    with pytest.raises(JSONDecodeError):
        _all_read(filesystem.Transport, tmp_path)
