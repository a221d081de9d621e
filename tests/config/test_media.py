from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings


@pytest.fixture
def posters(settings: Settings, tmp_path: Path) -> Path:
    """A poster and a secret beside it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    folder = tmp_path / "media" / "posters"
    folder.mkdir(parents=True)
    (folder / "noon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "notes.txt").write_text("not a picture")
    (tmp_path / "keys.svg").write_text("outside")
    return folder


def test_a_poster_is_kept_and_can_do_nothing(posters: Path, client: Client) -> None:
    answer = client.get("/media/posters/noon.svg")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert (
        answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    assert answer.headers["Cache-Control"] == "public, max-age=604800"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["posters/notes.txt", "posters/", "../keys.svg", "posters/../../keys.svg", "%2e%2e/keys.svg"]
)
def test_whatever_is_no_poster_does_not_exist(path: str, posters: Path, client: Client) -> None:
    assert client.get(f"/media/{path}").status_code == 404
