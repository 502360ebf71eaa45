"""Indexes for the admin's lists of a hundred thousand orders."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checkout", "0012_downloads")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["-created", "-id"], name="order_newest"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["currency"], name="order_currency"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["paid_at"],
                condition=models.Q(("paid_at__isnull", False), ("shipped_at__isnull", True)),
                name="order_to_ship",
            ),
        ),
    ]
