"""Translations and aliases that exist already begin to share SKU, price and stock with their original."""

from django.db import migrations


def find_originals(apps, schema_editor):
    items = apps.get_model("products", "ItemPage").objects
    first = {}
    for pk, key in items.filter(alias_of__isnull=True).order_by("pk").values_list("pk", "translation_key"):
        original = first.setdefault(key, pk)
        if original != pk:
            items.filter(pk=pk).update(original_id=original)
    for pk, alias_of in items.filter(alias_of__isnull=False).order_by("pk").values_list("pk", "alias_of_id"):
        original = items.filter(pk=alias_of).values_list("original_id", flat=True).first()
        items.filter(pk=pk).update(original_id=original or alias_of)


class Migration(migrations.Migration):
    dependencies = [("products", "0004_variants_and_sales")]

    operations = [migrations.RunPython(find_originals, migrations.RunPython.noop)]
