"""Guards of receipts and their links, to be taken away; see `taking_away`."""

from django.core import signing

from billing.receipts import mailed_links
from tests.saboteurs.taking_away import instead


class _Credulous(signing.Signer):
    def unsign(self, signed_value: str) -> str:
        return signed_value.partition(self.sep)[0]


any_receipts_link_is_ours = instead(mailed_links, "_signer", lambda: _Credulous(sep="."))
