from django.db import migrations
from django.db.models import Count, Max


def send_back_doubles(apps, schema_editor):
    """Of one training that a member reported twice the later report waits on, with its own certificate."""
    reports = apps.get_model("training", "Report").objects.filter(state="reported").order_by()
    for twice in reports.values("member", "subject", "completed_on").annotate(n=Count("pk"), last=Max("pk")).filter(n__gt=1):
        same = {name: twice[name] for name in ("member", "subject", "completed_on")}
        reports.filter(**same).exclude(pk=twice["last"]).update(state="sent_back", reason="Reported twice.")


class Migration(migrations.Migration):
    dependencies = [("training", "0011_pressed_once")]
    operations = [migrations.RunPython(send_back_doubles, migrations.RunPython.noop)]
