"""Steps of lifting a second factor, and reading what became of it."""

import re
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.team.actions import lifting, mails
from peersupport.team.models import FactorLift, User
from tests.cast import sign_in_directly

DAY = timedelta(hours=24, minutes=30)  # by then the next round was


def signed_in(user: User) -> Client:
    """Past both factors."""
    return sign_in_directly(Client(), user)


def page(browser: Client, owner: User, act: str = "") -> str:
    url = f"/lost-second-factors/{owner.pk}/"
    answer = browser.post(f"{url}{act}/", follow=True) if act else browser.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def letters(mailoutbox: list) -> list[str]:
    """What was sent since, each as its text; all of it to the owner."""
    mailoutbox.clear()
    mails.send_mails()
    assert {address for mail in mailoutbox for address in mail.to} <= {"ana@example.org"}
    assert {mail.subject for mail in mailoutbox} <= {"About your account"}
    return [mail.body for mail in mailoutbox]


def link_in(letter: str) -> str:
    (link,) = re.findall(r"http://testserver(/lifting/\S+/)", letter)
    return link


def audited() -> list[tuple[str, int | None, str]]:
    about = "factor_lift"
    entries = Entry.objects.filter(action__startswith=about).order_by("pk")
    return list(entries.values_list("action", "by", "about"))


def states() -> list[str]:
    return list(FactorLift.objects.order_by("pk").values_list("state", flat=True))


def settle(after: timedelta = timedelta()) -> int:
    return lifting.settle_all(now=timezone.now() + after)


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()
