"""Every guard of the way from a file to the shelf carries weight."""

from tests.saboteurs.sabotage import Sabotage, proofs
from tests.saboteurs.taking_away import no_row_locks
from tests.saboteurs.uploading import attacks, guards

SABOTAGES = {
    "calls to Kollus take turns": Sabotage(
        guards.turns_are_given_twice, attacks.kollus_is_called_by_two, "within a second"
    ),
    "a browser never gets the token": Sabotage(
        guards.any_address_is_for_browsers, attacks.an_address_holds_the_token, "left the shop"
    ),
    "film and token go to no other server": Sabotage(
        guards.any_server_is_kollus, attacks.an_address_leads_elsewhere, "go to another server"
    ),
    "a second film is not sent unasked": Sabotage(
        guards.nobody_looks_what_is_under_way,
        attacks.a_second_film_is_sent_meanwhile,
        "upload was given up",
    ),
    "a notice comes to a secret address": Sabotage(
        guards.any_notice_is_kollus, attacks.a_notice_is_forged, "a forged notice was answered"
    ),
    "a notice is claimed": Sabotage(
        guards.any_notice_is_claimed, attacks.two_workers_get_one_notice, "asked twice"
    ),
    "an upload only moves on": Sabotage(
        guards.any_upload_is_moved, attacks.old_news_of_an_upload_come_late, "rows changed"
    ),
    "the video's row is locked while an upload begins": Sabotage(
        no_row_locks, attacks.two_tabs_begin_to_send, "IntegrityError reached the caller"
    ),
    "an older file does not replace a newer one": Sabotage(
        guards.any_upload_is_newest, attacks.an_older_file_comes_later, "took its place"
    ),
    "what was taken out of its channel stays out": Sabotage(
        guards.nothing_was_taken_out,
        attacks.a_film_is_taken_out_of_its_channel,
        "the shop has put it back",
    ),
    "what would not play is not published": Sabotage(
        guards.nothing_is_missing, attacks.a_film_that_is_gone_is_published, "is in the shop"
    ),
    "sending a film takes the right to": Sabotage(
        guards.all_staff_may_send,
        attacks.a_colleague_without_the_right_sends,
        "without the right",
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
