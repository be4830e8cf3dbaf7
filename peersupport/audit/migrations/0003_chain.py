"""A mark for each entry and a chain of links: what was there before is linked by the first round, as it is found."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.AddField(
            model_name="entry",
            name="mark",
            field=models.CharField(blank=True, default="", editable=False, max_length=96),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("mark", ""), _negated=True),
                fields=("mark",),
                name="audit_one_entry_for_each_mark",
            ),
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("value", models.CharField(max_length=64)),
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="audit.entry",
                    ),
                ),
            ],
            options={"ordering": ["position"]},
        ),
    ]
