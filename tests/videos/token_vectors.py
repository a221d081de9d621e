"""Tokens byte by byte, made apart from the shop with hashlib, hmac and base64; the licence by openssl.

All of them: HS256 with SECURITY_KEY, header {"alg":"HS256","typ":"JWT"}, JSON without spaces, base64url
without padding. What they say stands before each.
"""

from typing import Final

SECURITY_KEY: Final = "the security key of the vectors"
SECRET_KEY: Final = "a secret of the vectors"
REFERENCE: Final = "vector-session-01"
CODE: Final = "7KQ2M9XWRT"
FILM: Final = "Ab3dEf7h"

# REFERENCE.HMAC, the HMAC with SHA-256("videos.kollus.session" + SECRET_KEY) over reference, code and film in
# a line each, of which 32 hexadecimal digits are kept.
MARK: Final = "vector-session-01.e8413eeba327c8b8f9d2f8a6cc53cee0"

# {"cuid":"7KQ2M9XWRT","expt":1782907500,"mc":[{"mckey":"Ab3dEf7h","disable_nscreen":true,"seek":false,
# "seekable_end":0,"disable_playrate":true}],"video_watermarking_code_policy":{"code_kind":"client_user_id",
# "font_size":14,"font_color":"FFFFFF","show_time":5,"hide_time":10,"alpha":110,"enable_html5_player":true}}
LINK: Final = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJjdWlkIjoiN0tRMk05WFdSVCIsImV4cHQiOjE3ODI5MDc1MDAsIm1jIjpb"
    "eyJtY2tleSI6IkFiM2RFZjdoIiwiZGlzYWJsZV9uc2NyZWVuIjp0cnVlLCJzZWVrIjpmYWxzZSwic2Vla2FibGVfZW5kIjowL"
    "CJkaXNhYmxlX3BsYXlyYXRlIjp0cnVlfV0sInZpZGVvX3dhdGVybWFya2luZ19jb2RlX3BvbGljeSI6eyJjb2RlX2tpbmQiOi"
    "JjbGllbnRfdXNlcl9pZCIsImZvbnRfc2l6ZSI6MTQsImZvbnRfY29sb3IiOiJGRkZGRkYiLCJzaG93X3RpbWUiOjUsImhpZGV"
    "fdGltZSI6MTAsImFscGhhIjoxMTAsImVuYWJsZV9odG1sNV9wbGF5ZXIiOnRydWV9fQ.x8sOxZr6bzrYeWhVVM3bDpBPwk9Sq"
    "PjW7e7O67TYgcc"
)

PLAY_REPLIES: Final = {
    # {"data":{"result":1,"expiration_date":1782993600,"expiration_playtime":5400,"disable_tvout":1,
    # "vmcheck":0},"exp":1782907500}
    "asked": (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJkYXRhIjp7InJlc3VsdCI6MSwiZXhwaXJhdGlvbl9kYXRlIjoxNzgyOTk"
        "zNjAwLCJleHBpcmF0aW9uX3BsYXl0aW1lIjo1NDAwLCJkaXNhYmxlX3R2b3V0IjoxLCJ2bWNoZWNrIjowfSwiZXhwIjoxNzg"
        "yOTA3NTAwfQ.fSIsazjM6H23ojFAg4ylFGKz3k5PkgW7ayK4XltnoUw"
    ),
    # {"data":{"result":1,"content_expired":0},"exp":1782907500}
    "ready": (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJkYXRhIjp7InJlc3VsdCI6MSwiY29udGVudF9leHBpcmVkIjowfSwiZXh"
        "wIjoxNzgyOTA3NTAwfQ.lwPXjXjwwwuQaFfWsuzVEDsXR0uCPsVGerVo7V-xQCo"
    ),
    # {"data":{"result":0,"message":"Your right to watch this film has ended."}}
    "ended": (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJkYXRhIjp7InJlc3VsdCI6MCwibWVzc2FnZSI6IllvdXIgcmlnaHQgdG8"
        "gd2F0Y2ggdGhpcyBmaWxtIGhhcyBlbmRlZC4ifX0.ZCWJEyt3hp9obkysm25n5i0-rld9LUHF8rumDa_JSrU"
    ),
}

DOWNLOAD_REPLIES: Final = {
    # {"data":[{"kind":1,"media_content_key":"Ab3dEf7h","result":1,"expiration_date":1782993600,
    # "expiration_count":10,"check_abuse":1}],"exp":1782907500}
    1: (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJkYXRhIjpbeyJraW5kIjoxLCJtZWRpYV9jb250ZW50X2tleSI6IkFiM2R"
        "FZjdoIiwicmVzdWx0IjoxLCJleHBpcmF0aW9uX2RhdGUiOjE3ODI5OTM2MDAsImV4cGlyYXRpb25fY291bnQiOjEwLCJjaGV"
        "ja19hYnVzZSI6MX1dLCJleHAiOjE3ODI5MDc1MDB9.anG8sJYPrUns6WjzLnJZ6lp19VbHNqFHZL7Xt8bXvQ4"
    ),
    # {"data":[{"kind":2,"media_content_key":"Ab3dEf7h","result":1,"content_delete":0,
    # "check_expiration_date":1782993600}],"exp":1782907500}
    2: (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJkYXRhIjpbeyJraW5kIjoyLCJtZWRpYV9jb250ZW50X2tleSI6IkFiM2R"
        "FZjdoIiwicmVzdWx0IjoxLCJjb250ZW50X2RlbGV0ZSI6MCwiY2hlY2tfZXhwaXJhdGlvbl9kYXRlIjoxNzgyOTkzNjAwfV0"
        "sImV4cCI6MTc4MjkwNzUwMH0.6cB99E_jieuX_rzJiWi9T6RcmdeJSfJwdXxtHoPZQlM"
    ),
    # {"data":[{"kind":3,"media_content_key":"Ab3dEf7h","result":1,"session_key":"key-1",
    # "start_at":1767225600,"expiration_date":1782993600,"content_expired":0,"content_delete":0,
    # "content_expire_reset":0}],"exp":1782907500}
    3: (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJkYXRhIjpbeyJraW5kIjozLCJtZWRpYV9jb250ZW50X2tleSI6IkFiM2R"
        "FZjdoIiwicmVzdWx0IjoxLCJzZXNzaW9uX2tleSI6ImtleS0xIiwic3RhcnRfYXQiOjE3NjcyMjU2MDAsImV4cGlyYXRpb25"
        "fZGF0ZSI6MTc4Mjk5MzYwMCwiY29udGVudF9leHBpcmVkIjowLCJjb250ZW50X2RlbGV0ZSI6MCwiY29udGVudF9leHBpcmV"
        "fcmVzZXQiOjB9XSwiZXhwIjoxNzgyOTA3NTAwfQ.cjNsHsf2pGOdatodBMD9tT3M6o8IC9Z1Zo72LxUWDzc"
    ),
}

# openssl enc -aes-256-cbc -a -A, of the rule for displays with HDCP 2.2 and licences of a day
LICENCE_SITE_KEY: Final = "a site key of 32 letters exactly"
LICENCE: Final = (
    "u9N85q7wpUaX12zRJsFe2lZ3k0I1/zun5zw0UI2Rd0kDLFUDVLfWR7Hv3drWeTtpFlgBpMjtF1s/7CpdvWHleLTQm6EZ49gd"
    "SPmQKJdQ8Ea08JlTP10F43wP8hh4FUdhNSioyNOLi6ZHH8zuvka4h5mzyf2zTHiAcw+aXsnbmmNur+yPJfP8Z7HJMpn/MG6P"
    "L5gRIYpleWCzUElsBfWHOTzv+pneJx8wEZd30VlUnarvxqmrpOQ/3MiYr1yw+IufZ0QRfFgfjCEljP19FPjKjQmEF4XJ+8fJ"
    "Pzrz+E67AatDMVk2ds+s3xLLpdTz7Ktsnw0y/plpy6aBhQgAUpYGuZf/7HmRXg+fqAkRgIoVmMT4J5c03O7afLHiDUv6hK9y"
    "NAfGkQ+FewYvVdv5pzYCtjF6qDr8nMKC/GAjJ1EPDg4gVNIw7APBq0gTVcWFJeFfPmWa/ATerfqu6G3KLUfcnupcG4ZKQlJx"
    "/WXbY3tS+lEj0PrJFKleskOqba9r89mhGlO8xQW31AsfcBzstB6Q90jKX+i6H419JvIO7zjSbBeJ6Mx+CtULEMIhPQwfDUW2"
    "fBjF1MazzkWdAy6GAvsjdLbIpy0Rg7VXfy3o7pIS7toD+BkDBdnJIENJIiHHbI5df3YHSWCcirha8TG5WO2TmuTb/5Sw6pto"
    "7IGN6Crf6AmI99ex/xCZFQ/+pV8ra+4YuV+L3XtTN0AkIQvCSILZXFBuTtKO+SMcHxEe6ySeMqo="
)
# base64 of SHA-256("access-key" "Widevine" "DEMO" CODE "20260701-vector01" LICENCE "2026-07-01T12:00:00Z")
LICENCE_HASH: Final = "CWfOno7WHqYVGeiLblQtymV4B8lZjKHpCZyTaHum9u4="
