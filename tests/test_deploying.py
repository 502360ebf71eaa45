"""What hosts read – Dockerfile, compose.yaml, render.yaml, fly.toml, Procfile – against the code they start."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.urls import resolve

from checkout.gateway.client import API_VERSION
from checkout.inbox import HANDLERS
from storefront.settings import base
from tests.test_settings import GONE, GOOD, settings_of

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "README.md"]
FOR_OPERATORS = [page for page in PAGES if page.name not in ("architecture.md", "payments.md")]


def read(name: str) -> str:
    return (ROOT / name).read_text()


def known(names: set[str]) -> set[str]:
    """Those that are no settings of the shop's."""
    return names - base.read.names - {"AWS_STORAGE_BUCKET_NAME"}


@pytest.fixture
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(read("compose.yaml"))
    return found


def test_compose_names_only_settings_and_services_that_there_are(compose) -> None:
    services = compose["services"]
    assert set(services) == {"shop", "tick", "database", "cache", "mail"}
    for name in ("shop", "tick"):
        assert known(set(services[name]["environment"])) == set()
        assert set(services[name]["depends_on"]) <= set(services)
    hosts = re.findall(r"(?:@|//)(\w+):\d+", " ".join(map(str, services["shop"]["environment"].values())))
    assert set(hosts) == {"database", "cache", "mail"}


def test_compose_waits_for_what_is_healthy_and_keeps_what_must_last(compose) -> None:
    services = compose["services"]
    for service in services.values():
        for other, wait in service.get("depends_on", {}).items():
            assert wait["condition"] == "service_healthy"
            assert other == "shop" or "healthcheck" in services[other]
    named = {mount.split(":")[0] for one in services.values() for mount in one.get("volumes", [])}
    assert named == set(compose["volumes"])


def test_compose_opens_ports_to_this_machine_only_and_gives_no_rights(compose) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    for name in ("shop", "tick"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]


def test_compose_pins_its_images(compose) -> None:
    images = [one["image"] for one in compose["services"].values() if "build" not in one]
    assert all(re.search(r":v?\d", image) for image in images)


def test_render_gives_what_the_shop_needs_and_no_more_than_is_free() -> None:
    blueprint = yaml.safe_load(read("render.yaml"))
    (service,) = blueprint["services"]
    (database,) = blueprint["databases"]
    assert (service["plan"], database["plan"]) == ("free", "free")
    assert resolve(service["healthCheckPath"]).url_name == "healthz"
    variables = {one["key"]: one for one in service["envVars"]}
    assert known(set(variables)) == set()
    assert variables["DATABASE_URL"]["fromDatabase"]["name"] == database["name"]
    assert variables["WEB_CONCURRENCY"]["value"] == "1"
    assert all(variables[name]["generateValue"] for name in ("SECRET_KEY", "ADMIN_PASSWORD", "TICK_TOKEN"))
    assert "disk" not in service
    assert "preDeployCommand" not in service


def test_fly_checks_the_port_that_is_served() -> None:
    config = tomllib.loads(read("fly.toml"))
    assert known(set(config["env"])) == set()
    assert int(config["env"]["PORT"]) == config["http_service"]["internal_port"]
    assert [resolve(check["path"]).url_name for check in config["http_service"]["checks"]] == ["healthz"]


def values_of(name: str) -> dict[str, str]:
    """What a host's file gives the shop, with what the host makes up or its guide tells to set."""
    if name == "compose.yaml":
        return yaml.safe_load(read(name))["services"]["shop"]["environment"]
    if name == "render.yaml":
        made = {"DATABASE_URL": "postgres://shop:x@dpg-1/shop", "RENDER_EXTERNAL_HOSTNAME": "shop.onrender.com"}
        variables = yaml.safe_load(read(name))["services"][0]["envVars"]
        return made | {
            one["key"]: one.get("value", "generated-by-the-host") for one in variables if "fromDatabase" not in one
        }
    guide = (DOCS / "deploy-fly.md").read_text().split("fly secrets set")[1].split("fly deploy")[0]
    told = {"BASE_URL": "https://shop.fly.dev", "DATABASE_URL": "postgres://shop:x@db/shop"}
    return tomllib.loads(read(name))["env"] | dict.fromkeys(re.findall(r"([A-Z_]+)=", guide), "t" * 40) | told


@pytest.mark.parametrize("name", ["compose.yaml", "render.yaml", "fly.toml"])
def test_the_shop_starts_with_the_values_of_every_host(name: str) -> None:
    """Each value is one that its setting takes, nothing that is needed is missing, and payments are pretended."""
    found = settings_of(dict.fromkeys(GOOD, GONE) | values_of(name))
    assert found["PROBLEMS"] == []
    assert found["DEBUG"] is False
    assert found["STRIPE_SANDBOX"] is True
    assert found["DATABASES"]["default"]["ENGINE"].endswith("postgresql")  # type: ignore[index]


def test_render_knows_every_word_of_the_blueprint() -> None:
    """Its schema refuses a word that it does not know, and so a whole deploy."""
    service = yaml.safe_load(read("render.yaml"))["services"][0]
    words = {"type", "name", "runtime", "plan", "dockerfilePath", "healthCheckPath", "autoDeployTrigger", "envVars"}
    assert set(service) <= words
    for variable in service["envVars"]:
        assert set(variable) in ({"key", "value"}, {"key", "generateValue"}, {"key", "fromDatabase"})
        assert isinstance(variable.get("value", ""), str), variable  # a number is no value there
    assert (ROOT / service["dockerfilePath"]).is_file()


def test_every_way_starts_the_same_two_things() -> None:
    serve = "gunicorn -c gunicorn.conf.py storefront.wsgi"
    assert f"web: {serve}" in read("Procfile")
    assert "release: python manage.py boot" in read("Procfile")
    assert str(serve.split()).replace("'", '"') in read("Dockerfile")
    assert "python manage.py boot" in read("entrypoint.sh")


def test_the_image_is_not_run_by_root_and_its_code_is_not_its_own() -> None:
    last = read("Dockerfile").rsplit("FROM", 1)[1]
    assert re.search(r"^USER app$", last, re.MULTILINE)
    assert "--chown" not in last
    assert "--require-hashes" in read("Dockerfile")
    assert "--no-deps" in read("Dockerfile")
    assert "/healthz" in last


OUT_OF_REACH = """
import sys, runpy
from importlib.abc import MetaPathFinder
from pathlib import Path
root = Path(sys.argv[1])
sys.path.insert(0, str(root / "scripts"))
import image_slim, django
packages = Path(django.__file__).parents[1]
gone = {str(path) for path in image_slim.unused(packages, sys.argv[2:])}
modules = {Path(path).name.split(".")[0] for path in gone if Path(path).parent == packages}

def is_gone(path):
    return path.startswith(str(packages)) and any(str(one) in gone for one in (Path(path), *Path(path).parents))

class Nowhere(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in modules:
            raise ModuleNotFoundError(name)

def look(event, given):
    if event == "open" and isinstance(given[0], str) and is_gone(given[0]):
        raise FileNotFoundError(given[0])

sys.meta_path.insert(0, Nowhere())
sys.addaudithook(look)
sys.argv = [str(root / "scripts" / "image_whole.py")]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_the_shop_does_without_what_the_image_leaves_out() -> None:
    """With those files of the real packages out of its reach it has every language, format, bucket and page."""
    languages = re.findall(r'^ARG LANGUAGES="(.+)"$', read("Dockerfile"), re.MULTILINE)[0].split()
    assert languages == [code for code, _ in settings.LANGUAGES]
    done = subprocess.run(
        [sys.executable, "-c", OUT_OF_REACH, str(ROOT), *languages],
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "x", "DEBUG": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["Nothing lacks."]), done.stderr[-2000:]


def test_the_image_is_made_smaller_and_then_tried() -> None:
    build, runtime = read("Dockerfile").split("AS runtime")
    assert "image_slim.py /venv" in build
    assert "collectstatic" in runtime.split("image_whole.py")[0]


def test_a_package_that_moved_its_files_stops_the_build(tmp_path: Path) -> None:
    for folder in ("stripe/params/__pycache__", "wagtail/test"):
        (tmp_path / folder).mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "image_slim.py"), str(tmp_path), "en"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "wagtail/project_template finds nothing" in done.stderr
    assert (tmp_path / "wagtail/test").exists()


def test_what_the_image_leaves_out_is_what_is_named(tmp_path: Path) -> None:
    kept = [
        *("wagtail/a.py", "wagtail/locale/de/django.mo", "stripe/params/_a.py", "botocore/data/s3/x.json"),
        *("botocore/data/endpoints.json", "boto3/data/s3/x.json", "babel/locale-data/root.dat"),
        *("babel/locale-data/pt_BR.dat", "babel/locale-data/en.dat", "django/contrib/gis/a.py"),
    ]
    gone = [
        *("wagtail/test/a.py", "wagtail/project_template/a.py", "wagtail/locale/de/django.po", "x/tests/test_a.py"),
        *("pillow_heif/__init__.py", "pillow_heif.libs/a.so", "_pillow_heif.cpython-313.so", "ninja/static/a.js"),
        *("rest_framework/static/a.js", "stripe/params/x/__pycache__/a.pyc", "botocore/data/ec2/x.json"),
        *("boto3/data/ec2/x.json", "babel/locale-data/ptx.dat", "babel/locale-data/eo.dat"),
    ]
    for name in kept + gone:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "image_slim.py"), str(tmp_path), "en", "pt-br"],
        check=True,
        capture_output=True,
    )
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == set(kept)


def test_the_entrypoint_passes_the_hosts_signal_on(tmp_path: Path) -> None:
    """While it prepares, a stop stops it; afterwards the server is the process itself."""
    (tmp_path / "entrypoint.sh").write_text(read("entrypoint.sh"))
    (tmp_path / "python").write_text("#!/bin/sh\nexec sleep 60\n")
    (tmp_path / "python").chmod(0o755)
    path = f"{tmp_path}:/usr/bin:/bin"
    started = subprocess.Popen(["/bin/sh", str(tmp_path / "entrypoint.sh"), "gunicorn"], env={"PATH": path})
    with pytest.raises(subprocess.TimeoutExpired):
        started.wait(timeout=1)
    started.terminate()
    assert started.wait(timeout=10) == 143
    done = subprocess.run(
        ["/bin/sh", str(tmp_path / "entrypoint.sh"), "echo", "served"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "served\n"


def test_the_guide_to_stripe_names_the_version_and_every_event() -> None:
    guide = (DOCS / "stripe.md").read_text()
    assert f"`{API_VERSION}`" in guide
    named = set(re.findall(r"`((?:checkout|payment_intent|charge|refund)\.[a-z_.]+)`", guide))
    assert named == set(HANDLERS)
    assert API_VERSION in read("README.md")


@pytest.mark.parametrize(
    "path", sorted([*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "SECURITY.md"]), ids=lambda p: p.name
)
def test_links_of_the_documentation_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", FOR_OPERATORS, ids=lambda path: path.name)
def test_settings_and_commands_of_the_documentation_exist(path: Path) -> None:
    from django.core.management import get_commands

    text = path.read_text()
    commands = set(re.findall(r"manage\.py ([a-z_]+)", text))
    assert commands - set(get_commands()) == set()
    listed = set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", read(".env.example"), re.MULTILINE))
    named = set(re.findall(r"`([A-Z][A-Z0-9]+_[A-Z0-9_]+)(?:=[^`]*)?`", text))
    assert {name for name in named - listed if not name.startswith(("AWS_", "TEST_"))} == set()
