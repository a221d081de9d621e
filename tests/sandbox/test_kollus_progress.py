"""Progress counted as Kollus' LMS data counts it."""

from sandbox.kollus.progress import Stretch, Viewing


def test_the_wikis_worked_example() -> None:
    """10 s at double speed, the same 20 s of film again, then a pause of 10 s."""
    seen = Viewing(600, [Stretch(0, 20, 2), Stretch(0, 20, 2)], open_seconds=30, position=20)

    counters = seen.counters()

    assert (counters["playtime"], counters["real_playtime"]) == (40, 20)
    assert (counters["runtime"], counters["showtime"]) == (30, 20)
    assert (counters["playtime_percent"], counters["last_play_at"]) == (6, 20)


def test_watching_twice_is_200_percent_of_playtime_and_all_of_it_once() -> None:
    seen = Viewing(100, [Stretch(0, 100), Stretch(0, 100)], open_seconds=200, position=100)

    assert seen.counters()["playtime_percent"] == 200
    assert seen.counters()["real_playtime"] == 100


def test_overlapping_stretches_count_once() -> None:
    seen = Viewing(100, [Stretch(10, 30), Stretch(20, 40), Stretch(0, 5), Stretch(12, 13)], 61, 13)

    assert seen.counters()["real_playtime"] == 35
    assert seen.counters()["playtime"] == 46


def test_the_percentage_is_cut_not_rounded() -> None:
    assert Viewing(1000, [Stretch(0, 999)], 999, 999).counters()["playtime_percent"] == 99


def test_blocks_count_from_zero_and_say_how_much_of_each() -> None:
    seen = Viewing(100, [Stretch(5, 25), Stretch(5, 10)], 25, 10)

    blocks = seen.blocks()

    assert [blocks[f"b{n}"] for n in range(10)] == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert [blocks[f"t{n}"] for n in range(4)] == [10, 10, 5, 0]
    assert [blocks[f"p{n}"] for n in range(4)] == [50, 100, 50, 0]
    assert len(blocks) == 30


def test_a_block_that_was_only_reached_is_not_played() -> None:
    assert Viewing(100, [Stretch(0, 10)], 10, 10).blocks()["b1"] == 0


def test_sessions_say_where_each_stretch_began() -> None:
    seen = Viewing(100, [Stretch(0, 12), Stretch(95, 100)], 17, 100)

    assert seen.sessions() == [
        {"block": 0, "start_time": 0, "play_time": 12},
        {"block": 9, "start_time": 95, "play_time": 5},
    ]
