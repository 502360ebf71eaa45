"""What stands between visitors and the shop and keeps copies: told of every page that is published. Pure."""

from typing import Any

from .addresses import parse_service_url
from .reading import Reader, parse_token

BACKENDS = "wagtail.contrib.frontend_cache.backends"


def frontend_cache(read: Reader) -> dict[str, dict[str, Any]]:
    """Wagtail's WAGTAILFRONTENDCACHE: Cloudflare by zone and token, or any proxy that takes PURGE; {} for neither."""
    url = read.get("CDN_PURGE_URL", "", parse_service_url)
    zone, token = read.text("CLOUDFLARE_ZONE_ID"), read.get("CLOUDFLARE_API_TOKEN", "", parse_token)
    for have, lack in (("CLOUDFLARE_ZONE_ID", "CLOUDFLARE_API_TOKEN"), ("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ZONE_ID")):
        if read.has(have) and not read.has(lack):
            read.problem(lack, f"is missing beside {have}. Set both, or neither.")
    if url and read.has("CLOUDFLARE_ZONE_ID"):
        read.problem("CDN_PURGE_URL", "is set beside CLOUDFLARE_ZONE_ID. Only one of them can be told.")
    if zone and token:
        cloudflare = {"BACKEND": f"{BACKENDS}.CloudflareBackend", "ZONEID": zone, "BEARER_TOKEN": token}
        return {"cloudflare": cloudflare}
    return {"proxy": {"BACKEND": f"{BACKENDS}.HTTPBackend", "LOCATION": url}} if url else {}
