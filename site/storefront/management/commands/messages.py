from django.conf import settings
from django.core.management.base import BaseCommand

from storefront import messages


class Command(BaseCommand):
    help = "For developers: bring locale/ up to date with the marked texts, compile it, and name what is untranslated."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        for code in messages.languages():
            catalog = messages.renewed(code, settings.ROOT)
            messages.path(code).parent.mkdir(parents=True, exist_ok=True)
            messages.path(code).write_bytes(messages.source(catalog))
            catalog = messages.read(code)  # as it will be read, so that both files say the same
            messages.path(code, "mo").write_bytes(messages.compiled(catalog))
            missing = [one for one in catalog if one.id and not all(_texts(one.string))]
            self.stdout.write(f"{code}: {len(catalog)} texts, {len(missing)} without a translation")
            for one in missing:
                self.stdout.write(f"  {one.id if isinstance(one.id, str) else one.id[0]}")


def _texts(string: object) -> tuple:
    return tuple(string) if isinstance(string, list | tuple) else (string,)
