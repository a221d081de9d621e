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
MESSAGE_NEEDS_LOADCHECK: Final = True  # on a computer; one sample sends `loadcheck=0` to have it shown

# Copies: the refusals after which one is not asked about again. An ended one may be allowed anew.
ENDS_A_COPY: Final = (8657, 8680)

# The licence and the browser.
LICENCE_SECONDS: Final = 60
LICENCE_DOWN_CODE: Final = 7101
LICENCE_REFUSED_CODE: Final = 7102
NO_KEY_SYSTEM_CODE: Final = 7108
NO_AGENT_CODE: Final = 1000  # content under Kollus' own DRM, in a browser without its agent

# Multi DRM. When the licence server judges its token is not documented; this gateway does at once.
UNPROTECTED_MULTI_DRM_REFUSED: Final = True  # the file is not encrypted, so the real one may play it plainly
BAD_POLICY_CODE: Final = 7102
OTHER_KEY_SYSTEM_CODE: Final = 7108  # a licence for FairPlay, in a browser that has Widevine
WEAK_DISPLAY_CODE: Final = 7102
LICENCE_OVER_CODE: Final = 7000
TV_OUT_CODE: Final = 1003
VIRTUAL_MACHINE_CODE: Final = 1019
START_BEYOND_SEEKABLE_END: Final = False  # `s` and `t` stand outside the token, where anybody may change them
RESUMES_ELSEWHERE: Final = True  # without `disable_nscreen`: how is not documented; ours asks, as with `t`

# The duplicate block: whom it stops, and when a device that says nothing counts as gone, is not documented.
SECOND_DEVICE_IS_REFUSED: Final = True  # else the first one is stopped
SILENT_DEVICE_SECONDS: Final = 60
CLOSED_CODE: Final = 8479  # shown by a player that the console closed

# Progress reports.
LMS_BLOCKS: Final = 10
LMS_SECONDS: Final = 10.0

# The API for servers. Its failure envelope, and what a limit or a wrong token looks like, are not documented.
BAD_TOKEN_STATUS: Final = 401
TOO_MANY_STATUS: Final = 429
MISSING_CONTENT_STATUS: Final = 404
ATTACHED_TWICE_STATUS: Final = 409
UNKNOWN_PARAMETERS_REFUSED: Final = True
SECONDS_BETWEEN_CALLS: Final = 1.0
FINISHED_STAGE: Final = 21
STAGES_BEFORE: Final = ((1, "Waiting"), (11, "Transcoding"))  # numbers of our own: only 21 is known
FAILED_STAGE: Final = (31, "Failed")
PASSTHROUGH_TELLS_OF_TRANSCODING: Final = (
    False  # nothing is transcoded; whether a notice comes is not documented
)

# Kinds of change, as notices name them: none is documented.
ADDED_TYPE: Final = "add"
REMOVED_TYPE: Final = "delete"
UPDATED_TYPE: Final = "update"

# Notices to the shop. 2 s to connect and 3 s to answer; three more tries, five minutes apart.
PLATFORM_SECONDS: Final = (2.0, 3.0)
PLATFORM_RETRY_SECONDS: Final = 300
PLATFORM_ATTEMPTS: Final = 4

# Commands of the page around. One customer found that a seek before the first play is not heeded.
SEEKS_BEFORE_PLAY: Final = False

# What the player calls itself.
PLAYER_TYPE: Final = "v4"
PLAYBACK_RATES: Final = (0.5, 1, 1.5, 2)
