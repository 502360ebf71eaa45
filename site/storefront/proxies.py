"""Who is really asking: behind a proxy the peer is the proxy. After this the rest of the shop reads REMOTE_ADDR."""

import ipaddress
from collections.abc import Callable, Iterable

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


class ProxyMiddleware:
    """Sets REMOTE_ADDR to the client's address; drops forwarding headers that no trusted proxy sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trusted = [ipaddress.ip_network(text) for text in settings.TRUSTED_PROXIES]
        # A recognised platform's router is the only way in, whatever its address.
        self.trusts_every_peer = settings.ON_RENDER

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = request.META.get("REMOTE_ADDR", "")
        if self.trusts_every_peer or _is_in(peer, self.trusted):
            networks = self.trusted
            if self.trusts_every_peer and _is_address(peer):
                networks = [*networks, ipaddress.ip_network(peer)]
            forwarded_for = request.META.get("HTTP_X_FORWARDED_FOR", "")
            request.META["REMOTE_ADDR"] = client_address(peer, forwarded_for, networks)
        else:
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
            request.META.pop("HTTP_X_FORWARDED_FOR", None)
        return self.get_response(request)
