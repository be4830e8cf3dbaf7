"""The database takes no lifting by one person, and one open lifting of an account."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from peersupport.team.actions import lifting
from peersupport.team.models import FactorLift, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "seconded"},
        {"state": "lifted"},
        {"asked_office": "designee"},
        {"asked_office": ""},
        {"seconded": "asker"},
        {"seconded": "owner"},
        {"seconded": "director", "seconded_office": "coordinator"},
        {"seconded": "director", "seconded_office": "designee"},
        {"seconded": "director", "seconded_at": None},
        {"asked_by": "owner"},
    ],
)
def test_database_takes_no_lifting_by_one(owner: User, coordinator: User, director: User, fields: dict) -> None:
    people = {"asker": coordinator, "owner": owner, "director": director}
    written = {
        "user": owner, "asked_by": coordinator, "asked_office": "coordinator", "asked_at": timezone.now(),
        "factors": [], "roles": [], "token_hash": "a",
    }  # fmt: skip
    FactorLift.objects.create(**written).delete()
    if "seconded" in fields:
        two = {"state": "seconded", "seconded_office": "clinical_director", "seconded_at": timezone.now()}
        FactorLift.objects.create(**written, **two, seconded_by=director).delete()
        fields = {**two, **fields, "seconded_by": people[fields["seconded"]]}
        del fields["seconded"]
    if "asked_by" in fields:
        fields = {"asked_by": owner}
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorLift.objects.create(**{**written, **fields})


def test_database_takes_one_open_lifting_of_an_account(owner: User, coordinator: User) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    copy = FactorLift.objects.get()
    copy.pk, copy.token_hash = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)
