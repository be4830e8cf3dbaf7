import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("training", "0002_the_seven_subjects")]

    operations = [
        migrations.CreateModel(
            name="ValidityRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holds_from", models.DateField()),
                ("valid_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rules", to="training.subject"
                    ),
                ),
            ],
            options={"ordering": ["subject_id", "holds_from"]},
        ),
        migrations.CreateModel(
            name="Requirement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holds_from", models.DateField(unique=True)),
                ("initial_hours", models.DecimalField(decimal_places=2, default=40, max_digits=5)),
                ("initial_months", models.PositiveSmallIntegerField(default=12)),
                ("continuing_hours", models.DecimalField(decimal_places=2, default=8, max_digits=5)),
            ],
            options={"ordering": ["holds_from"]},
        ),
        migrations.AddConstraint(
            "validityrule",
            models.UniqueConstraint(fields=("subject", "holds_from"), name="one_validity_for_a_day"),
        ),
        migrations.AddConstraint(
            "validityrule",
            models.CheckConstraint(
                condition=Q(valid_months__isnull=True) | Q(valid_months__gte=1, valid_months__lte=600),
                name="validity_is_sensible",
            ),
        ),
        migrations.AddConstraint(
            "requirement",
            models.CheckConstraint(
                condition=Q(
                    initial_hours__gte=0, initial_hours__lte=500, continuing_hours__gte=0, continuing_hours__lte=500
                ),
                name="required_hours_are_sensible",
            ),
        ),
        migrations.AddConstraint(
            "requirement",
            models.CheckConstraint(
                condition=Q(initial_months__gte=1, initial_months__lte=120), name="time_allowed_is_sensible"
            ),
        ),
    ]
