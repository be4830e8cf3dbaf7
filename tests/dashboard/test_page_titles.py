"""A page that the rail leads to is called there, in its tab and in its heading by the same words."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import sign_in

pytestmark = pytest.mark.django_db


def words(found: str) -> str:
    """Without tags, and with one space between words."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", found)).split())


def rail_of(page: str) -> dict[str, str]:
    """Address -> label, without the count beside it."""
    menu = page.split('class="rail rail--wide"')[1].split("</nav>")[0]
    entries = re.findall(r'<a href="([^"]+)"[^>]*>(.*?)</a>', menu, re.DOTALL)
    return {address: words(label.partition("<span")[0]) for address, label in entries}


def named(client: Client, address: str) -> tuple[str, list[str]]:
    """The title without the program's name, and the headings of the first level."""
    page = client.get(address, follow=True).content.decode()
    title = words(page.split("<title>")[1].split("</title>")[0])
    return title.removesuffix(" · Peer Support"), [words(each) for each in re.findall(r"<h1.*?</h1>", page, re.DOTALL)]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("ana", ["Desk", "Tally", "On call", "Applications", "Training", "Statistics", "My page"]),
        (
            "coordinator",
            [
                "To do", "On call", "Team", "Critical incidents", "Applications", "Training", "Open requests",
                "Statistics", "Policies and text", "Audit log", "Settings", "Invitations", "Lost second factors",
                "My page",
            ],
        ),
        (
            "director",
            [
                "To do", "On call", "Team", "Applications", "Training", "Open requests", "Consultations",
                "Statistics", "Policies and text", "Audit log", "Lost second factors", "My page",
            ],
        ),
        (
            "designee",
            [
                "To do", "On call", "Team", "Applications", "Training", "Open requests", "Consultations",
                "Statistics", "Policies and text", "Audit log", "My page",
            ],
        ),
        ("operator", ["To do", "Health", "Accounts", "Invitations", "Lost second factors", "My page"]),
    ],
)  # fmt: skip
def test_rail_entry_title_and_heading_are_the_same_words(
    who: str, expected: list[str], request: pytest.FixtureRequest
) -> None:
    client = sign_in(Client(), request.getfixturevalue(who))
    rail = rail_of(client.get(reverse("team:me")).content.decode())
    assert list(rail.values()) == expected
    different = {
        label: found for address, label in rail.items() if (found := named(client, address)) != (label, [label])
    }
    assert different == {}
