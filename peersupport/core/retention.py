"""What a table keeps, declared on its model. Backups, the erasure test and the public page /what-we-keep/ read this."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SEALED_PREFIX = "Sealed: "

Plane = Literal["team", "support", "statistics", "program"]


@dataclass(frozen=True)
class Retention:
    """One table's declaration. The public page prints all of it.

    title: the table's name on that page, if the model's own name says too little.
    plane: "team" is recorded and audited; "support" is sealed while a request is open and erased with it; "statistics"
    has counts only; "program" has the program's own texts and settings.
    fields: by field name, why it is there. SEALED_PREFIX at the start of a sentence is syntax: it marks the field as
    sealed, and the page shows a badge in its place.
    """

    plane: Plane
    reason: str
    lifetime: str
    readers: str
    fields: Mapping[str, str]
    title: str = ""


# Tables of the libraries. Most stay empty; none has anything of the support plane.
RETENTION_OF_LIBRARIES: dict[str, Retention] = {
    "sessions.Session": Retention(
        title="Who is signed in",
        plane="team",
        reason="So that somebody who serves stays signed in from page to page.",
        lifetime="Until they sign out, or eight hours; nothing is written for anonymous pages.",
        readers="Nobody. A member's private key lies in it sealed under a key that only their browser holds.",
        fields={
            "session_key": "Random number that the browser holds too.",
            "session_data": "Who is signed in, and the sealed private key. Nothing of what they do.",
            "expire_date": "When it ends, to the full hour: eight hours after the sign-in at most.",
        },
    ),
    "contenttypes.ContentType": Retention(
        plane="program",
        reason="The framework's list of tables.",
        lifetime="As long as the program is installed.",
        readers="The program.",
        fields={"id": "Number.", "app_label": "Which part of the program.", "model": "Which table."},
    ),
    "auth.Permission": Retention(
        plane="program",
        reason="The framework's own list of permissions; this program uses roles instead.",
        lifetime="As long as the program is installed.",
        readers="The program.",
        fields={"id": "Number.", "name": "Words.", "content_type": "Which table.", "codename": "Code."},
    ),
    "auth.Group": Retention(
        plane="program",
        reason="Comes with the framework and stays empty: roles stand in the account.",
        lifetime="Never filled.",
        readers="Nobody.",
        fields={"id": "Number.", "name": "Words."},
    ),
    "auth.Group_permissions": Retention(
        plane="program",
        reason="Comes with the framework and stays empty.",
        lifetime="Never filled.",
        readers="Nobody.",
        fields={"id": "Number.", "group": "Which group.", "permission": "Which permission."},
    ),
    "account.EmailAddress": Retention(
        plane="team",
        reason="Comes with the sign-in library and stays empty: the address stands in the account.",
        lifetime="Never filled.",
        readers="Nobody.",
        fields={
            "id": "Number.",
            "user": "Whose address.",
            "email": "The address.",
            "verified": "Whether it was verified.",
            "primary": "Whether it is the main one.",
        },
    ),
    "account.EmailConfirmation": Retention(
        plane="team",
        reason="Comes with the sign-in library and stays empty.",
        lifetime="Never filled.",
        readers="Nobody.",
        fields={
            "id": "Number.",
            "email_address": "Which address.",
            "created": "When it was made.",
            "sent": "When it was sent.",
            "key": "Its key.",
        },
    ),
}

# Tables without a model, with their columns.
RETENTION_WITHOUT_MODEL: dict[str, Retention] = {
    "django_migrations": Retention(
        plane="program",
        reason="The framework's list of the changes made to the tables.",
        lifetime="As long as the program is installed.",
        readers="The program.",
        fields={
            "id": "Number.",
            "app": "Which part of the program.",
            "name": "Which change.",
            "applied": "When the tables were changed.",
        },
    ),
    "shared_cache": Retention(
        title="Count of attempts to sign in",
        plane="team",
        reason="So that nobody can try password after password when signing in.",
        lifetime="Some minutes.",
        readers="Nobody; the program compares it.",
        fields={
            "cache_key": "A keyed hash of what is counted, such as an account; no address of a computer.",
            "value": "How often it was tried.",
            "expires": "When the count is forgotten.",
        },
    ),
}
