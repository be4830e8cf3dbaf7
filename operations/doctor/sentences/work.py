"""What the program does, and whether it still does it."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from ..domain.findings import OK

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# By check. What a page calls it.
TITLES: "dict[str, StrOrPromise]" = {
    "health": gettext_lazy("Parts of the program"),
    "statistics": gettext_lazy("Statistics"),
    "on_call": gettext_lazy("On-call schedule"),
    "requests": gettext_lazy("Open requests and members' keys"),
    "stored_requests": gettext_lazy("Room for requests"),
    "worker": gettext_lazy("Worker"),
    "rounds": gettext_lazy("Regular tasks"),
    "notices": gettext_lazy("Notices waiting"),
    "mails": gettext_lazy("E-mails waiting"),
    "second_factor": gettext_lazy("Second factors"),
    "audit": gettext_lazy("Audit log"),
}

# By check and code: what is said, and what to do about it. What is well needs no remedy.
SENTENCES: "dict[tuple[str, str], tuple[StrOrPromise, StrOrPromise]]" = {
    ("statistics", OK): (gettext_lazy("The open year can be counted."), ""),
    ("on_call", OK): (gettext_lazy("The on-call schedule can be read."), ""),
    ("requests", OK): (gettext_lazy("All can be opened and verified."), ""),
    ("stored_requests", OK): (gettext_lazy("%(number)s stored, of %(most)s at most (%(share)s %%)."), ""),
    ("stored_requests", "many"): (
        gettext_lazy("%(number)s stored, of %(most)s at most (%(share)s %%)."),
        gettext_lazy(
            "Tell the coordinator. If the disk has room, set PEERSUPPORT_MAX_OPEN_REQUESTS higher: once it is reached, "
            "the form shows numbers to call and takes nothing."
        ),
    ),
    ("stored_requests", "full"): (
        gettext_lazy("%(number)s stored, of %(most)s at most: no other request is taken."),
        gettext_lazy("Look at the disk, then set PEERSUPPORT_MAX_OPEN_REQUESTS higher, and tell the coordinator."),
    ),
    ("worker", OK): (gettext_lazy("The worker is running."), ""),
    ("rounds", OK): (gettext_lazy("None of them is late (%(number)s)."), ""),
    ("rounds", "late"): (
        gettext_lazy("%(task)s last ran well at %(at)s, and should have since."),
        gettext_lazy("Look in the log for its error."),
    ),
    ("rounds", "never"): (gettext_lazy("%(task)s has never run well."), gettext_lazy("Look in the log for its error.")),
    ("rounds", "none"): (
        gettext_lazy("None of them is running. The last run: %(at)s."),
        gettext_lazy(
            "Start the program, or look at the schedule's clock: a schedule file from the future silences it."
        ),
    ),
    ("notices", OK): (gettext_lazy("No notice is waiting."), ""),
    ("notices", "waiting"): (gettext_lazy("Notices that wait for their time: %(number)s."), ""),
    ("notices", "many"): (
        gettext_lazy("Notices that wait, and that nobody has tried to send: %(number)s."),
        gettext_lazy("Check that the worker is running."),
    ),
    ("notices", "tried"): (
        gettext_lazy(
            "Notices that wait: %(number)s. At least one couldn't be sent, and has waited %(minutes)s minutes or more."
        ),
        gettext_lazy("Check the mail server and the phone alert services below."),
    ),
    ("mails", OK): (gettext_lazy("No e-mail is waiting."), ""),
    ("mails", "waiting"): (gettext_lazy("E-mails that wait to be sent: %(number)s."), ""),
    ("mails", "many"): (
        gettext_lazy("E-mails that wait, and that nobody has tried to send: %(number)s."),
        gettext_lazy("Check that the worker is running."),
    ),
    ("mails", "tried"): (
        gettext_lazy("E-mails that wait: %(number)s. At least one couldn't be sent."),
        gettext_lazy("Check the mail server below."),
    ),
    ("second_factor", OK): (gettext_lazy("Everybody who has signed in has one."), ""),
    ("second_factor", "without"): (
        gettext_lazy("Accounts that have none yet, and open nothing but adding one: %(number)s."),
        "",
    ),
    ("audit", OK): (gettext_lazy("The chain is whole. Entries: %(number)s. Its head: %(head)s."), ""),
    ("audit", "empty"): (gettext_lazy("The chain has no entries yet."), ""),
    ("audit", "broken"): (
        gettext_lazy("Entries were changed, removed or added. The chain's head: %(head)s."),
        gettext_lazy("%(manage)s verify_audit"),
    ),
}
