"""Every guard carries weight: with it the promise holds under attack, and with it removed the promise breaks.

This is the one place where our own code is patched (`guards`): a guard whose loss no test would notice could
be lost tomorrow. Attack and promise are the same in both runs; only `promises.Broken` counts as breaking.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest

from accounts.models import Mail, Pass, SignInCode
from billing.models import (
    BalanceTransaction,
    Consent,
    FraudWarning,
    LedgerEntry,
    LegalText,
    Order,
    StripeEvent,
    Trial,
)
from tests.concurrency.stage import Stage
from tests.promises import Broken
from tests.saboteurs import (
    at_the_door,
    erasing_guards,
    guards,
    mail_guards,
    on_agreeing,
    on_booking,
    on_disputing,
    on_erasing,
    on_guarding,
    on_mails,
    on_memberships,
    on_owning,
    on_papers,
    on_paying,
    on_playing,
    on_protecting,
    on_refunding,
    on_renewals,
    on_settling,
    on_signing_in,
    on_uploading,
    on_watching,
    on_withdrawing,
    playing_guards,
    protecting_guards,
    upload_guards,
)
from tests.saboteurs.guards import Guard, without, without_trigger
from videos.models import Entitlement, Price, ViewerCode, WatchProgress

pytestmark = pytest.mark.django_db(transaction=True)

Attack = Callable[[Stage], None]


@dataclass(frozen=True)
class Sabotage:
    """A guard, an attack that it withstands, and the words of the promise that breaks without it."""

    guard: Guard
    attack: Attack
    breaks: str


def _overlooking(fact: str) -> Sabotage:
    attack = partial(on_settling.settled_with_wrong, fact)
    return Sabotage(guards.settling_overlooks(fact), attack, "rows changed: .*Order")


SABOTAGES = {
    # Paying
    "one open order per session and offer": Sabotage(
        without(Order, "one_open_order_per_session_offer"), on_paying.two_tabs_begin, "2 orders are paid"
    ),
    "a quote's nonce is unique": Sabotage(
        without(Order, "quote_nonce"), on_paying.second_press_is_overtaken, "one quote got two answers"
    ),
    "the order's row is locked while an attempt begins": Sabotage(
        guards.no_row_locks, on_paying.an_order_is_closed_while_an_attempt_begins, "2 orders are paid"
    ),
    "an order with an attempt under way is not closed": Sabotage(
        guards.any_order_is_closed, on_paying.two_currencies, "2 orders are paid"
    ),
    "a closed shop sells nothing": Sabotage(
        guards.tills_never_close, on_paying.the_shop_is_closed, "a closed shop answered 200"
    ),
    "what is yours is not sold again": Sabotage(
        guards.nothing_is_yours_already, on_paying.what_is_yours_is_bought_again, "one film was sold twice"
    ),
    "an attempt without an answer stays open": Sabotage(
        guards.silence_means_no, on_paying.stripe_answers_too_late, "Stripe took money"
    ),
    "an attempt has one idempotency key": Sabotage(
        guards.no_idempotency_key, on_paying.one_attempt_is_sent_twice, "StripeRefused reached the caller"
    ),
    "a coupon's uses are counted under its limit": Sabotage(
        guards.any_use_is_counted, on_paying.a_coupon_for_one_is_used_by_two, "2 orders are paid"
    ),
    # Trying without end
    "it gets hot": Sabotage(guards.it_is_never_hot, on_guarding.a_card_is_tried_without_work, "answered 200"),
    "tries to pay are counted": Sabotage(
        guards.sales_are_not_counted, on_guarding.a_card_is_tried_without_work, "answered 200"
    ),
    "work is good for one attempt": Sabotage(
        guards.work_is_for_any_attempt, on_guarding.many_cards_are_tried_with_one_work, "answered 200"
    ),
    "a task of work is signed": Sabotage(
        guards.any_task_is_ours, on_guarding.work_is_made_up, "answered 200"
    ),
    "work is looked at": Sabotage(
        guards.no_hash_is_looked_at, on_guarding.numbers_are_guessed, "answered 200"
    ),
    "work does not keep": Sabotage(
        guards.work_never_expires, on_guarding.work_was_done_in_advance, "answered 200"
    ),
    "free orders are counted": Sabotage(
        guards.free_orders_are_not_counted, on_guarding.films_are_taken_for_nothing, "answered 200"
    ),
    "links by mail are counted": Sabotage(
        guards.links_are_not_counted, on_guarding.mails_are_sent_to_everybody, "answered 202"
    ),
    # Signing in
    "tries at a code are few": Sabotage(
        guards.any_number_of_tries, on_signing_in.a_code_is_guessed, "the sixth guess"
    ),
    "a code is used once": Sabotage(
        guards.any_code_is_good, on_signing_in.a_code_is_used_twice, "a second time"
    ),
    "a link to sign in grows old": Sabotage(
        guards.any_code_is_good, on_signing_in.an_old_link_is_pressed, "an old link"
    ),
    "a mailbox's mails are few": Sabotage(
        without(SignInCode, "one_sign_in_mail_per_turn"), on_signing_in.many_ask_at_once, "8 mails"
    ),
    "the office opens after a second step": Sabotage(
        guards.no_second_step, on_signing_in.staff_enter_with_a_mailed_code_alone, "answered 200"
    ),
    "one ends one's own sessions": Sabotage(
        guards.anybody_s_sessions, on_signing_in.a_stranger_ends_a_session, "Bo signed Ada out"
    ),
    # Whose it is
    "an order that settles is waited for": Sabotage(
        guards.no_row_locks, on_owning.an_address_is_proved_while_its_order_settles, "no owner"
    ),
    "a pass is taken along once": Sabotage(
        guards.any_pass_is_taken_along, on_owning.a_pass_is_taken_along_by_two, "another user"
    ),
    "an owner is not replaced": Sabotage(
        guards.any_order_is_claimed, on_owning.an_order_of_somebody_s_is_claimed, "another owner"
    ),
    # Erasing
    "who was erased buys nothing more": Sabotage(
        erasing_guards.erased_buyers_buy_on,
        on_erasing.a_purchase_begins_while_its_buyer_is_erased,
        "an order names who was erased",
    ),
    "nobody is erased while a bank asks": Sabotage(
        erasing_guards.nothing_has_to_be_over_first,
        on_erasing.a_buyer_is_erased_while_his_bank_asks,
        "money came without a receipt",
    ),
    # Withdrawing
    "a link withdraws once": Sabotage(
        guards.any_link_is_good, on_withdrawing.one_link_is_pressed_twice, "a second time"
    ),
    "a link grows old": Sabotage(
        guards.any_link_is_good, on_withdrawing.an_old_link_is_pressed, "an old link withdrew"
    ),
    # Agreeing
    "a law's box is ticked": Sabotage(
        guards.no_law_wants_a_word, on_agreeing.a_box_is_left_empty, "answered 200"
    ),
    "the buyer's law is found by the shop": Sabotage(
        guards.no_law_wants_a_word, on_agreeing.the_words_of_another_law_are_ticked, "answered 200"
    ),
    "what was agreed to is never changed": Sabotage(
        without_trigger(Consent, "consent_stays"), on_agreeing.a_consent_is_rewritten, "rows changed: Consent"
    ),
    "terms of sale are never changed": Sabotage(
        without_trigger(LegalText, "legal_text_stays"),
        on_agreeing.terms_are_rewritten_after_a_sale,
        "rows changed: LegalText",
    ),
    # Settling
    "the order's row is locked while it settles": Sabotage(
        guards.no_row_locks, on_settling.two_intents_for_one_order, "a second intent was taken in silence"
    ),
    "settling is one transaction": Sabotage(
        guards.settling_in_pieces, on_settling.settling_is_cut_short, "0 receipts for an order that is paid"
    ),
    "only an unpaid order is marked paid": Sabotage(
        guards.any_order_is_marked_paid, on_settling.the_same_news_comes_later, "rows changed: .*Order"
    ),
    "a receipt's number is taken by who adds to it": Sabotage(
        guards.numbers_are_read_and_added_to,
        on_settling.two_sales_want_a_number,
        "IntegrityError reached the caller",
    ),
    "a receipt's number goes back with the sale": Sabotage(
        guards.numbers_are_never_given_back,
        on_settling.a_sale_fails_after_its_number,
        "receipts are numbered",
    ),
    "a tax calculation is of this sale": Sabotage(
        guards.any_calculation_is_this_orders,
        on_settling.the_intent_names_another_sales_tax,
        "another sale's tax was taken over",
    ),
    "a credit note's number is taken by who adds to it": Sabotage(
        guards.credit_notes_are_read_and_added_to,
        on_refunding.two_refunds_want_a_credit_note,
        "IntegrityError reached the caller",
    ),
    "a refund has one credit note": Sabotage(
        guards.credit_notes_are_numbered_anew,
        on_refunding.a_refund_succeeds_after_a_while,
        "credit notes are numbered",
    ),
    "only an open order is canceled": Sabotage(
        guards.any_order_is_canceled, on_settling.a_sold_order_is_closed, "IntegrityError reached the caller"
    ),
    "only an undecided attempt is decided": Sabotage(
        guards.any_attempt_is_decided, on_settling.a_refusal_comes_late, "0 successful attempts"
    ),
    "only a sent attempt is challenged": Sabotage(
        guards.any_attempt_is_challenged,
        on_settling.a_question_comes_late,
        "IntegrityError reached the caller",
    ),
    **{f"settling checks the {fact}": _overlooking(fact) for fact in on_settling.WRONG},
    "the sweep looks at attempts": Sabotage(
        guards.no_sweep_of_attempts,
        on_settling.the_answer_and_the_webhook_are_lost,
        "Stripe took money for an order that is not paid",
    ),
    "the sweep looks at events": Sabotage(
        guards.no_sweep_of_events,
        on_settling.the_job_of_an_event_is_lost,
        "Stripe took money for an order that is not paid",
    ),
    "a page looks once a second": Sabotage(
        guards.pages_look_as_often_as_they_ask, on_settling.a_page_asks_all_the_time, "every question"
    ),
    "an event is claimed": Sabotage(
        guards.any_event_is_claimed, on_settling.two_workers_get_one_event, "two workers"
    ),
    "a mail is claimed": Sabotage(
        guards.any_mail_is_claimed, on_settling.two_workers_get_one_mail, "sent twice"
    ),
    "a mail's cause is unique": Sabotage(
        without(Mail, "cause"), on_settling.one_cause_is_told_twice, "two mails"
    ),
    "an event's id is unique": Sabotage(
        without(StripeEvent, "event_id"), on_settling.one_event_is_delivered_often, "was refused"
    ),
    "a purchase is granted once": Sabotage(
        without(Entitlement, "one_entitlement_per_reason_video"),
        on_settling.one_purchase_is_granted_twice,
        "granted twice",
    ),
    "a pass is given once": Sabotage(
        without(Pass, "one_pass_per_purchase"), on_settling.one_pass_is_given_twice, "two passes"
    ),
    # Paying a renewal
    "a renewal's link grows old": Sabotage(
        guards.any_renewals_link_is_good, on_renewals.an_old_link_is_opened, "answered 200"
    ),
    "a renewal's link is for one account": Sabotage(
        guards.any_renewals_link_is_everybodys, on_renewals.anothers_link_is_opened, "answered 200"
    ),
    "what is over is not paid for": Sabotage(
        guards.any_renewal_is_alive, on_renewals.what_is_over_is_paid_for, "for what is over"
    ),
    "money that comes too late goes back": Sabotage(
        guards.late_money_is_kept, on_renewals.a_question_is_answered_too_late, "was kept"
    ),
    "tries on a renewal are counted": Sabotage(
        guards.cards_are_tried_on_a_renewal_without_end,
        on_renewals.cards_are_tried_on_a_renewal,
        "without end",
    ),
    "a payment comes before a change of its card": Sabotage(
        guards.cards_are_changed_while_they_pay, on_renewals.a_card_is_changed_while_it_pays, "than was said"
    ),
    "tries to change a card are counted": Sabotage(
        guards.cards_are_tried_on_a_membership_without_end,
        on_renewals.cards_are_tried_on_a_membership,
        "without end",
    ),
    # Memberships
    "the membership's row is locked while a renewal settles": Sabotage(
        guards.no_row_locks, on_memberships.one_renewal_is_told_twice, "IntegrityError reached the caller"
    ),
    "a renewal checks its money": Sabotage(
        guards.any_money_renews, on_memberships.a_renewal_is_paid_with_less, "that nobody paid"
    ),
    "a first invoice has its own intent": Sabotage(
        guards.any_intent_is_the_first_invoices,
        on_memberships.anybodys_intent_pays_the_first_invoice,
        "another's money",
    ),
    "one trial per card": Sabotage(
        without(Trial, "one_trial_per_collection_card"),
        on_memberships.one_card_has_two_trials,
        "two trials",
    ),
    "a trial is looked for before another begins": Sabotage(
        guards.no_look_for_an_earlier_trial, on_memberships.one_browser_has_two_trials, "two trials"
    ),
    "the sum of a change of plan is asked for again": Sabotage(
        guards.any_sum_changes_the_plan, on_memberships.a_plan_costs_more_than_was_shown, "than was shown"
    ),
    "a new price waits for the days of notice": Sabotage(
        guards.no_days_of_notice, on_memberships.a_price_rises_at_once, "before the notice was over"
    ),
    # Booking
    "one set per cause": Sabotage(
        without(LedgerEntry, "one_set_per_cause"), on_booking.one_sale_is_booked_twice, "booked twice"
    ),
    "a movement's id is unique": Sabotage(
        without(BalanceTransaction, "transaction_id"),
        on_booking.one_movement_is_fetched_twice,
        "one movement was kept twice",
    ),
    "an entry is never changed": Sabotage(
        without_trigger(LedgerEntry, "books_stay"),
        on_booking.an_entry_is_rewritten,
        "rows changed: LedgerEntry",
    ),
    "an entry is never deleted": Sabotage(
        without_trigger(LedgerEntry, "books_stay"),
        on_booking.a_sale_is_taken_out,
        "rows changed: LedgerEntry",
    ),
    "a movement is never changed": Sabotage(
        without_trigger(BalanceTransaction, "books_stay"),
        on_booking.a_movement_is_rewritten,
        "rows changed: BalanceTransaction",
    ),
    "a set balances": Sabotage(
        without_trigger(LedgerEntry, "books_balance"),
        on_booking.a_set_has_one_side,
        "debits and credits differ",
    ),
    # Watching
    "only an unstarted rental is started": Sabotage(
        guards.any_rental_is_started, on_watching.a_rental_is_started_twice, "started twice"
    ),
    "only a newer report is kept": Sabotage(
        guards.any_progress_is_kept, on_watching.an_old_report_comes_late, "overwrote a newer one"
    ),
    "no report overwrites what it did not read": Sabotage(
        guards.any_progress_is_kept, on_watching.two_reports_tell_of_two_halves, "was lost"
    ),
    "a report fits into the time": Sabotage(
        guards.any_report_fits, on_watching.an_hour_is_seen_in_a_minute, "an hour was seen in a minute"
    ),
    "rows are locked while they are mapped": Sabotage(
        guards.no_row_locks, on_watching.two_beats_map_at_once, "in the map twice|reached the caller"
    ),
    "a viewer has one progress per film": Sabotage(
        without(WatchProgress, "one_progress_per_viewer_video"),
        on_watching.two_first_reports_come_at_once,
        "a report was refused",
    ),
    "a viewer has one code": Sabotage(
        without(ViewerCode, "visitor"), on_watching.two_tabs_play_for_the_first_time, "duplicate key"
    ),
    "a session belongs to its first player": Sabotage(
        guards.any_player_is_bound, on_watching.two_players_use_one_link, "played on two players"
    ),
    "only a right in force is revoked": Sabotage(
        guards.any_right_is_revoked, on_watching.a_right_is_revoked_twice, "rows changed: Entitlement"
    ),
    "the offer's row is locked while its price changes": Sabotage(
        guards.no_row_locks, on_watching.two_prices_are_set_at_once, "IntegrityError reached the caller"
    ),
    "an offer has one current price per currency": Sabotage(
        without(Price, "one_price_per_offer_currency"),
        on_watching.a_price_is_added_past_the_verb,
        "2 current prices",
    ),
    "only a current price is retired": Sabotage(
        guards.any_price_is_retired, on_watching.a_price_is_retired_twice, "rows changed: Price"
    ),
    "a right is valid when a film is opened": Sabotage(
        guards.any_listed_right_is_valid, on_watching.a_refunded_buyer_plays, "answered 200"
    ),
    "a right is valid when a player asks": Sabotage(
        guards.any_right_is_valid, on_watching.a_refunded_buyer_plays, "answered 200|a player was let in"
    ),
    "a right is its holder's": Sabotage(
        guards.any_right_is_everybodys, on_watching.a_stranger_plays, "answered (200|409)"
    ),
    "a session's mark is signed": Sabotage(
        guards.any_mark_is_ours, on_watching.a_mark_is_forged, "a forged mark was believed"
    ),
    "a preview's mark is signed": Sabotage(
        guards.any_mark_is_ours, on_watching.a_preview_s_mark_is_forged, "a forged mark was believed"
    ),
    "a trailer is no film": Sabotage(
        guards.no_trailer_is_a_film,
        on_watching.a_film_s_key_is_typed_as_a_trailer_s,
        "given away as a trailer",
    ),
    "a preview is not the whole film": Sabotage(
        guards.any_length_is_free,
        on_watching.a_film_becomes_shorter_than_its_preview,
        "given away as its own preview",
    ),
    "a callback's address is secret": Sabotage(
        guards.any_callback_is_players, on_watching.a_stranger_calls_back, "a guessed address was answered"
    ),
    # Mails and addresses
    "a rental's end is told of once": Sabotage(
        mail_guards.ends_are_told_again, on_mails.a_rentals_end_is_told_by_two, "told of twice"
    ),
    # Playing in few places
    "a film under Multi DRM never plays bare": Sabotage(
        protecting_guards.licences_need_no_keys, on_protecting.the_licence_keys_are_lost, "answered 200"
    ),
    "nobody skips ahead of what he has watched": Sabotage(
        protecting_guards.all_of_it_was_watched, on_protecting.the_film_may_not_be_skipped, "may skip"
    ),
    "a doubtful reading ends nobody": Sabotage(
        protecting_guards.any_reading_is_certain, on_protecting.a_code_is_misread, "by a misread code"
    ),
    "a place is taken by who finds it silent": Sabotage(
        playing_guards.any_place_is_silent, on_playing.two_browsers_start, "given to two"
    ),
    "a player starts in a place of its own": Sabotage(
        playing_guards.any_session_holds_a_place, on_playing.a_page_that_lost_its_place_goes_on, "was let in"
    ),
    "who watches elsewhere gets no link": Sabotage(
        playing_guards.any_number_of_places, on_playing.two_browsers_begin, "answered 200"
    ),
    "a place goes from who holds it to one other": Sabotage(
        playing_guards.any_place_is_handed_over, on_playing.two_take_over_one_place, "promised to 2"
    ),
    "a sign of life is of who holds the place": Sabotage(
        playing_guards.any_beat_is_the_holder_s,
        on_playing.a_page_that_lost_its_place_goes_on,
        "was not told",
    ),
    "an address that was proved is not put right": Sabotage(
        mail_guards.any_address_is_corrected,
        on_mails.an_address_is_changed_that_was_proved_meanwhile,
        "went to Eve",
    ),
    "another address ends all other sessions": Sabotage(
        mail_guards.sessions_outlive_the_address,
        on_mails.a_thief_of_the_old_mailbox_stays_signed_in,
        "answered 200",
    ),
    "a link in a mail dies with its address": Sabotage(
        mail_guards.links_of_old_mails_open, on_mails.the_wrong_addressee_reads_on, "answered 200"
    ),
    "a right that ended is heard with the next sign of life": Sabotage(
        playing_guards.any_right_is_good_for_a_beat, on_playing.a_refunded_film_goes_on, "answered 204"
    ),
    "one ends one's own films": Sabotage(
        playing_guards.any_viewing_is_his, on_playing.a_stranger_ends_a_film, "Bo ended Ada's film"
    ),
    "a copy is one player's": Sabotage(
        playing_guards.any_player_may_keep_a_copy, on_playing.two_devices_keep_one_film, "on two devices"
    ),
    "only what was taken off sale is put back": Sabotage(
        playing_guards.any_film_is_put_back, on_playing.a_film_taken_out_gets_well, "the office took out"
    ),
    # Uploading
    "calls to Kollus take turns": Sabotage(
        upload_guards.turns_are_given_twice, on_uploading.kollus_is_called_by_two, "within a second"
    ),
    "a browser never gets the token": Sabotage(
        upload_guards.any_address_is_for_browsers, on_uploading.an_address_holds_the_token, "left the shop"
    ),
    "a notice comes to a secret address": Sabotage(
        upload_guards.any_notice_is_kollus, on_uploading.a_notice_is_forged, "a forged notice was answered"
    ),
    "a notice is claimed": Sabotage(
        upload_guards.any_notice_is_claimed, on_uploading.two_workers_get_one_notice, "asked twice"
    ),
    "an upload only moves on": Sabotage(
        upload_guards.any_upload_is_moved, on_uploading.old_news_of_an_upload_come_late, "rows changed"
    ),
    "the video's row is locked while an upload begins": Sabotage(
        guards.no_row_locks, on_uploading.two_tabs_begin_to_send, "IntegrityError reached the caller"
    ),
    "an older file does not replace a newer one": Sabotage(
        upload_guards.any_upload_is_newest, on_uploading.an_older_file_comes_later, "took its place"
    ),
    "what would not play is not published": Sabotage(
        upload_guards.nothing_is_missing, on_uploading.a_film_that_is_gone_is_published, "is in the shop"
    ),
    "sending a film takes the right to": Sabotage(
        upload_guards.all_staff_may_send,
        on_uploading.a_colleague_without_the_right_sends,
        "without the right",
    ),
    # Giving back
    "a decision is carried out once": Sabotage(
        guards.any_sum_is_set_aside,
        on_refunding.one_decision_is_carried_out_twice,
        "600 went back on a decision of 300",
    ),
    "a refund has one idempotency key": Sabotage(
        guards.no_refund_key, on_refunding.one_refund_is_asked_twice, "gave back 2 times"
    ),
    "a refund moves from the state it was read in": Sabotage(
        guards.any_refund_is_moved,
        on_refunding.one_failure_is_told_twice,
        "IntegrityError reached the caller",
    ),
    "a refund only moves on": Sabotage(
        guards.any_news_of_refunds_is_new, on_refunding.old_news_of_a_refund_come_late, "rows changed"
    ),
    "a refund's news fit it": Sabotage(
        guards.any_refund_fits, on_refunding.news_are_of_another_refund, "rows changed: .*Order"
    ),
    "a refund is claimed for a look": Sabotage(
        guards.any_refund_is_claimed, on_refunding.two_workers_look_at_one_refund, "asked twice"
    ),
    "the sweep looks at refunds": Sabotage(
        guards.no_sweep_of_refunds, on_refunding.the_answer_to_a_refund_is_lost, "nobody found out"
    ),
    "the order's row is locked while its refunds decide": Sabotage(
        guards.no_row_locks, on_refunding.a_part_succeeds_while_another_fails, "half paid for is gone"
    ),
    "only what a refund ended is reopened": Sabotage(
        guards.any_ended_right_is_reopened,
        on_refunding.a_right_that_staff_took_comes_back,
        "a right came back",
    ),
    "what was shown is what is given": Sabotage(
        guards.anything_may_have_been_shown,
        on_refunding.a_press_asks_for_less_than_it_gives,
        "answered 200",
    ),
    "a refund is asked by the order's holder": Sabotage(
        guards.any_order_is_everybodys, on_refunding.a_stranger_asks_for_a_refund, "answered 200"
    ),
    "giving back takes the right to": Sabotage(
        guards.all_staff_may_refund,
        on_refunding.a_colleague_without_the_right_gives_money_back,
        "without the right",
    ),
    "a second purchase gives nothing new": Sabotage(
        guards.every_purchase_is_a_second, on_refunding.a_renter_buys_the_film, "not bought twice"
    ),
    "a refund made at Stripe's is taken over once": Sabotage(
        guards.taking_over_without_care,
        on_refunding.two_workers_find_one_refund_of_stripes,
        "refused: amount",
    ),
    "a refund made at Stripe's finds the room that another left": Sabotage(
        guards.no_look_at_other_refunds,
        on_refunding.a_refund_comes_back_unheard,
        "refused: amount",
    ),
    # Disputes
    "a dispute only moves on": Sabotage(
        guards.any_news_of_disputes_is_new, on_disputing.old_news_of_a_dispute_come_late, "rows changed"
    ),
    "a dispute moves from the state it was read in": Sabotage(
        guards.any_dispute_is_moved,
        on_disputing.a_verdict_overtakes_other_news,
        "a lost dispute is under_review again",
    ),
    "a dispute is claimed for a look": Sabotage(
        guards.any_dispute_is_claimed, on_disputing.two_workers_look_at_one_dispute, "asked twice"
    ),
    "the sweep looks at disputes": Sabotage(
        guards.no_sweep_of_disputes, on_disputing.the_events_of_a_verdict_are_lost, "nobody found out"
    ),
    "a disputed payment is not given back": Sabotage(
        guards.no_dispute_bars_refunds, on_disputing.a_disputed_payment_is_given_back, "go back twice"
    ),
    "what a bank took back is not watched": Sabotage(
        guards.no_dispute_ends_anything, on_disputing.a_buyer_with_his_money_back_plays, "answered 200"
    ),
    "the dispute's row is locked while it is answered": Sabotage(
        guards.no_row_locks, on_disputing.two_colleagues_answer_at_once, "IntegrityError reached the caller"
    ),
    "an answer has one idempotency key": Sabotage(
        guards.no_answer_key, on_disputing.one_answer_is_sent_twice, "an answer that is refused here"
    ),
    "the sweep looks at answers": Sabotage(
        guards.no_sweep_of_answers, on_disputing.the_word_on_an_answer_is_lost, "nobody found out"
    ),
    "a bank is answered while it waits": Sabotage(
        guards.any_dispute_can_be_answered,
        on_disputing.a_bank_that_has_decided_is_answered,
        "waits for nothing",
    ),
    "a warning's id is unique": Sabotage(
        without(FraudWarning, "warning_id"), on_disputing.two_workers_hear_of_one_warning, "noted twice"
    ),
    "only a bank's word calls a card fraudulent": Sabotage(
        guards.anybody_calls_a_card_fraudulent,
        on_disputing.a_card_is_blocked_by_nobodys_word,
        "without a warning",
    ),
    "answering takes the right to": Sabotage(
        guards.all_staff_may_answer, on_disputing.a_colleague_without_the_right_answers, "without the right"
    ),
    # The door
    "a webhook is signed": Sabotage(
        guards.any_webhook_is_stripes, at_the_door.a_webhook_is_forged, "answered 200"
    ),
    "a webhook is fresh": Sabotage(
        guards.any_webhook_is_fresh, at_the_door.a_webhook_is_replayed, "answered 200"
    ),
    "a webhook is of our mode": Sabotage(
        guards.any_mode_is_ours, at_the_door.a_webhook_is_of_the_other_mode, "answered 200"
    ),
    "a company's wordings come one after the other": Sabotage(
        guards.no_row_locks, on_papers.two_companies_are_named_at_once, "IntegrityError reached the caller"
    ),
    "a receipt's link is signed": Sabotage(
        guards.any_receipts_link_is_ours, at_the_door.a_receipts_link_is_made_up, "answered 200"
    ),
    "a quote is signed": Sabotage(guards.any_quote_is_ours, at_the_door.a_quote_is_changed, "answered 200"),
    "a quote is this browser's": Sabotage(
        guards.any_quote_is_this_browsers, at_the_door.a_quote_is_anothers, "answered 200"
    ),
    "a quote expires": Sabotage(guards.no_quote_expires, at_the_door.a_quote_is_stale, "answered 200"),
    "a request comes from our page": Sabotage(
        guards.no_csrf_check, at_the_door.another_site_presses_pay, "answered [245]"
    ),
    "an order is its buyer's": Sabotage(
        guards.any_order_is_everybodys, at_the_door.a_stranger_reads_an_order, "answered 20[02]"
    ),
}
ATTACKS = {sabotage.attack: name for name, sabotage in SABOTAGES.items()}


@pytest.mark.parametrize("attack", ATTACKS, ids=ATTACKS.values())
def test_the_promise_holds_because(attack: Attack, stage: Stage) -> None:
    attack(stage)


@pytest.mark.parametrize("sabotage", SABOTAGES.values(), ids=SABOTAGES)
def test_the_promise_breaks_unless(sabotage: Sabotage, stage: Stage) -> None:
    with sabotage.guard(), pytest.raises(Broken, match=sabotage.breaks):
        sabotage.attack(stage)
