"""The usual ticket of a business is read from an index: senders that tell no prices would make it a walk of all visits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0003_reminders_and_refill")]

    operations = [
        migrations.AddIndex(
            "slot",
            models.Index(
                fields=("business_id", "start_at"),
                include=("price_kop",),
                condition=models.Q(state="arrived", price_kop__isnull=False, excluded=""),
                name="appointments_slot_priced",
            ),
        ),
    ]
