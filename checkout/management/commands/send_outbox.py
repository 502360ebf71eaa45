"""Sends the mails that are due."""

from django.core.management.base import BaseCommand

from checkout import mails


class Command(BaseCommand):
    help = "Send the mails that are due; run it every few minutes if nothing else does."
    requires_system_checks: list[str] = []  # it runs often, from cron: warnings would be mailed each time

    def add_arguments(self, parser) -> None:
        parser.add_argument("--limit", type=int, default=500, help="send at most that many")

    def handle(self, *args: object, **options) -> None:
        self.stdout.write(f"{mails.send_outbox(limit=options['limit'])} sent")
