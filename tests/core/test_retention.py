"""Every table declares what it keeps, and why each field is there."""

from typing import get_args

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import BinaryField, CharField, DateField, Field, FileField, JSONField, Model, TextField
from django.test import Client

from peersupport.core.retention import RETENTION_OF_LIBRARIES, RETENTION_WITHOUT_MODEL, Plane, Retention, Sealed
from peersupport.sealing.fields import ShredKeyField
from peersupport.team.actions import keys
from peersupport.team.models import Member
from tests.cast import CAST_PASSWORD, sign_in

ALL = apps.get_models(include_auto_created=True)
OURS = [model for model in ALL if model._meta.label not in RETENTION_OF_LIBRARIES]
THEIRS = [model for model in ALL if model._meta.label in RETENTION_OF_LIBRARIES]
HASH_BYTES = 32
# Field names that would hold a trace of an officer: never on the support plane in clear.
TRACES = ("email", "phone", "ip", "address", "agent", "name", "text", "message", "created", "updated", "sent_at")


def declaration(model: type[Model]) -> Retention:
    retention = model.__dict__.get("retention") or RETENTION_OF_LIBRARIES.get(model._meta.label)
    assert retention is not None, f"{model._meta.label} has no Retention"
    return retention


def columns(model: type[Model]) -> dict[str, Field]:
    return {field.name: field for field in model._meta.concrete_fields}


@pytest.mark.parametrize("model", ALL, ids=lambda model: model._meta.label)
def test_every_field_is_declared_and_every_declaration_has_a_field(model: type[Model]) -> None:
    retention = declaration(model)
    assert set(retention.fields) == set(columns(model))
    assert retention.plane in get_args(Plane)
    assert all([retention.reason, retention.lifetime, retention.readers, *retention.fields.values()]), (
        "no sentence is empty"
    )


def test_the_declared_tables_of_libraries_exist() -> None:
    assert set(RETENTION_OF_LIBRARIES) == {model._meta.label for model in THEIRS}
    assert not {label for label in RETENTION_OF_LIBRARIES if label.split(".")[0] in {"team", "audit", "requests_app"}}


def test_no_table_in_the_database_is_undeclared(db: None) -> None:
    of_models = {model._meta.db_table for model in ALL}
    on_disk = set(connection.introspection.table_names())
    assert of_models <= on_disk
    assert on_disk - of_models <= set(RETENTION_WITHOUT_MODEL)


@pytest.mark.parametrize(
    "model", [m for m in OURS if declaration(m).plane == "support"], ids=lambda model: model._meta.label
)
def test_the_support_plane_seals_every_field_that_can_hold_text(model: type[Model]) -> None:
    retention = declaration(model)
    for name, field in columns(model).items():
        assert name not in TRACES
        if can_hold_text(field):
            assert isinstance(retention.fields[name], Sealed), f"{model._meta.label}.{name}"
        if isinstance(field, DateField):
            assert "in steps of" in retention.fields[name], f"{model._meta.label}.{name} would tell when"


def can_hold_text(field: Field) -> bool:
    if isinstance(field, (BinaryField, CharField)) and not isinstance(field, ShredKeyField):
        return field.max_length is None or field.max_length > HASH_BYTES
    return isinstance(field, (TextField, JSONField, FileField))


def test_tables_of_libraries_that_should_stay_empty_stay_empty(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    keys.change_password(user_id=ana.user_id, old=CAST_PASSWORD, new="another word by day")
    client.post("/sign-in/forgot/", {"email": ana.user.email})
    for model in THEIRS:
        if declaration(model).lifetime == "Never filled.":
            assert not model._default_manager.exists(), model._meta.label
