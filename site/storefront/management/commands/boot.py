"""Everything between an empty machine and a running shop.

One call, because each costs seconds on a small host.
"""

import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from storefront import first_boot
from storefront.alone import alone

DATABASE_PATIENCE = 60  # seconds: beside a database that starts at the same time


class Command(BaseCommand):
    help = "Prepare the shop to be served: migrate, address, first admin, demo shop. Quick when there is nothing to do."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        self.wait_for_database()
        with alone(connection, "boot", waiting=lambda: self.say("waiting for another boot to finish")):
            self.migrate()
            if settings.DEMO:
                self.load_demo()
            for done in (first_boot.home_page(), first_boot.site_address(), first_boot.administrator()):
                if done:
                    self.say(done)
        self.stdout.write(f"The shop: {settings.BASE_URL}/\nThe admin: {settings.BASE_URL}/admin/")

    def say(self, text: str) -> None:
        self.stdout.write(f"→ {text}")
        self.stdout.flush()

    def wait_for_database(self) -> None:
        deadline = time.monotonic() + (DATABASE_PATIENCE if connection.vendor == "postgresql" else 0)
        while True:
            try:
                connection.ensure_connection()
            except OperationalError as error:
                if time.monotonic() >= deadline:
                    raise CommandError(
                        f"DATABASE_URL: the database does not answer ({type(error).__name__})."
                    ) from None
                self.say("waiting for the database")
                time.sleep(2)
            else:
                return

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.say(f"applying {len(plan)} migrations")
            call_command("migrate", interactive=False, skip_checks=True)

    def load_demo(self) -> None:
        from products.demo import loading, media, printables

        loaded = loading.load_if_empty()
        if loaded:
            self.say(f"the demo shop: {loaded}")
        elif restored := media.restore_media() + printables.restore_printables():
            self.say(f"{restored} files of the demo shop were restored")
