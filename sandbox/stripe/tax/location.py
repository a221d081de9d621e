"""Where a buyer is, as far as it decides over tax. https://docs.stripe.com/tax/customer-locations"""

import re

from sandbox.stripe.errors import invalid, unserved
from sandbox.stripe.tax.rates import EU
from sandbox.worlds import Json

_FIELDS = ("city", "country", "line1", "line2", "postal_code", "state")


def address_of(details: Json) -> Json:
    """Return the address that counts. :raises ApiError: it does not say enough.

    The country is enough, except for the USA (a ZIP code) and Canada (a postal code or a province).
    """
    if details.get("ip_address"):
        raise unserved("tax by IP address")
    given = details.get("address")
    if not given:
        message = "Missing required param: customer_details[address]."
        raise invalid(message, code="parameter_missing", param="customer_details[address]")
    address: Json = {name: given.get(name) or None for name in _FIELDS}
    country, postal_code = str(address["country"]), str(address["postal_code"] or "")
    is_usable = bool(re.fullmatch("[A-Z]{2}", country)) and country != "XX"
    if country == "US":
        is_usable = bool(re.fullmatch(r"\d{5}(-\d{4})?", postal_code))
    if country == "CA":
        is_usable = bool(postal_code or address["state"])
    if not is_usable:
        message = (
            "We could not determine the customer's tax location based on the provided customer address."
            " Provide a complete address."
        )
        raise invalid(message, code="customer_tax_location_invalid", param="customer_details[address]")
    return address


def is_reverse_charge(country: str, details: Json) -> bool:
    """Tell whether a business in the EU pays the tax itself. https://docs.stripe.com/tax/zero-tax"""
    return country in EU and any(tax_id["type"] == "eu_vat" for tax_id in details.get("tax_ids", []))
