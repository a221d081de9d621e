"""What the shop answers to a player's callback: one envelope, whose errors each callback numbers by itself.

The body is a bare compact JWT, signed with the security key; the header X-Kollus-UserKey holds the custom
key.
Source: https://docs.kollus.com/en/dev-guide/vod/player-callback/play-callback/
"""

from dataclasses import dataclass
from typing import Any

from sandbox.kollus import compact_jwt
from sandbox.kollus.account import Account
from sandbox.kollus.error_codes import PlayerError


@dataclass(frozen=True)
class Reply:
    """What came back over HTTP. `curl_code` is set, as cURL numbers it, when nothing did."""

    status: int = 0
    user_key: str | None = None
    body: str = ""
    curl_code: int = 0


@dataclass(frozen=True)
class Envelope:
    """How one callback names and numbers what is wrong before its payload is looked at."""

    callback: str
    transport: int
    empty: int
    unsigned: int
    malformed: int

    def open(self, reply: Reply, account: Account) -> Any:
        """Return the payload, whatever JSON it is.

        :raises PlayerError: no answer or another status than 200 (`transport` and its number), an empty
            reply, no JWT that the security key signed or no X-Kollus-UserKey beside it, or no JSON.
        """
        if reply.curl_code:
            raise PlayerError(self.transport + reply.curl_code, f"the {self.callback} did not answer")
        if reply.status != 200:
            raise PlayerError(self.transport + reply.status, f"the {self.callback} answered {reply.status}")
        if not reply.body:
            raise PlayerError(self.empty, "the reply is empty")
        if reply.user_key != account.custom_key:
            raise PlayerError(self.unsigned, "X-Kollus-UserKey is missing or another custom key")
        try:
            return compact_jwt.read(reply.body, account.security_key)
        except compact_jwt.NotJson as error:
            raise PlayerError(self.malformed, str(error)) from error
        except compact_jwt.NotAToken as error:
            raise PlayerError(self.unsigned, str(error)) from error
