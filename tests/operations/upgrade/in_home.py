"""Run in a process of its own with a home's settings: what the tests of upgrades do in a home, and find there.

    python tests/operations/upgrade/in_home.py FUNCTION FACTS

Prints what the function returns, as JSON.
"""

import json
import os
import sys
from typing import Any

import django


def look(facts: dict[str, Any]) -> dict[str, Any]:
    """What an officer, a member and the year have left, in the days of the home."""
    import time_machine

    from peersupport.team import key_pair
    from peersupport.team.models import MemberKey
    from requests_app.models import Request
    from requests_app.queries import members, officers

    with time_machine.travel(facts["now"]):
        own = officers.own_request(officers.credentials_of(facts["receipt"]))
        key = MemberKey.objects.get(member=own.peer, is_retired=False) if own and own.peer else None
        private_key = key_pair.open_by_password(key.pair, facts["password"]) if key else b""
        return {
            "words": own.words.message if own and own.words else None,
            "thread": [message.text for message in own.thread] if own else [],
            "contacts": len(members.contacts_of(own.peer)) if own and own.peer else 0,
            "has_key": len(private_key),
            "requests": Request.objects.count(),
        }


def count_and_close(facts: dict[str, Any]) -> dict[str, Any]:
    """One more contact, then the year's end. Returns the noised count before and after, and the report's band."""
    import time_machine

    from peersupport.team.models import User
    from stats import actions, queries, vault
    from stats.domain.ledger import CONTACTS
    from stats.models import StatsYear

    def contacts() -> int:
        return vault.unseal(StatsYear.objects.get(year=facts["year"])).by_counter()[CONTACTS]

    with time_machine.travel(facts["now"]):
        before = contacts()
        actions.tally(year=facts["year"], first_this_year=True)
        after = contacts()
    with time_machine.travel(f"{facts['year'] + 1}-01-02T15:00:00+00:00"):
        actions.close_year(year=facts["year"], by=User.objects.get(is_clinical_director=True))
    rows = queries.report(year=facts["year"])["rows"]
    low = next(row["lo"] for row in rows if row["vector"] == "contacts")
    return {"before": before, "after": after, "low": low}


def verify_audit(facts: dict[str, Any]) -> list[str]:
    """What the audit chain's own check finds."""
    from peersupport.audit import queries

    return [str(problem) for problem in queries.verify()]


def close_request(facts: dict[str, Any]) -> int:
    """The officer closes. Returns how many keys are left."""
    import time_machine

    from peersupport.sealing import keyring
    from requests_app.actions import officer
    from requests_app.queries import officers

    with time_machine.travel(facts["now"]):
        officer.close(creds=officers.credentials_of(facts["receipt"]))
    return len(keyring.shred_ids())


def sweep(facts: dict[str, Any]) -> int:
    """Returns how many requests the sweep has left."""
    import time_machine
    from django.utils import timezone

    from requests_app.actions import sweep
    from requests_app.models import Request

    with time_machine.travel(facts["now"]):
        sweep.run(now=timezone.now())
    return Request.objects.count()


def upgrade(facts: dict[str, Any]) -> None:
    """In the days of the home: years that are over by now have not begun."""
    import time_machine
    from django.core.management import call_command

    with time_machine.travel(facts["now"]):
        call_command("upgrade")


def may_serve(facts: dict[str, Any]) -> str:
    from django.conf import settings

    from operations.upgrade import steps
    from peersupport.core.errors import Refused

    try:
        steps.check_can_serve(settings.HOME)
    except Refused as refused:
        return str(refused)
    return "yes"


def run_round(facts: dict[str, Any]) -> None:
    from operations import tasks

    tasks.forget_expired()


if __name__ == "__main__":
    os.umask(0o077)
    django.setup()
    function, facts = sys.argv[1:]
    print(json.dumps(globals()[function](json.loads(facts))))
