"""Counts a file while it comes, so that the progress address tells how much of it is there."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

_ALL = 100


class _Counter(FileUploadHandler):
    """Hands every chunk on as it came."""

    chunk_size = 64 * 2**10

    def __init__(self, request: HttpRequest, tell: Callable[[int], None]) -> None:
        super().__init__(request)
        self._tell = tell
        self._whole = max(1, int(request.META.get("CONTENT_LENGTH") or 1))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._tell(min(_ALL - 1, _ALL * (start + len(raw_data)) // self._whole))
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None  # the next handler keeps it


def count(request: HttpRequest, tell: Callable[[int], None]) -> None:
    """Have `tell` told the percent that has come, below 100, while the request's body is read."""
    request.upload_handlers.insert(0, _Counter(request, tell))
