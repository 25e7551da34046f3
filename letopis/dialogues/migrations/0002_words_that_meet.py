"""Words where all forms of a word meet, in the order of their letters' codes.

The words of before are lexemes of another kind: they are thrown away, and come back when the readers begin anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0001_conversations")]

    operations = [
        # An empty table has nothing to lock for long.
        migrations.RunSQL("TRUNCATE dialogues_word", migrations.RunSQL.noop),
        migrations.AlterField("word", "word", models.TextField(db_collation="C")),
    ]
