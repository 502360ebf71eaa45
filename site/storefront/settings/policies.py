"""Content security policies: what browsers may load and where they may go, for each kind of page. Pure.

Nothing public runs an inline script or style. Stripe's origins stand only on pages that can start a payment.
"""

from collections.abc import Iterable, Mapping

from . import addresses

Directives = Mapping[str, Iterable[str]]
# Fetched once a visitor starts one (products.videos).
VIDEOS = ["https://www.youtube-nocookie.com", "https://player.vimeo.com"]
STRIPE_SCRIPTS = ["https://js.stripe.com", "https://*.js.stripe.com"]


def policies(
    *, base_url: str, stripe_js: str, stripe_api: str, media: str, sandbox: bool
) -> dict[str, dict[str, list[str]]]:
    """Directives of the four kinds: `public`, `payment` (public, and to Stripe), `admin`, `files` (uploads)."""
    pictures = ["'self'", "data:", *_origins(media)]
    public = {
        "default-src": ["'self'"],
        "img-src": pictures,
        "object-src": ["'none'"],
        "frame-src": VIDEOS,
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],  # previews in the admin
    }
    if base_url.startswith("https://"):
        public["upgrade-insecure-requests"] = []
    return {
        "public": public,
        "payment": merged(public, _payment(base_url, stripe_js, stripe_api, sandbox=sandbox)),
        "admin": _admin(public, pictures),
        # An uploaded file is data: were it a page after all, it may run nothing and be nobody.
        "files": {
            "default-src": ["'none'"],
            "sandbox": [],
            "frame-ancestors": ["'self'"],
        },
    }


def _payment(base_url: str, stripe_js: str, stripe_api: str, *, sandbox: bool) -> Directives:
    """What https://docs.stripe.com/security/guide#content-security-policy asks for, and what stands in for it."""
    stand_in = _origins(stripe_js)
    if sandbox:  # its script and pages are our own
        return {
            "script-src": ["'self'", *stand_in],
            "frame-src": ["'self'", *stand_in],
            "form-action": [addresses.origin(base_url)],
        }
    return {
        "script-src": ["'self'", *STRIPE_SCRIPTS, *stand_in],
        "frame-src": ["'self'", *STRIPE_SCRIPTS, "https://hooks.stripe.com", *stand_in],
        "connect-src": ["'self'", "https://api.stripe.com", *_origins(stripe_api)],
        "img-src": ["https://*.stripe.com"],
        # a form post that answers 303 to the payment page needs its origin here
        "form-action": ["https://checkout.stripe.com", *_origins(stripe_api)],
    }


def _admin(public: Directives, pictures: list[str]) -> dict[str, list[str]]:
    """Wagtail's and Django's admin write scripts and styles into their pages; behind the login that is accepted."""
    return merged(
        {name: values for name, values in public.items() if name not in ("base-uri", "frame-src")},
        {
            "script-src": ["'self'", "'unsafe-inline'"],
            "style-src": ["'self'", "'unsafe-inline'"],
            "img-src": [*pictures, "blob:"],
            "connect-src": ["'self'", "https://releases.wagtail.org"],
            "frame-src": ["'self'", *VIDEOS],
            "base-uri": ["'self'"],
        },
    )


def merged(first: Directives, second: Directives) -> dict[str, list[str]]:
    """Both together. A directive that only falls back to default-src in `first` begins anew in `second`."""
    answer = {name: list(values) for name, values in first.items()}
    for name, values in second.items():
        kept = [value for value in answer.get(name, []) if value != "'none'"]
        answer[name] = list(dict.fromkeys([*kept, *values]))
    return answer


def written(directives: Directives) -> str:
    """As the header says it."""
    return "; ".join(" ".join([name, *values]) for name, values in directives.items())


def _origins(url: str) -> list[str]:
    return [addresses.origin(url)] if addresses.origin(url) else []
