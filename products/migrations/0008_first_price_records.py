"""What is for sale already gets the first row of its price history: since it was last published, it costs this."""

from django.db import migrations
from django.utils import timezone


def first_rows(apps, schema_editor):
    records = apps.get_model("products", "PriceRecord")
    terms = ("currency", "unit_amount", "sale_amount", "sale_starts_at", "sale_ends_at")
    items = apps.get_model("products", "ItemPage").objects.filter(live=True, original__isnull=True)
    rows = []
    for item in items.defer("description").iterator(chunk_size=1000):
        values = {name: getattr(item, name) for name in terms}
        rows.append(records(item_id=item.pk, since=item.last_published_at or timezone.now(), **values))
        if len(rows) == 1000:
            records.objects.bulk_create(rows)
            rows = []
    records.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("products", "0007_price_history")]

    operations = [migrations.RunPython(first_rows, migrations.RunPython.noop)]
