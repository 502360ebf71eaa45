"""What every environment shares. The only module that reads the environment (see `.env.example`)."""

from pathlib import Path
from urllib.parse import urlsplit

import environ

ROOT = Path(__file__).resolve().parents[3]
env = environ.Env()
env.read_env(ROOT / ".env")

DEBUG = env.bool("DEBUG", default=False)
PORT = env.int("PORT", default=8000)
SECRET_KEY = env.str("SECRET_KEY", default="development-only" if DEBUG else "")
BASE_URL = (
    env.str("BASE_URL", default="") or env.str("RENDER_EXTERNAL_URL", default="") or f"http://localhost:{PORT}"
).rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [urlsplit(BASE_URL).hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
DEMO = env.bool("DEMO", default=False)
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# --- Payments -------------------------------------------------------------------------------------
# One Stripe account per currency: {"USD": {"secret_key": ..., "publishable_key": ..., "webhook_secrets": [...]}}
STRIPE_ACCOUNTS: dict[str, dict] = {}
for _name, _value in env.ENVIRON.items():
    if _name.startswith("STRIPE_SECRET_KEY_") and _value.strip():
        _currency = _name.removeprefix("STRIPE_SECRET_KEY_")
        STRIPE_ACCOUNTS[_currency] = {
            "secret_key": _value.strip(),
            "publishable_key": env.str(f"STRIPE_PUBLISHABLE_KEY_{_currency}", default=""),
            "webhook_secrets": env.list(f"STRIPE_WEBHOOK_SECRET_{_currency}", default=[]),
        }
STRIPE_SANDBOX = env.bool("STRIPE_SANDBOX", default=not STRIPE_ACCOUNTS)
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="https://api.stripe.com").rstrip("/")
STRIPE_JS_URL = env.str("STRIPE_JS_URL", default="") or (
    "/sandbox/stripe.js" if STRIPE_SANDBOX else "https://js.stripe.com/v3/"
)
# The race tests' negative control: the database's locks are left out. Refused beside live keys.
UNSAFE_NO_LOCKS = env.bool("STOREFRONT_UNSAFE_NO_LOCKS", default=False)

# --- Applications ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "checkout",
    "products",
    "storefront",
    "wagtail.contrib.redirects",
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
    "csp",
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
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
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
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "storefront.context.shop",
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{ROOT / 'var' / 'shop.sqlite3'}")}
DATABASES["default"].setdefault("OPTIONS", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE, because a deferred transaction that turns writer fails at once under load;
    # FULL, because NORMAL may lose the last commits at power loss, and they are money.
    DATABASES["default"]["OPTIONS"] |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(ROOT / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- Language, time, mail -------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="shop@localhost")

# --- Wagtail --------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Storefront"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours

# --- Security -------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin", "/django-admin"],
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "script-src": ["'self'", "https://js.stripe.com", "https://*.js.stripe.com"],
        "frame-src": ["'self'", "https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"],
        "connect-src": ["'self'", "https://api.stripe.com", "https://checkout.stripe.com"],
        # a form post that answers 303 to the payment page needs its origin here
        "form-action": ["'self'", "https://checkout.stripe.com"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'self'"],
    },
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"  # order tokens must not leave in a Referer
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"  # pop-up payment methods need their opener
