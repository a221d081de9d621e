"""The owner sees which parts of a film are watched, watched again and left, and by whom."""

import csv
import re
from datetime import timedelta
from typing import Any, Final

import pytest
from django.utils import timezone

from accounts.models import User
from tests import factories, office
from videos import inheriting
from videos.models import Video, ViewerCode, WatchMap, WatchProgress
from videos.watching import mapping, watch_map

pytestmark = pytest.mark.django_db

LENGTH: Final = 100
RIGHT: Final = "videos.view_watchprogress"


@pytest.fixture
def film() -> Video:
    return factories.video("noon", duration_seconds=LENGTH)


def watched(film: Video, *stretches: tuple[int, int], user: User | None = None) -> WatchProgress:
    """A viewer who played these stretches, each a second and a length."""
    code = ViewerCode.objects.create(user=user, visitor=None if user else f"{timezone.now():%H%M%S%f}")
    seen = sorted({second for first, length in stretches for second in range(first, first + length)})
    return WatchProgress.objects.create(
        viewer_code=code,
        video=film,
        seen=",".join(f"{second}-{second + 1}" for second in seen),
        parts='{{"1/1":[{}]}}'.format(",".join(f"{first},{length}" for first, length in stretches)),
        played_seconds=sum(length for _first, length in stretches),
        reported_at=timezone.now(),
        completed_at=timezone.now() if len(seen) >= 90 else None,
    )


def page(browser: Any, film: Video, what: str = "watched", **query: Any) -> Any:
    return browser.get(office.page(Video, what, film.pk), query)


def test_the_map_counts_viewers_replays_and_those_who_left(film: Video) -> None:
    watched(film, (0, 100), (40, 10))
    watched(film, (0, 50))
    mapping.roll_up()
    watched(film, (0, 20))

    parts = watch_map.of(film).parts(10)

    assert [part.saw for part in parts] == [3, 3, 2, 2, 2, 1, 1, 1, 1, 1]
    assert [part.again for part in parts] == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    assert [part.lost for part in parts] == [0, 0, 1, 0, 0, 1, 0, 0, 0, 0]
    assert [part.share_percent for part in parts][:3] == [100, 100, 67]


def test_what_is_mapped_is_counted_once(film: Video) -> None:
    row = watched(film, (0, 10))
    assert (mapping.roll_up(), mapping.roll_up()) == (1, 0)
    WatchProgress.objects.filter(pk=row.pk).update(
        seen="0-20", parts='{"1/1":[0,20],"1/2":[5,5]}', is_mapped=False
    )

    before = watch_map.of(film)
    assert mapping.roll_up() == 1

    assert before == watch_map.of(film)
    assert (before.viewers, sum(before.saw), sum(before.played)) == (1, 20, 25)


@pytest.mark.parametrize("length", [60, 140])
def test_a_film_of_another_length_keeps_its_map(film: Video, length: int) -> None:
    watched(film, (0, 100))
    mapping.roll_up()
    Video.objects.update(duration_seconds=length)
    watched(film, (0, 50))

    film.refresh_from_db()
    live = watch_map.of(film)
    mapping.roll_up()

    assert live == watch_map.of(film)
    assert len(live.saw) == length
    assert (live.saw[0], live.saw[55]) == (2, 1)


def test_the_page_draws_it_and_says_it_in_numbers(cho: User, ada: User, film: Video) -> None:
    watched(film, (0, 100), (40, 10), user=ada)
    watched(film, (0, 50))

    shown = office.text(page(office.signed_in(cho), film))

    assert len(re.findall(r'<rect class="watch-map__saw"', shown)) == 100
    assert "0:00:40–0:00:41: seen by 2, replays 1" in shown
    assert "ada@example.com" in shown
    assert re.search(r"Viewers</dt><dd>2<", shown)
    assert re.search(r"Watched to the end</dt><dd>1 \(50 %\)<", shown)
    assert " style=" not in shown
    assert "<style" not in shown


def test_a_film_that_nobody_watched_says_so(cho: User, film: Video) -> None:
    assert "Nobody has watched any of it yet." in office.text(page(office.signed_in(cho), film))


def test_each_second_is_a_line(cho: User, film: Video) -> None:
    watched(film, (0, 10), (5, 5))
    mapping.roll_up()

    lines = _csv(page(office.signed_in(cho), film, "watched_seconds"))

    assert lines[0] == ["second", "viewers", "plays", "replays"]
    assert lines[1:] == [
        [str(s), str(int(s < 10)), str(int(s < 10) + int(5 <= s < 10)), str(int(5 <= s < 10))]
        for s in range(LENGTH)
    ]


def test_each_viewer_is_a_line_that_no_spreadsheet_carries_out(cho: User, film: Video) -> None:
    watched(film, (0, 95), user=User.objects.create_user("=cmd@example.com"))
    watched(film, (0, 36))

    head, guest, known = _csv(page(office.signed_in(cho), film, "watched_viewers"))

    assert head[:3] == ["viewer", "seen_percent", "hours_played"]
    assert (guest[1:4], guest[4]) == (["36", "0.01", "0"], "")
    assert (known[0], known[1]) == ("'=cmd@example.com", "95")
    assert known[4] != ""


def test_the_page_costs_the_same_however_many_watched(cho: User, film: Video) -> None:
    browser, address = office.signed_in(cho), office.page(Video, "watched", film.pk)
    for _ in range(5):
        watched(film, (0, 10))
    few = office.statements(browser, address)
    for _ in range(60):
        watched(film, (0, 10))
    mapping.roll_up()

    many = office.statements(browser, address)

    assert len(many) == len(few) <= 7
    assert not any("COUNT(" in sql for sql in many)


def test_older_viewers_are_a_page_away(cho: User, film: Video) -> None:
    browser = office.signed_in(cho)
    rows = [watched(film, (0, 10)) for _ in range(35)]

    first = office.text(page(browser, film))
    older = office.text(page(browser, film, before=re.findall(r"\?before=(\d+)", first)[0]))

    assert str(rows[-1].viewer_code) in first
    assert str(rows[0].viewer_code) not in first
    assert str(rows[0].viewer_code) in older
    assert "Earlier viewers" not in older
    assert page(browser, film, before="x" * 30).status_code == 200
    assert page(browser, film, before="9" * 30).status_code == 200


@pytest.mark.parametrize("what", ["watched", "watched_seconds", "watched_viewers"])
def test_who_may_not_see_progress_sees_no_map(bo: User, film: Video, what: str) -> None:
    assert page(office.signed_in(bo, "videos.view_video"), film, what).status_code == 403
    assert page(office.signed_in(bo, RIGHT), film, what).status_code == 200


def test_a_guest_who_signs_in_is_not_counted_twice(ada: User, film: Video) -> None:
    """What was seen as a guest comes into the account; the film's map has it already."""
    guest = watched(film, (0, 50))
    factories.gift(film, ada)
    mapping.roll_up()

    inheriting.inherit_progress(user_id=ada.pk, visitor=str(guest.viewer_code.visitor))
    mapping.roll_up()
    hers = WatchProgress.objects.get(viewer_code__user=ada)

    film_map = watch_map.of(film)
    assert hers.seen == "0-50"
    assert (film_map.viewers, sum(film_map.saw)) == (1, 50)
    assert WatchMap.objects.count() == 1
    assert hers.reported_at - guest.reported_at < timedelta(seconds=1)


def _csv(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode()
    return list(csv.reader(text.splitlines()))
