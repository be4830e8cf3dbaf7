from django.db import migrations, models

import peersupport.team.models.accounts


def draw(apps, schema_editor):
    """The default was drawn once for all rows."""
    User = apps.get_model("team", "User")
    for user in User.objects.using(schema_editor.connection.alias):
        user.session_generation = peersupport.team.models.accounts.new_generation()
        user.save(update_fields=["session_generation"])


class Migration(migrations.Migration):

    dependencies = [
        ("team", "0007_lifting"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="session_generation",
            field=models.CharField(default=peersupport.team.models.accounts.new_generation, max_length=22),
        ),
        migrations.RunPython(draw, migrations.RunPython.noop),
    ]
