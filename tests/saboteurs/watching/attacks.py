"""Attacks on the right to watch: plays, reports and prices that come at once, late or from somebody else."""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import requests
from django.db import IntegrityError
from django.utils import timezone

from accounts.identity import Viewer, give_pass
from tests import factories, promises
from tests.buyer import Buyer
from tests.concurrency.player import Player
from tests.concurrency.racing import all_at_once, meeting, overtaken
from tests.concurrency.stage import Stage
from videos import entitlements, playback, pricing, rentals
from videos.models import (
    Entitlement,
    PlaybackSession,
    Price,
    Video,
    ViewerCode,
    WatchProgress,
    opening_sql,
    progress_sql,
)
from videos.watching import answering, mapping, watch_map


def a_rental_is_started_twice(stage: Stage) -> None:
    """Two screens begin a rental at once, one by a clock that is an hour ahead."""
    now = timezone.now()
    entitlements.grant(stage.film.offers.get(kind="rent"), user_id=None, reference="once", at=now)
    seen = [Entitlement.objects.get(reference="once"), Entitlement.objects.get(reference="once")]

    first = seen[0].start(at=now)
    second = seen[1].start(at=now + timedelta(hours=1))

    ends_at = Entitlement.objects.get(reference="once").ends_at
    promises.keep((first, second) == (True, False), "a rental was started twice")
    promises.keep(ends_at == now + timedelta(hours=48), "a second play moved the end of a rental")


def a_rentals_end_is_told_by_two(stage: Stage) -> None:
    """Two workers find the same rental about to end."""
    now = timezone.now()
    right = Entitlement.objects.create(
        reason="purchase", reference="r" * 32, video=stage.film, starts_at=now, hours_once_started=1
    )
    right.start(at=now)
    assert right.ends_at is not None
    tell = partial(rentals.tell_once, right, at=now)

    promises.keep(sorted(all_at_once(tell, tell)) == [False, True], "one end was told of twice")


def an_old_report_comes_late(stage: Stage) -> None:
    """The reports of one second ago and of now cross, and the newer one is kept first."""
    _, player = _bought(stage)
    now = timezone.now()
    player.reports(1, at=now - timedelta(minutes=1))

    overtaken(
        partial(player.reports, 11, at=now - timedelta(seconds=1)),
        partial(player.reports, 12, at=now),
        owner=progress_sql,
        name="keep_progress",
    )

    position = WatchProgress.objects.get().position_seconds
    promises.keep(position == 12, "an old report overwrote a newer one")


def two_first_reports_come_at_once(stage: Stage) -> None:
    _, player = _bought(stage)

    with meeting(progress_sql, "keep_progress"):
        answers = all_at_once(*[partial(player.reports, 12, at=timezone.now())] * 2)

    promises.keep({answer.status_code for answer in answers} == {200}, "a report was refused")
    promises.keep(WatchProgress.objects.count() == 1, "one viewing is kept twice")


def two_reports_tell_of_two_halves(stage: Stage) -> None:
    """Two devices report at once, each what it played."""
    ada, player = _bought(stage)
    other = Player(stage, ada.watch("noon").json()["url"])
    now = timezone.now()

    overtaken(
        partial(player.reports, 12, at=now, stretches=[(0, 12)]),
        partial(other.reports, 24, at=now, stretches=[(12, 12)]),
        owner=progress_sql,
        name="keep_progress",
    )

    promises.keep(WatchProgress.objects.get().seen == "0-24", "what one device told was lost")


def two_beats_map_at_once(stage: Stage) -> None:
    """A slow beat is not through as the next one begins."""
    _, player = _bought(stage)
    player.reports(12, at=timezone.now(), stretches=[(0, 12)])

    with meeting(mapping, "_add_to_map"):
        all_at_once(mapping.roll_up, mapping.roll_up)

    film = watch_map.of(stage.film)
    promises.keep((film.viewers, sum(film.saw)) == (1, 12), "a viewer is in the map twice")


def an_hour_is_seen_in_a_minute(stage: Stage) -> None:
    """A player says that it played a whole course, just after its link was opened."""
    _, player = _bought(stage)
    Video.objects.update(duration_seconds=3600)

    player.reports(3600, at=timezone.now(), stretches=[(0, 3600)])

    promises.keep(not WatchProgress.objects.exists(), "an hour was seen in a minute")


def two_tabs_play_for_the_first_time(stage: Stage) -> None:
    ada = Viewer(visitor="a" * 32)
    entitlements.grant(stage.offer, user_id=None, reference="once", at=timezone.now())
    give_pass(visitor=ada.visitor, reference="once")
    play = partial(playback.open, ada, "noon", resume=True, at=timezone.now())

    with meeting(opening_sql, "give_code"):
        all_at_once(play, play)

    promises.keep(ViewerCode.objects.count() == 1, "one viewer got two codes")


def two_players_use_one_link(stage: Stage) -> None:
    """A link was passed on, and both players ask at once."""
    _, player = _bought(stage)
    other = Player(stage, player.link, name="player-2")

    with meeting(answering, "_is_same_player"):
        answers = all_at_once(player.asks, other.asks)

    promises.keep(sorted(answers) == ["no", "yes"], "one link played on two players")


def a_right_is_revoked_twice(stage: Stage) -> None:
    right = entitlements.grant(stage.offer, user_id=None, reference="once", at=timezone.now())
    entitlements.revoke(right, because="refunded", at=timezone.now())
    before = promises.everything()

    entitlements.revoke(right, because="again", at=timezone.now())

    promises.unchanged(before)


def two_prices_are_set_at_once(stage: Stage) -> None:
    with meeting(pricing, "retire"):
        all_at_once(*[_price(stage, amount) for amount in (500, 600)])

    _one_current_price(stage)


def a_price_is_added_past_the_verb(stage: Stage) -> None:
    """Somebody writes the row himself."""
    with suppress(IntegrityError):
        Price.objects.create(offer=stage.offer, currency="usd", amount_minor=1)

    _one_current_price(stage)


def a_price_is_retired_twice(stage: Stage) -> None:
    price = stage.offer.prices.get(currency="usd")
    pricing.retire(price, at=timezone.now())
    before = promises.everything()

    pricing.retire(price, at=timezone.now())

    promises.unchanged(before)


def a_refunded_buyer_plays(stage: Stage) -> None:
    """The page, a fresh link and the player's own question: each is told that the right has ended."""
    buyer, player = _bought(stage)
    session = PlaybackSession.objects.get().reference
    entitlements.revoke(Entitlement.objects.get(), because="refunded", at=timezone.now())

    promises.refused(buyer.watch("noon"), 404)
    promises.refused(buyer.post(f"/api/v1/playback/{session}/link/", {}), 404)
    promises.keep(player.asks() == "no", "a player was let in after the refund")


def a_stranger_plays(stage: Stage) -> None:
    """Bo bought another film; Ada's film and session are not his."""
    _bought(stage)
    session = PlaybackSession.objects.get().reference
    factories.film_on_sale("dusk")
    bo = stage.stranger()
    bo.buy("dusk")

    promises.refused(bo.watch("noon"), 404)
    promises.refused(bo.post(f"/api/v1/playback/{session}/link/", {}), 404)


def a_mark_is_forged(stage: Stage) -> None:
    _, player = _bought(stage)
    forged = PlaybackSession.objects.get().reference + "." + "0" * 32

    promises.keep(player.asks(mark=forged) != "yes", "a forged mark was believed")


def a_preview_s_mark_is_forged(stage: Stage) -> None:
    """Who has the link to the first seconds writes himself a mark without an end."""
    Video.objects.filter(pk=stage.film.pk).update(preview_seconds=6)
    player = Player(stage, _preview(stage)["url"])
    reference, _, mac = player.mark.rpartition(".")

    forged = reference.rpartition(":")[0] + f":24.{mac}"

    promises.keep(player.asks(mark=forged) != "yes", "a forged mark was believed")


def a_film_s_key_is_typed_as_a_trailer_s(stage: Stage) -> None:
    """The film got its key from Kollus after somebody had typed it."""
    other = factories.video("dusk")
    Video.objects.filter(pk=stage.film.pk).update(trailer_key=other.media_content_key)

    promises.keep("url" not in _preview(stage), "a film was given away as a trailer")


def a_film_becomes_shorter_than_its_preview(stage: Stage) -> None:
    Video.objects.filter(pk=stage.film.pk).update(preview_seconds=stage.film.duration_seconds)

    promises.keep("url" not in _preview(stage), "a film was given away as its own preview")


def _preview(stage: Stage) -> dict[str, Any]:
    address = f"{stage.shop.url}/api/v1/playback/preview/{stage.film.slug}/"
    answer: dict[str, Any] = requests.get(address, timeout=20).json()
    return answer


def a_stranger_calls_back(stage: Stage) -> None:
    _, player = _bought(stage)

    answer = Player(stage, player.link, secret="guessed").asks()

    promises.keep(answer == "404", "a callback to a guessed address was answered")


def _bought(stage: Stage) -> tuple[Buyer, Player]:
    ada = stage.stranger()
    answer = ada.buy("noon")
    return ada, Player(stage, answer["playback"]["url"])


def _price(stage: Stage, amount: int) -> "partial[Price]":
    return partial(pricing.change, stage.offer, currency="usd", amount_minor=amount, at=timezone.now())


def _one_current_price(stage: Stage) -> None:
    current = stage.offer.prices.filter(currency="usd", retired_at=None).count()
    promises.keep(current == 1, f"{current} current prices in one currency")
