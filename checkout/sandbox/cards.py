"""Test cards and what they do: https://docs.stripe.com/testing . No real card number is ever taken."""

from dataclasses import dataclass

from .errors import Refusal, invalid


@dataclass(frozen=True)
class Card:
    """A payment method of the sandbox. `outcome`: succeeds, declines, secure (3-D Secure) or delayed."""

    token: str
    number: str
    label: str
    outcome: str = "succeeds"
    code: str = ""
    decline_code: str = ""
    message: str = ""
    later: str = ""  # dispute, refund_pending or refund_fails

    @property
    def type(self) -> str:
        return "us_bank_account" if self.outcome == "delayed" else "card"

    @property
    def last4(self) -> str:
        return self.number[-4:]


def _declined(token: str, number: str, label: str, code: str, decline_code: str, message: str) -> Card:
    return Card(token, number, label, "declines", code, decline_code, message)


CARDS = (
    Card("pm_card_visa", "4242424242424242", "Succeeds"),
    _declined(
        "pm_card_chargeDeclined", "4000000000000002", "Declined", "card_declined", "generic_decline",
        "Your card was declined.",
    ),
    _declined(
        "pm_card_chargeDeclinedInsufficientFunds", "4000000000009995", "Insufficient funds", "card_declined",
        "insufficient_funds", "Your card has insufficient funds.",
    ),
    _declined(
        "pm_card_chargeDeclinedLostCard", "4000000000009987", "Lost card", "card_declined", "lost_card",
        "Your card was declined.",
    ),
    _declined(
        "pm_card_chargeDeclinedExpiredCard", "4000000000000069", "Expired card", "expired_card", "",
        "Your card has expired.",
    ),
    _declined(
        "pm_card_chargeDeclinedIncorrectCvc", "4000000000000127", "Wrong security code", "incorrect_cvc", "",
        "Your card's security code is incorrect.",
    ),
    _declined(
        "pm_card_chargeDeclinedProcessingError", "4000000000000119", "Processing error", "processing_error", "",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    Card("pm_card_cvcCheckFail", "4000000000000101", "Succeeds, security code check fails"),
    Card("pm_card_authenticationRequired", "4000002760003184", "3-D Secure each time", "secure"),
    Card("pm_card_threeDSecure2Required", "4000002500003155", "3-D Secure", "secure"),
    Card("pm_card_createDispute", "4000000000000259", "Succeeds, then disputed", later="dispute"),
    Card("pm_card_pendingRefund", "4000000000007726", "Refund succeeds later", later="refund_pending"),
    Card("pm_card_refundFail", "4000000000005126", "Refund fails later", later="refund_fails"),
    Card("pm_usBankAccount", "000123456789", "Bank debit, settles later", "delayed"),
)  # fmt: skip
BY_TOKEN = {card.token: card for card in CARDS}
BY_NUMBER = {card.number: card for card in CARDS}


def by_token(token: str, param: str = "payment_method") -> Card:
    if token not in BY_TOKEN:
        raise invalid(f"No such PaymentMethod: '{token}'", param, "resource_missing")
    return BY_TOKEN[token]


def by_number(number: str) -> Card:
    """Raises a 402 refusal for any number that is not a test card: a real card has no business here."""
    card = BY_NUMBER.get("".join(number.split()))
    if card is None:
        raise Refusal(
            402,
            "Your card was declined. Your request was in test mode, but used a non test card.",
            code="card_declined",
            kind="card_error",
            decline_code="test_mode_live_card",
        )
    return card
