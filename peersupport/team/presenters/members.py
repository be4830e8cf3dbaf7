"""What the roster and a member's page say about a member."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core.plurals import in_words, with_number

from ..domain.serving import NOT_SERVING_LABELS, NotServing
from ..domain.states import (
    END_REASON_LABELS,
    KEY_LABELS,
    KEY_STATES_TO_CONFIRM,
    MEMBER_KIND_LABELS,
    MEMBERSHIP_STATE_LABELS,
    EndReason,
    MemberKind,
    MembershipState,
)
from . import lifting
from .notes import Note, Row

if TYPE_CHECKING:
    from ..models import Agreement, EarlierService, Member, MemberKey, TermRenewal
    from ..queries.service_record import ServiceRecord

SEPARATOR = " · "


@dataclass(frozen=True)
class RosterLine:
    """A member in the roster. has_term_ended, is_key_waiting: what the coordinator has to see to."""

    pk: int
    name: str
    state: str
    has_term_ended: bool
    kind: str
    unit: str
    is_on_call: bool
    key: str
    is_key_waiting: bool


# What the columns of the roster say anyway.
IN_A_COLUMN = {
    NotServing.IN_TRAINING, NotServing.TERM_ENDED, NotServing.NO_KEY, NotServing.KEY_UNCHECKED,
    NotServing.KEY_UNCONFIRMED, NotServing.KEY_UNVERIFIED,
}  # fmt: skip


def roster_line(
    member: "Member", not_serving: Sequence[NotServing], *, is_on_call: bool, is_to_sign: bool
) -> RosterLine:
    """not_serving: why they can't serve today."""
    state = [_(MEMBERSHIP_STATE_LABELS[MembershipState(member.state)])]
    state += [_(NOT_SERVING_LABELS[reason]) for reason in not_serving if reason not in IN_A_COLUMN]
    if is_to_sign:
        state.append(_("Agreement to sign"))
    return RosterLine(
        member.pk,
        member.user.name,
        SEPARATOR.join(state),
        NotServing.TERM_ENDED in not_serving,
        kind(member),
        SEPARATOR.join(filter(None, [member.unit, member.agency])),
        is_on_call,
        _(KEY_LABELS[member.key_state]),
        member.key_state in KEY_STATES_TO_CONFIRM,
    )


def kind(member: "Member") -> str:
    said = _(MEMBER_KIND_LABELS[MemberKind(member.kind)])
    return SEPARATOR.join([said, _("Supervises others")]) if member.is_supervisor else said


def public_details(member: "Member") -> str:
    """What officers read under a member's name."""
    return _joined([_(MEMBER_KIND_LABELS[MemberKind(member.kind)]), member.unit, member.agency])


def public_lead(*, is_anybody_named: bool, is_before_launch: bool) -> str:
    """On top of the public page of the team."""
    if not is_anybody_named:
        return _("The team is being put together.") if is_before_launch else _("Nobody is named here right now.")
    if is_before_launch:
        return _("The people who will answer. The program isn't open yet, so you can't ask them here.")
    return _("The people who may answer. You can ask for one of them by name, or say who not to ask.")


def facts(member: "Member", agreement: "Agreement | None", key: "MemberKey | None") -> list[tuple[str, str]]:
    """What is on record of a member, as labels and values. agreement: the latest one of this time on the team."""
    has_ended = member.state == MembershipState.ENDED
    rows = [
        (_("E-mail"), member.user.email),
        (_("Kind"), kind(member)),
        (_("Unit"), member.unit or _("Not given")),
        (_("Agency"), member.agency),
        (_("Designated"), _day(member.designated_on)),
        (_("Designated by"), member.designated_by),
        (_("Order number"), member.designation_order),
        (_("Term ends"), "" if has_ended else _day(member.term_ends_on)),
        (_("Agreement"), signature(agreement) if agreement else _("Not signed yet")),
        (_("Membership ended"), _day(member.ended_on)),
        (_("Reason"), _(END_REASON_LABELS[EndReason(member.end_reason)]) if member.end_reason else ""),
        (_("Open contacts"), "" if has_ended else with_number(_("%(number)s at most"), member.cap)),
        (_("Key"), _(KEY_LABELS[member.key_state])),
    ]
    if key and key.is_verified and key.confirmed_by:
        rows += [
            (_("Key confirmed"), _day(key.confirmed_on)),
            (_("Key confirmed by"), key.confirmed_by.name),
            (_("Key's four words"), format_html('<span translate="no">{}</span>', key.fingerprint)),
        ]
    return [(label, value) for label, value in rows if value]


def invited(name: str, *, may_invite: bool) -> Note:
    """Of somebody who hasn't signed in yet. may_invite: whether the reader sees the invitations."""
    return Note(
        _("%(name)s was invited and hasn't signed in yet.") % {"name": name},
        _("Until they do, nobody can ask for them, and they aren't counted as serving."),
        reverse("team:invite") if may_invite else "",
        _("Invitations"),
    )


def why_unverified() -> str:
    """What may have happened to a key whose confirmation doesn't verify: every cause looks the same."""
    return _(
        "A key's confirmation doesn't verify if an earlier version of this program made it, if the server's host "
        "secret was replaced without signing the keys again, or if somebody changed the database."
    )


def signature(agreement: "Agreement") -> str:
    """When and how an agreement was signed."""
    if agreement.signed_at is None:
        said = [_("%(day)s on paper") % {"day": _day(agreement.on_paper_on)}]
    else:
        moment = date_format(localtime(agreement.signed_at), "DATETIME_FORMAT")
        said = [_("%(moment)s as “%(name)s”") % {"moment": moment, "name": agreement.signed_name}]
        said.append(
            _("version %(number)s") % {"number": agreement.version}
            if agreement.version
            else _("the version that came with the program")
        )
    return SEPARATOR.join([*said, _("earlier service")] if agreement.is_past else said)


def history(record: "ServiceRecord") -> list[tuple[str, str]]:
    """What is on record besides the current designation and agreement: what, and its details. Empty for nothing."""
    if not (record.renewals or record.earlier or len(record.agreements) > 1):
        return []
    return [
        *(_renewal(renewal) for renewal in record.renewals),
        *((_("Agreement signed"), signature(agreement)) for agreement in record.agreements),
        *(_earlier(service) for service in record.earlier),
    ]


def _renewal(renewal: "TermRenewal") -> tuple[str, str]:
    details = [
        _("By %(name)s") % {"name": renewal.head},
        _("order %(number)s") % {"number": renewal.order},
        _("until %(day)s") % {"day": _day(renewal.until)} if renewal.until else "",
        _("earlier service") if renewal.is_past else "",
    ]
    return _("Renewed on %(day)s") % {"day": _day(renewal.on)}, _joined(details)


def _earlier(service: "EarlierService") -> tuple[str, str]:
    designation = {"day": _day(service.designated_on), "name": service.designated_by}
    details = [
        _(END_REASON_LABELS[EndReason(service.end_reason)]),
        _("designated on %(day)s by %(name)s") % designation if service.designated_on else "",
        _("order %(number)s") % {"number": service.designation_order} if service.designation_order else "",
    ]
    return _("On the team until %(day)s") % {"day": _day(service.ended_on)}, _joined(details)


def links(member: "Member", *, may_manage: bool, may_lift: bool) -> list[Row]:
    """The pages about a member. may_lift: whether this person can ask for a lost second factor to be lifted."""
    name = {"name": member.user.name}
    rows = [
        Row(
            _("Training"),
            _("What %(name)s has on record") % name,
            reverse("training:member", args=[member.pk]),
            _("See training"),
        )
    ]
    if may_manage and member.state != MembershipState.ENDED:
        hours = reverse("team:member_hours", args=[member.pk])
        rows.insert(0, Row(_("Hours"), _("When %(name)s is on call or available") % name, hours, _("See hours")))
    if member.designated_on:
        packet = reverse("training:designation", args=[member.pk])
        rows.append(Row(_("Designation packet"), _("Letter, agreement and transcript (PDF)"), packet, _("Download")))
    if may_lift and member.user.is_active:
        rows.append(lifting.row_on(member.user))
    return rows


def nobody_found(*, is_search: bool) -> str:
    """In place of an empty roster."""
    if is_search:
        return _("Nobody on the team has this name or unit.")
    return _(
        "Nobody is on the team yet. Invite the first member: they choose their own password, "
        "and then you compare four words with them."
    )


def leave(first: date, last: date | None) -> str:
    """The leave on record."""
    days = {"first": _day(first), "last": _day(last)}
    if last is None:
        return _("On leave from %(first)s, with no last day yet.") % days
    return _("On leave from %(first)s through %(last)s.") % days


def renewal_terms(years: int | None) -> str:
    """What renewing a designation does. years: how long a term is; None where terms have no end."""
    if years is None:
        return _("Terms have no end here. The renewal goes on record with its date and order.")
    return ngettext(
        "For %(number)s more year. Renewing early doesn't shorten the current term.",
        "For %(number)s more years. Renewing early doesn't shorten the current term.",
        years,
    ) % {"number": in_words(years)}


def _day(day: date | None) -> str:
    return date_format(day) if day else ""


def _joined(parts: Iterable[str]) -> str:
    return SEPARATOR.join(filter(None, parts))
