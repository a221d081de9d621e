"""Every guard of films that leave carries weight."""

from tests.saboteurs.leaving import attacks, guards
from tests.saboteurs.sabotage import Sabotage, proofs

SABOTAGES = {
    "an order is given back once": Sabotage(
        guards.refunds_are_asked_for_again, attacks.a_worker_comes_late, "given back 2 times"
    ),
    "a player hears that the film has left": Sabotage(
        guards.any_film_is_licensed, attacks.a_player_asks_on, "was let play"
    ),
    "a page hears that the film has left": Sabotage(
        guards.any_film_goes_on, attacks.a_page_plays_on, "answered 204"
    ),
    "a film that has left is opened by no right": Sabotage(
        guards.any_film_opens, attacks.an_owner_presses_play, "answered 200"
    ),
    "a film that has left is sold to nobody": Sabotage(
        guards.any_film_is_sold, attacks.an_old_quote_is_paid, "answered 200"
    ),
    "what has left is not called off": Sabotage(
        guards.any_take_down_is_called_off, attacks.it_is_called_off_once_it_has_left, "came back"
    ),
    "a film's page writes only what was typed": Sabotage(
        guards.a_film_s_page_writes_all, attacks.its_page_is_saved_meanwhile, "by a page that was open"
    ),
}

test_the_promise_holds_because, test_the_promise_breaks_unless = proofs(SABOTAGES)
