"""The short list of pages that need no account, by the name of their address.

Everything that is not listed here needs a signed-in person.
"""

# Run without session, cookie and account: a signed-in member is as anonymous here as anybody.
ANONYMOUS = frozenset(
    {
        "program:home",
        "program:about",
        "program:confidentiality",
        "program:what_we_keep",
        "program:resources",
        "team:public",
        "apply:form",
        "apply:again",
        "apply:draft",
        "apply:forget_draft",
        "apply:confirm",
        "apply:status",
        "apply:correct",
        "apply:withdraw",
        "apply:reference",
        "apply:interview",
        "apply:interview_calendar",
        "requests_app:ask",
        "requests_app:return",
        "requests_app:thread",
        "requests_app:send_on",
        "requests_app:change_peer",
        "requests_app:let_next_read",
        "requests_app:close",
        "requests_app:exit",
        "results:index",
        "results:year",
        "operations:healthz",
    }
)

# Need a session but nobody signed in yet.
SIGNING_IN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "team:invitation",
    }
)

MEGABYTE = 1024 * 1024

# The pages with a field for a file, and the longest that they take, in bytes. A file sent to any other page is refused.
TAKES_A_FILE = {
    "apply:form": 5 * MEGABYTE,
    "apply:draft": 5 * MEGABYTE,
    "team:roster_file": 10 * MEGABYTE,
    "training:imports": 10 * MEGABYTE,
    "training:report": 10 * MEGABYTE,
}
