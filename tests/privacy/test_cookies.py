"""The shop sets three cookies at the most, each needed for what was asked for: so no page needs a banner."""

from typing import Final

import pytest
from django.conf import settings

from accounts.models import User
from tests import office, signing_in
from tests.attacks import Visitor
from tests.privacy import adas_things, table_of_urls
from tests.privacy.table_of_urls import filled
from videos.models import Video

pytestmark = pytest.mark.django_db

ALLOWED: Final = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}


def test_no_page_sets_another_cookie(ada: User) -> None:
    things, adas, nobody = adas_things.of(ada), Visitor(), Visitor()
    signing_in.by_code(adas, ada.email)
    addresses = [filled(each, things) for table in table_of_urls.ALL for each in table.values()]

    for visitor in (adas, nobody):
        for address in addresses:
            if address != "account/sign-out/":
                visitor.get(f"/{address}")
                visitor.get(f"/ko/{address}")
        visitor.post_form("/account/sign-in/", code="0")

    assert signing_in.is_signed_in(adas)
    assert set(adas.client.cookies) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    assert set(nobody.client.cookies) <= ALLOWED


def test_who_only_looks_around_gets_none(ada: User) -> None:
    adas_things.of(ada)
    visitor = Visitor()

    for page in ("/", "/videos/noon/", "/collections/course/", "/ko/", "/ko/videos/noon/"):
        assert not visitor.get(page).cookies, page


def test_the_office_s_messages_need_no_cookie_of_their_own(cho: User, ada: User) -> None:
    adas_things.of(ada)
    browser = office.signed_in(cho)

    answer = office.act(browser, "delete_selected", Video.objects.get(slug="noon"), post="yes")

    assert answer.status_code in {200, 302}
    assert set(browser.cookies) <= ALLOWED
