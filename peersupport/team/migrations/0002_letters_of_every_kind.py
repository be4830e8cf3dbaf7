from django.db import migrations, models


class Migration(migrations.Migration):
    """A row lives for less than a minute and its old form could not be read any more: what waits is let go."""

    dependencies = [("team", "0001_initial")]

    operations = [
        migrations.RunSQL("DELETE FROM team_letter", migrations.RunSQL.noop),
        migrations.RenameField("letter", "sealed_link", "sealed"),
        migrations.AlterField("letter", "sealed", models.BinaryField()),
        migrations.AlterField("letter", "kind", models.CharField(max_length=20)),
    ]
