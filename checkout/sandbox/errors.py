"""Refusals in the shape of Stripe's API: https://docs.stripe.com/api/errors ."""

from typing import Any


class Refusal(Exception):  # noqa: N818 - the answer to a request, not a failure of the program
    """An error answer: HTTP status and Stripe's error object."""

    def __init__(self, status: int, message: str, *, code: str = "", param: str = "", kind: str = "", **extra) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"type": kind or "invalid_request_error", "message": message}
        if code:
            self.error["code"] = code
            self.error["doc_url"] = "https://docs.stripe.com/error-codes/" + code.replace("_", "-")
        if param:
            self.error["param"] = param
        self.error.update(extra)

    @property
    def body(self) -> dict[str, object]:
        return {"error": self.error}


def invalid(message: str, param: str = "", code: str = "") -> Refusal:
    """400: a parameter is wrong, or the object is in no state for it."""
    return Refusal(400, message, code=code, param=param)


def unknown_parameter(param: str) -> Refusal:
    return invalid(f"Received unknown parameter: {param}", param, "parameter_unknown")


def missing_parameter(param: str) -> Refusal:
    return invalid(f"Missing required param: {param}.", param, "parameter_missing")


def not_simulated(param: str) -> Refusal:
    """Stripe knows the parameter, this sandbox does not pretend its effect: better a refusal than a wrong result."""
    return invalid(f"The sandbox does not simulate the parameter: {param}.", param, "sandbox_not_simulated")


def missing_object(kind: str, object_id: str, param: str = "id", *, status: int = 404) -> Refusal:
    label = {"payment_intent": "payment_intent", "tax_rate": "tax rate"}.get(kind, kind)
    return Refusal(status, f"No such {label}: '{object_id}'", code="resource_missing", param=param)


def unauthorized(message: str, code: str = "") -> Refusal:
    return Refusal(401, message, code=code)


def card_declined(code: str, decline_code: str, message: str, *, charge: str, intent: dict[str, object]) -> Refusal:
    """402: the bank said no. The intent, as it is afterwards, travels in the error."""
    extra: dict[str, Any] = {"charge": charge, "payment_intent": intent}
    if decline_code:
        extra["decline_code"] = decline_code
    return Refusal(402, message, code=code, kind="card_error", **extra)
