"""The closed lists in which the program counts, each in a fixed order and without free text.

Source: the program's brochure and its yearly evaluation. Never rank, unit, gender, tenure, date or which member.

An open year counts by the lists it was opened with. Once a code of a counted list is added, removed or moved, the year
refuses every tally and can't be closed ("other_lists" in stats/domain/ledger.py), so close it before such a change.
Labels are free to change. A new concern also needs its experiences in requests_app/domain/experiences.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from peersupport.core.sentences import gettext_noop as _

Level = Literal["person", "contact", "session", "nothing"]


@dataclass(frozen=True)
class Vocabulary:
    """One closed list. level: what one count in it stands for.

    labels: its codes with their English labels, in order. `translation.choices(labels)` makes the choices of a field;
    whoever shows a single label translates it.
    """

    name: str
    label: str
    level: Level
    labels: Mapping[str, str]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.labels)


CONCERN = Vocabulary(
    "concern",
    _("Main concern"),
    "person",
    {
        "critical_incident": _("Critical incident"),
        "line_of_duty_death": _("Line-of-duty death"),
        "grief": _("Grief or loss"),
        "family": _("Family or relationship"),
        "work": _("Work and career"),
        "stress_anxiety_sleep": _("Stress, anxiety or sleep"),
        "alcohol_substance": _("Alcohol or substance use"),
        "suicidal_thoughts": _("Thoughts of suicide"),
        "health_injury": _("Health or injury"),
        "finances": _("Finances"),
        "legal_disciplinary": _("Legal or disciplinary"),
        "military": _("Military or deployment"),
    },
)
MODE = Vocabulary(
    "mode",
    _("How they talked"),
    "person",
    {
        "in_person": _("In person"),
        "phone": _("Phone"),
        "text_chat": _("Text or chat"),
        "email": _("E-mail"),
        "video": _("Video"),
        "web_site": _("This website"),
    },
)
ORIGIN = Vocabulary(
    "origin",
    _("How contact began"),
    "person",
    {
        "self": _("Came on their own"),
        "peer": _("Peer reached out"),
        "colleague_family": _("Colleague or family"),
        "supervisor": _("Supervisor suggested"),
        "critical_incident": _("After a critical incident"),
        "clinician": _("Clinician or assistance program"),
    },
)
RECEIVER = Vocabulary(
    "receiver",
    _("Who was supported"),
    "person",
    {
        "sworn": _("Sworn"),
        "professional_staff": _("Professional staff"),
        "family": _("Family"),
        "retired": _("Retired"),
    },
)
DURATION = Vocabulary(
    "duration",
    _("How long it took"),
    "person",
    {
        "under_30_min": _("Under 30 min"),
        "30_to_60_min": _("30 to 60 min"),
        "1_to_2_h": _("1 to 2 h"),
        "over_2_h": _("Over 2 h"),
    },
)
REFERRAL = Vocabulary(
    "referral",
    _("Referral offered"),
    "person",
    {
        "none_needed": _("None needed"),
        "assistance_program": _("Assistance program"),
        "agency_clinician": _("Agency clinician"),
        "outside_therapist": _("Outside therapist"),
        "chaplain": _("Chaplain"),
        "medical": _("Medical"),
        "substance_program": _("Substance program"),
        "legal_financial": _("Legal or financial"),
    },
)
RESPONSE = Vocabulary(
    "response",
    _("Time from request to acceptance"),
    "person",
    {
        "within_1_h": _("Within 1 h"),
        "within_24_h": _("Within 24 h"),
        "within_72_h": _("Within 72 h"),
        "later": _("Later"),
    },
)
FEEDBACK = Vocabulary(
    "feedback",
    _("Feedback"),
    "contact",
    {
        "helped_again": _("It helped, and I would use it again"),
        "helped_not_again": _("It helped, but I would not use it again"),
        "not_helped_again": _("It did not help, but I would use it again"),
        "not_helped_not_again": _("It did not help, and I would not use it again"),
    },
)
GROUP = Vocabulary(
    "group",
    _("Group sessions"),
    "session",
    {
        "defusing": _("Defusing"),
        "debriefing": _("Debriefing"),
    },
)

# In the order in which reports print them.
VOCABULARIES: dict[str, Vocabulary] = {
    v.name: v for v in (CONCERN, MODE, ORIGIN, RECEIVER, DURATION, RESPONSE, REFERRAL, FEEDBACK, GROUP)
}
PERSON_LEVEL = tuple(v for v in VOCABULARIES.values() if v.level == "person")
CONTACT_LEVEL = tuple(v for v in VOCABULARIES.values() if v.level == "contact")

# What a member may say they have lived through. Counted nowhere; only matching reads it.
EXPERIENCE = Vocabulary(
    "experience",
    _("What you have lived through"),
    "nothing",
    {
        "officer_involved_shooting": _("An officer-involved shooting"),
        "mass_casualty": _("A mass-casualty call"),
        "loss_of_colleague": _("A colleague's line-of-duty death"),
        "loss_of_child": _("The loss of a child"),
        "loss_of_partner_parent": _("The loss of a partner or parent"),
        "suicide_of_somebody_close": _("The suicide of someone close"),
        "divorce": _("A divorce or separation"),
        "caring_for_family": _("Caring for someone sick at home"),
        "alcohol_recovery": _("Recovery from alcohol"),
        "substance_recovery": _("Recovery from medication or drugs"),
        "depression_anxiety": _("Depression, anxiety or panic"),
        "post_traumatic_stress": _("Post-traumatic stress"),
        "own_thoughts_of_suicide": _("Your own thoughts of suicide"),
        "serious_injury": _("A serious injury"),
        "serious_illness": _("A serious illness"),
        "internal_investigation": _("An internal investigation"),
        "lawsuit": _("A lawsuit or a trial"),
        "demotion_transfer": _("A demotion or a transfer"),
        "debt": _("Debt"),
        "military_service": _("Military service or deployment"),
    },
)
