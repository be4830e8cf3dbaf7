

import peersupport.sealing.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests_app', '0003_sharing_and_times'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key_id', peersupport.sealing.fields.ShredKeyField(editable=False, max_length=32)),
                ('body', models.BinaryField()),
            ],
        ),
    ]
