"""A file from the disk as a form that Kollus' upload server takes: read while it leaves, of a length known
before, as that server refuses one of an unknown length.

Source: https://github.com/junginkim-catenoid/kollus-upload-v2
"""

import os
import secrets
from collections.abc import Callable, Iterator
from typing import BinaryIO

from urllib3.fields import RequestField, guess_content_type

PIECE_BYTES = 256 * 1024


class FileSpoilt(Exception):
    """The file changed, ended early or could not be read on, so that it was not sent whole."""


class FileForm:
    """The body of one request, `len()` its length in bytes. `told` hears each percent of the file that left.

    The file may not change from now on.
    """

    def __init__(self, file: BinaryIO, *, name: str, told: Callable[[int], None]) -> None:
        self._file, self._told = file, told
        self._before = _state_of(file)
        self.size = self._before[0]
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._head = "".join(
            f"--{boundary}\r\n{part}"
            for part in (_headers("accept") + "application/json\r\n", _headers("upload-file", name))
        ).encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()

    def __len__(self) -> int:
        return len(self._head) + self.size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        """:raises FileSpoilt: before the last piece has left, so that nothing whole arrives."""
        yield self._head
        self._file.seek(0)
        left, percent = self.size, 0
        while left:
            piece = self._read(min(PIECE_BYTES, left))
            left -= len(piece)
            if not piece or (not left and _state_of(self._file) != self._before):
                raise FileSpoilt
            yield piece
            before, percent = percent, (self.size - left) * 100 // self.size
            for each in range(before + 1, percent + 1):
                self._told(each)
        yield self._tail

    def _read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except OSError as error:  # which would be taken for one of the line
            raise FileSpoilt from error


def _headers(name: str, file_name: str | None = None) -> str:
    """A part's head. Quotes and ends of lines in a file's name are escaped, as browsers do."""
    part = RequestField(name, b"", filename=file_name)
    part.make_multipart(content_type=guess_content_type(file_name) if file_name else None)
    return part.render_headers()


def _state_of(file: BinaryIO) -> tuple[int, int]:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns
