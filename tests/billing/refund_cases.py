"""Any refund that could be asked for, for Hypothesis: drawn near the edges where rules change their mind."""

from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import strategies as st

from billing.refunding.cases import Consents, Kind, Membership, Reason, RefundCase, Watched

COUNTRIES: Final = ["KR", "FR", "DE", "IS", "GB", "US", "JP", "CH", ""]
# Far from UTC both ways, not by whole hours, and with midnights that are skipped or come twice.
ZONES: Final = [
    *(
        "Asia/Seoul",
        "Europe/Paris",
        "Europe/London",
        "America/New_York",
        "America/Santiago",
        "America/Havana",
    ),
    *("Asia/Beirut", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "UTC"),
]
UNITS: Final = {"krw": 1, "usd": 1, "eur": 1, "jpy": 1, "isk": 100, "ugx": 100, "bhd": 10, "kwd": 10}
EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)

# Around the ends of 7, 14, 30 and 90 days, 3 and 12 months, and everything between.
_SECONDS: Final = st.one_of(
    st.integers(-86_400, 800 * 86_400),
    st.builds(
        lambda days, off: days * 86_400 + off,
        st.sampled_from([0, 1, 7, 8, 14, 15, 30, 90, 92, 379]),
        st.integers(-90_000, 90_000),
    ),
)
DELAYS: Final = _SECONDS.map(lambda seconds: timedelta(seconds=seconds))
_PAID: Final = st.integers(0, 900 * 86_400).map(lambda seconds: EPOCH + seconds * SECOND)
_WATCHED_SECONDS: Final = st.one_of(
    st.sampled_from([0, 0, 1, 299, 300, 301, 599, 600, 601]), st.integers(0, 9000)
)
WATCHED: Final = st.builds(Watched, _WATCHED_SECONDS, _WATCHED_SECONDS, _WATCHED_SECONDS)


@st.composite
def cases(draw: st.DrawFn) -> RefundCase:
    paid_at = draw(_PAID)
    kind = draw(st.sampled_from(list(Kind)))
    membership = draw(_memberships(paid_at)) if kind is Kind.MEMBERSHIP else None
    currency = draw(st.sampled_from(sorted(UNITS)))
    units = draw(st.integers(0, 200_000))
    films = draw(st.integers(1, 12))
    return RefundCase(
        kind=kind,
        country=draw(st.sampled_from(COUNTRIES)),
        time_zone=draw(st.sampled_from(ZONES)),
        paid_at=paid_at,
        amount_minor=units * UNITS[currency],
        currency=currency,
        consents=draw(_consents(membership.contract_at if membership else paid_at)),
        refunded_minor=draw(st.one_of(st.just(0), st.integers(0, units))) * UNITS[currency],
        reason=draw(st.sampled_from(list(Reason))),
        watched=draw(WATCHED),
        runtime_seconds=draw(st.sampled_from([0, 24, 1500, 3000, 5400, 36_000])),
        films=films,
        films_started=draw(st.integers(0, films)),
        start_by=draw(st.none() | DELAYS.map(lambda delay: paid_at + delay)),
        started_at=draw(st.none() | DELAYS.map(lambda delay: paid_at + delay)),
        membership=membership,
        is_business=draw(st.sampled_from([False, False, False, True])),
        is_bought_twice=draw(st.sampled_from([False, False, False, True])),
        is_disputed=draw(st.sampled_from([False, False, False, True])),
    )


@st.composite
def _memberships(draw: st.DrawFn, paid_at: datetime) -> Membership:
    starts_at = paid_at + timedelta(days=draw(st.sampled_from([0, 0, 0, 30])))
    return Membership(
        contract_at=paid_at - timedelta(days=draw(st.sampled_from([0, 0, 7, 14, 365]))),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=draw(st.sampled_from([7, 28, 30, 31, 32, 365, 366]))),
        is_price_clear=draw(st.booleans()),
    )


@st.composite
def _consents(draw: st.DrawFn, contract_at: datetime) -> Consents:
    later = st.one_of(st.just(timedelta()), DELAYS).map(lambda delay: contract_at + delay)
    return Consents(
        wanted_at_once=draw(st.booleans()),
        knew_of_loss=draw(st.booleans()),
        told_at=draw(st.none() | later),
        confirmed_at=draw(st.none() | later),
    )
