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

# Made once: Hypothesis looks into each strategy that it meets for the first time, which takes longer than
# drawing from it.
_KINDS: Final = st.sampled_from(list(Kind))
_CURRENCIES: Final = st.sampled_from(sorted(UNITS))
_AMOUNTS: Final = st.integers(0, 200_000)
_FILMS: Final = st.integers(1, 12)
_COUNTRIES: Final = st.sampled_from(COUNTRIES)
_ZONES: Final = st.sampled_from(ZONES)
_REASONS: Final = st.sampled_from(list(Reason))
_RUNTIMES: Final = st.sampled_from([0, 24, 1500, 3000, 5400, 36_000])
_MAYBE_DELAYS: Final = st.none() | DELAYS
_MAYBE_LATER: Final = st.none() | st.one_of(st.just(timedelta()), DELAYS)
_RARELY: Final = st.sampled_from([False, False, False, True])
_TRIAL_DAYS: Final = st.sampled_from([0, 0, 0, 30])
_DAYS_SINCE_CONTRACT: Final = st.sampled_from([0, 0, 7, 14, 365])
_PERIOD_DAYS: Final = st.sampled_from([7, 28, 30, 31, 32, 365, 366])
_EITHER: Final = st.booleans()
_NOTHING: Final = st.just(0)


@st.composite
def cases(draw: st.DrawFn) -> RefundCase:
    paid_at = draw(_PAID)
    kind = draw(_KINDS)
    membership = draw(_memberships(paid_at)) if kind is Kind.MEMBERSHIP else None
    currency = draw(_CURRENCIES)
    units = draw(_AMOUNTS)
    films = draw(_FILMS)
    return RefundCase(
        kind=kind,
        country=draw(_COUNTRIES),
        time_zone=draw(_ZONES),
        paid_at=paid_at,
        amount_minor=units * UNITS[currency],
        currency=currency,
        consents=draw(_consents(membership.contract_at if membership else paid_at)),
        refunded_minor=draw(_NOTHING | st.integers(0, units)) * UNITS[currency],
        reason=draw(_REASONS),
        watched=draw(WATCHED),
        runtime_seconds=draw(_RUNTIMES),
        films=films,
        films_started=draw(st.integers(0, films)),
        start_by=_after(paid_at, draw(_MAYBE_DELAYS)),
        started_at=_after(paid_at, draw(_MAYBE_DELAYS)),
        membership=membership,
        is_business=draw(_RARELY),
        is_bought_twice=draw(_RARELY),
        is_disputed=draw(_RARELY),
    )


@st.composite
def _memberships(draw: st.DrawFn, paid_at: datetime) -> Membership:
    starts_at = paid_at + timedelta(days=draw(_TRIAL_DAYS))
    return Membership(
        contract_at=paid_at - timedelta(days=draw(_DAYS_SINCE_CONTRACT)),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=draw(_PERIOD_DAYS)),
        is_price_clear=draw(_EITHER),
    )


@st.composite
def _consents(draw: st.DrawFn, contract_at: datetime) -> Consents:
    return Consents(
        wanted_at_once=draw(_EITHER),
        knew_of_loss=draw(_EITHER),
        told_at=_after(contract_at, draw(_MAYBE_LATER)),
        confirmed_at=_after(contract_at, draw(_MAYBE_LATER)),
    )


def _after(start: datetime, delay: timedelta | None) -> datetime | None:
    return None if delay is None else start + delay
