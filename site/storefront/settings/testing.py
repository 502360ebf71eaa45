"""The environment of the test suite. Pure."""

from collections.abc import Mapping

# What a suite may be pointed at; everything else of the machine's environment, keys above all, is left out.
PASSED_ON = ("DATABASE_URL", "CACHE_URL", "STOREFRONT_UNSAFE_NO_LOCKS")


def environment(machine: Mapping[str, str]) -> dict[str, str]:
    """The machine's database and cache, and a secret key that opens nothing."""
    passed = {name: machine[name] for name in PASSED_ON if machine.get(name)}
    return {"SECRET_KEY": "test-only", "BASE_URL": "http://localhost", "DATABASE_URL": "sqlite://:memory:"} | passed
