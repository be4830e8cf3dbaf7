"""What the pages of subjects and of required hours say."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .formats import hours_text

if TYPE_CHECKING:
    from ..models import Requirement, ValidityRule

Rule = tuple[str, str]  # what it says, and from when


def months_text(months: int | None) -> str:
    """ "24 months"; None: never lapses."""
    if months is None:
        return _("Never lapses")
    return ngettext("%(months)s month", "%(months)s months", months) % {"months": months}


def validity_text(rule: "ValidityRule", next_rule: "ValidityRule | None") -> str:
    """ "24 months; starting March 3, 2027: 12 months"."""
    if next_rule is None:
        return months_text(rule.valid_months)
    return _("%(now)s; starting %(day)s: %(later)s") % {
        "now": months_text(rule.valid_months),
        "day": date_format(next_rule.applies_from, "DATE_FORMAT"),
        "later": months_text(next_rule.valid_months),
    }


def validity_rules(rules: "Sequence[ValidityRule]") -> list[Rule]:
    """rules: newest first. The last applies to whatever was completed before the others."""
    starts = [_completed_from(rule) for rule in rules[:-1]]
    starts.append(_("Training completed before any later rule") if len(rules) > 1 else _("All training"))
    return [(months_text(rule.valid_months), start) for rule, start in zip(rules, starts, strict=True)]


def _completed_from(rule: "ValidityRule") -> str:
    day = date_format(rule.applies_from, "DATE_FORMAT")
    return _("Training completed on or after %(day)s") % {"day": day}


def requirement_rules(rules: "Sequence[Requirement]") -> list[Rule]:
    """rules: newest first."""
    sentence = _("%(initial)s h of initial training within %(months)s, then %(continuing)s h a year")
    return [
        (
            sentence
            % {
                "initial": hours_text(rule.initial_hours),
                "months": months_text(rule.initial_months),
                "continuing": hours_text(rule.continuing_hours),
            },
            _("Original rule") if rule is rules[-1] else _starting(rule),
        )
        for rule in rules
    ]


def _starting(rule: "Requirement") -> str:
    return _("Starting %(day)s") % {"day": date_format(rule.applies_from, "DATE_FORMAT")}
