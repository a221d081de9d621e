"""Errors as Stripe words them. https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes"""

from collections.abc import Iterable
from typing import Any

from sandbox.worlds import Json


class ApiError(Exception):
    """An answer of status 400 and above.

    `is_stored`: whether an idempotency key remembers it; what was refused before it began is forgotten.
    """

    def __init__(
        self, status: int, kind: str, message: str, *, is_stored: bool = True, **fields: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.is_stored = is_stored
        self.error: Json = {key: value for key, value in fields.items() if value is not None}
        self.error |= {"message": message, "type": kind}
        if self.error.get("code"):
            self.error["doc_url"] = doc_url(self.error["code"])

    def body(self) -> Json:
        """Return the JSON that is answered."""
        return {"error": dict(sorted(self.error.items()))}


def doc_url(code: str) -> str:
    """Return the address of Stripe's page about an error code."""
    return f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"


def invalid(message: str, *, code: str | None = None, param: str | None = None, **fields: Any) -> ApiError:
    """Return a 400 of a request that makes no sense."""
    return ApiError(400, "invalid_request_error", message, code=code, param=param, **fields)


def missing_resource(what: str, id: str, *, param: str, status: int = 404) -> ApiError:
    """Return the refusal of an unknown id: 404 for one in the address, 400 for one in a parameter."""
    message = f"No such {what}: '{id}'"
    return ApiError(status, "invalid_request_error", message, code="resource_missing", param=param)


def unauthorized(message: str) -> ApiError:
    """Return the 401 of a key that is not ours."""
    return ApiError(401, "invalid_request_error", message, is_stored=False)


def unserved(what: str) -> ApiError:
    """Return the refusal of something that Stripe can do and the sandbox does not."""
    return invalid(f"The sandbox does not serve {what}.", is_stored=False)


def refuse_unserved(params: Json, served: Iterable[str], *, of: str) -> None:
    """Refuse what Stripe would take and we would not heed."""
    for name in sorted(set(params) - set(served)):
        raise unserved(f"the parameter {name} of {of}")
