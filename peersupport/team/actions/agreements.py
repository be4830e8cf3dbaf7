"""The confidentiality agreement: signed by the member alone, once for each approved wording."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.program import queries as program

from ..models import Agreement, Member, User
from ..queries import members, service_record


@transaction.atomic
def sign_agreement(*, member_id: int, version: int, name: str, by: User) -> None:
    """version: the wording that the member has read. Signing it twice is harmless. Raises Refused."""
    member = members.locked_member(member_id)
    wording = program.current_text(program.AGREEMENT)
    if member.user_id != by.pk:
        raise Refused(_("Only the member can sign it."))
    if version != wording.version:
        raise Refused(
            _("The agreement changed while you were reading. Please read the new version below, and sign that one."),
        )
    if _letters(name) != _letters(member.user.name):
        raise Refused(_("Please type your name as the team knows it: %(name)s.") % {"name": member.user.name})
    signed = {"text": wording.body, "signed_name": name, "signed_at": timezone.now()}
    __, is_new = Agreement.objects.get_or_create(member=member, version=version, is_past=False, defaults=signed)
    if is_new:
        audit.record(action="agreement_signed", by=by.pk, about=f"member:{member_id}")


@transaction.atomic
def notify_members_to_sign() -> int:
    """Notify members who have not signed the current wording, once for each wording. Returns how many."""
    version = program.current_text(program.AGREEMENT).version
    unsigned = service_record.members_to_sign(version).filter(user__is_active=True)
    # Of two rounds at once the second waits here, and finds nobody left.
    rows = unsigned.exclude(notified_about_wording=version).order_by("pk").select_for_update(of=("self",))
    unnotified = list(rows.values_list("pk", "user_id"))
    Member.objects.filter(pk__in=[pk for pk, __ in unnotified]).update(notified_about_wording=version)
    outbox.notify_all(user_ids=[user_id for __, user_id in unnotified])
    if unnotified:
        audit.record(action="members_asked_to_sign", by=None)
    return len(unnotified)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
