"""Indexes for the admin's lists of a hundred thousand items."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0013_tags"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="itempage",
            index=models.Index(fields=["currency"], name="item_currency"),
        ),
        migrations.AddIndex(
            model_name="itempage",
            index=models.Index(
                fields=["low_stock"], condition=models.Q(("low_stock__isnull", False)), name="item_low_stock"
            ),
        ),
        migrations.AddIndex(
            model_name="stock",
            index=models.Index(models.F("on_hand") - models.F("held"), name="stock_left"),
        ),
        # Wagtail's own table: its model is not ours to change. What changed last, and the drafts among it.
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS products_page_changed ON wagtailcore_page (latest_revision_created_at, path)",
            "DROP INDEX IF EXISTS products_page_changed",
        ),
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS products_page_drafts ON wagtailcore_page (latest_revision_created_at, id)"
            " WHERE has_unpublished_changes",
            "DROP INDEX IF EXISTS products_page_drafts",
        ),
    ]
