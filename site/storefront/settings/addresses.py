"""Where the shop is on the network: its address, the names it answers to, the proxies it believes. Pure."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from .reading import Malformed

HOST = re.compile(r"\*|\.?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]", re.I)
# The private networks a host's own router sits in (RFC 1918, 6598, 4193 and loopback).
PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "::1/128", "fc00::/7"]


def parse_base_url(text: str) -> str:
    """https://shop.example.com: scheme, host and optional port, nothing after."""
    parts = _split(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Malformed("must be a whole address, such as https://shop.example.com.")
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise Malformed("must be scheme, host and port only, such as https://shop.example.com.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if not HOST.fullmatch(host) or host == "*":
        raise Malformed("has a host that is no host name.")
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, default) else "")


def parse_service_url(text: str) -> str:
    """An http(s) address that may have a path; without its last slash."""
    parts = _split(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise Malformed("must be a whole address, such as https://api.example.com.")
    return text.rstrip("/")


def parse_script_url(text: str) -> str:
    """Where a script is: a whole address, or a path of this shop."""
    if re.fullmatch(r"/[^/\s].*", text):
        return text
    parse_service_url(text)
    return text


def parse_host(text: str) -> str:
    if not HOST.fullmatch(text):
        raise Malformed("must be host names without scheme, port or path, separated by commas.")
    return text.lower()


def parse_network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise Malformed("must be addresses or networks, such as 10.0.0.0/8, separated by commas.") from None


def origin(url: str) -> str:
    """Scheme and host of an address; "" for a path."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def is_local(base_url: str) -> bool:
    """Whether only this machine can mean it."""
    host = urlsplit(base_url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def hosts(base_url: str, named: list[str], platform_host: str) -> list[str]:
    """Django's ALLOWED_HOSTS: what was named, else the host of BASE_URL; and the platform's name for us."""
    host = urlsplit(base_url).hostname or "localhost"
    answer = list(named) or [f"[{host}]" if ":" in host else host]
    if not named and is_local(base_url):
        answer += [name for name in ("localhost", "127.0.0.1", "[::1]") if name not in answer]
    if platform_host and platform_host not in answer:
        answer.append(platform_host)
    return answer


def trusted_origins(base_url: str, allowed_hosts: list[str]) -> list[str]:
    """Django's CSRF_TRUSTED_ORIGINS: our own address, and every allowed host by https."""
    names = [f"*{host}" if host.startswith(".") else host for host in allowed_hosts if host != "*"]
    return list(dict.fromkeys([base_url, *(f"https://{name}" for name in names)]))


def _split(text: str) -> SplitResult:
    if re.search(r"\s", text):
        raise Malformed("must not contain spaces.")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise Malformed("must be a whole address, such as https://shop.example.com.") from None
    return parts
