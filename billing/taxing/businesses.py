"""How a sale to a business is taxed, as data; and what that means for one that was taxed already.

The till does not ask for a tax ID: every sale is priced and taxed as one to a consumer, and the ID comes
afterwards. It then stands on the receipt and changes neither what was charged nor the tax split off, since by
its form alone nobody knows that it is in force.
"""

from enum import Enum

from billing.taxing.tax_ids import UNION


class Treatment(Enum):
    AS_ANYBODY = "as_anybody"  # at home and outside the Union the seller owes the tax as ever
    REVERSE_CHARGE = "reverse_charge"  # the business owes it in its own country (Directive 2006/112/EC, 196)


def treatment(*, seller: str, buyer: str, has_tax_id: bool) -> Treatment:
    """This will tell how a sale is taxed between two countries (upper-case ISO 3166, "" where unknown)."""
    if has_tax_id and seller in UNION and buyer in UNION and seller != buyer:
        return Treatment.REVERSE_CHARGE
    return Treatment.AS_ANYBODY
