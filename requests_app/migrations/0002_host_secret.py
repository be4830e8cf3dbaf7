"""Seals again, under the host secret, what the program can open by itself: see requests_app/format_1.py.

The keyring has to be there. A row that was damaged before stays as it is. It runs once for a keyring, whatever the
database says of migrations: what somebody writes in format 1 afterward must not be sealed as genuine.
"""

import json
from contextlib import suppress

from django.db import migrations, transaction

from peersupport.sealing import keyring
from peersupport.sealing.envelope import CannotOpen
from requests_app import format_1, message_vault, vault
from requests_app.domain import stored_json
from requests_app.vault import CLOSING_NOTE, CONSULTATION, MESSAGE, PENDING_TALLY, ROUTING

BODIES = {"PendingTally": PENDING_TALLY, "Consultation": CONSULTATION, "ClosingNote": CLOSING_NOTE}


def seal_once(apps, schema_editor):
    if keyring.has_lasting(keyring.FORMAT_1_IS_OVER):
        return
    seal_again(apps)
    transaction.on_commit(note_that_it_is_over, using=schema_editor.connection.alias)


def note_that_it_is_over():
    with suppress(keyring.KeyringUnavailable):  # not made yet: it will say so from the start
        keyring.lasting(keyring.FORMAT_1_IS_OVER)


def seal_again(apps):
    for name, part in BODIES.items():
        for row, key in rows_with_keys(apps, name):
            with suppress(CannotOpen):
                data = format_1.open_outer(row.pk, key.shred_key, part, bytes(row.body))
                row.body = vault.seal_outer(key, part, data)
                row.save(update_fields=["body"])
    for row, key in rows_with_keys(apps, "Request"):
        with suppress(CannotOpen):
            routing = json.loads(format_1.open_outer(row.pk, key.shred_key, ROUTING, bytes(row.routing)))
            link = seal_messages_again(apps.get_model("requests_app", "Message").objects.filter(request_id=row.pk), key)
            routing |= {"card_hash": vault.hash_of(bytes(row.card)), "link": link}
            row.routing = vault.seal_outer(key, ROUTING, stored_json.to_bytes(routing))
            row.save(update_fields=["routing"])


def seal_messages_again(rows, key):
    """Returns the link of the last one."""
    opened, link = {}, ""
    for row in rows:
        with suppress(CannotOpen):
            data = format_1.open_outer(key.id, key.shred_key, MESSAGE, bytes(row.body), row.pk.bytes)
            opened[message_vault.number_of(data)] = row, data
    for _, (row, data) in sorted(opened.items()):
        link = message_vault.next_link(link, row.pk, message_vault.text_of(data))
        row.body = vault.seal_outer(key, MESSAGE, data, row.pk.bytes)
        row.save(update_fields=["body"])
    return link


def rows_with_keys(apps, name):
    for row in apps.get_model("requests_app", name).objects.all():
        with suppress(keyring.KeyMissing):
            yield row, vault.row_key(row.pk, row.key_id)


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0001_initial")]

    operations = [migrations.RunPython(seal_once)]
