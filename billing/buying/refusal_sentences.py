"""Why a press on Pay was refused before any bank was asked: a code for the script, a sentence for the person."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.buying import order_taking, quotes, selling
from billing.consenting import consents
from billing.discounts import coupons
from billing.guarding import gate
from billing.joining import trials
from billing.stripe.intents import StripeUnavailable


class NoAddress(Exception):
    """A guest left the e-mail field empty."""


REFUSALS: dict[type[Exception], tuple[str, Promise, int]] = {
    NoAddress: ("email", _("Give us an e-mail address: your film is sent there."), 400),
    quotes.BadQuote: ("bad_quote", _("This price isn't one of ours. Nothing was charged; reload the page."), 400),
    quotes.ForeignQuote: (
        "session_lost",
        _("The shop was opened in two tabs at once, or this one stood open for long. Nothing was charged, and the page is ready anew: enter the card once more and pay."),
        409,
    ),
    quotes.QuoteExpired: (
        "quote_expired",
        _("The price was shown more than half an hour ago, and nothing was charged. Here it is anew; pay again."),
        409,
    ),
    order_taking.NotForSale: ("not_for_sale", _("This is no longer on sale. Nothing was charged."), 409),
    selling.SellingStopped: (
        "selling_stopped",
        _("We are not selling anything just now, and nothing was charged. What you own plays on; come back a little later."),
        503,
    ),
    selling.ReadOnly: (
        "read_only",
        _("The shop is being looked after, so this has to wait. Nothing changed; what you own plays on."),
        503,
    ),
    order_taking.AlreadyYours: ("already_yours", _("This is yours already, so nothing was charged. Watch it here."), 409),
    order_taking.BuyerGone: (
        "buyer_gone",
        _("Your account was closed a moment ago, so nothing was charged. Reload the page."),
        409,
    ),
    order_taking.CardEntryUsed: (
        "card_entry_used",
        _("This card was entered for another order, so nothing was charged. Enter it again."),
        409,
    ),
    order_taking.NoCard: ("no_card", _("There was no card with this, so nothing was charged. Enter one."), 400),
    consents.ConsentMissing: (
        "consent",
        _("Tick the box about starting at once, then pay: the law wants your word first. Nothing was charged."),
        400,
    ),
    consents.TermsChanged: (
        "terms_changed",
        _("Where you are the law wants your word before the film starts, and nothing was charged. Tick the box and pay again."),
        409,
    ),
    coupons.UsedUp: (
        "coupon_gone",
        _("Others were faster: your code is used up, and nothing was charged. This is the price without it."),
        409,
    ),
    coupons.UsedByYou: (
        "coupon_gone",
        _("You have used your code already, so nothing was charged. This is the price without it."),
        409,
    ),
    coupons.Withdrawn: (
        "coupon_gone",
        _("Your code no longer holds, and nothing was charged. This is the price without it."),
        409,
    ),
    trials.TrialGone: ("trial_gone", trials.GONE, 409),
    gate.WorkWanted: (
        "work_wanted",
        _("Very many are trying to pay just now, and nothing was charged. Reload this page and pay again."),
        429,
    ),
    gate.TooHot: (
        "too_hot",
        _("Very many ask for this just now, so nothing was sent. Try again in ten minutes."),
        429,
    ),
    StripeUnavailable: (
        "unavailable",
        _("Payments are not answering just now, and nothing was charged. Try again in a minute."),
        503,
    ),
}  # fmt: skip
