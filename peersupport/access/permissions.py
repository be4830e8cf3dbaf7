"""Who may do what on the team plane: roles, permissions, and the table that joins them. Pure."""

from collections.abc import Iterable
from enum import Enum

from peersupport.core.sentences import gettext_noop as _


class Role(Enum):
    MEMBER = "member"
    COORDINATOR = "coordinator"
    CLINICAL_DIRECTOR = "clinical_director"
    DESIGNEE = "designee"
    OPERATOR = "operator"


ROLE_LABELS: dict[Role, str] = {
    Role.MEMBER: _("Member"),
    Role.COORDINATOR: _("Coordinator"),
    Role.CLINICAL_DIRECTOR: _("Clinical director"),
    Role.DESIGNEE: _("Clinical director's designee"),
    Role.OPERATOR: _("Operator"),
}


class Permission(Enum):
    SUPPORT = "support"  # own offers, contacts, messages and tallies
    OWN_PROFILE = "own_profile"  # availability, on call, profile, own training record
    SEE_ON_CALL = "see_on_call"
    SEE_TEAM = "see_team"
    MANAGE_TEAM = "manage_team"  # roster, designation, agreements, key confirmation
    INVITE = "invite"
    SEE_APPLICATIONS = "see_applications"
    DECIDE_APPLICATIONS = "decide_applications"
    SEE_TRAINING = "see_training"
    MANAGE_TRAINING = "manage_training"
    SEE_WAITING = "see_waiting"
    TELEPHONE_ONLY = "telephone_only"  # take requests by telephone only; a member while on call
    ANSWER_CONSULTATION = "answer_consultation"
    SEE_REPORT = "see_report"
    SEE_EXACT_REPORT = "see_exact_report"  # applications and endings, which others read in bands of ten
    CLOSE_YEAR = "close_year"
    WRITE_TEXTS = "write_texts"
    APPROVE_TEXTS = "approve_texts"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_SETTINGS = "manage_settings"  # what the program says of itself; what the server needs is in settings.env
    SEE_HEALTH = "see_health"
    LIFT_SECOND_FACTOR = "lift_second_factor"  # of somebody else, together with a person of another office
    SEE_AUDIT = "see_audit"  # who did what on the team plane


_CLINICAL = frozenset(
    {
        Permission.SEE_ON_CALL,
        Permission.SEE_TEAM,
        Permission.SEE_APPLICATIONS,
        Permission.SEE_TRAINING,
        Permission.SEE_WAITING,
        Permission.ANSWER_CONSULTATION,
        Permission.SEE_REPORT,
        Permission.SEE_EXACT_REPORT,
        Permission.CLOSE_YEAR,
        Permission.APPROVE_TEXTS,
        Permission.SEE_AUDIT,
    }
)

PERMISSIONS_OF: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: frozenset(
        {
            Permission.SUPPORT,
            Permission.OWN_PROFILE,
            Permission.SEE_ON_CALL,
            Permission.TELEPHONE_ONLY,
            Permission.SEE_REPORT,
        }
    ),
    Role.COORDINATOR: frozenset(
        {
            Permission.SEE_ON_CALL,
            Permission.SEE_TEAM,
            Permission.MANAGE_TEAM,
            Permission.INVITE,
            Permission.SEE_APPLICATIONS,
            Permission.DECIDE_APPLICATIONS,
            Permission.SEE_TRAINING,
            Permission.MANAGE_TRAINING,
            Permission.SEE_WAITING,
            Permission.TELEPHONE_ONLY,
            Permission.SEE_REPORT,
            Permission.SEE_EXACT_REPORT,
            Permission.WRITE_TEXTS,
            Permission.MANAGE_SETTINGS,
            Permission.LIFT_SECOND_FACTOR,
            Permission.SEE_AUDIT,
        }
    ),
    Role.CLINICAL_DIRECTOR: _CLINICAL | {Permission.LIFT_SECOND_FACTOR},
    Role.DESIGNEE: _CLINICAL,
    Role.OPERATOR: frozenset({Permission.MANAGE_ACCOUNTS, Permission.SEE_HEALTH, Permission.LIFT_SECOND_FACTOR}),
}

# The roles that a permission lets somebody give in an invitation.
INVITABLE_BY: dict[Permission, frozenset[Role]] = {
    Permission.INVITE: frozenset({Role.MEMBER, Role.COORDINATOR}),
    Permission.MANAGE_ACCOUNTS: frozenset(Role),
}


def is_allowed(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether any of the roles has the permission."""
    return any(permission in PERMISSIONS_OF[role] for role in roles)


def are_compatible(roles: Iterable[Role]) -> bool:
    """Whether one person may have all these roles: the operator has no other."""
    held = set(roles)
    return Role.OPERATOR not in held or held == {Role.OPERATOR}


def roles_changeable_by(roles: Iterable[Role]) -> frozenset[Role]:
    """The roles that somebody with `roles` may give to or take from an existing account.

    Never the member's: it comes with a key, by invitation, and ends with the membership.
    """
    return roles_invitable_by(roles) - {Role.MEMBER}


def roles_invitable_by(roles: Iterable[Role]) -> frozenset[Role]:
    """The roles that somebody with `roles` may give to a person they invite."""
    held = set(roles)
    return frozenset(
        role for permission, invitable in INVITABLE_BY.items() if is_allowed(held, permission) for role in invitable
    )
