from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention
from peersupport.core.translation import choices
from peersupport.team.domain.states import MEMBER_KIND_LABELS
from peersupport.team.models import User

from ..domain.states import (
    LABELS,
    MOVES,
    OUTCOMES,
    ApplicationState,
    Mover,
)

READERS = _("The coordinator, the clinical director and the designee; the reviewers the coordinator has named.")
READERS_OF_REVIEWS = _(
    "The coordinator, the clinical director and the designee; the reviewers the coordinator has named, once they have "
    "given their own review."
)
READERS_OF_INTERVIEWS = _(
    "The candidate; the coordinator, the clinical director and the designee; the reviewers the coordinator has named."
)
UNTIL_PURGED = _("Erased a year after the decision (a setting).")
STATES = choices(LABELS)


class Application(models.Model):
    """What a candidate wrote, and the present state. Its moves say who changed the state, and when."""

    state = models.CharField(max_length=12, choices=STATES, default=ApplicationState.DRAFT)
    since = models.DateTimeField()
    confirmed_on = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    form_token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)

    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, choices=choices(MEMBER_KIND_LABELS), blank=True)
    unit = models.CharField(max_length=80, blank=True)
    assignment = models.CharField(max_length=120, blank=True)
    years_of_service = models.PositiveSmallIntegerField(null=True, blank=True)
    languages = models.CharField(max_length=200, blank=True)
    conflicts = models.JSONField(default=list, blank=True)

    why = models.TextField(blank=True)
    qualifications = models.TextField(blank=True)
    benefit = models.TextField(blank=True)
    training = models.TextField(blank=True)
    availability = models.TextField(blank=True)
    resume = models.CharField(max_length=32, blank=True)

    retention = Retention(
        title=_("Application"),
        plane="team",
        reason=_("So that the program can choose its members with care, and show how it chose them."),
        lifetime=_(
            "Thirty days for a draft. Otherwise erased a year after the decision (a setting), except the name, address,"
            " and history of those accepted."
        ),
        readers=READERS,
        fields={
            "id": _("Number of the application."),
            "state": _("Its status."),
            "since": _("Since when it has this status; for a draft, when it was saved."),
            "confirmed_on": _("When the candidate followed the link in the e-mail."),
            "erased_on": _("When what the candidate wrote was erased."),
            "assignee": _("The coordinator it is assigned to."),
            "form_token_hash": _("A hash of the form's number, so that sending it twice makes one application."),
            "name": _("Who applies."),
            "email": _("Where letters go; once accepted, the address they sign in with."),
            "phone": _("Another way to reach them."),
            "kind": _("Sworn, professional staff, family or retired."),
            "unit": _("Where they work."),
            "assignment": _("What they do there."),
            "years_of_service": _("How long they have served."),
            "languages": _("Which languages they speak."),
            "conflicts": _("Whether they work in internal affairs or supervise others."),
            "why": _("Why they would like to join."),
            "qualifications": _("What they bring. We do not ask what happened to them."),
            "benefit": _("How they could help the program."),
            "training": _("Training or experience that could help."),
            "availability": _("When they would be available."),
            "resume": _("Random name of a file in a private folder, where the program asks for one."),
        },
    )

    class Meta:
        indexes = [models.Index(fields=["state", "since"], name="applications_by_wait")]
        constraints = [
            models.CheckConstraint(name="application_state_is_known", condition=Q(state__in=list(ApplicationState))),
            models.CheckConstraint(name="candidate_email_is_lower_case", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="routed_application_is_confirmed",
                condition=Q(
                    state__in=[
                        ApplicationState.UNCONFIRMED,
                        ApplicationState.DRAFT,
                        ApplicationState.WITHDRAWN,
                        ApplicationState.ABANDONED,
                    ]
                )
                | Q(confirmed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="sent_application_is_complete",
                condition=Q(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN, ApplicationState.ABANDONED])
                | Q(erased_on__isnull=False)
                | (~Q(why="") & ~Q(qualifications="") & ~Q(benefit="") & ~Q(name="") & ~Q(kind="")),
            ),
            models.CheckConstraint(
                name="erased_application_has_no_answers",
                condition=Q(erased_on__isnull=True)
                | Q(why="", qualifications="", benefit="", training="", availability="", resume=""),
            ),
            models.UniqueConstraint(
                name="one_application_under_way_per_address",
                fields=["email"],
                condition=Q(state__in=["submitted", "under_review", "interview", "waiting_list", "conditional"]),
            ),
        ]

    def __str__(self) -> str:
        return f"application {self.pk}"


def _is_allowed_move() -> Q:
    pairs = [Q(from_state="", to_state=ApplicationState.DRAFT)]
    pairs += [Q(from_state=state, to_state=to) for state, targets in MOVES.items() for to in targets]
    return reduce(or_, pairs)


class Move(models.Model):
    """One change of state: from which to which, who made it and when, and the letter that went with it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="moves")
    from_state = models.CharField(max_length=12, choices=[("", _("Nothing")), *STATES], blank=True)
    to_state = models.CharField(max_length=12, choices=STATES)
    mover = models.CharField(max_length=12, choices=[(mover.value, mover.value) for mover in Mover])
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    letter = models.TextField(blank=True)

    retention = Retention(
        title=_("A step in an application's history"),
        plane="team",
        reason=_("So that it can be shown who decided what, and when."),
        lifetime=_("Erased a year after the decision (a setting); for those accepted, only the letter is erased."),
        readers=READERS,
        fields={
            "id": _("Number of the step."),
            "application": _("Which application."),
            "from_state": _("The status before."),
            "to_state": _("The status after."),
            "mover": _("The candidate, a coordinator or the program."),
            "by": _("Which coordinator."),
            "at": _("When."),
            "letter": _("The letter to the candidate."),
        },
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="move_is_allowed", condition=_is_allowed_move()),
            models.CheckConstraint(
                name="move_by_coordinator_says_who",
                condition=Q(mover=Mover.COORDINATOR, by__isnull=False)
                | (~Q(mover=Mover.COORDINATOR) & Q(by__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"move {self.pk}"


class LinkPurpose(models.TextChoices):
    """What a private link is good for; its page is at /apply/<purpose>/."""

    DRAFT = "draft"
    CONFIRM = "confirm"
    STATUS = "status"
    REFERENCE = "reference"
    INTERVIEW = "interview"


class PrivateLink(models.Model):
    """A link for somebody without an account. Only a hash of its secret is stored."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="links")
    reference = models.ForeignKey("applications.Reference", null=True, blank=True, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=12, choices=LinkPurpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    valid_until = models.DateTimeField()

    retention = Retention(
        title=_("A private link"),
        plane="team",
        reason=_("So that a candidate, or someone who vouches for them, needs no account."),
        lifetime=_("Until it is used or too old."),
        readers=_("Nobody; the program compares it."),
        fields={
            "id": _("Number of the link."),
            "application": _("Which application it leads to."),
            "reference": _("Whose reference it asks for."),
            "purpose": _("The one thing it can be used for."),
            "token_hash": _("A hash of the link's secret, never the secret."),
            "valid_until": _("When it stops working."),
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reference_link_has_reference",
                condition=Q(purpose="reference", reference__isnull=False)
                | (~Q(purpose="reference") & Q(reference__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"


class PastOutcome(models.Model):
    """How many purged applications of a year had this outcome."""

    year_starts_on = models.DateField()
    outcome = models.CharField(max_length=12, choices=choices({outcome: LABELS[outcome] for outcome in OUTCOMES}))
    count = models.PositiveIntegerField(default=0)

    retention = Retention(
        title=_("Count of erased applications"),
        plane="team",
        reason=_("So that the yearly report can still say how many people applied."),
        lifetime=_("As long as the program keeps its team records."),
        readers=_("Everyone who reads the report."),
        fields={
            "id": _("Number of the row."),
            "year_starts_on": _("The first day of the program year."),
            "outcome": _("How the applications ended."),
            "count": _("How many."),
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year_starts_on", "outcome"], name="one_count_per_year_and_outcome"),
            models.CheckConstraint(name="past_outcome_is_known", condition=Q(outcome__in=list(OUTCOMES))),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} from {self.year_starts_on}"
