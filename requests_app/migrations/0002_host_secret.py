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
    alias = schema_editor.connection.alias
    if not any(rows_of(apps, name, alias).exists() for name in ("Request", *BODIES)):
        return  # nothing to seal, and perhaps no keyring yet: the first sweep notes that it is over
    if keyring.has_lasting(keyring.FORMAT_1_IS_OVER):
        refuse_what_does_not_open(apps, alias)
        return
    seal_again(apps, alias)
    transaction.on_commit(note_that_it_is_over, using=alias)


def note_that_it_is_over():
    keyring.lasting(keyring.FORMAT_1_IS_OVER)


def refuse_what_does_not_open(apps, alias):
    """Either somebody wrote it and wants it sealed, or the keyring was made anew for an installation of before."""
    for row, key in rows_with_keys(apps, "Request", alias):
        try:
            vault.open_outer(key, ROUTING, bytes(row.routing))
        except CannotOpen:
            raise RuntimeError(
                "There are requests that don't open, and this keyring notes that none of format 1 is left. If the "
                f"keyring was made anew while this installation was moved, delete lasting/{keyring.FORMAT_1_IS_OVER} "
                "and run migrate again. If not, somebody has written to the database."
            ) from None


def seal_again(apps, alias):
    for name, part in BODIES.items():
        for row, key in rows_with_keys(apps, name, alias):
            with suppress(CannotOpen):
                data = format_1.open_outer(row.pk, key.shred_key, part, bytes(row.body))
                row.body = vault.seal_outer(key, part, data)
                row.save(update_fields=["body"])
    for row, key in rows_with_keys(apps, "Request", alias):
        with suppress(CannotOpen, ValueError, TypeError):
            routing = json.loads(format_1.open_outer(row.pk, key.shred_key, ROUTING, bytes(row.routing)))
            link = seal_messages_again(rows_of(apps, "Message", alias).filter(request_id=row.pk), key)
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
        link = message_vault.next_link(b"", link, row.pk, message_vault.text_of(data))
        row.body = vault.seal_outer(key, MESSAGE, data, row.pk.bytes)
        row.save(update_fields=["body"])
    return link


def rows_of(apps, name, alias):
    return apps.get_model("requests_app", name).objects.using(alias).all()


def rows_with_keys(apps, name, alias):
    for row in rows_of(apps, name, alias):
        with suppress(keyring.KeyMissing):
            yield row, vault.row_key(row.pk, row.key_id)


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0001_initial")]

    operations = [migrations.RunPython(seal_once)]
