from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention
from peersupport.team.models import User

from ..domain import default_texts
from ..domain.states import ApplicationState


class ApplicationSettings(models.Model):
    """How this program selects its members; a single row."""

    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asks_for_references = models.BooleanField(default=False)
    asks_for_endorsement = models.BooleanField(default=False)
    asks_for_resume = models.BooleanField(default=False)
    has_panel = models.BooleanField(default=False)
    has_interview = models.BooleanField(default=False)
    criterion_1 = models.CharField(max_length=120, default=default_texts.CRITERIA[0])
    criterion_2 = models.CharField(max_length=120, default=default_texts.CRITERIA[1])
    criterion_3 = models.CharField(max_length=120, default=default_texts.CRITERIA[2])
    criterion_4 = models.CharField(max_length=120, default=default_texts.CRITERIA[3])
    criterion_5 = models.CharField(max_length=120, default=default_texts.CRITERIA[4])
    letter_conditional = models.TextField(blank=True)
    letter_waiting_list = models.TextField(blank=True)
    letter_declined = models.TextField(blank=True)
    kept_months = models.PositiveSmallIntegerField(default=12)

    retention = Retention(
        title=_("Application settings"),
        plane="program",
        reason=_("How this program chooses its members."),
        lifetime=_("As long as the program runs."),
        readers=_("The coordinator; a candidate sees what is asked of them."),
        fields={
            "id": _("Always 1: there is one program."),
            "assignee": _("Who is notified of a new application; if nobody is chosen, everyone who may decide."),
            "asks_for_references": _("Whether two references are asked for."),
            "asks_for_endorsement": _("Whether the supervisor is asked."),
            "asks_for_resume": _("Whether a résumé is asked for."),
            "has_panel": _("Whether members review applications."),
            "has_interview": _("Whether there is an interview."),
            **{f"criterion_{number}": _("What reviewers give points for.") for number in range(1, 6)},
            "letter_conditional": _("The letter to those accepted; empty for the built-in one."),
            "letter_waiting_list": _("The letter to those on the waiting list; empty for the built-in one."),
            "letter_declined": _("The letter to those declined; empty for the built-in one."),
            "kept_months": _("How many months after a decision an application is kept."),
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="single_application_settings", condition=Q(id=1)),
            models.CheckConstraint(name="kept_some_months", condition=Q(kept_months__gte=1, kept_months__lte=60)),
        ]

    def __str__(self) -> str:
        return "settings of applications"

    def letter_for(self, decision: ApplicationState) -> str:
        """The coordinator's own letter, or the default."""
        return getattr(self, f"letter_{decision.value}") or gettext(default_texts.LETTERS[decision])

    @property
    def criteria(self) -> list[str]:
        """As the coordinator has worded them; the default ones are translated."""
        return [gettext(getattr(self, f"criterion_{number}")) for number in range(1, 6)]
