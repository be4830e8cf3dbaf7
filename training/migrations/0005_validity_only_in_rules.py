from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("training", "0004_rules_of_the_first_day")]

    operations = [
        migrations.RemoveConstraint("subject", "validity_is_at_least_a_month"),
        migrations.RemoveField("subject", "valid_months"),
    ]
