"""One Stripe account per currency: STRIPE_SECRET_KEY_USD, STRIPE_PUBLISHABLE_KEY_USD, STRIPE_WEBHOOK_SECRET_USD.

Pure. A wrong key is money on the wrong account, so whatever does not fit together is refused.
"""

import re
from collections import defaultdict
from collections.abc import Mapping

from .reading import Malformed, Reader, split_words

SECRET, PUBLISHABLE, WEBHOOK = "STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"  # noqa: S105
Account = dict[str, str | list[str]]


def read_accounts(read: Reader) -> dict[str, Account]:
    """{"USD": {"secret_key": …, "publishable_key": …, "webhook_secrets": [… at most two]}}; problems go to `read`."""
    accounts: dict[str, Account] = {}
    no_secrets: list[str] = []
    for currency in sorted(_currencies(read)):
        account: Account = {
            "secret_key": read.get(f"{SECRET}_{currency}", "", parse_secret),
            "publishable_key": read.get(f"{PUBLISHABLE}_{currency}", "", parse_publishable),
            "webhook_secrets": read.get(f"{WEBHOOK}_{currency}", no_secrets, parse_webhook_secrets),
        }
        _refuse_half_a_set(read, currency)
        if account["secret_key"] and account["publishable_key"]:
            accounts[currency] = account
    _refuse_shared(read, accounts)
    _refuse_mixed(read, accounts)
    return accounts


def has_live_keys(accounts: Mapping[str, Account]) -> bool:
    return any(_is_live(str(account["secret_key"])) for account in accounts.values())


def parse_secret(text: str) -> str:
    if text.startswith(("pk_", "whsec_")):
        kind = "publishable key" if text.startswith("pk_") else "webhook secret"
        raise Malformed(f"holds a {kind}. It needs the account's secret key (sk_… or rk_…).")
    return _matching(text, r"[sr]k_(test|live)_[\w-]+", "must be the account's secret key: sk_test_… or sk_live_….")


def parse_publishable(text: str) -> str:
    if text.startswith(("sk_", "rk_")):
        raise Malformed("holds a secret key, which browsers would see. It needs the publishable key (pk_…).")
    return _matching(text, r"pk_(test|live)_[\w-]+", "must be the account's publishable key: pk_test_… or pk_live_….")


def parse_webhook_secrets(text: str) -> list[str]:
    secrets = split_words(text)
    if len(set(secrets)) != len(secrets) or len(secrets) > 2:
        raise Malformed("may hold two different secrets, while one replaces the other, and no more.")
    return [_matching(one, r"whsec_[\w+/=-]+", "must be the endpoint's signing secret: whsec_….") for one in secrets]


def _matching(text: str, pattern: str, advice: str) -> str:
    if not re.fullmatch(pattern, text, re.ASCII):
        raise Malformed(advice)
    return text


def _currencies(read: Reader) -> set[str]:
    """The currencies that any of the three variables names."""
    found = set()
    for name in read.environment:
        for prefix in (SECRET, PUBLISHABLE, WEBHOOK):
            if name == prefix or name.startswith(f"{prefix}_"):
                currency = name[len(prefix) + 1 :]
                if re.fullmatch("[A-Z]{3}", currency):
                    found.add(currency)
                else:
                    read.problem(name, f"must end in a currency's three capitals, for example {prefix}_USD.")
    return found


def _refuse_half_a_set(read: Reader, currency: str) -> None:
    for missing, present in ((SECRET, (PUBLISHABLE, WEBHOOK)), (PUBLISHABLE, (SECRET,))):
        other = next((name for name in present if f"{name}_{currency}" in read.environment), None)
        if f"{missing}_{currency}" not in read.environment and other:
            read.problem(f"{missing}_{currency}", f"is missing beside {other}_{currency}. Set both, or neither.")


def _refuse_shared(read: Reader, accounts: Mapping[str, Account]) -> None:
    """A shared secret would send one currency's money, or events, to another currency's account."""
    owners: dict[str, list[str]] = defaultdict(list)
    for currency, account in accounts.items():
        owners[str(account["secret_key"])].append(f"{SECRET}_{currency}")
        for secret in account["webhook_secrets"]:
            owners[secret].append(f"{WEBHOOK}_{currency}")
    for first, *others in owners.values():
        for other in others:
            read.problem(other, f"is the same as {first}. Every currency needs its own account and endpoint.")


def _refuse_mixed(read: Reader, accounts: Mapping[str, Account]) -> None:
    names = {
        f"{prefix}_{currency}": str(account[key])
        for currency, account in accounts.items()
        for prefix, key in ((SECRET, "secret_key"), (PUBLISHABLE, "publishable_key"))
    }
    live = [name for name, value in names.items() if _is_live(value)]
    test = [name for name in names if name not in live]
    if live and test:
        read.problem(test[0], f"is a test key and {live[0]} is a live one. Use test keys everywhere, or live keys.")


def _is_live(key: str) -> bool:
    return key.split("_")[1:2] == ["live"]
