"""The names of candidates and their references appear in mails to others."""

import pytest

from applications.models import Application
from peersupport.team.models import QueuedMail
from tests.applications.conftest import send_form

pytestmark = pytest.mark.django_db
LINKS = ("https://evil.example", "See www.evil.example", "Cory evil.com", "Cory\nevil", "a\u2028b", "c@evil.example")


@pytest.mark.parametrize("name", [*LINKS, "\u202eyroC"])
@pytest.mark.parametrize("field", ["name", "reference_2_name", "endorsement_name"])
def test_name_with_link_is_refused(candidate, change_settings, field, name):
    change_settings(asks_for_references=True, asks_for_endorsement=True)
    for press in ("send", "save"):
        errors = send_form(candidate, press=press, **{field: name}).context["form"].errors[field]
        assert errors == ["Please enter just the name, on one line and without a link."]
    assert not QueuedMail.objects.exists()


@pytest.mark.parametrize("name", ["Sgt. Sam O'Neil-Đặng, Jr.", "J.R. Smith", "St.Clair", "=cmd()", "Al-Zahrāʾ بن علي"])
def test_ordinary_names_are_accepted(candidate, name):
    send_form(candidate, name=name)
    assert Application.objects.get().name == name
