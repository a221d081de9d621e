"""A page of each kind on which something is refused, made without the page that asks for it."""

from django.template.loader import get_template
from django.utils import timezone, translation

from accounts.models import Pass, User
from billing.models import Order, Selling
from tests import signing_in
from tests.attacks import Visitor
from tests.saboteurs import rows


def of(ada: User, order: Order, prefix: str = "") -> dict[str, str]:
    """This will give the pages by what was wrong, in the language of the prefix: `/ko`, or none for English.
    It leaves the shop closed for sales.
    """
    stranger, asked, adas, elsewhere = Visitor(), Visitor(), browser_of(ada), browser_of(ada)
    signing_in.ask(asked, "bo@example.com")
    elsewhere.post_form("/account/address/", email="ada@elsewhere.example")
    leaving = browser_of(User.objects.create_user("leaving@example.com"))
    leaving.post_form("/account/erase/")
    guest, bought = _guest_who_bought()
    his = f"{prefix}{bought.get_absolute_url()}"
    hers = f"{prefix}{order.get_absolute_url()}"
    door, address = f"{prefix}/account/sign-in/", f"{prefix}/account/address/"
    answers = {
        "no address": stranger.post_form(door, email="no address"),
        "a wrong code": asked.post_form(door, code="0000 0000"),
        "a new address that is none": adas.post_form(address, email="no address"),
        "a wrong code for it": elsewhere.post_form(address, code="0000 0000"),
        "a wrong code to erase": leaving.post_form(f"{prefix}/account/erase/", code="0000 0000"),
        "a company without a name": adas.post_form(f"{hers}company/", country="DE", tax_id="DE1"),
        "an order's address that is none": guest.post_form(f"{his}address/", email="no address"),
        "a passkey that is none": adas.post_form(f"{prefix}/account/passkeys/", credential="{}"),
        "a way in of somebody else's": adas.get(f"{prefix}/account/with/?done=taken&by=kakao"),
        "a way in that is none": stranger.get(f"{door}?told=failed&by=naver"),
        "a withdrawal from nothing": stranger.post_form(
            f"{prefix}/withdraw/", reference="", email="no address"
        ),
        "a day that is none": stranger.post_form(f"{prefix}/orders/", email="no address", on="yesterday"),
        "a coupon that is none": stranger.get(f"{prefix}/checkout/videos/noon/?coupon=NOTHING"),
        "a form of another page": stranger.client.post(door, {"email": "ada@example.com"}),
        "not to be read": stranger.get(f"{prefix}/?a=%00"),
        "not there": stranger.get(f"{prefix}/orders/made-up/"),
        "a certificate that is none": stranger.get(f"{prefix}/certificates/NOTHING/"),
    }
    Selling.objects.create(pk=1, mode=Selling.Mode.READ_ONLY)
    answers |= {
        "a closed till": stranger.get(f"{prefix}/checkout/videos/noon/"),
        "a closed shop's form": stranger.post_form(
            f"{prefix}/withdraw/", reference=order.reference, email=ada.email
        ),
    }
    with translation.override(prefix.removeprefix("/") or "en"):
        torn = {name: get_template(f"{name}.html").render() for name in ("500", "503")}
    return {what: answer.content.decode() for what, answer in answers.items()} | torn


def browser_of(person: User) -> Visitor:
    visitor = Visitor()
    visitor.client.force_login(person)
    return visitor


def _guest_who_bought() -> tuple[Visitor, Order]:
    guest, order = Visitor(), rows.fresh(Order)
    session = guest.client.session
    session["visitor"] = order.visitor = "guest" * 6
    session.save()
    order.state, order.paid_at, order.receipt_number, order.intent_id = "paid", timezone.now(), 99, "pi_99"
    order.email = "cy@gmial.com"
    order.save()
    Pass.objects.create(visitor=order.visitor, reference=order.reference)
    return guest, order
