"""The short list of addresses that need no account, by URL name. Every other one needs a signed-in user."""

# Where the officer's thread is shown, or an answer in its place.
THREAD_ROUTES = frozenset(
    {
        "requests_app:return",
        "requests_app:thread",
        "requests_app:offer_again",
        "requests_app:change_peer",
        "requests_app:share_thread",
        "requests_app:close",
    }
)

# The officer's own pages. Their answers are padded: see peersupport/access/padding.py.
OFFICER_ROUTES = THREAD_ROUTES | {"requests_app:new_request", "requests_app:exit"}

# These run without session, cookies and account: a signed-in member is as anonymous here as anybody.
ANONYMOUS_ROUTES = OFFICER_ROUTES | {
    "program:home",
    "program:about",
    "program:confidentiality",
    "program:what_we_keep",
    "program:resources",
    "program:report_a_weakness",
    "program:security_txt",
    "team:public",
    "apply:form",
    "apply:done",
    "apply:send_again",
    "apply:draft",
    "apply:delete_draft",
    "apply:confirm",
    "apply:status",
    "apply:correct",
    "apply:withdraw",
    "apply:reference",
    "apply:interview",
    "apply:interview_calendar",
    "results:index",
    "results:year",
    "operations:healthz",
}

# Asked by monitors, and of no officer.
MONITORS_ROUTE = "operations:healthz"

# The anonymous pages that take no form: what is posted to them is never looked at.
FORMLESS_ROUTES = frozenset(
    {
        "program:home",
        "program:about",
        "program:confidentiality",
        "program:what_we_keep",
        "program:resources",
        "program:report_a_weakness",
        "program:security_txt",
        "requests_app:exit",
        "apply:done",
        "apply:status",
        "apply:interview_calendar",
        "results:index",
        "results:year",
        "operations:healthz",
    }
)

# These need a session, whether somebody has signed in or not.
SIGN_IN_ROUTES = frozenset(
    {
        "account_login",
        "account_logout",
        "mfa_authenticate",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "cannot_get_in",
        "cannot_get_in_asked",
        "cannot_get_in_confirmed",
        "confirm_cannot_get_in",
        "team:cancel_lift",
        "team:lift_canceled",
        "team:invitation",
        "team:confirm_address",
        "team:address_changed",
    }
)
