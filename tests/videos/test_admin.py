"""The catalogue, its prices, and who may watch: as the office sees and changes them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from tests import factories, office
from videos.models import (
    Collection,
    CollectionItem,
    Entitlement,
    Offer,
    PlaybackSession,
    Price,
    Video,
    ViewerCode,
    WatchProgress,
)

pytestmark = pytest.mark.django_db


def _videos(count: int) -> None:
    for _ in range(count):
        factories.film_on_sale()


def _collections(count: int) -> None:
    for _ in range(count):
        factories.offer(factories.collection(factories.video()))


def _rights(count: int) -> None:
    for number in range(count):
        factories.gift(
            factories.video(), User.objects.create_user(f"{timezone.now():%f}-{number}@example.com")
        )


def _viewings(count: int) -> None:
    _rights(count)
    now = timezone.now()
    for right in Entitlement.objects.filter(sessions=None).select_related("user", "video"):
        assert right.video
        code = ViewerCode.objects.create(user=right.user)
        PlaybackSession.objects.create(
            viewer_code=code, entitlement=right, video=right.video, opened_at=now, link_until=now
        )
        WatchProgress.objects.create(viewer_code=code, video=right.video, reported_at=now)


@pytest.mark.parametrize(
    "model, fill, most",
    [
        (Video, _videos, 6),
        (Offer, _videos, 4),
        (Collection, _collections, 6),
        (Entitlement, _rights, 3),
        (PlaybackSession, _viewings, 3),
        (WatchProgress, _viewings, 3),
    ],
)
def test_a_list_costs_the_same_however_long_it_is(
    cho: User, model: type[Model], fill: Callable[[int], None], most: int
) -> None:
    browser = office.signed_in(cho)
    fill(5)
    short = office.statements(browser, office.page(model))
    fill(55)

    long = office.statements(browser, office.page(model))

    assert len(long) == len(short) <= most
    assert not any("COUNT(" in sql for sql in long)


def test_older_rows_follow_by_key(cho: User) -> None:
    browser = office.signed_in(cho)
    films = [factories.video(f"reel-{number:02}") for number in range(60)]

    newest = browser.get(office.page(Video))
    assert f'href="?p={films[30].pk}"' in office.text(newest)
    older = office.text(browser.get(office.page(Video), {"p": films[30].pk}))

    assert "reel-59" in office.text(newest)
    assert "reel-29" not in office.text(newest)
    assert "reel-29" in older
    assert "reel-30" not in older
    assert 'rel="next"' not in older


@pytest.mark.parametrize("term", ["noon-every", "Noon every", "정오"])
def test_a_film_is_found_by_its_address_and_its_title(cho: User, term: str) -> None:
    noon = factories.video("noon-everywhere")
    noon.texts.filter(language="ko").update(title="어디나 정오")
    factories.video("knife")

    found = office.text(office.signed_in(cho).get(office.page(Video), {"q": term}))

    assert "noon-everywhere" in found
    assert "knife" not in found


def _offer_form(offer: Offer, *rows: dict[str, Any], kept: int, **fields: Any) -> dict[str, Any]:
    form = {"is_active": "on", "prices-TOTAL_FORMS": len(rows), "prices-INITIAL_FORMS": kept} | fields
    for number, row in enumerate(rows):
        form |= {f"prices-{number}-{name}": value for name, value in row.items()}
    return form


def _kept(price: Price, **changes: Any) -> dict[str, Any]:
    return {"id": price.pk, "offer": price.offer_id, "amount_minor": price.amount_minor} | changes


@pytest.fixture
def offer() -> Offer:
    return factories.offer(factories.video("noon"), usd=790)


def test_a_changed_amount_is_a_new_version(cho: User, offer: Offer) -> None:
    sold = offer.prices.get()
    form = _offer_form(offer, _kept(sold, amount_minor=890), kept=1)

    office.signed_in(cho).post(office.page(Offer, "change", offer.pk), form)

    sold.refresh_from_db()
    assert sold.amount_minor == 790
    assert sold.retired_at
    assert offer.prices.get(retired_at=None).amount_minor == 890
    seen = office.text(office.signed_in(cho).get(office.page(Offer, "change", offer.pk)))
    assert "$8.90" in seen
    assert "$7.90 (" in seen


def test_saving_without_a_change_makes_no_version(cho: User, offer: Offer) -> None:
    form = _offer_form(offer, _kept(offer.prices.get()), kept=1)

    answer = office.signed_in(cho).post(office.page(Offer, "change", offer.pk), form)

    assert answer.status_code == 302
    assert offer.prices.count() == 1


def test_a_price_can_be_added_and_another_withdrawn(cho: User, offer: Offer) -> None:
    rows = _kept(offer.prices.get(), stop="on"), {"currency": "krw", "amount_minor": 9900}
    form = _offer_form(offer, *rows, kept=1)

    office.signed_in(cho).post(office.page(Offer, "change", offer.pk), form)

    assert offer.prices.get(retired_at=None).text == "₩9,900"


@pytest.mark.parametrize(
    "row, words",
    [
        ({"currency": "isk", "amount_minor": 550}, "no small coin"),
        ({"currency": "krw", "amount_minor": 0}, "above zero"),
        ({"currency": "bhd", "amount_minor": 1501}, "last digit must be 0"),
        ({"currency": "xxx", "amount_minor": 100}, "not one of the available choices"),
        ({"currency": "usd", "amount_minor": 890}, "one price in each currency"),
    ],
)
def test_a_price_that_cannot_be_charged_is_refused_in_words(
    cho: User, offer: Offer, row: dict[str, Any], words: str
) -> None:
    form = _offer_form(offer, _kept(offer.prices.get()), row, kept=1)

    refused = office.signed_in(cho).post(office.page(Offer, "change", offer.pk), form)

    assert words in office.text(refused)
    assert "DatabaseDefault" not in office.text(refused)
    assert offer.prices.count() == 1


def test_the_terms_of_an_offer_stay_as_buyers_saw_them(cho: User, offer: Offer) -> None:
    form = _offer_form(offer, kept=0, kind="rent", days_to_start=1, hours_once_started=1)

    office.signed_in(cho).post(office.page(Offer, "change", offer.pk), form)

    offer.refresh_from_db()
    assert (offer.kind, offer.days_to_start) == ("own", None)


def test_two_such_offers_cannot_be_on_sale_at_once(cho: User, offer: Offer) -> None:
    browser = office.signed_in(cho)
    late = Offer.objects.create(kind="own", video=offer.video, is_active=False)
    again = _offer_form(offer, kept=0, kind="own", video=offer.video_id)

    activated = browser.post(office.page(Offer, "change", late.pk), _offer_form(late, kept=0))
    added = browser.post(office.page(Offer, "add"), again)

    assert "such an offer on sale already" in office.text(activated)
    assert "such an offer on sale already" in office.text(added)
    assert Offer.objects.filter(is_active=True).count() == 1


def _parts_form(collection: Collection, parts: list[tuple[CollectionItem | Video, int]]) -> dict[str, Any]:
    kept = sum(isinstance(part, CollectionItem) for part, _ in parts)
    text = collection.texts.get(language="en")
    form = {
        **{"slug": collection.slug, "kind": collection.kind, "position": 0, "is_published": "on"},
        **{"texts-TOTAL_FORMS": 1, "texts-INITIAL_FORMS": 1, "texts-0-id": text.pk},
        **{"texts-0-language": "en", "texts-0-title": text.title, "texts-0-collection": collection.pk},
        **{"items-TOTAL_FORMS": len(parts), "items-INITIAL_FORMS": kept},
        **{"offers-TOTAL_FORMS": 0, "offers-INITIAL_FORMS": 0},
    }
    for number, (part, position) in enumerate(parts):
        is_kept = isinstance(part, CollectionItem)
        form |= {f"items-{number}-id": part.pk} if is_kept else {}
        form |= {
            f"items-{number}-collection": collection.pk,
            f"items-{number}-video": part.video_id if isinstance(part, CollectionItem) else part.pk,
            f"items-{number}-position": position,
        }
    return form


def test_parts_change_places_come_and_go(cho: User) -> None:
    first, second, third, fresh = (factories.video(slug) for slug in ("one", "two", "three", "four"))
    course = factories.collection(first, second, third)
    items = list(course.items.order_by("position"))
    form = _parts_form(course, [(items[0], 2), (items[1], 1), (items[2], 9), (fresh, 3)])

    office.signed_in(cho).post(office.page(Collection, "change", course.pk), form | {"items-2-DELETE": "on"})

    assert list(course.videos.order_by("items__position")) == [second, first, fresh]


def test_a_film_stands_in_a_collection_once(cho: User) -> None:
    film = factories.video()
    course = factories.collection(film)
    form = _parts_form(course, [(course.items.get(), 1), (film, 2)])

    refused = office.signed_in(cho).post(office.page(Collection, "change", course.pk), form)

    assert "in a collection once" in office.text(refused)
    assert course.items.count() == 1


def test_a_film_cannot_be_written_with_an_unknown_language(cho: User) -> None:
    film = factories.video("noon")

    answer = office.signed_in(cho).post(
        office.page(Video, "change", film.pk), {"slug": "noon", "audio_languages": ["xx"]}
    )

    assert "xx is not one of the available choices" in office.text(answer)


def test_a_gift_lets_somebody_watch_and_says_why(cho: User, ada: User) -> None:
    film = factories.video()
    form = {"reference": "once", "email": "Ada@Example.com", "video": film.pk, "note": "Sorry for the noise."}
    browser = office.signed_in(cho)

    browser.post(office.page(Entitlement, "add"), form)
    browser.post(office.page(Entitlement, "add"), form)

    right = Entitlement.objects.get()
    assert (right.user, right.video, right.reason, right.note) == (ada, film, "gift", "Sorry for the noise.")
    assert LogEntry.objects.first().get_change_message() == "Given to ada@example.com: Sorry for the noise."  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"email": "nobody@example.com"}, "Nobody has an account"),
        ({"note": ""}, "This field is required"),
        ({"video": ""}, "Choose one"),
    ],
)
def test_a_gift_needs_somebody_something_and_a_reason(
    cho: User, ada: User, wrong: dict[str, str], words: str
) -> None:
    form = {"reference": "once", "email": ada.email, "video": factories.video().pk, "note": "A friend."}

    refused = office.signed_in(cho).post(office.page(Entitlement, "add"), form | wrong)

    assert words in office.text(refused)
    assert not Entitlement.objects.exists()


def test_a_right_is_revoked_with_a_reason_only(cho: User, ada: User) -> None:
    right = factories.gift(factories.video(), ada)
    browser = office.signed_in(cho)

    asked = office.act(browser, "revoke", right)
    empty = office.act(browser, "revoke", right, because="")
    assert "Take away the right to watch" in office.text(asked)
    assert "This field is required" in office.text(empty)
    assert Entitlement.objects.get().revoked_at is None

    done = office.act(browser, "revoke", right, because="Shared the password.", _back_to=right.pk)

    right.refresh_from_db()
    assert right.revoked_at
    assert right.revoked_because == "Shared the password."
    assert done.redirect_chain[-1][0] == office.page(Entitlement, "change", right.pk)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.get_change_message()) == (cho, "Revoked: Shared the password.")


def test_a_right_revoked_twice_keeps_its_first_reason(cho: User, ada: User) -> None:
    right = factories.gift(factories.video(), ada)
    browser = office.signed_in(cho)

    office.act(browser, "revoke", right, because="First.")
    office.act(browser, "revoke", right, because="Second.")

    assert Entitlement.objects.get().revoked_because == "First."
    assert LogEntry.objects.count() == 1


def test_who_may_only_look_gives_and_takes_nothing(bo: User, ada: User) -> None:
    right = factories.gift(factories.video(), ada)
    browser = office.signed_in(bo, "videos.view_entitlement")

    seen = browser.get(office.page(Entitlement, "change", right.pk))
    office.act(browser, "revoke", right, because="Because.")
    given = browser.post(office.page(Entitlement, "add"), {"email": ada.email})

    assert "Revoke…" not in office.text(seen)
    assert Entitlement.objects.get().revoked_at is None
    assert given.status_code == 403


@pytest.mark.parametrize("state, count", [("valid", 1), ("revoked", 1), ("ended", 1)])
def test_rights_are_filtered_by_what_they_allow_now(cho: User, ada: User, state: str, count: int) -> None:
    now = timezone.now()
    _valid, ended, revoked = (factories.gift(factories.video(), ada) for _ in range(3))
    Entitlement.objects.filter(pk=ended.pk).update(starts_at=now - timedelta(days=2), ends_at=now)
    Entitlement.objects.filter(pk=revoked.pk).update(revoked_at=now)

    shown = office.signed_in(cho).get(office.page(Entitlement), {"state": state})

    assert f"{count} shown" in office.text(shown)


@pytest.mark.parametrize("term", ["ada@example.com", "CODE123456", "gift"])
def test_a_viewing_is_found_by_viewer_code_and_purchase(cho: User, ada: User, term: str) -> None:
    film = factories.video("noon")
    right = factories.gift(film, ada)
    Entitlement.objects.filter(pk=right.pk).update(reference="a" * 32)
    code = ViewerCode.objects.create(user=ada, code="CODE123456")
    now = timezone.now()
    PlaybackSession.objects.create(
        viewer_code=code, entitlement=right, video=film, opened_at=now, link_until=now
    )
    term = "a" * 32 if term == "gift" else term

    found = office.text(office.signed_in(cho).get(office.page(PlaybackSession), {"q": term}))

    assert "1 shown" in found


@pytest.mark.parametrize("model", [Video, Collection, Offer, Entitlement, PlaybackSession, WatchProgress])
def test_nothing_can_be_deleted(cho: User, ada: User, model: type[Model]) -> None:
    _viewings(1)
    factories.offer(factories.collection(factories.video()))
    row = model._default_manager.first()
    assert row

    refused = office.signed_in(cho).post(office.page(model, "delete", row.pk), {"post": "yes"})

    assert refused.status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [Entitlement, PlaybackSession, WatchProgress])
def test_what_happened_cannot_be_edited(cho: User, model: type[Model]) -> None:
    _viewings(1)
    row = model._default_manager.get()

    assert office.signed_in(cho).post(office.page(model, "change", row.pk), {}).status_code == 403


@pytest.mark.parametrize("model", [Video, Collection, Offer, Entitlement, PlaybackSession, WatchProgress])
def test_staff_without_rights_see_nothing(bo: User, model: type[Model]) -> None:
    assert office.signed_in(bo).get(office.page(model)).status_code == 403
