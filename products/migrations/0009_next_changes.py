"""Indexes of the few moments at which the clock changes a page: they are asked for after every change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0008_first_price_records"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="itempage",
            index=models.Index(
                fields=["sale_starts_at"],
                condition=models.Q(("sale_starts_at__isnull", False)),
                name="item_sale_starts",
            ),
        ),
        migrations.AddIndex(
            model_name="itempage",
            index=models.Index(
                fields=["sale_ends_at"],
                condition=models.Q(("sale_ends_at__isnull", False)),
                name="item_sale_ends",
            ),
        ),
        # Wagtail's own table: its model is not ours to change.
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS products_page_expiry ON wagtailcore_page (expire_at)"
            " WHERE expire_at IS NOT NULL",
            "DROP INDEX IF EXISTS products_page_expiry",
        ),
    ]
