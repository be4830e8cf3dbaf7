from django.db import migrations

# The program description's seven, in its order; the hours add up to the 40 that most initial trainings take.
SEVEN = [
    ("critical_incident_stress", "Critical incident stress", 8, ["critical_incident", "line_of_duty_death"]),
    ("suicide_intervention", "Suicide intervention", 8, ["suicidal_thoughts"]),
    ("listening_skills", "Listening skills", 8, []),
    ("sympathetic_stress", "Sympathetic stress", 4, []),
    ("conflict_management", "Basic conflict management", 4, []),
    ("mediation", "Mediation techniques", 4, []),
    ("referral_criteria", "Referral criteria", 4, []),
]
VALID_MONTHS = 24


def add(apps, schema_editor):
    Subject = apps.get_model("training", "Subject")
    for code, name, hours, required_for in SEVEN:
        Subject.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "initial_hours": hours,
                "valid_months": VALID_MONTHS,
                "required_for": required_for,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("training", "0001_subjects_and_records")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
