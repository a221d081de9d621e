"""A mail server that delivers to itself, and the pages on which its mails are read."""

import asyncio
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from sandbox.clock import Clock, readable
from sandbox.worlds import Json, worlds

_KIND = "mail"
_BODY_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data: http: https:;"
    " style-src 'unsafe-inline'"
)


_NO_MAILBOX = "nosuchbox@"


class Mailbox:
    """Takes every mail that it is given, but those to `nosuchbox@…`, wherever. `port` 0 picks a free one."""

    def __init__(self, port: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            self._loop.create_server(lambda: SMTP(self, enable_SMTPUTF8=True), "127.0.0.1", port)
        )
        self.port: int = self._server.sockets[0].getsockname()[1]

    def start(self) -> None:
        """Serve on a thread of its own."""
        threading.Thread(target=self._loop.run_forever, name="mailbox", daemon=True).start()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.lower().startswith(_NO_MAILBOX):
            return "550 5.1.1 This address does not exist"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        keep(raw, envelope.rcpt_tos)
        return "250 OK"


def keep(raw: bytes, recipients: list[str]) -> None:
    """Keep one mail as it came. `recipients` are the envelope's, so that a blind copy is found too."""
    worlds().mail.log(_KIND, {"to": ", ".join(recipients), "raw": raw.decode("latin-1"), "at": Clock().now()})


def received(to: str = "") -> list[Json]:
    """Return the mails whose recipients contain `to`, oldest first; only these are taken apart."""
    found = [mail for mail in worlds().mail.all(_KIND) if to.lower() in mail["to"].lower()]
    return [{"to": mail["to"], "at": mail["at"], **_taken_apart(mail["raw"])} for mail in found]


def mailbox_page(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first, and show the one chosen with `?mail=<number>`."""
    mails = [{**mail, "number": n, "when": readable(mail["at"])} for n, mail in enumerate(received())]
    chosen = request.GET.get("mail", str(len(mails) - 1))
    shown = next((mail for mail in mails if str(mail["number"]) == chosen), None)
    return render(request, "mailbox.html", {"mails": mails[::-1], "shown": shown})


def mail_body(request: HttpRequest, number: int) -> HttpResponse:
    """Serve a mail's HTML for the page's sandboxed frame: nothing in it runs, its links open a new tab."""
    mails = received()
    if number >= len(mails):
        raise Http404
    body = f'<base target="_blank">{mails[number]["html"]}'
    return HttpResponse(body, headers={"Content-Security-Policy": _BODY_POLICY})


def mail_json(request: HttpRequest) -> JsonResponse:
    """Serve the mails as JSON, `?to=` narrowing them down."""
    return JsonResponse(received(request.GET.get("to", "")), safe=False)


@lru_cache(maxsize=1000)
def _taken_apart(raw: str) -> Json:
    message = message_from_bytes(raw.encode("latin-1"), policy=policy.default)
    return {
        "subject": str(message["Subject"] or ""),
        "text": _part(message, "plain"),
        "html": _part(message, "html"),
        "headers": {name: str(value) for name, value in message.items()},
    }


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part is not None else ""
