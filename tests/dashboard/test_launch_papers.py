"""What the program can't look at: counsel, the retention schedule, the union. Asked, recorded, and no lock."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.presenters.launch_checklist import launch_checklist
from dashboard.queries import launch
from peersupport.audit.models import Entry
from peersupport.program import actions as program
from peersupport.program import queries
from peersupport.program.models import LaunchPaper
from peersupport.team.models import Member, User
from tests.cast import sign_in
from tests.dashboard.test_launch import not_launched, ready  # noqa: F401

pytestmark = pytest.mark.django_db
CHECKLIST = "/home/what-must-hold/"


def entries() -> list[tuple[str, int | None]]:
    return list(Entry.objects.filter(action__startswith="paper_").order_by("id").values_list("action", "by_id"))


def test_before_the_launch_the_home_asks_for_each_paper(not_launched: None, coordinator: User) -> None:  # noqa: F811
    page = sign_in(Client(), coordinator).get("/home/").content.decode()
    for asked in ("Counsel has signed", "The retention schedule has its entry", "The union was told"):
        assert asked in page
    assert page.count("This is done") == len(LaunchPaper.Code)


def test_coordinator_confirms_a_paper_once_and_can_take_it_back(coordinator: User) -> None:
    client = sign_in(Client(), coordinator)
    for _ in range(2):
        answer = client.post("/opening/papers/union/", {"is_done": "yes"}, follow=True)
        assert answer.redirect_chain == [(CHECKLIST, 302)]
    assert queries.papers_confirmed() == {"union": timezone.localdate()}
    assert "Take this back" in answer.content.decode()
    for _ in range(2):
        client.post("/opening/papers/union/", {"is_done": "no"})
    assert queries.papers_confirmed() == {}
    assert entries() == [("paper_union_confirmed", coordinator.pk), ("paper_union_taken_back", coordinator.pk)]


@pytest.mark.parametrize("code", ["nothing", "launch", "x" * 300])
def test_another_code_is_missing(coordinator: User, code: str) -> None:
    client = sign_in(Client(), coordinator)
    assert client.post(f"/opening/papers/{code}/", {"is_done": "yes"}).status_code == 404
    assert client.get(f"{CHECKLIST}{code}/").status_code == 404
    assert not LaunchPaper.objects.exists()


def test_the_program_opens_without_them(not_launched: None, ready: None, coordinator: User) -> None:  # noqa: F811
    """Whether to wait is counsel's and the chief's to say."""
    sign_in(client := Client(), coordinator).post("/opening/")
    assert queries.launched_on() == timezone.localdate()
    assert "This is done" in client.get(CHECKLIST).content.decode()


def test_the_checklist_says_if_a_second_factor_could_not_be_lifted(
    ana: Member, coordinator: User, director: User
) -> None:
    said = launch_checklist(launch.checklist(timezone.now())).lifters
    assert "fewer than three" in said
    assert said[:40] in sign_in(Client(), coordinator).get(CHECKLIST).content.decode()
    third = User.objects.create(email="third@example.org", name="Third", is_operator=True)
    assert launch_checklist(launch.checklist(timezone.now())).lifters == ""
    User.objects.filter(pk=third.pk).update(is_active=False)
    assert launch_checklist(launch.checklist(timezone.now())).lifters != ""


def test_each_paper_has_words_of_its_own() -> None:
    found = launch_checklist(launch.checklist(timezone.now()))
    assert {row.code for row in found.papers} == set(LaunchPaper.Code.values)
    program.record_paper(code="counsel", is_done=True, by=User.objects.create(email="c@example.org", name="C").pk)
    (counsel, *__) = launch_checklist(launch.checklist(timezone.now())).papers
    assert counsel.is_done and counsel.detail.startswith("Confirmed on ")


@pytest.mark.parametrize(
    ("code", "title", "said"),
    [
        ("counsel", "Paper for counsel", "Read and answered by"),
        ("retention_schedule", "Draft for the retention schedule", "Retention: until the contact ends"),
        ("union", "Page for the union", "without an account"),
    ],
)
@pytest.mark.parametrize("is_done", [False, True])
def test_each_paper_can_be_read_from_the_checklist(
    coordinator: User, code: str, title: str, said: str, is_done: bool
) -> None:
    client = sign_in(Client(), coordinator)
    client.post(f"/opening/papers/{code}/", {"is_done": "yes" if is_done else "no"})
    address = f"{CHECKLIST}{code}/"
    assert f'<a href="{address}">Read it' in client.get(CHECKLIST).content.decode()
    page = client.get(address).content.decode()
    assert f"<h1>{title}</h1>" in page and "data-prints" in page
    assert re.search(r'aria-current="page"[^<]*>\s*To do', page), "the rail says where the checklist is"
    article = re.search(r"<article.*?</article>", page, re.DOTALL)[0]
    assert said in " ".join(article.split())
    assert "<a " not in article, "a link of the paper leads to a file, and so nowhere"


def test_the_draft_for_the_retention_schedule_stands_alone(coordinator: User) -> None:
    page = sign_in(Client(), coordinator).get(f"{CHECKLIST}retention_schedule/").content.decode()
    article = page.split("<article")[1].split("</article>")[0]
    assert article.count("<p>") == 1 and "<h2>" not in article


def test_no_paper_where_the_program_has_none(settings, tmp_path: Path, coordinator: User) -> None:
    settings.BASE_DIR = tmp_path
    assert sign_in(Client(), coordinator).get(f"{CHECKLIST}counsel/").status_code == 404
