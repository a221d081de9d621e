"""Whether the tills are open. Asked at each sale; playing and settling never ask."""

from billing.models import Selling

_ONLY = 1


class SellingStopped(Exception):
    """The shop sells nothing just now. Nothing was charged."""


class ReadOnly(Exception):
    """The shop takes no wishes just now. Nothing changed."""


def mode() -> str:
    """This will tell the mode in which the shop is."""
    return Selling.objects.filter(pk=_ONLY).values_list("mode", flat=True).first() or Selling.Mode.OPEN


def check_tills(mode: str | None) -> None:
    """:raises SellingStopped: in this mode nothing is sold. None is the mode of a switch never touched."""
    if mode not in (None, Selling.Mode.OPEN):
        raise SellingStopped


def check_wishes() -> None:
    """:raises ReadOnly: buyers can't ask for anything just now: a mail, a refund."""
    if mode() == Selling.Mode.READ_ONLY:
        raise ReadOnly


def switch() -> Selling:
    """This will give the switch's row, made at the first call."""
    return Selling.objects.get_or_create(pk=_ONLY)[0]
