"""When a rule's days are over: at a midnight of the buyer's own calendar."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.refunding.cases import RefundCase
from billing.refunding.holidays import next_working_day
from billing.refunding.rulebook import CountedFrom, Rule, Span


def deadline(rule: Rule, case: RefundCase) -> datetime | None:
    """This will give the first instant at which the rule no longer holds.

    None means that it has no end, or that its days have not begun.
    """
    if rule.while_startable:
        return case.start_by
    start = _counted_from(rule, case)
    if rule.span is None or start is None:
        return None
    last = _last_day(rule, case, rule.span, start)
    if rule.moves_over_days_off:
        last = next_working_day(last, case.country)
    # Where midnight is skipped or comes twice, the first instant of the new day counts.
    return datetime.combine(last + timedelta(days=1), time.min, ZoneInfo(case.time_zone)).astimezone(UTC)


def _counted_from(rule: Rule, case: RefundCase) -> datetime | None:
    if rule.counted_from is CountedFrom.CONFIRMATION:
        confirmed_at = case.consents.confirmed_at
        return confirmed_at and max(confirmed_at, case.paid_at)
    if rule.counted_from is CountedFrom.CONTRACT and case.membership and case.membership.is_price_clear:
        return case.membership.contract_at
    return case.paid_at


def _last_day(rule: Rule, case: RefundCase, span: Span, start: datetime) -> date:
    """Told late, the days count from then; never, or too late to matter, they are lengthened.

    Source: Directive 2011/83/EU art. 10; Consumer Contracts Regulations 2013 reg. 31
    """
    first = case.day_of(start)
    last = _after(first, span)
    told_at = case.consents.told_at
    if rule.more_if_untold is None or (told_at is not None and told_at <= start):
        return last
    if told_at is not None and case.day_of(told_at) <= _after(first, rule.more_if_untold):
        return _after(case.day_of(told_at), span)
    return _after(last, rule.more_if_untold)


def _after(day: date, span: Span) -> date:
    day += timedelta(days=span.days)
    years, month = divmod(day.month - 1 + span.months, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))
