"""`manage.py forget`: whose an order was, and who waits for stock. The order, its money and its stock stay."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from checkout import alerts, personal


class Command(BaseCommand):
    help = "Erase a person's data; orders and money stay. Stripe's own copy is deleted in its dashboard."

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument(
            "--email", default="", help="every order bought with this address, and every wish to be told about stock"
        )
        who.add_argument("--order", default="", metavar="NUMBER", help="this order")

    def handle(self, *args: object, email: str, order: str, **options: object) -> None:
        try:
            count = personal.erase(personal.named(email=email, number=order))
        except personal.StillOpen as error:
            raise CommandError(f"{error} is still being paid: cancel it, or wait until its page has expired.") from None
        waiting = alerts.drop(alerts.of(email)) if email else 0
        if not count and not waiting:
            raise CommandError("There is no such order, and nobody waits for stock with that address.")
        if waiting:
            self.stdout.write(f"{waiting} wishes to be told about stock are deleted.")
        if count:
            self.stdout.write(f"{count} orders no longer say whose they were. Delete the customer at Stripe too.")
