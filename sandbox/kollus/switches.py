"""What Kollus' documents leave open, one switch each: what a real account teaches changes one line here."""

from typing import Final

# Tokens. Official samples in Node send `iat`; those in ASP and .NET sign in standard base64.
TOLERATED_CLAIMS: Final = frozenset({"iat"})
REFUSED_CLAIMS: Final = frozenset({"iss", "sub", "aud", "exp", "nbf", "jti"})
STANDARD_BASE64_SIGNATURE: Final = True
MILLISECOND_EXPT_REFUSED: Final = True  # the real one may take it for a link that never ends
MALFORMED_CLAIM_CODE: Final = 4007
MISSING_CUID_CODE: Final = 4007

# The gateway answers refusals with the player page, which shows the code.
REFUSAL_STATUS: Final = 200
EXPT_CHECKED_WHILE_PLAYING: Final = False

# The playback callback: the calls a web player makes per start, how long it waits, how it reads.
CALLBACK_KINDS: Final = (1, 3)
CALLBACK_SECONDS: Final = 10.0
MALFORMED_REPLY_CODE: Final = 8672
EXPIRED_REPLY_CODE: Final = 8674  # documented for `content_expired`; used for a reached `expiration_date` too
REPLY_EXP_CHECKED: Final = True  # some sites send it beside `data`
MESSAGE_NEEDS_LOADCHECK: Final = False  # one sample shows the site's message on PC only with `loadcheck=0`

# The licence and the browser.
LICENCE_SECONDS: Final = 60
LICENCE_DOWN_CODE: Final = 7101
LICENCE_REFUSED_CODE: Final = 7102
NO_KEY_SYSTEM_CODE: Final = 7108
NO_AGENT_CODE: Final = 1000  # content under Kollus' own DRM, in a browser without its agent

# Progress reports.
LMS_BLOCKS: Final = 10
LMS_SECONDS: Final = 10.0

# What the player calls itself.
PLAYER_TYPE: Final = "v4"
PLAYBACK_RATES: Final = (0.5, 1, 1.5, 2)
