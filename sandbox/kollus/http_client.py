"""One POST of a form to the shop, with failures numbered as the player numbers them: by cURL's codes."""

import requests

from sandbox.kollus.reply import Reply

_RESOLVE, _CONNECT, _TIMEOUT, _TLS, _RECEIVE = 6, 7, 28, 35, 56


def post(url: str, fields: dict[str, str], *, timeout_seconds: float) -> Reply:
    """Send the form; a redirect is an answer like any other, and proxies of the environment are passed by."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.post(url, data=fields, timeout=timeout_seconds, allow_redirects=False)
        except requests.RequestException as error:
            return Reply(curl_code=_curl_code(error))
        answer.encoding = "utf-8"
        return Reply(answer.status_code, answer.headers.get("X-Kollus-UserKey"), answer.text)


def _curl_code(error: requests.RequestException) -> int:
    if isinstance(error, requests.Timeout):
        return _TIMEOUT
    if isinstance(error, requests.exceptions.SSLError):
        return _TLS
    if isinstance(error, requests.ConnectionError):
        text = repr(error)
        if "NameResolution" in text or "getaddrinfo" in text:
            return _RESOLVE
        return _CONNECT if "NewConnectionError" in text else _RECEIVE
    return _RECEIVE
