from datetime import date

from django.db import migrations

FIRST_DAY = date(1950, 1, 1)  # before any training that can be on record


def fill(apps, schema_editor):
    Subject, ValidityRule = apps.get_model("training", "Subject"), apps.get_model("training", "ValidityRule")
    for subject in Subject.objects.all():
        ValidityRule.objects.create(subject=subject, holds_from=FIRST_DAY, valid_months=subject.valid_months)
    apps.get_model("training", "Requirement").objects.create(holds_from=FIRST_DAY)


class Migration(migrations.Migration):
    dependencies = [("training", "0003_rules_with_a_date")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
