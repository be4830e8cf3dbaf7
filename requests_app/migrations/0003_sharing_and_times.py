"""What a member tells the matching has two parts now, sealed anew; and the times of each step can be set."""

import json

from django.db import migrations, models

from peersupport.sealing import envelope, keyring
from requests_app import vault


def seal_anew(apps, schema_editor):
    for row in apps.get_model("requests_app", "Sharing").objects.all():
        secret = keyring.lasting("matching")
        concerns = json.loads(
            envelope.open_sealed(secret, bytes(row.body), context=envelope.context("boundary", row.pk))
        )
        row.body = vault.seal_sharing(secret, row.pk, {"not_now": concerns, "experiences": []})
        row.save()


class Migration(migrations.Migration):

    dependencies = [
        ('requests_app', '0002_last_word'),
        ('team', '0001_initial'),
    ]

    operations = [
        migrations.RenameModel(old_name='Boundary', new_name='Sharing'),
        migrations.RunPython(seal_anew, migrations.RunPython.noop),
        migrations.CreateModel(
            name='RequestSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('now_again_minutes', models.PositiveSmallIntegerField(default=3)),
                ('now_available_minutes', models.PositiveSmallIntegerField(default=10)),
                ('now_oversight_minutes', models.PositiveSmallIntegerField(default=20)),
                ('now_nobody_minutes', models.PositiveSmallIntegerField(default=30)),
                ('today_minutes', models.PositiveSmallIntegerField(default=30)),
                ('when_you_can_hours', models.PositiveSmallIntegerField(default=8)),
                ('answer_now_minutes', models.PositiveSmallIntegerField(default=15)),
                ('answer_today_hours', models.PositiveSmallIntegerField(default=4)),
                ('answer_when_you_can_hours', models.PositiveSmallIntegerField(default=24)),
                ('night_from', models.PositiveSmallIntegerField(default=21)),
                ('night_until', models.PositiveSmallIntegerField(default=7)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_row_of_times'), models.CheckConstraint(condition=models.Q(('now_again_minutes__gte', 1), ('now_available_minutes__gt', models.F('now_again_minutes')), ('now_oversight_minutes__gt', models.F('now_available_minutes')), ('now_nobody_minutes__gt', models.F('now_oversight_minutes'))), name='now_goes_step_by_step'), models.CheckConstraint(condition=models.Q(('today_minutes__gte', 10), ('when_you_can_hours__gte', 1), ('answer_now_minutes__gte', 5), ('answer_today_hours__gte', 1), ('answer_when_you_can_hours__gte', 1)), name='nobody_is_given_no_time'), models.CheckConstraint(condition=models.Q(('night_from__lte', 23), ('night_until__lte', 23)), name='night_is_on_the_clock')],
            },
        ),
    ]

