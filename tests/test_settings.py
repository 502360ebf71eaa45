"""A wrong environment ends the process with one line that names the setting and shows no secret."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from storefront.settings import addresses, base, reading, services, stripe_keys, testing

ROOT = Path(__file__).resolve().parents[1]
GOOD = {
    "SECRET_KEY": "a-long-random-text",
    "BASE_URL": "https://shop.example.com",
    "STRIPE_SECRET_KEY_USD": "sk_test_oneSecretUSD",
    "STRIPE_PUBLISHABLE_KEY_USD": "pk_test_onePublicUSD",
    "STRIPE_WEBHOOK_SECRET_USD": "whsec_oneHookUSD",
    "STRIPE_SECRET_KEY_EUR": "rk_test_otherSecretEUR",
    "STRIPE_PUBLISHABLE_KEY_EUR": "pk_test_otherPublicEUR",
    "STRIPE_WEBHOOK_SECRET_EUR": "whsec_otherHookEUR,whsec_newHookEUR",
}
LIVE = {
    "STRIPE_SECRET_KEY_USD": "sk_live_oneSecretUSD",
    "STRIPE_PUBLISHABLE_KEY_USD": "pk_live_onePublicUSD",
    "STRIPE_SECRET_KEY_EUR": "sk_live_otherSecretEUR",
    "STRIPE_PUBLISHABLE_KEY_EUR": "pk_live_otherPublicEUR",
}
GONE = None


def settings_of(changes: dict[str, str | None]) -> dict[str, object]:
    """What base.py makes of an environment, run afresh in this process."""
    environment = {name: value for name, value in (GOOD | changes).items() if value is not GONE}
    source = (ROOT / "site/storefront/settings/base.py").read_text()
    names: dict[str, object] = {
        "__name__": "storefront.settings.base_under_test",
        "__package__": "storefront.settings",
        "__file__": base.__file__,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("environ.Env.ENVIRON", environment)
        patch.setattr("environ.Env.read_env", lambda *args, **kwargs: None)
        exec(compile(source, base.__file__, "exec"), names)  # noqa: S102
    return names


WRONG = {
    "no secret key": ({"SECRET_KEY": GONE}, "SECRET_KEY"),
    "empty secret key": ({"SECRET_KEY": ""}, "SECRET_KEY"),
    "blank secret key": ({"SECRET_KEY": "  "}, "SECRET_KEY"),
    "debug maybe": ({"DEBUG": "maybe"}, "DEBUG"),
    "empty debug": ({"DEBUG": ""}, "DEBUG"),
    "port word": ({"PORT": "eighty"}, "PORT"),
    "port zero": ({"PORT": "0"}, "PORT"),
    "port too high": ({"PORT": "65536"}, "PORT"),
    "port empty": ({"PORT": ""}, "PORT"),
    "no workers": ({"WEB_CONCURRENCY": "0"}, "WEB_CONCURRENCY"),
    "half a worker": ({"WEB_CONCURRENCY": "1.5"}, "WEB_CONCURRENCY"),
    "no threads": ({"GUNICORN_THREADS": "-4"}, "GUNICORN_THREADS"),
    "http on the internet": ({"BASE_URL": "http://shop.example.com"}, "BASE_URL"),
    "address without scheme": ({"BASE_URL": "shop.example.com"}, "BASE_URL"),
    "address with a path": ({"BASE_URL": "https://example.com/shop"}, "BASE_URL"),
    "address with a wrong port": ({"BASE_URL": "https://example.com:port"}, "BASE_URL"),
    "address with a password": ({"BASE_URL": "https://me:hunter2@example.com"}, "BASE_URL"),
    "address of another kind": ({"BASE_URL": "ftp://example.com"}, "BASE_URL"),
    "render address": ({"RENDER_EXTERNAL_URL": "nonsense"}, "RENDER_EXTERNAL_URL"),
    "host with scheme": ({"ALLOWED_HOSTS": "https://example.com"}, "ALLOWED_HOSTS"),
    "hosts with a hole": ({"ALLOWED_HOSTS": "a.example,,b.example"}, "ALLOWED_HOSTS"),
    "proxy by name": ({"TRUSTED_PROXIES": "my-proxy"}, "TRUSTED_PROXIES"),
    "database of another kind": ({"DATABASE_URL": "mysql://me:hunter2@db/shop"}, "DATABASE_URL"),
    "database nonsense": ({"DATABASE_URL": "hunter2"}, "DATABASE_URL"),
    "database port": ({"DATABASE_URL": "postgres://me:hunter2@db:port/shop"}, "DATABASE_URL"),
    "database without name": ({"DATABASE_URL": "postgres://me:hunter2@db:5432"}, "DATABASE_URL"),
    "database in no folder": ({"DATABASE_URL": "sqlite:////no/such/folder/shop.sqlite3"}, "DATABASE_URL"),
    "empty database": ({"DATABASE_URL": ""}, "DATABASE_URL"),
    "cache of another kind": ({"CACHE_URL": "carrier-pigeon://loft"}, "CACHE_URL"),
    "cache without host": ({"CACHE_URL": "redis://"}, "CACHE_URL"),
    "cache port": ({"CACHE_URL": "redis://:hunter2@localhost:port/0"}, "CACHE_URL"),
    "mail of another kind": ({"EMAIL_URL": "pigeon://loft"}, "EMAIL_URL"),
    "mail without host": ({"EMAIL_URL": "smtp://"}, "EMAIL_URL"),
    "mail port": ({"EMAIL_URL": "smtps://me:hunter2@mail.example:port"}, "EMAIL_URL"),
    "mail folder": ({"EMAIL_URL": "filemail://"}, "EMAIL_URL"),
    "sender": ({"DEFAULT_FROM_EMAIL": "the shop"}, "DEFAULT_FROM_EMAIL"),
    "admin without password": ({"ADMIN_USERNAME": "admin"}, "ADMIN_PASSWORD"),
    "password without admin": ({"ADMIN_PASSWORD": "hunter2"}, "ADMIN_USERNAME"),
    "empty password": ({"ADMIN_USERNAME": "admin", "ADMIN_PASSWORD": ""}, "ADMIN_PASSWORD"),
    "search by http": ({"SEARCH_URL": "http://127.0.0.1:9200"}, "SEARCH_URL"),
    "search nowhere": ({"SEARCH_URL": "opensearch://"}, "SEARCH_URL"),
    "search at no port": ({"SEARCH_URL": "opensearch://user:hunter2@host:port"}, "SEARCH_URL"),
    "search in Capitals": ({"SEARCH_URL": "opensearch://user:hunter2@host/Shop"}, "SEARCH_URL"),
    "media elsewhere": ({"MEDIA_STORAGE": "cloud"}, "MEDIA_STORAGE"),
    "s3 without bucket": ({"MEDIA_STORAGE": "s3"}, "AWS_STORAGE_BUCKET_NAME"),
    "s3 with half a key": (
        {"MEDIA_STORAGE": "s3", "AWS_STORAGE_BUCKET_NAME": "b", "AWS_ACCESS_KEY_ID": "hunter2"},
        "AWS_SECRET_ACCESS_KEY",
    ),
    "bucket for sale alone": ({"AWS_PRIVATE_BUCKET_NAME": "closed"}, "AWS_PRIVATE_BUCKET_NAME"),
    "one bucket for both": (
        {"MEDIA_STORAGE": "s3", "AWS_STORAGE_BUCKET_NAME": "b", "AWS_PRIVATE_BUCKET_NAME": "b"},
        "AWS_PRIVATE_BUCKET_NAME",
    ),
    "files for sale among the pictures": ({"MEDIA_ROOT": "pics", "DOWNLOADS_ROOT": "pics/sold"}, "DOWNLOADS_ROOT"),
    "links for ever": ({"DOWNLOAD_DAYS": "0"}, "DOWNLOAD_DAYS"),
    "sentry": ({"SENTRY_DSN": "hunter2"}, "SENTRY_DSN"),
    "no secret key of a currency": ({"STRIPE_SECRET_KEY_USD": GONE}, "STRIPE_SECRET_KEY_USD"),
    "no publishable key": ({"STRIPE_PUBLISHABLE_KEY_USD": GONE}, "STRIPE_PUBLISHABLE_KEY_USD"),
    "empty publishable key": ({"STRIPE_PUBLISHABLE_KEY_USD": ""}, "STRIPE_PUBLISHABLE_KEY_USD"),
    "empty webhook secret": ({"STRIPE_WEBHOOK_SECRET_USD": ""}, "STRIPE_WEBHOOK_SECRET_USD"),
    "webhook secret alone": (
        {"STRIPE_SECRET_KEY_USD": GONE, "STRIPE_PUBLISHABLE_KEY_USD": GONE},
        "STRIPE_SECRET_KEY_USD",
    ),
    "publishable in secret's place": ({"STRIPE_SECRET_KEY_USD": "pk_test_hunter2"}, "STRIPE_SECRET_KEY_USD"),
    "secret in publishable's place": ({"STRIPE_PUBLISHABLE_KEY_USD": "sk_test_hunter2"}, "STRIPE_PUBLISHABLE_KEY_USD"),
    "webhook in secret's place": ({"STRIPE_SECRET_KEY_USD": "whsec_hunter2"}, "STRIPE_SECRET_KEY_USD"),
    "nonsense webhook": ({"STRIPE_WEBHOOK_SECRET_USD": "hunter2"}, "STRIPE_WEBHOOK_SECRET_USD"),
    "three webhook secrets": ({"STRIPE_WEBHOOK_SECRET_USD": "whsec_a,whsec_b,whsec_c"}, "STRIPE_WEBHOOK_SECRET_USD"),
    "same secret key twice": ({"STRIPE_SECRET_KEY_EUR": GOOD["STRIPE_SECRET_KEY_USD"]}, "STRIPE_SECRET_KEY_"),
    "same webhook secret twice": (
        {"STRIPE_WEBHOOK_SECRET_EUR": "whsec_x," + GOOD["STRIPE_WEBHOOK_SECRET_USD"]},
        "STRIPE_WEBHOOK_SECRET_",
    ),
    "test and live in one set": ({"STRIPE_SECRET_KEY_USD": "sk_live_hunter2"}, "STRIPE_"),
    "test and live in two sets": (
        {"STRIPE_SECRET_KEY_USD": "sk_live_hunter2", "STRIPE_PUBLISHABLE_KEY_USD": "pk_live_x"},
        "STRIPE_",
    ),
    "sandbox with live keys": (LIVE | {"STRIPE_SANDBOX": "1"}, "STRIPE_SANDBOX"),
    "no locks with live keys": (LIVE | {"STOREFRONT_UNSAFE_NO_LOCKS": "1"}, "STOREFRONT_UNSAFE_NO_LOCKS"),
    "live keys to a plain address": (LIVE | {"STRIPE_API_BASE": "http://stand-in.example"}, "STRIPE_API_BASE"),
    "small currency": ({"STRIPE_SECRET_KEY_usd": "sk_test_hunter2"}, "STRIPE_SECRET_KEY_usd"),
    "long currency": ({"STRIPE_WEBHOOK_SECRET_USDT": "whsec_hunter2"}, "STRIPE_WEBHOOK_SECRET_USDT"),
    "no currency": ({"STRIPE_SECRET_KEY": "sk_test_hunter2"}, "STRIPE_SECRET_KEY"),
    "api elsewhere": ({"STRIPE_API_BASE": "nowhere"}, "STRIPE_API_BASE"),
    "script elsewhere": ({"STRIPE_JS_URL": "nowhere"}, "STRIPE_JS_URL"),
    "short tick token": ({"TICK_TOKEN": "hunter2"}, "TICK_TOKEN"),
    "empty tick token": ({"TICK_TOKEN": ""}, "TICK_TOKEN"),
    "metrics token with spaces": ({"METRICS_TOKEN": "hunter2 hunter2 hunter2"}, "METRICS_TOKEN"),
    "retention in words": ({"RETENTION_DAYS": "two years"}, "RETENTION_DAYS"),
    "retention of a week": ({"RETENTION_DAYS": "7"}, "RETENTION_DAYS"),
    "purge address": ({"CDN_PURGE_URL": "varnish"}, "CDN_PURGE_URL"),
    "cloudflare without token": ({"CLOUDFLARE_ZONE_ID": "z"}, "CLOUDFLARE_API_TOKEN"),
    "cloudflare without zone": ({"CLOUDFLARE_API_TOKEN": "hunter2hunter2hunter2"}, "CLOUDFLARE_ZONE_ID"),
    "two caches in front": (
        {
            "CDN_PURGE_URL": "http://varnish:6081",
            "CLOUDFLARE_ZONE_ID": "z",
            "CLOUDFLARE_API_TOKEN": "hunter2hunter2hunter2",
        },
        "CDN_PURGE_URL",
    ),
    "log format": ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
}


@pytest.mark.parametrize(("changes", "name"), WRONG.values(), ids=WRONG.keys())
def test_is_refused_with_a_line_that_names_the_setting_and_shows_no_value(
    changes: dict[str, str | None], name: str
) -> None:
    problems = settings_of(changes)["PROBLEMS"]
    assert isinstance(problems, list)
    line = reading.refusal(problems)
    assert line.startswith(f"Cannot start. {name}")
    assert "\n" not in line
    for secret in ("hunter2", *(value for key, value in GOOD.items() if key.startswith("STRIPE_"))):
        assert secret not in line


@pytest.mark.parametrize(
    "changes",
    [
        {},
        LIVE,
        {"BASE_URL": "http://localhost:8000"},
        {"BASE_URL": "http://127.0.0.1:9000"},
        {"BASE_URL": "http://shop.example.com", "DEBUG": "1"},
        {"BASE_URL": GONE, "RENDER_EXTERNAL_URL": "https://shop.onrender.com"},
        {"DATABASE_URL": "postgresql://me:p%40ss@db.example:5432/shop?sslmode=require"},
        {"CACHE_URL": "rediss://:word@cache.example:6379/1", "EMAIL_URL": "smtps://me%40x.example:p@mail.example:465"},
        {"STRIPE_SANDBOX": "on"},
        {"STRIPE_WEBHOOK_SECRET_USD": GONE},
        {"STOREFRONT_UNSAFE_NO_LOCKS": "1"},
        {"STRIPE_API_BASE": "http://localhost:12111"},
        {"SECRET_KEY": GONE, "DEBUG": "true"},
    ],
)
def test_is_accepted(changes: dict[str, str | None]) -> None:
    assert settings_of(changes)["PROBLEMS"] == []


def test_every_problem_is_collected_for_the_doctor() -> None:
    problems = settings_of({"PORT": "x", "CACHE_URL": "y", "STRIPE_SECRET_KEY_EUR": GONE})["PROBLEMS"]
    assert isinstance(problems, list)
    assert len(problems) == 3
    assert "(2 more:" in reading.refusal(problems)


def test_two_key_sets_are_two_accounts() -> None:
    accounts = settings_of({})["STRIPE_ACCOUNTS"]
    assert isinstance(accounts, dict)
    assert set(accounts) == {"USD", "EUR"}
    assert accounts["EUR"]["webhook_secrets"] == ["whsec_otherHookEUR", "whsec_newHookEUR"]
    assert accounts["USD"]["secret_key"] == GOOD["STRIPE_SECRET_KEY_USD"]


def test_the_sandbox_is_on_exactly_when_no_key_is_set() -> None:
    without = dict.fromkeys((name for name in GOOD if name.startswith("STRIPE_")), GONE)
    assert settings_of({})["STRIPE_SANDBOX"] is False
    assert settings_of(without)["STRIPE_SANDBOX"] is True
    assert settings_of({**without, "STRIPE_SANDBOX": "0"})["STRIPE_SANDBOX"] is False


def test_the_platform_names_the_shop_when_nobody_else_does() -> None:
    found = settings_of(
        {
            "BASE_URL": GONE,
            "RENDER_EXTERNAL_URL": "https://a.onrender.com",
            "RENDER_EXTERNAL_HOSTNAME": "a.onrender.com",
        }
    )
    assert found["BASE_URL"] == "https://a.onrender.com"
    assert found["ALLOWED_HOSTS"] == ["a.onrender.com"]
    assert found["ON_RENDER"]
    assert settings_of({"RENDER_EXTERNAL_HOSTNAME": "a.onrender.com"})["ALLOWED_HOSTS"] == [
        "shop.example.com",
        "a.onrender.com",
    ]


def test_browsers_may_follow_to_what_stands_in_for_stripe_and_to_the_bucket() -> None:
    found = settings_of(
        {
            "STRIPE_API_BASE": "http://localhost:12111/x",
            "MEDIA_STORAGE": "s3",
            "AWS_STORAGE_BUCKET_NAME": "b",
            "AWS_S3_CUSTOM_DOMAIN": "media.example.com",
        }
    )
    policies = found["POLICIES"]
    assert isinstance(policies, dict)
    assert "http://localhost:12111" in policies["payment"]["form-action"]
    assert "http://localhost:12111" not in policies["public"]["form-action"]
    assert all("https://media.example.com" in policies[kind]["img-src"] for kind in ("public", "payment", "admin"))


def test_files_for_sale_are_kept_in_a_bucket_that_signs_or_in_a_folder_or_not_taken() -> None:
    bucket = {"MEDIA_STORAGE": "s3", "AWS_STORAGE_BUCKET_NAME": "b", "AWS_S3_CUSTOM_DOMAIN": "media.example.com"}
    for more, kept, backend in (
        ({}, True, "PrivateFolder"),
        (bucket, False, "PrivateFolder"),
        ({**bucket, "AWS_PRIVATE_BUCKET_NAME": "closed"}, True, "PrivateBucket"),
    ):
        found = settings_of(more)
        storage = found["STORAGES"]["downloads"]  # type: ignore[index]
        assert found["DOWNLOADS_ARE_KEPT"] is kept
        assert storage["BACKEND"].endswith(backend)
    assert storage["OPTIONS"]["bucket_name"] == "closed"
    assert storage["OPTIONS"]["querystring_auth"]
    assert "custom_domain" not in storage["OPTIONS"]


def test_a_local_shop_answers_to_every_local_name() -> None:
    found = addresses.hosts("http://localhost:8000", [], "")
    assert found == ["localhost", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtps://u:p@mail.example:465", {"EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False, "EMAIL_PORT": 465}),
        ("smtps://u:p@mail.example", {"EMAIL_USE_TLS": True, "EMAIL_PORT": 587}),
        ("smtp://mail.example", {"EMAIL_PORT": 25}),
        ("filemail:///var/mails", {"EMAIL_FILE_PATH": "/var/mails"}),
    ],
)
def test_mail_speaks_what_its_port_speaks(url: str, expected: dict[str, object]) -> None:
    assert services.parse_email_url(url).items() >= expected.items()


def test_sqlite_is_durable_and_takes_its_write_lock_at_once(tmp_path: Path) -> None:
    options = services.parse_database(f"sqlite:///{tmp_path}/shop.sqlite3", ROOT)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]


def test_a_suite_never_sees_the_machines_keys() -> None:
    passed = testing.environment({**GOOD, "DATABASE_URL": "sqlite:////tmp/x", "CACHE_URL": "redis://r"})
    assert not [name for name in passed if name.startswith("STRIPE_")]
    assert passed["CACHE_URL"] == "redis://r"


def test_lines_that_are_no_settings_are_found() -> None:
    lines = ["# comment", "", "A=1", "export B='two words'", "hunter2", "C =3", "=4"]
    assert reading.malformed_lines(lines) == [5, 7]


def test_the_example_lists_exactly_the_settings_that_are_read() -> None:
    text = (ROOT / ".env.example").read_text()
    listed = set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", text, re.MULTILINE))
    of_buckets = reading.Reader({})
    services.s3_options(of_buckets)
    read = base.read.names | of_buckets.names
    read |= {f"{name}_USD" for name in (stripe_keys.SECRET, stripe_keys.PUBLISHABLE, stripe_keys.WEBHOOK)}
    assert listed == read


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A real process with nothing of this one's environment."""
    path = {"PATH": str(Path(sys.executable).parent), "DATABASE_URL": "sqlite://:memory:"}
    return subprocess.run(
        command, cwd=ROOT, env=path | environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    "command",
    [
        (sys.executable, "manage.py", "check"),
        (sys.executable, "manage.py", "boot"),
        (sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "storefront.wsgi"),
    ],
    ids=["check", "boot", "gunicorn"],
)
@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "hunter2"), ("WEB_CONCURRENCY", "0"), ("STRIPE_SECRET_KEY_USD", "pk_test_hunter2")]
)
def test_the_process_ends_with_one_line(command: tuple[str, ...], name: str, value: str) -> None:
    result = run(*command, SECRET_KEY="k", **{name: value})
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"Cannot start. {name}: ")
    assert "hunter2" not in result.stderr


def test_the_deployment_check_is_clean() -> None:
    result = run(
        *(sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        SECRET_KEY="qN2-long-and-random-0123456789-abcdefghijklmnopqrstuvwxyz",
        BASE_URL="https://shop.example.com",
        DATABASE_URL="postgres://shop@127.0.0.1:5432/shop",
    )
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout
