"""Guards of signing in and of its sessions, to be taken away; see `taking_away`."""

from accounts import bounce_delivery, bounce_limits, second_step
from accounts.models import SignedInQuerySet, SignInCode
from accounts.social import linking
from tests.saboteurs.taking_away import instead, unconditionally

anybody_s_sessions = instead(SignedInQuerySet, "of", lambda rows, user: rows)
no_second_step = instead(second_step, "is_passed", lambda request: True)
any_number_of_tries = instead(SignInCode, "try_once", lambda wish, at: True)
any_code_is_good = instead(SignInCode, "claim", unconditionally(lambda wish, good_for, at: {"used_at": at}))
every_address_elsewhere_is_proved = instead(linking, "_is_proved", lambda profile: True)
any_code_links = instead(linking, "waiting", lambda session, wish: "naver")
any_report_is_signed = instead(bounce_delivery, "_signer", lambda parts, at: parts.setdefault("v1", "any"))
any_report_is_the_signed_one = instead(bounce_delivery, "_is_the_signed_one", lambda body, parts: True)
reports_are_endless = instead(bounce_limits, "is_one_too_many", lambda signature, secret, at: False)
