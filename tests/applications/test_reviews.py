"""The panel: who reviews, who sees what, and the summary of their scores."""

import pytest
from django.test import Client

from applications.actions import reviews
from applications.domain.panel import summarize
from applications.models import Review
from applications.queries import applications, panel
from peersupport.access.permissions import Role
from peersupport.core.errors import Refused
from peersupport.notices.models import Notice
from tests.applications.conftest import as_seen, begin_review, text_of
from tests.cast import make_invited, make_user, sign_in

POINTS = {f"points_{number}": 4 for number in range(1, 6)}


def test_summary_finds_reviewers_who_are_far_apart():
    agree, apart, alone = summarize([{"calm": 3, "time": 1}, {"calm": 3, "time": 5, "new": 2}])
    assert (agree.mean, agree.points, agree.is_far_apart) == (3, (3, 3), False)
    assert (apart.mean, apart.points, apart.is_far_apart) == (3, (1, 5), True)
    assert (alone.criterion, alone.points) == ("new", (2,))


def name(application, member, by) -> None:
    reviews.name_reviewer(application_id=application.pk, reviewer=member.user, by=by)


def address(application, rest: str = "") -> str:
    return f"/applications/{application.pk}/{rest}"


def test_reviewer_sees_only_assigned_applications(under_review, coordinator, ana, ben):
    as_ana = sign_in(Client(), ana)
    assert "You haven't been asked" in text_of(as_ana.get("/applications/"))
    pages = ("", "review/", "resume.pdf", "application.pdf", "interview.ics")
    assert {as_ana.get(address(under_review, page)).status_code for page in pages} == {404}
    name(under_review, ana, coordinator)
    assert list(Notice.objects.filter(recipient=ana.user).values_list("is_urgent", flat=True)) == [False]
    assert "Cory Candidate" in text_of(as_ana.get("/applications/"))
    assert (
        as_ana.get(address(under_review)).status_code == as_ana.get(address(under_review, "review/")).status_code == 200
    )
    assert as_ana.post(address(under_review, "decide/declined/"), {"press": "send"}).status_code == 404
    assert as_ana.get("/applications/list.csv").status_code == 404


def test_other_reviews_are_visible_after_own(under_review, coordinator, ana, ben):
    name(under_review, ana, coordinator)
    name(under_review, ben, coordinator)
    as_ana, as_ben = sign_in(Client(), ana), sign_in(Client(), ben)
    answer = as_ben.post(address(under_review, "review/"), {**POINTS, "points_3": "1", "remark_3": "Talks a lot."})
    assert answer.status_code == 302
    page = text_of(as_ana.get(address(under_review)))
    assert "Talks a lot." not in page and "Average" not in page and "Ben Brandt" not in page
    assert [review.reviewer for review in panel.reviews_visible_to(ana.user, under_review)] == [ana.user]
    as_ana.post(address(under_review, "review/"), {**POINTS, "remarks": "I would say yes."})
    for client in (as_ana, as_ben, sign_in(Client(), coordinator)):
        page = text_of(client.get(address(under_review)))
        assert "Talks a lot." in page and "I would say yes." in page and "From 1 to 4" in page


def test_review_is_given_once_and_complete(under_review, coordinator, ana):
    name(under_review, ana, coordinator)
    as_ana = sign_in(Client(), ana)
    answer = as_ana.post(address(under_review, "review/"), {**POINTS, "points_2": "6", "remark_1": "kept"})
    assert answer.status_code == 200 and answer.context["form"]["remark_1"].value() == "kept"
    as_ana.post(address(under_review, "review/"), POINTS)
    assert as_ana.post(address(under_review, "review/"), POINTS).status_code == 302
    assert Review.objects.get().scores.count() == 5
    with pytest.raises(Refused):
        reviews.recuse(application_id=under_review.pk, by=ana.user)


def test_another_reviewer_is_asked_for_once_there_is_one(client, under_review, coordinator, ana, ben, change_settings):
    change_settings(has_panel=True)
    page = f"/applications/{under_review.pk}/"
    assert "Who should review it?" in text_of(sign_in(client, coordinator).get(page))
    name(under_review, ana, coordinator)
    assert "Who else should review it?" in text_of(client.get(page))


def test_recused_reviewer_loses_access_and_coordinator_is_notified(under_review, coordinator, ana):
    name(under_review, ana, coordinator)
    Notice.objects.all().delete()
    as_ana = sign_in(Client(), ana)
    assert "You haven't been asked" in text_of(as_ana.post(address(under_review, "recuse/"), follow=True))
    assert as_ana.get(address(under_review)).status_code == 404
    assert list(Notice.objects.values_list("recipient", flat=True)) == [coordinator.pk]


def test_reviewers_are_members_who_can_serve_but_not_the_candidate(under_review, coordinator, ana, ben, operator):
    make_invited("Ina Imported")
    assert panel.eligible_reviewers(under_review) == [ana.user, ben.user]
    name(under_review, ben, coordinator)
    under_review.email = ana.user.email
    under_review.save()
    assert panel.eligible_reviewers(under_review) == []
    for person in (ana.user, operator, coordinator):
        with pytest.raises(Refused):
            reviews.name_reviewer(application_id=under_review.pk, reviewer=person, by=coordinator)


def test_coordinator_is_not_responsible_for_own_application(application, coordinator):
    twin = make_user("Cory Candidate", Role.COORDINATOR)
    assert twin.email == application.email
    with pytest.raises(Refused, match="Someone else"):
        begin_review(application, twin)
    assert applications.responsible_coordinators(application) == [coordinator.pk]
    assert applications.application_for(twin, application.pk) is None, "what others say of them is not for them"


def test_assignee_is_notified(client, application, coordinator):
    other = make_user("Olaf Other", Role.COORDINATOR)
    Notice.objects.all().delete()
    sign_in(client, coordinator).post(address(application, "assign/"), {"assignee": other.pk})
    application.refresh_from_db()
    assert application.assignee == other
    assert list(Notice.objects.values_list("recipient", flat=True)) == [other.pk]
    answer = client.post(address(application, "assign/"), {"assignee": "987"})
    assert answer.status_code == 200 and "Select a valid choice" in text_of(answer)


def test_second_begin_review_is_refused(application, coordinator):
    seen = as_seen(application)
    reviews.begin_review(**seen, by=coordinator)
    with pytest.raises(Refused, match=r"Carla Coordinator got here first.*Under review"):
        reviews.begin_review(**seen, by=coordinator)
