"""The rules of docs/architecture.md, read from the files themselves. Each says which file breaks which rule."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = ("products", "checkout", "storefront")
PROCEDURES = {"start", "settle", "close", "refund", "reconcile"}
ENTRANCES = {"views", "admin", "management", "wagtail_hooks", "sandbox", "urls", "apps"}
# Rooms of checkout from the top floor to the ground: a room may use its own floor's rooms and those below.
GROUND = {"states": 0, "pricing": 0, "models": 1, "locks": 2, "gateway": 2, **dict.fromkeys(PROCEDURES, 4)}


def sources() -> list[Path]:
    """The application's modules: no tests, no migrations."""
    found = [path for room in ("products", "checkout", "site") for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if not {"tests", "migrations"} & set(path.parts) and path.name != "conftest.py"]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts[1:] if parts[0] == "site" else parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    """Absolute names of every module (or name in a module) that the file imports, inside functions too."""
    package = module_of(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            names |= {f"{origin}.{alias.name}" for alias in node.names}
    return names


def uses(path: Path, package: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for name in imports(path))


def where(check: Callable[[Path], bool]) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in sources() if check(path)}


def in_rooms(files: set[str], *rooms: str) -> set[str]:
    return {file for file in files if file.startswith(rooms)}


def test_the_check_sees_the_whole_house() -> None:
    assert {"checkout/states.py", "products/money.py", "site/storefront/settings/base.py"} <= where(lambda path: True)
    assert uses(ROOT / "checkout/models/order.py", "products.money")
    assert uses(ROOT / "checkout/models/order.py", "checkout.states")


def test_products_knows_nothing_of_checkout_or_of_the_project() -> None:
    assert in_rooms(where(lambda path: uses(path, "checkout") or uses(path, "storefront")), "products/") == set()


def test_checkout_knows_nothing_of_the_project() -> None:
    assert in_rooms(where(lambda path: uses(path, "storefront")), "checkout/") == set()


def room_of(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def test_inside_checkout_imports_point_downwards() -> None:
    wrong = set()
    for path in sources():
        module = module_of(path)
        if not module.startswith("checkout."):
            continue
        here = room_of(module)
        for name in imports(path):
            there = room_of(name) if name.startswith("checkout.") else ""
            if here not in ENTRANCES and there in {"views", "admin", "management", "wagtail_hooks", "urls"}:
                wrong.add(f"{module} uses {name}: only entrances know entrances")
            if here in GROUND and there in GROUND and GROUND[there] > GROUND[here]:
                wrong.add(f"{module} uses {name}: upwards")
            if here in ("states", "pricing") and there and there not in ("states", "pricing"):
                wrong.add(f"{module} uses {name}: it is pure")
    assert wrong == set()


def test_pricing_is_pure() -> None:
    """No database, no clock, no network, no settings: the same input prices the same for ever."""
    pricing = ROOT / "checkout/pricing.py"
    standard = ["dataclasses", "collections", "typing", "enum", "hashlib", "json", "decimal", "itertools", "fractions"]
    allowed = ("products.money", "checkout.states", *standard)
    if pricing.exists():
        assert {name for name in imports(pricing) if not name.startswith(allowed)} == set()


def test_only_the_gateway_imports_stripe() -> None:
    found = where(lambda path: uses(path, "stripe"))
    assert found - in_rooms(found, "checkout/gateway/") == set()


def test_only_settings_base_reads_the_environment() -> None:
    found = where(_reads_environment)
    assert found == {"site/storefront/settings/base.py"}


def _reads_environment(path: Path) -> bool:
    """os.environ, os.getenv or django-environ's Env(); choosing the settings module by setdefault is no reading."""
    tree = ast.parse(path.read_text())
    chosen = {
        node.func.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "setdefault"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value == "DJANGO_SETTINGS_MODULE"
    }
    if imports(path) & {"os.environ", "os.getenv"}:
        return True
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node not in chosen:
            name = ast.unparse(node)
            if name in ("os.environ", "os.getenv") or name.endswith(".ENVIRON"):
                return True
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("environ.Env", "Env"):
            return True
    return False


def calls(path: Path, method: str) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == method for node in ast.walk(ast.parse(path.read_text()))
    )


def test_only_locks_locks_rows() -> None:
    assert where(lambda path: calls(path, "select_for_update")) - {"checkout/locks.py"} == set()


def test_only_the_procedures_write_an_orders_status() -> None:
    allowed = {f"checkout/{name}.py" for name in PROCEDURES}
    rooms = tuple(f"checkout/{name}/" for name in PROCEDURES)
    found = where(_writes_order_status)
    assert found - allowed - in_rooms(found, *rooms) == set()


WRITERS = {"update", "create", "get_or_create", "update_or_create", "Order"}


def _writes_order_status(path: Path) -> bool:
    """`….status = …` on something, or a keyword `status=OrderStatus.…` in update/create/a constructor."""
    tree = ast.parse(path.read_text())
    if "OrderStatus" not in path.read_text() and "Order" not in path.read_text():
        return False
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets):
            return True
        if isinstance(node, ast.Call) and _name_of(node.func) in WRITERS:
            for keyword in node.keywords:
                if keyword.arg == "status" and "OrderStatus" in ast.unparse(keyword.value):
                    return True
    return False


def _name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)


def test_only_pricing_and_money_round() -> None:
    """Shares and percentages need rounding, and rounding has one home: nobody else divides or rounds money."""
    allowed = {"checkout/pricing.py", "products/money.py"}
    rounding = where(lambda path: uses(path, "products.money.round_half_up"))
    # the sandbox is Stripe: it must come to its totals without asking the shop
    assert rounding - allowed - in_rooms(rounding, "checkout/sandbox/") == set()
    dividing = in_rooms(where(_divides_money), "checkout/", "products/models/", "products/admin/")
    assert dividing - allowed - in_rooms(dividing, "checkout/sandbox/") == set()


MONEY = re.compile(r"\b\w*(?:amount|price|total|subtotal|discount|tax|shipping|minor)\b")


def _divides_money(path: Path) -> bool:
    for node in ast.walk(ast.parse(path.read_text())):
        text = ""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv):
            text = ast.unparse(node.left)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("round", "float"):
            text = ast.unparse(node)
        if MONEY.search(text):
            return True
    return False


def test_no_network_call_can_happen_inside_a_transaction() -> None:
    """Every request of the gateway passes one guard; the guard itself is tested beside it."""
    gateway = ROOT / "checkout/gateway"
    if any(uses(path, "stripe") for path in gateway.glob("*.py")):
        assert any("in_atomic_block" in path.read_text() for path in gateway.glob("*.py"))


INLINE = re.compile(r"<style\b|<script\b(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)|\sstyle=|\son[a-z]+=", re.I)


def public_templates() -> Iterator[Path]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        room = path.relative_to(ROOT / "templates").parts[0]
        if "admin" not in room and room not in ("mail", "mails"):
            yield path


def test_public_templates_have_no_inline_script_or_style() -> None:
    """The content security policy forbids both; mails cannot do without."""
    wrong = {
        f"{path.relative_to(ROOT)}: {match.group().strip()}"
        for path in public_templates()
        for match in INLINE.finditer(re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", path.read_text(), flags=re.S))
    }
    assert wrong == set()


def test_site_is_a_folder_and_no_package() -> None:
    import site

    assert not (ROOT / "site/__init__.py").exists()
    assert ROOT not in Path(str(site.__file__)).parents


@pytest.mark.parametrize("name", [".gitignore", ".dockerignore"])
def test_ignore_files_keep_site(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    assert not {"site", "/site", "site/", "/site/"} & {line.strip() for line in lines}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_every_pinned_requirement_has_a_hash_and_no_index_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    pins = re.findall(r"^[\w.\[\],-]+==\S+(.*(?:\n    .*)*)", text, re.MULTILINE)
    assert len(pins) > 20
    assert all("--hash=sha256:" in pin for pin in pins)
    assert not re.search(r"^(?!\s*#).*(?:index-url|find-links|https?://)", text, re.MULTILINE)


def test_modules_stay_small() -> None:
    long = {
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in sources()
        if (lines := len(path.read_text().splitlines())) > 300
    }
    assert long == set()
