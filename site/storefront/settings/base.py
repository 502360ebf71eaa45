"""What every environment shares. The only module that reads the environment (`.env.example` lists the settings).

Every problem of the environment is collected here; `storefront.settings` then ends the process with one line.
"""

import sys
from pathlib import Path
from typing import Any

import environ
from wagtail.embeds import oembed_providers

from . import addresses, cdn, policies, reading, services, stripe_keys, testing, watching

ROOT = Path(__file__).resolve().parents[3]
env = environ.Env()
# The suite has an environment of its own: a developer's keys must not reach a test.
TESTING = env.ENVIRON.get("DJANGO_SETTINGS_MODULE") == "storefront.settings.test"
if TESTING:
    read = reading.Reader(testing.environment(env.ENVIRON))
else:
    bad_lines = reading.malformed_lines((ROOT / ".env").read_text().splitlines()) if (ROOT / ".env").is_file() else []
    if not bad_lines:  # the library would print them, secrets and all
        env.read_env(ROOT / ".env")
    read = reading.Reader(env.ENVIRON)
    if bad_lines:
        read.problem(".env", f"line {bad_lines[0]} is not NAME=value.")
# `manage.py doctor` alone starts with wrong settings, to report them.
REPORTING = sys.argv[1:2] == ["doctor"]

DEBUG = read.flag("DEBUG", default=False)
SECRET_KEY = read.text("SECRET_KEY", default="development-only" if DEBUG else "")
if not SECRET_KEY:
    SECRET_KEY = "none"  # noqa: S105 - nothing is served with it: the problem ends the process
    if not read.problems or not read.has("SECRET_KEY"):
        read.problem("SECRET_KEY", "is missing. Set it to a long random text that stays the same.")

# --- Where we are -----------------------------------------------------------------------------------
PORT = read.integer("PORT", 8000, 1, 65535)
WEB_CONCURRENCY = read.integer("WEB_CONCURRENCY", 1, 1, 64)
GUNICORN_THREADS = read.integer("GUNICORN_THREADS", 4, 1, 64)
# Set by Render itself, with its router in front of us and no other way in.
ON_RENDER = read.has("RENDER_EXTERNAL_URL") or read.has("RENDER_EXTERNAL_HOSTNAME")
RENDER_HOST = read.get("RENDER_EXTERNAL_HOSTNAME", "", addresses.parse_host)
_fallback = f"https://{RENDER_HOST}" if RENDER_HOST else f"http://localhost:{PORT}"
_fallback = read.get("RENDER_EXTERNAL_URL", _fallback, addresses.parse_base_url)
BASE_URL = read.get("BASE_URL", _fallback, addresses.parse_base_url)
IS_HTTPS = BASE_URL.startswith("https://")
if not (DEBUG or IS_HTTPS or addresses.is_local(BASE_URL)):
    read.problem("BASE_URL", "must begin with https:// (http:// is for localhost, or for DEBUG=1).")
ALLOWED_HOSTS = addresses.hosts(BASE_URL, read.words("ALLOWED_HOSTS", addresses.parse_host), RENDER_HOST)
CSRF_TRUSTED_ORIGINS = addresses.trusted_origins(BASE_URL, ALLOWED_HOSTS)
# Peers whose X-Forwarded-For and X-Forwarded-Proto are believed (storefront.proxies).
TRUSTED_PROXIES = read.words("TRUSTED_PROXIES", addresses.parse_network) + (addresses.PRIVATE if ON_RENDER else [])

# --- First boot -------------------------------------------------------------------------------------
DEMO = read.flag("DEMO", default=False)
ADMIN_USERNAME = read.text("ADMIN_USERNAME")
ADMIN_PASSWORD = read.text("ADMIN_PASSWORD")
ADMIN_EMAIL = read.get("ADMIN_EMAIL", "", reading.parse_email)
for _have, _lack in (("ADMIN_USERNAME", "ADMIN_PASSWORD"), ("ADMIN_PASSWORD", "ADMIN_USERNAME")):
    if read.has(_have) and not read.has(_lack):
        read.problem(_lack, f"is missing beside {_have}. Set both, or neither.")

# --- Payments ---------------------------------------------------------------------------------------
# One Stripe account per currency: {"USD": {"secret_key": ..., "publishable_key": ..., "webhook_secrets": [...]}}
STRIPE_ACCOUNTS = stripe_keys.read_accounts(read)
STRIPE_LIVE = stripe_keys.has_live_keys(STRIPE_ACCOUNTS)
STRIPE_SANDBOX = read.flag("STRIPE_SANDBOX", default=not STRIPE_ACCOUNTS)
STRIPE_API_BASE = read.get("STRIPE_API_BASE", "https://api.stripe.com", addresses.parse_service_url)
STRIPE_JS_URL = read.get(
    "STRIPE_JS_URL",
    "/sandbox/stripe.js" if STRIPE_SANDBOX else "https://js.stripe.com/v3/",
    addresses.parse_script_url,
)
# To which line the pretend Stripe gives the odd cents of a discount: Stripe does not say what it does.
STRIPE_SANDBOX_ODD_CENTS = read.get(
    "STRIPE_SANDBOX_ODD_CENTS", "largest", reading.parse_choice("largest", "first", "last")
)
# The race tests' negative control: the database's locks are left out.
UNSAFE_NO_LOCKS = read.flag("STOREFRONT_UNSAFE_NO_LOCKS", default=False)
if STRIPE_LIVE:
    if STRIPE_SANDBOX:
        read.problem("STRIPE_SANDBOX", "is on beside live keys. Turn it off, or remove the keys.")
    if UNSAFE_NO_LOCKS:
        read.problem("STOREFRONT_UNSAFE_NO_LOCKS", "is for tests and refused beside live keys. Remove it.")
    if not STRIPE_API_BASE.startswith("https://"):
        read.problem("STRIPE_API_BASE", "must begin with https:// beside live keys, or be removed.")

# --- Applications ---------------------------------------------------------------------------------
TAGGIT_CASE_INSENSITIVE = True  # "Linen" and "linen" are one tag

INSTALLED_APPS = [
    "checkout",
    "checkout.sandbox",
    "products",
    "storefront",
    "wagtail.api.v2",
    "wagtail.contrib.frontend_cache",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "axes",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]
# Wagtail's next API, which it calls a preview: for the staff's own programs, with tokens of their own.
API_V3 = read.flag("API_V3", default=False)
if API_V3:
    INSTALLED_APPS.append("wagtail.api.v3")
MIDDLEWARE = [
    "storefront.requests.RequestMiddleware",
    "storefront.headers.HeadersMiddleware",  # outside of whatever answers by itself
    "storefront.health.HealthMiddleware",  # before whatever looks at the Host header or redirects to https
    "storefront.proxies.ProxyMiddleware",  # before whatever looks at the client's address or at the scheme
    "storefront.page_cache.PageCacheMiddleware",  # outermost of what costs: a hit reaches none of the rest
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "storefront.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "storefront.headers.PolicyMiddleware",
    "storefront.limits.LimitMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
ROOT_URLCONF = "storefront.urls"
WSGI_APPLICATION = "storefront.wsgi.application"
APPEND_SLASH = False  # routes answer with and without the slash: a redirect would lose a POST
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "storefront.context.shop",
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------------
_own_file = ROOT / "var" / "shop.sqlite3"
if not read.has("DATABASE_URL"):
    _own_file.parent.mkdir(exist_ok=True)
DATABASES = {
    "default": read.get(
        "DATABASE_URL",
        services.parse_database(f"sqlite:///{_own_file}", ROOT) if _own_file.parent.is_dir() else {},
        lambda text: services.parse_database(text, ROOT),
    )
}
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": read.get("CACHE_URL", services.parse_cache("locmemcache://"), services.parse_cache),
    # Stored pages (storefront.page_cache). Memory of each process is fastest: a change is noticed by the generation.
    "pages": read.get("PAGE_CACHE_URL", services.parse_cache("locmemcache://"), services.parse_page_cache),
}
PAGE_CACHE_MB = read.integer("PAGE_CACHE_MB", 16, 1, 1024)

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = read.get("MEDIA_ROOT", ROOT / "media", lambda text: ROOT / text)
MEDIA_STORAGE = read.get("MEDIA_STORAGE", "local", services.parse_media_storage)
_media: dict[str, Any] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
if MEDIA_STORAGE == "s3":
    _media = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": services.s3_options(read)}
    services.refuse_half_a_bucket(read, _media["OPTIONS"])
# Files for sale lie where no address leads; a view gives them to whoever paid.
DOWNLOADS_ROOT = read.get("DOWNLOADS_ROOT", ROOT / "var" / "downloads", lambda text: ROOT / text)
services.refuse_open_folder(read, DOWNLOADS_ROOT, [MEDIA_ROOT, STATIC_ROOT])
DOWNLOAD_DAYS = read.integer("DOWNLOAD_DAYS", 7, 1, 365)
_downloads = services.downloads(read, _media, DOWNLOADS_ROOT)
# Who keeps pictures in a bucket has a disk that does not last: without a second bucket no file for sale is taken.
DOWNLOADS_ARE_KEPT = MEDIA_STORAGE == "local" or _downloads["BACKEND"] == "products.private_bucket.PrivateBucket"
STORAGES: dict[str, dict[str, Any]] = {
    "default": _media,
    "downloads": _downloads,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- Language, time, mail -------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("ru", "Русский")]
LOCALE_PATHS = [ROOT / "locale"]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
vars().update(read.get("EMAIL_URL", services.parse_email_url("consolemail://"), services.parse_email_url))
DEFAULT_FROM_EMAIL = read.get("DEFAULT_FROM_EMAIL", "shop@localhost", reading.parse_email)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Wagtail --------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Storefront"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILFRONTENDCACHE = cdn.frontend_cache(read)
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # staff addresses, also hashed, are nobody else's business
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILSEARCH_BACKENDS: dict[str, Any] = {"default": {"BACKEND": "products.database_search"}}
_search: dict[str, Any] = read.get("SEARCH_URL", {}, services.parse_search)
if _search:
    WAGTAILSEARCH_BACKENDS["opensearch"] = _search  # beside the database, which answers where it does not
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "epub", "key", "mp3", "mp4", "odt", "pdf", "pptx", "rtf", "txt", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 100 * 1024 * 1024
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []  # an upload is handed over, never shown as a page of ours
# Videos of these two alone; and of no page whose own words decide what is fetched.
WAGTAILEMBEDS_FINDERS = [
    {"class": "wagtail.embeds.finders.oembed", "providers": [oembed_providers.youtube, oembed_providers.vimeo]}
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
MAX_BODY = {"/admin/": 110 * 1024 * 1024, "/django-admin/": 20 * 1024 * 1024, "/": 1024 * 1024}  # bytes
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["ip_address"]  # by name, strangers could lock the staff out
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "storefront.errors.locked_out"
AXES_VERBOSE = False

# --- Security -------------------------------------------------------------------------------------
# Whatever stands in for Stripe, and the bucket of the pictures, are named in settings: browsers must be told.
POLICIES = policies.policies(
    base_url=BASE_URL,
    stripe_js=STRIPE_JS_URL,
    stripe_api=STRIPE_API_BASE,
    media=services.media_url(_media),
    sandbox=STRIPE_SANDBOX,
)
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_FAILURE_VIEW = "storefront.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"  # order tokens must not leave in a Referer
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"  # pop-up payment methods need their opener
# Believable, because storefront.proxies drops the header unless a trusted proxy sent it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- People -----------------------------------------------------------------------------------------
# How long after its end an order says whose it was; 0: for ever (checkout.personal).
RETENTION_DAYS = read.integer("RETENTION_DAYS", 0, 30, 36_500)

# --- Watching -------------------------------------------------------------------------------------
SENTRY_DSN = read.get("SENTRY_DSN", "", reading.parse_sentry_dsn)
LOG_FORMAT = read.get("LOG_FORMAT", "text", reading.parse_log_format)
# Who may run /tick/ and read /metrics. Without a token there is no such address.
TICK_TOKEN = read.get("TICK_TOKEN", "", reading.parse_token)
METRICS_TOKEN = read.get("METRICS_TOKEN", "", reading.parse_token)
LOGGING = watching.logging(LOG_FORMAT)
PROBLEMS = read.problems
