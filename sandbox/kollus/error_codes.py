"""The player's error codes, as far as this player shows them; what it says for each is in `sentences.py`.

Names and triggers: the table of Kollus' official player generator,
https://github.com/kollus-service/kollus-player-generator (src/store/error.js).
"""

SYMBOLS = {
    1000: "NOT_RESPONSE_AGENT",
    1001: "UNSUPPORTED_HTML5_VIDEO",
    1003: "TVOUT",
    1017: "DATA_READ",
    1019: "VIRTUALMACHINE",
    3000: "API_CONNECTION",
    4001: "INVALID_MEDIA_CONTENT_KEY",
    4002: "INVALID_SECURITY_KEY",
    4004: "INVALID_USER_KEY",
    4007: "INVALID_JWT",
    4012: "NO_MEDIA_CONTENT",
    4020: "NO_MAIN_MEDIA_CONTENT",
    4082: "MISMATCH_USER_KEY",
    4083: "ACCESS_WITHOUT_MEDIA_CONTENT_KEY",
    4085: "TOKEN_EXPIRED",
    7000: "MULTI_DRM_EXPIRED",
    7101: "MULTI_DRM_LICENSE",
    7102: "MULTI_DRM_LICENSE",
    7108: "MULTI_DRM_UNSUPPORTED",
    8479: "DUPLICATION_BLOCK_MEDIA_KEY",
    8634: "DECRYPT_DRM_CALLBACK",
    8635: "JSON_DRM_CALLBACK",
    8636: "EXPIRATION_DRM_CALLBACK",
    8643: "EXPIRATION_DATE",
    8644: "EXPIRATION_COUNT",
    8650: "NOT_ALLOW_DOWNLOAD",
    8651: "EMPTY_COMPANY_AUTH_INFO",
    8655: "ABNORMAL_DRM_INFO",
    8656: "ABNORMAL_DRM_INFO_COMPLETE",
    8657: "ABNORMAL_DRM_INFO_PLAY",
    8658: "FORCE_EXPIRED",
    8670: "EMPTY_PLAY_CALLBACK",
    8671: "DECRYPT_PLAY_CALLBACK",
    8672: "JSON_PLAY_CALLBACK",
    8673: "ABNORMAL_PLAY_CALLBACK_INFO",
    8674: "PLAY_CALLBACK_EXPIRED",
    8675: "ABNORMAL_PLAY_CALLBACK_INFO_PLAY",
    8680: "FORCE_DELETE",
    8681: "DIFFERENT_EXPIRE_RESET",
    8682: "NOT_FOUND_DRM_KIND",
    8686: "PLAY_CALLBACK_EXPIRATION_PLAY_TIME",
}

# The player's own call to the playback callback failed: 10000 + cURL's code, or + the HTTP status.
CALLBACK_FAILURES = range(10000, 11000)
# Likewise to the download callback.
DOWNLOAD_CALLBACK_FAILURES = range(9000, 10000)


class PlayerError(Exception):
    """The player stops with this code. `reason` is for the log, `message` is the site's own text, if any."""

    def __init__(self, code: int, reason: str, message: str = "") -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
        self.message = message
