"""The panel: who reads, who sees what, and what they say together."""

import pytest
from django.test import Client

from applications.actions import reviews
from applications.domain.panel import summary
from applications.models import Review
from applications.queries import applications
from peersupport.access.permissions import Role
from peersupport.core.errors import Refused
from peersupport.notices.models import Notice
from tests.applications.conftest import last, take_up
from tests.applications.test_candidate import words
from tests.cast import make_user, sign_in

POINTS = {f"points_{number}": 4 for number in range(1, 6)}


def test_a_summary_says_how_far_apart_they_are():
    agree, apart, alone = summary([{"calm": 3, "time": 1}, {"calm": 3, "time": 5, "new": 2}])
    assert (agree.mean, agree.words, agree.is_far_apart) == (3, "all agree", False)
    assert (apart.mean, apart.words, apart.is_far_apart) == (3, "from 1 to 5", True)
    assert (alone.criterion, alone.words) == ("new", "one review")


def name(application, member, by) -> None:
    reviews.name_reviewer(application_id=application.pk, reviewer=member.user, by=by)


def address(application, rest: str = "") -> str:
    return f"/applications/{application.pk}/{rest}"


def test_a_reviewer_sees_theirs_and_of_others_not_even_that_there_is_one(under_review, coordinator, ana, ben):
    as_ana = sign_in(Client(), ana)
    assert "Nobody has asked you" in words(as_ana.get("/applications/"))
    pages = ("", "review/", "resume.pdf", "application.pdf", "interview.ics")
    assert {as_ana.get(address(under_review, page)).status_code for page in pages} == {404}
    name(under_review, ana, coordinator)
    assert list(Notice.objects.filter(recipient=ana.user).values_list("is_urgent", flat=True)) == [False]
    assert "Cory Candidate" in words(as_ana.get("/applications/"))
    assert (
        as_ana.get(address(under_review)).status_code == as_ana.get(address(under_review, "review/")).status_code == 200
    )
    assert as_ana.post(address(under_review, "decide/declined/"), {"press": "send"}).status_code == 404
    assert as_ana.get("/applications/list.csv").status_code == 404


def test_others_are_seen_only_after_ones_own(under_review, coordinator, ana, ben):
    name(under_review, ana, coordinator)
    name(under_review, ben, coordinator)
    as_ana, as_ben = sign_in(Client(), ana), sign_in(Client(), ben)
    answer = as_ben.post(address(under_review, "review/"), {**POINTS, "points_3": "1", "remark_3": "Talks a lot."})
    assert answer.status_code == 302
    page = words(as_ana.get(address(under_review)))
    assert "Talks a lot." not in page and "On average" not in page and "Ben Brandt" not in page
    assert [one.reviewer for one in applications.reviews_seen_by(ana.user, under_review)] == [ana.user]
    as_ana.post(address(under_review, "review/"), {**POINTS, "remarks": "I would say yes."})
    for client in (as_ana, as_ben, sign_in(Client(), coordinator)):
        page = words(client.get(address(under_review)))
        assert "Talks a lot." in page and "I would say yes." in page and "from 1 to 4" in page


def test_a_review_is_given_once_and_whole(under_review, coordinator, ana):
    name(under_review, ana, coordinator)
    as_ana = sign_in(Client(), ana)
    answer = as_ana.post(address(under_review, "review/"), {**POINTS, "points_2": "6", "remark_1": "kept"})
    assert answer.status_code == 200 and answer.context["form"]["remark_1"].value() == "kept"
    as_ana.post(address(under_review, "review/"), POINTS)
    assert as_ana.post(address(under_review, "review/"), POINTS).status_code == 302
    assert Review.objects.get().scores.count() == 5
    with pytest.raises(Refused):
        reviews.recuse(application_id=under_review.pk, by=ana.user)


def test_who_recuses_themselves_sees_it_no_longer_and_the_coordinator_is_told(under_review, coordinator, ana):
    name(under_review, ana, coordinator)
    Notice.objects.all().delete()
    as_ana = sign_in(Client(), ana)
    assert "Nobody has asked you" in words(as_ana.post(address(under_review, "recuse/"), follow=True))
    assert as_ana.get(address(under_review)).status_code == 404
    assert list(Notice.objects.values_list("recipient", flat=True)) == [coordinator.pk]


def test_only_designated_members_review_and_nobody_themselves(under_review, coordinator, ana, operator):
    under_review.email = ana.user.email
    under_review.save()
    assert applications.possible_reviewers(under_review) == []
    for person in (ana.user, operator, coordinator):
        with pytest.raises(Refused):
            reviews.name_reviewer(application_id=under_review.pk, reviewer=person, by=coordinator)


def test_a_coordinator_does_not_look_after_their_own(application, coordinator):
    twin = make_user("Cory Candidate", Role.COORDINATOR)
    assert twin.email == application.email
    with pytest.raises(Refused, match="Somebody else"):
        take_up(application, twin)
    assert applications.who_looks_after(application) == [coordinator.pk]
    assert applications.application_for(twin, application.pk) is None, "what others say of them is not for them"


def test_assigned_and_told(client, application, coordinator):
    other = make_user("Olaf Other", Role.COORDINATOR)
    Notice.objects.all().delete()
    sign_in(client, coordinator).post(address(application, "assign/"), {"assignee": other.pk})
    application.refresh_from_db()
    assert application.assignee == other
    assert list(Notice.objects.values_list("recipient", flat=True)) == [other.pk]
    answer = client.post(address(application, "assign/"), {"assignee": "987"})
    assert answer.status_code == 200 and "Select a valid choice" in words(answer)


def test_taken_up_by_who_is_first(application, coordinator):
    seen = last(application)
    reviews.take_up(**seen, by=coordinator)
    with pytest.raises(Refused, match=r"Carla Coordinator was quicker.*under review"):
        reviews.take_up(**seen, by=coordinator)
