"""A shop on the other side of the socket: answers Kollus' callbacks as told, and keeps what it was sent."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from tests.sandbox.kollus_jwt import jwt

CUSTOM_KEY, SECURITY_KEY = "ab" * 32, "the security key"

PAGE = """<!doctype html><title>Shop</title>
<style>body { margin: 0 } iframe { border: 0; width: 100%; aspect-ratio: 16 / 9 }</style>
<iframe id="player" allow="autoplay; encrypted-media; fullscreen; local-network-access"></iframe>
<script>
  window.heard = []
  addEventListener("message", ({ data, origin }) => heard.push({ ...JSON.parse(data), origin }))
  function say(event_name, data, uid = "kollus-postmessage-0") {
    player.contentWindow.postMessage(JSON.stringify({ event_name, uid, data }), "*")
  }
</script>"""

Form = dict[str, str]


class KollusShop:
    """Listens on a free port while used as a context manager.

    `answer` makes the `data` of a playback reply from the form it answers; set `raw_reply` for another body.
    """

    def __init__(self) -> None:
        self.played: list[Form] = []
        self.reported: list[dict[str, Any]] = []
        self.answer: Callable[[Form], Any] = lambda form: {"result": 1}
        self.raw_reply: str | None = None
        self.headers = {
            "X-Kollus-UserKey": CUSTOM_KEY,
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "X-Kollus-UserKey",
        }
        self.lms_status = 200
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.page_url = f"http://localhost:{self._server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                self._send(200, PAGE, {"Content-Type": "text/html"})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body, True, True).items()}
                if self.path == "/lms":
                    shop.reported.append({"status": shop.lms_status, **json.loads(form["json_data"])})
                    return self._send(shop.lms_status, "", {})
                shop.played.append(form | {"content_type": self.headers["Content-Type"]})
                reply = shop.raw_reply
                self._send(200, jwt({"data": shop.answer(form)}, SECURITY_KEY) if reply is None else reply)

            def _send(self, status: int, body: str, headers: dict[str, str] | None = None) -> None:
                self.send_response(status)
                for name, value in (shop.headers if headers is None else headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

        return Handler
