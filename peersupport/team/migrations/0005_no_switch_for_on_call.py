from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("team", "0004_on_call_at_all_hours"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="member",
            name="on_call",
        ),
    ]
