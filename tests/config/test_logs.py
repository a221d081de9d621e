"""What a log line tells, and what it must never tell."""

import json
import logging
import re
import sys
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

from config import logs
from tests.privacy.table_of_urls import LINK

README: Final = Path(__file__).parents[2] / "README.md"
SECRETS = {
    "key": "sk_live_51HsecretXYZ refused",
    "webhook": "signed with whsec_abcDEF123",
    "client secret": "pi_3Abc_secret_9xYz given out",
    "callback": "POST /callbacks/kollus/s3cr3t-segment/play/",
    "return": "GET /checkout/return/?payment_intent=pi_1&payment_intent_client_secret=pi_1_secret_q HTTP/1.1",
    "receipt": "GET /ko/receipts/4f2a.s1gn3d/receipt.pdf",
    "renewal": "POST /ko/api/v1/renewals/r3n3w4l-t0k3n/payments/1/",
    "sign-in": "GET /ja/account/enter/3nt3r-t0k3n/ HTTP/1.1",
    "withdrawal": "GET /ko/withdraw/w1thdr4w-t0k3n/ HTTP/1.1",
    "another site": "GET /account/with/google/back/?state=st4t3-0f-it&code=4/0c0d3-of-it HTTP/1.1",
    "passthrough": "POST /api/v1/UploadMultiParts/KUS_1/1/acct-pc1/non_enc/none/p4ss-t0k3n HTTP/1.1",
    "player": "GET /s?jwt=aaa.bbb.ccc&custom_key=0123456789",
}
TOLD = (
    "51HsecretXYZ",
    "abcDEF123",
    "9xYz",
    "s3cr3t-segment",
    "secret_q",
    "s1gn3d",
    "r3n3w4l",
    "3nt3r",
    "w1thdr4w",
    "st4t3",
    "0c0d3",
    "p4ss-t0k3n",
    "aaa.bbb.ccc",
    "0123456789",
)


@pytest.mark.parametrize("style", ["json", "plain"])
@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS.keys())
def test_no_line_holds_a_secret(style: str, text: str) -> None:
    formatter = logs.configuration(style=style, level="INFO")["formatters"][style]["()"]()
    record = logging.makeLogRecord(
        {"msg": "path %s", "args": (text,), "path": text, "exc_info": _error(text)}
    )

    line = formatter.format(record)

    assert "***" in line
    assert not [secret for secret in TOLD if secret in line]


def test_a_masked_path_still_says_where() -> None:
    assert logs.masked("/callbacks/kollus/s3cr3t/lms/ 403") == "/callbacks/kollus/***/lms/ 403"


def test_no_log_names_a_mailed_link_in_any_language() -> None:
    """Neither ours nor that of the web server which the README sets up before us."""
    (silent,) = re.findall(r"location ~ (\S+) \{\s+access_log off;", README.read_text("utf-8"))
    # Those of a viewing end with the page that is open; a certificate's is there to be passed on.
    unmailed = ("api/v1/playback/", "certificates/")
    mailed = [each for route, each in LINK.items() if not route.startswith(unmailed)]
    assert len(mailed) > 5

    for code, _name in settings.LANGUAGES:
        prefix = "" if code == settings.LANGUAGE_CODE else f"{code}/"
        for address in mailed:
            path = re.sub(r"\{[^}]+\}", "s3cr3t", f"/{prefix}{address}")
            assert re.search(silent, path), path
            assert "s3cr3t" not in logs.masked(path), path
    for path in ("/", "/videos/noon/", "/ja/library/", "/api/v1/orders/"):
        assert not re.search(silent, path), path


def test_json_lines_carry_facts_as_fields() -> None:
    record = logging.makeLogRecord(
        {"name": "billing.settling.fulfilment", "msg": "order settled", "levelname": "INFO", "order": "7Q"}
    )

    line = json.loads(logs.JsonFormatter().format(record))

    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "billing.settling.fulfilment",
        "message": "order settled",
        "order": "7Q",
    }


def test_plain_lines_read_aloud() -> None:
    record = logging.makeLogRecord({"msg": "order settled", "levelname": "INFO", "order": "7Q"})

    assert logs.PlainFormatter().format(record).endswith("INFO    order settled order=7Q")


def _error(text: str) -> object:
    try:
        raise ValueError(text)
    except ValueError:
        return sys.exc_info()
