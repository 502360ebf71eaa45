"""`manage.py forget`: whose an order was. The order, its money and its stock stay."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from checkout import personal


class Command(BaseCommand):
    help = "Erase a buyer's personal data; orders and money stay. Stripe's own copy is deleted in its dashboard."

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--email", default="", help="every order bought with this address")
        who.add_argument("--order", default="", metavar="NUMBER", help="this order")

    def handle(self, *args: object, email: str, order: str, **options: object) -> None:
        try:
            count = personal.erase(personal.named(email=email, number=order))
        except personal.StillOpen as error:
            raise CommandError(f"{error} is still being paid: cancel it, or wait until its page has expired.") from None
        if not count:
            raise CommandError("There is no such order.")
        self.stdout.write(f"{count} orders no longer say whose they were. Delete the customer at Stripe too.")
