"""What the shop leans on – database, cache, mail, object storage – out of their addresses. Pure."""

import re
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from environ import Env
from environ.compat import ImproperlyConfigured

from .reading import Malformed, Reader

POSTGRESQL = ("postgres", "postgresql", "psql", "pgsql")
REDIS = ("redis", "rediss", "rediscache", "valkey", "valkeys")
Settings = dict[str, Any]


def parse_database(text: str, root: Path) -> Settings:
    """Django's database settings from sqlite:///file or postgres://user:password@host:port/name."""
    scheme = text.split(":", 1)[0].lower()
    if scheme not in (*POSTGRESQL, "sqlite"):
        raise Malformed("must begin with sqlite:/// or postgres://.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            config = Env.db_url_config(text)
    except (ValueError, UserWarning, ImproperlyConfigured):
        raise Malformed("is no database address: postgres://user:password@host:5432/name or sqlite:////file.") from None
    config.setdefault("OPTIONS", {})
    return _sqlite(config, root) if scheme == "sqlite" else _postgresql(config)


def _sqlite(config: Settings, root: Path) -> Settings:
    if config["NAME"] != ":memory:":
        path = root / config["NAME"]
        if not path.parent.is_dir():
            raise Malformed(f"names a file in {path.parent}, which is no folder. Make the folder first.")
        config["NAME"] = str(path)
    # Opening the file takes as long as making a page (it reads the description of every table). A minute, so that a
    # file that was changed for another is noticed.
    config.setdefault("CONN_MAX_AGE", 60)
    # IMMEDIATE, because a deferred transaction that turns writer fails at once under load;
    # FULL, because NORMAL may lose the last commits at power loss, and they are money.
    config["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    return config


def _postgresql(config: Settings) -> Settings:
    if not config["NAME"]:
        raise Malformed("names no database: postgres://user:password@host:5432/name.")
    config.setdefault("CONN_MAX_AGE", 60)
    config["CONN_HEALTH_CHECKS"] = True
    config["OPTIONS"].setdefault("connect_timeout", 10)
    return config


def parse_cache(text: str) -> Settings:
    """Django's cache settings from locmemcache://, redis://host:port/number or filecache:///folder."""
    scheme = text.split(":", 1)[0].lower()
    if scheme not in (*REDIS, "locmemcache", "filecache", "dummycache") or "://" not in text:
        raise Malformed("must begin with redis://, rediss://, filecache:/// or be locmemcache://.")
    try:
        config = Env.cache_url_config(text)
        _ = urlsplit(text).port
    except (ValueError, ImproperlyConfigured):
        raise Malformed("is no cache address, such as redis://127.0.0.1:6379/0.") from None
    if scheme in REDIS and not urlsplit(text).netloc and not urlsplit(text).path:
        raise Malformed("names no host, such as redis://127.0.0.1:6379/0.")
    return config


def parse_page_cache(text: str) -> Settings:
    """As parse_cache. A folder keeps more than Django's 300 entries; dummycache:// stores no pages."""
    config = parse_cache(text)
    if config["BACKEND"].endswith("FileBasedCache"):
        config["OPTIONS"] = {"MAX_ENTRIES": 5_000} | config.get("OPTIONS", {})
    return config


def parse_email_url(text: str) -> Settings:
    """Django's EMAIL_* settings from smtp(s)://user:password@host:port, consolemail:// or filemail:///folder."""
    advice = "must be smtp://, smtps://user:password@host:port, filemail:///folder or consolemail://."
    try:
        config = Env.email_url_config(text)
        parts = urlsplit(text)
    except (ValueError, ImproperlyConfigured):
        raise Malformed(advice) from None
    config.pop("OPTIONS", None)
    backend = config["EMAIL_BACKEND"].rsplit(".", 2)[1]
    if "://" not in text or (backend == "smtp" and not config["EMAIL_HOST"]):
        raise Malformed(advice)
    if backend == "filebased":
        if not parts.path.strip("/"):
            raise Malformed("names no folder: filemail:///var/mails.")
        config["EMAIL_FILE_PATH"] = "/" + parts.path.strip("/")
    if backend == "smtp":
        _choose_encryption(config)
    config["EMAIL_TIMEOUT"] = 10  # seconds: a mail server that hangs must not hang a buyer's request
    return config


def _choose_encryption(config: Settings) -> None:
    """Port 465 speaks TLS from its first byte, whatever the scheme is called; others by STARTTLS."""
    if config["EMAIL_PORT"] == 465:
        config["EMAIL_USE_SSL"], config["EMAIL_USE_TLS"] = True, False
    if not config["EMAIL_PORT"]:
        config["EMAIL_PORT"] = 465 if config.get("EMAIL_USE_SSL") else 587 if config.get("EMAIL_USE_TLS") else 25


def parse_search(text: str) -> Settings:
    """Wagtail's search backend from opensearch://user:password@host:9200/prefix; opensearchs:// speaks TLS."""
    try:
        parts = urlsplit(text)
        port = parts.port or 9200
    except ValueError:
        raise Malformed("is no address of a search cluster, such as opensearchs://user:password@host:9200.") from None
    if parts.scheme not in ("opensearch", "opensearchs") or not parts.hostname:
        raise Malformed("must be opensearch://host:9200 or opensearchs://user:password@host:9200.")
    prefix = parts.path.strip("/") or "shop"
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,40}", prefix):
        raise Malformed(
            "names a prefix of its indexes that is none: small letters, digits, - and _, as in …:9200/shop."
        )
    secure = parts.scheme == "opensearchs"
    host: Settings = {"host": parts.hostname, "port": port, "use_ssl": secure, "verify_certs": secure}
    if parts.username is not None:
        host["http_auth"] = (unquote(parts.username), unquote(parts.password or ""))
    # Whoever searches waits for a cluster that hangs, once; then the database answers (products.cluster).
    options = {"max_retries": 0, "retry_on_timeout": False}
    backend = "products.cluster_backend"
    return {"BACKEND": backend, "HOSTS": [host], "INDEX_PREFIX": f"{prefix}_", "TIMEOUT": 2, "OPTIONS": options}


def parse_media_storage(text: str) -> str:
    if text not in ("local", "s3"):
        raise Malformed("must be local or s3.")
    return text


def s3_options(read: Reader) -> Settings:
    """django-storages' options. The names in the environment are those of Amazon's own tools."""
    options = {
        "bucket_name": read.text("AWS_STORAGE_BUCKET_NAME"),
        "access_key": read.text("AWS_ACCESS_KEY_ID"),
        "secret_key": read.text("AWS_SECRET_ACCESS_KEY"),
        "region_name": read.text("AWS_S3_REGION_NAME"),
        "endpoint_url": read.text("AWS_S3_ENDPOINT_URL"),
        "custom_domain": read.text("AWS_S3_CUSTOM_DOMAIN"),
    }
    return {key: value for key, value in options.items() if value} | {
        "file_overwrite": False,
        "querystring_auth": False,
    }


def refuse_half_a_bucket(read: Reader, options: Settings) -> None:
    if not options.get("bucket_name"):
        read.problem("AWS_STORAGE_BUCKET_NAME", "is missing. MEDIA_STORAGE=s3 needs the bucket's name.")
    for have, lack in (("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")):
        if read.has(have) and not read.has(lack):
            read.problem(lack, f"is missing beside {have}. Set both, or neither.")


def downloads(read: Reader, media: Settings, folder: Path) -> Settings:
    """Where files for sale are kept: a folder of their own, or beside a bucket of pictures a second, closed one."""
    bucket = read.text("AWS_PRIVATE_BUCKET_NAME")
    if bucket and "bucket_name" not in media.get("OPTIONS", {}):
        read.problem("AWS_PRIVATE_BUCKET_NAME", "is set without MEDIA_STORAGE=s3. Set that too, or remove it.")
    elif bucket and bucket == media["OPTIONS"]["bucket_name"]:
        read.problem("AWS_PRIVATE_BUCKET_NAME", "is the bucket of the pictures, open to everybody. Take another.")
    elif bucket:
        options = {name: value for name, value in media["OPTIONS"].items() if name != "custom_domain"}
        options |= {"bucket_name": bucket, "querystring_auth": True}
        return {"BACKEND": "products.private_bucket.PrivateBucket", "OPTIONS": options}
    return {"BACKEND": "products.private_files.PrivateFolder", "OPTIONS": {"location": str(folder)}}


def refuse_open_folder(read: Reader, folder: Path, served: list[Path]) -> None:
    if any(folder.resolve().is_relative_to(one.resolve()) for one in served):
        read.problem("DOWNLOADS_ROOT", "lies in a folder that everybody may read. Take one beside it.")


def media_url(storage: Settings) -> str:
    """Where browsers find the pictures of a bucket; "" for a folder of ours."""
    options = storage.get("OPTIONS", {})
    if "custom_domain" in options:
        return f"https://{options['custom_domain']}"
    if "endpoint_url" in options:
        return str(options["endpoint_url"])
    if "bucket_name" not in options:
        return ""
    region = f".{options['region_name']}" if "region_name" in options else ""
    return f"https://{options['bucket_name']}.s3{region}.amazonaws.com"
