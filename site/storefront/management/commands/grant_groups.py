from django.core.management.base import BaseCommand

from storefront.groups import MANAGERS, PAGES, create_groups


class Command(BaseCommand):
    help = "After an upgrade: give the shop's groups the permissions that a new shop gives them. Takes nothing away."

    def handle(self, *args: object, **options: object) -> None:
        create_groups()
        self.stdout.write(f"{', '.join([*PAGES, MANAGERS])}: have what a new shop gives them.")
