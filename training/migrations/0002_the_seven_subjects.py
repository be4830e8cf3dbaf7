from datetime import date

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
FIRST_DAY = date(1950, 1, 1)  # before any training that can be on record


def add(apps, schema_editor):
    subjects, rules, requirements = (
        apps.get_model("training", name).objects.using(schema_editor.connection.alias)
        for name in ("Subject", "ValidityRule", "Requirement")
    )
    for code, name, hours, required_for in SEVEN:
        subject = subjects.create(code=code, name=name, initial_hours=hours, required_for=required_for)
        rules.create(subject=subject, applies_from=FIRST_DAY, valid_months=VALID_MONTHS)
    requirements.create(applies_from=FIRST_DAY)


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
