"""A file as a form that is read while it leaves."""

from pathlib import Path

from videos.kollus.file_form import PIECE_BYTES, FileForm


def test_a_large_file_leaves_by_the_piece_and_its_length_is_known(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with path.open("wb") as film:
        film.truncate(PIECE_BYTES * 50 + 1)
    told: list[int] = []

    with path.open("rb") as film:
        form = FileForm(film, name=path.name, told=told.append)
        sizes = [len(piece) for piece in form]

    assert sum(sizes) == len(form) > form.size
    assert max(sizes) == PIECE_BYTES
    assert told == list(range(1, 101))


def test_a_files_name_ends_no_header(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"a film")

    with path.open("rb") as film:
        body = b"".join(FileForm(film, name='정오"\r\nX-Evil: 1\r\n\r\n.mp4', told=lambda percent: None))

    head = body.decode().split("\r\n\r\n")[1]
    assert 'filename="정오%22%0D%0AX-Evil: 1%0D%0A%0D%0A.mp4"' in head
    assert "\r\nX-Evil" not in body.decode()
    assert "Content-Type: video/mp4" in head
