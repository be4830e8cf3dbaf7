"""Which of the experiences that members list come close to which concern."""

from collections.abc import Mapping

EXPERIENCES_BY_CONCERN: Mapping[str, frozenset[str]] = {
    "critical_incident": frozenset({"officer_involved_shooting", "mass_casualty", "post_traumatic_stress"}),
    "line_of_duty_death": frozenset({"loss_of_colleague", "post_traumatic_stress"}),
    "grief": frozenset({"loss_of_child", "loss_of_partner_parent", "loss_of_colleague", "suicide_of_somebody_close"}),
    "family": frozenset({"divorce", "caring_for_family"}),
    "work": frozenset({"demotion_transfer", "internal_investigation"}),
    "stress_anxiety_sleep": frozenset({"depression_anxiety", "post_traumatic_stress"}),
    "alcohol_substance": frozenset({"alcohol_recovery", "substance_recovery"}),
    "suicidal_thoughts": frozenset({"own_thoughts_of_suicide", "depression_anxiety"}),
    "health_injury": frozenset({"serious_injury", "serious_illness"}),
    "finances": frozenset({"debt"}),
    "legal_disciplinary": frozenset({"internal_investigation", "lawsuit"}),
    "military": frozenset({"military_service"}),
}


def drawn_experiences(concern: str, week: int) -> frozenset[str]:
    """Those of a concern's experiences that count in its draw of this week.

    One that comes close to several concerns counts for one of them each week, by turns: if it counted for all, the
    draws of one week together would say more about it than one of them may.
    """
    return frozenset(
        experience
        for experience in EXPERIENCES_BY_CONCERN.get(concern, ())
        if (close := _concerns_of(experience))[week % len(close)] == concern
    )


def _concerns_of(experience: str) -> list[str]:
    return [concern for concern, experiences in EXPERIENCES_BY_CONCERN.items() if experience in experiences]
