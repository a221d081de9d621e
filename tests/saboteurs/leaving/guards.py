"""Guards of films that leave, to be taken away; see `taking_away`."""

from billing.models import Refund
from tests.saboteurs.taking_away import instead, unconditionally, without
from videos.admin.catalogue import VideoAdmin
from videos.models import Entitlement, TakeDown, Video, lease_sql, opening_sql

refunds_are_asked_for_again = without(Refund, "one_refund_per_order_of_a_film_that_left")
any_film_is_licensed = instead(Entitlement, "is_licensed", lambda self, video, at: True)
any_film_is_sold = instead(Video, "is_in_shop", lambda self, at: self.is_published)
any_film_opens = instead(opening_sql, "_OPEN", opening_sql._OPEN.replace(opening_sql.LICENSED, "TRUE"))
any_film_goes_on = instead(lease_sql, "_BEAT", lease_sql._BEAT.replace(opening_sql.LICENSED, "TRUE"))
a_film_s_page_writes_all = instead(
    VideoAdmin, "save_model", lambda self, request, obj, form, change: obj.save()
)
any_take_down_is_called_off = instead(
    TakeDown,
    "call_off",
    unconditionally(lambda self, at: {"called_off_at": self.asked_at, "leaves_at": at}),
)
