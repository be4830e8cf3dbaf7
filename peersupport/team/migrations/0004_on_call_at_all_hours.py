from django.db import migrations
from django.utils import timezone


def at_all_hours(apps, schema_editor):
    """Who was on call, with a switch, is on call at all hours."""
    hours = apps.get_model("team", "WeeklyHours")
    members = apps.get_model("team", "Member").objects.filter(on_call=True)
    hours.objects.bulk_create(
        hours(member=member, purpose="on_call", since=timezone.now()) for member in members
    )


class Migration(migrations.Migration):

    dependencies = [
        ("team", "0003_hours_and_traits"),
    ]

    operations = [
        migrations.RunPython(at_all_hours, migrations.RunPython.noop),
    ]
