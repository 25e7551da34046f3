"""When a lead met a mistake of ours while it could still book, and what M22 says since then. Readers fill it."""

from django.db import migrations, models

from letopis.metrics.bi import definition

DEFINITIONS = "454c82aca0a7334c"


def _tell_definitions(apps: object, schema_editor: object) -> None:
    with schema_editor.connection.cursor() as cur:
        definition.tell(cur)


class Migration(migrations.Migration):
    dependencies = [("metrics", "0003_bi_views")]

    operations = [
        migrations.AddField("lead", "harm_at", models.DateTimeField(null=True)),
        migrations.RunSQL(
            "COMMENT ON COLUMN bi.lead.harm IS 'Mistake of ours that it met while it could still book: error, silent;"
            " empty: none'",
            "COMMENT ON COLUMN bi.lead.harm IS 'Mistake of ours that it met: error, silent; empty: none'",
        ),
        migrations.RunPython(_tell_definitions, migrations.RunPython.noop),
    ]
