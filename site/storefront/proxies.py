"""Who is really asking: behind a proxy the peer is the proxy. After this the rest of the shop reads REMOTE_ADDR."""

import ipaddress
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(peer: str, forwarded_for: str, trusted: Iterable[Network]) -> str:
    """The last hop that is not a trusted proxy, believed only if the peer is one; else the peer."""
    networks = list(trusted)
    address = peer
    for hop in [*reversed(forwarded_for.split(",")), ""]:
        if not _is_in(address, networks):
            break
        if not _is_address(hop.strip()):
            break
        address = hop.strip()
    return address


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_in(address: str, networks: list[Network]) -> bool:
    return _is_address(address) and any(ipaddress.ip_address(address) in network for network in networks)


class Peers:
    """Which peers are proxies of ours."""

    def __init__(self) -> None:
        self.trusted = [ipaddress.ip_network(text) for text in settings.TRUSTED_PROXIES]
        # A recognised platform's router is the only way in, whatever its address.
        self.trusts_every_peer = settings.ON_RENDER
        # The peer of nearly every request is one of a few proxies, and reading an address takes 20 µs.
        self.are_trusted = lru_cache(maxsize=1024)(lambda peer: _is_in(peer, self.trusted))

    def is_proxy(self, peer: str) -> bool:
        return self.trusts_every_peer or self.are_trusted(peer)

    def settle(self, meta: dict[str, Any]) -> None:
        """Sets REMOTE_ADDR to the client's address; drops forwarding headers that no trusted proxy sent. Once."""
        peer = meta.get("REMOTE_ADDR", "")
        if not self.is_proxy(peer):
            meta.pop("HTTP_X_FORWARDED_PROTO", None)
            meta.pop("HTTP_X_FORWARDED_FOR", None)
            return
        networks = self.trusted
        if self.trusts_every_peer and _is_address(peer):
            networks = [*networks, ipaddress.ip_network(peer)]
        meta["REMOTE_ADDR"] = client_address(peer, meta.get("HTTP_X_FORWARDED_FOR", ""), networks)


class ProxyMiddleware:
    """From here on REMOTE_ADDR is the client."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.peers = Peers()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.peers.settle(request.META)
        return self.get_response(request)
