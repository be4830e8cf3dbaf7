"""What is reached over the network: the site's own address, phone alert services, the mail server."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from ..domain.findings import OK

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# By check. What a page calls it.
TITLES: "dict[str, StrOrPromise]" = {
    "address": gettext_lazy("The site's address"),
    "phone_alerts": gettext_lazy("Phone alert services"),
    "redis": gettext_lazy("Redis"),
    "mail": gettext_lazy("Mail server"),
}

_FRONT = gettext_lazy("Correct the proxy in front of the program.")

# By check and code: what is said, and what to do about it. What is well needs no remedy.
SENTENCES: "dict[tuple[str, str], tuple[StrOrPromise, StrOrPromise]]" = {
    ("redis", OK): (gettext_lazy("Redis answers."), ""),
    ("redis", "silent"): (
        gettext_lazy("Redis doesn't answer (%(error)s). Pages work, and notices wait."),
        gettext_lazy("Check that it runs, and PEERSUPPORT_REDIS_URL."),
    ),
    ("address", OK): (gettext_lazy("%(site)s leads here, and what arrives fits the settings."), ""),
    ("address", "no_answer"): (
        gettext_lazy("%(site)s doesn't answer from this machine."),
        gettext_lazy("Start the program; then check name, firewall and proxy."),
    ),
    ("address", "certificate"): (
        gettext_lazy("The certificate of %(site)s can't be verified from here."),
        gettext_lazy("Renew it, with its whole chain; or let this machine trust who signed it."),
    ),
    ("address", "refused"): (
        gettext_lazy("The program refuses what arrives from %(site)s: the proxy names another host."),
        gettext_lazy("Let the proxy pass the Host header on, or set PEERSUPPORT_HOSTS."),
    ),
    ("address", "other_answer"): (gettext_lazy("%(site)s gives another answer than the program would."), _FRONT),
    ("address", "other_program"): (
        gettext_lazy(
            "%(site)s answers, but not by this installation: another one, an older version, or one with another key."
        ),
        gettext_lazy("Check where the name leads, and restart the program."),
    ),
    ("address", "scheme"): (
        gettext_lazy("A call by %(wanted)s:// arrives as %(arrived)s://, so forms are refused."),
        gettext_lazy("Let the proxy set X-Forwarded-Proto."),
    ),
    ("address", "host"): (
        gettext_lazy("A call of %(wanted)s arrives as %(arrived)s, so forms are refused."),
        gettext_lazy("Let the proxy pass the Host header on, with its port."),
    ),
    ("address", "too_few"): (
        gettext_lazy(
            "X-Forwarded-For arrives with %(number)s entries, and the settings expect %(wanted)s: nobody can sign in."
        ),
        gettext_lazy("Set PEERSUPPORT_PROXY_COUNT to the number of your own proxies in front."),
    ),
    ("address", "too_many"): (
        gettext_lazy(
            "X-Forwarded-For arrives with %(number)s entries, and the settings expect %(wanted)s: wrong passwords of "
            "everybody are counted as one client's."
        ),
        gettext_lazy("Set PEERSUPPORT_PROXY_COUNT to the number of your own proxies in front."),
    ),
    ("address", "origin"): (
        gettext_lazy("A proxy changes the Origin header (it arrives as “%(arrived)s”), so forms may be refused."),
        gettext_lazy(
            "Let it pass Origin and Sec-Fetch-Site on. A Referrer-Policy of no-referrer does the same in browsers."
        ),
    ),
    ("address", "fetch_site"): (
        gettext_lazy("A proxy removes the Sec-Fetch-Site header."),
        gettext_lazy("Let it pass on what browsers send."),
    ),
    ("address", "older_code"): (
        gettext_lazy("Another version is running (%(running)s) than lies on this disk (%(disk)s)."),
        gettext_lazy("Restart the program."),
    ),
    ("phone_alerts", OK): (gettext_lazy("Every service in use can be reached (%(number)s)."), ""),
    ("phone_alerts", "none"): (gettext_lazy("Nobody has set a phone alert."), ""),
    ("phone_alerts", "unreachable"): (
        gettext_lazy("%(service)s can't be reached within five seconds."),
        gettext_lazy("Allow outgoing connections to it, or wait until it is back."),
    ),
    ("phone_alerts", "unreadable"): (
        gettext_lazy("Phone alerts whose address can't be used: %(number)s."),
        gettext_lazy("Their owners have to set them again. Was lasting/ restored from an older backup?"),
    ),
    ("mail", OK): (gettext_lazy("The mail server lets the program in."), ""),
    ("mail", "files"): (gettext_lazy("Mails go to files."), ""),
    ("mail", "refused"): (
        gettext_lazy("The mail server %(host)s can't be used (%(error)s)."),
        gettext_lazy("Check PEERSUPPORT_EMAIL_URL, and that this machine may connect to it."),
    ),
    ("mail", "not_sent"): (
        gettext_lazy("The mail server took no mail to the operators (%(error)s)."),
        gettext_lazy("Check PEERSUPPORT_FROM_EMAIL, and whether the server lets this machine send."),
    ),
    ("mail", "sent"): (
        gettext_lazy("A test mail was sent to each operator (%(number)s)."),
        gettext_lazy("Look whether it arrived, and not among the spam."),
    ),
    ("mail", "no_operator"): (
        gettext_lazy("No operator has an account, so no test mail was sent."),
        gettext_lazy(
            "The operator follows the link of the invitation. If it has run out: %(manage)s setup, once more."
        ),
    ),
}
