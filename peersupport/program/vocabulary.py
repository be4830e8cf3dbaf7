"""The closed lists in which the program counts, each in a fixed order and without free text.

Source: the program's brochure and its yearly evaluation. Never rank, unit, gender, tenure, date or which member.

An open year counts by the lists it was opened with. Once a code of a counted list is added, removed or moved, the year
refuses every tally and can't be closed ("other_lists" in stats/domain/ledger.py), so close it before such a change.
Labels are free to change. A new concern also needs its experiences in requests_app/domain/experiences.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["person", "contact", "session", "nothing"]


@dataclass(frozen=True)
class Vocabulary:
    """One closed list. level: what one count in it stands for. labels: its codes with their labels, in order."""

    name: str
    label: str
    level: Level
    labels: Mapping[str, str]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.labels)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(self.labels.items())


CONCERN = Vocabulary(
    "concern",
    "What it was mainly about",
    "person",
    {
        "critical_incident": "Critical incident",
        "line_of_duty_death": "Line-of-duty death",
        "grief": "Grief or loss",
        "family": "Family or relationship",
        "work": "Work and career",
        "stress_anxiety_sleep": "Stress, anxiety or sleep",
        "alcohol_substance": "Alcohol or substance use",
        "suicidal_thoughts": "Thoughts of suicide",
        "health_injury": "Health or injury",
        "finances": "Finances",
        "legal_disciplinary": "Legal or disciplinary",
        "military": "Military or deployment",
    },
)
MODE = Vocabulary(
    "mode",
    "How they talked",
    "person",
    {
        "in_person": "In person",
        "phone": "Phone",
        "text_chat": "Text or chat",
        "email": "E-mail",
        "video": "Video",
        "web_site": "This web site",
    },
)
ORIGIN = Vocabulary(
    "origin",
    "How it came about",
    "person",
    {
        "self": "Came by themselves",
        "peer": "Peer reached out",
        "colleague_family": "Colleague or family",
        "supervisor": "Supervisor suggested",
        "critical_incident": "After a critical incident",
        "clinician": "Clinician or assistance program",
    },
)
RECEIVER = Vocabulary(
    "receiver",
    "Who was supported",
    "person",
    {
        "sworn": "Sworn",
        "professional_staff": "Professional staff",
        "family": "Family",
        "retired": "Retired",
    },
)
DURATION = Vocabulary(
    "duration",
    "How long it took",
    "person",
    {
        "under_30_min": "Under 30 min",
        "30_to_60_min": "30 to 60 min",
        "1_to_2_h": "1 to 2 h",
        "over_2_h": "Over 2 h",
    },
)
REFERRAL = Vocabulary(
    "referral",
    "Referral offered",
    "person",
    {
        "none_needed": "None needed",
        "assistance_program": "Assistance program",
        "agency_clinician": "Agency clinician",
        "outside_therapist": "Outside therapist",
        "chaplain": "Chaplain",
        "medical": "Medical",
        "substance_program": "Substance program",
        "legal_financial": "Legal or financial",
    },
)
RESPONSE = Vocabulary(
    "response",
    "From the request to a peer's yes",
    "person",
    {
        "within_1_h": "Within 1 h",
        "within_24_h": "Within 24 h",
        "within_72_h": "Within 72 h",
        "later": "Later",
    },
)
FEEDBACK = Vocabulary(
    "feedback",
    "What they said of it",
    "contact",
    {
        "helped_again": "It helped, and I would use it again",
        "helped_not_again": "It helped, but I would not use it again",
        "not_helped_again": "It did not help, but I would use it again",
        "not_helped_not_again": "It did not help, and I would not use it again",
    },
)
GROUP = Vocabulary(
    "group",
    "Group sessions",
    "session",
    {
        "defusing": "Defusing",
        "debriefing": "Debriefing",
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
    "What you have lived through",
    "nothing",
    {
        "officer_involved_shooting": "An officer-involved shooting",
        "mass_casualty": "A call with many dead or hurt",
        "loss_of_colleague": "A colleague's death on duty",
        "loss_of_child": "The loss of a child",
        "loss_of_partner_parent": "The loss of a partner or parent",
        "suicide_of_somebody_close": "The suicide of somebody close",
        "divorce": "A divorce or separation",
        "caring_for_family": "Caring for somebody sick at home",
        "alcohol_recovery": "Recovery from alcohol",
        "substance_recovery": "Recovery from medication or drugs",
        "depression_anxiety": "Depression, anxiety or panic",
        "post_traumatic_stress": "Post-traumatic stress",
        "own_thoughts_of_suicide": "Own thoughts of suicide",
        "serious_injury": "A serious injury",
        "serious_illness": "A serious illness",
        "internal_investigation": "An internal investigation",
        "lawsuit": "A lawsuit or a trial",
        "demotion_transfer": "A demotion or a transfer",
        "debt": "Debt",
        "military_service": "Military service or deployment",
    },
)
