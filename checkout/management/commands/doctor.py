"""A table of everything the shop leans on. Exit code 1 if anything is wrong."""

from django.core.management.base import BaseCommand

from checkout.doctor import GREEN, RED, YELLOW, examine


class Command(BaseCommand):
    help = "Examine settings, payments, database, mail, media and periodic work; exit 1 if anything is wrong."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        findings = examine()
        style = {GREEN: self.style.SUCCESS, YELLOW: self.style.WARNING, RED: self.style.ERROR}
        width = max(len(finding.subject) for finding in findings)
        for finding in findings:
            level = style[finding.level](f"{finding.level:<5}")
            self.stdout.write(f"{level}  {finding.subject:<{width}}  {finding.text}")
        wrong = sum(finding.level == RED for finding in findings)
        if wrong:
            self.stdout.write(self.style.ERROR(f"\n{wrong} of {len(findings)} are wrong."))
            raise SystemExit(1)
        self.stdout.write(f"\nNothing is wrong ({len(findings)} looked at).")
