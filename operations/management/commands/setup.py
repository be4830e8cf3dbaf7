"""Makes an installation, or finishes one that was begun."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from dashboard.queries import launch
from operations.home_command import HomeCommand
from operations.processes import lock
from operations.setup import installation, people, questions, remaining, rules
from operations.setup.people import Standing, State
from operations.upgrade import schema
from peersupport.core.errors import Refused
from peersupport.program import queries as program
from peersupport.settings import home as homes

AGAIN = "Another setup is running in {home}. Wait for its end."


class Command(HomeCommand):
    help = (
        "Makes an installation in the folder that --home names: settings, keys, database, and the first three people's "
        "invitations. Asks what no flag and no answers file says. Run again, it keeps what is there and finishes what "
        "was cut off. Exits 0 when all is made, 2 with one line when something is in the way."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        questions.add_flags(parser)

    def run(self, home: Path, **options: Any) -> bool:
        try:
            with lock(home / "setup.lock", sentence=AGAIN.format(home=home)):
                self.go_on(home, options)
        except KeyboardInterrupt:
            raise Refused("\nStopped. Run setup again to finish: it keeps what is there.") from None
        return True

    def go_on(self, home: Path, options: dict[str, Any]) -> None:
        given = questions.given(options)
        may_ask = not options["no_input"] and options["answers"] != "-"
        if installation.is_prepared():
            self.find(given)
        else:
            self.prepare(home, given, may_ask)
        self.invite(given, may_ask)
        installation.write_front(home)
        self.tell_what_is_left(home)

    def find(self, given: questions.Answers) -> None:
        self.say(f"{settings.HOME} is made already. What is there stays as it is.")
        for line in installation.differing(given):
            self.say(line)
        schema.refuse_pending()

    def prepare(self, home: Path, given: questions.Answers, may_ask: bool) -> None:
        """Asks before it begins, so that nobody answers after half a minute."""
        needed = [each for each in questions.ABOUT_PROGRAM if each.name in ("agency", "program")]
        answers = questions.complete(given, needed=needed, may_ask=may_ask)
        self.say("Making tables, keys and files. This takes a moment.")
        installation.prepare(home)
        installation.name_program(agency=answers["agency"], name=answers["program"])

    def invite(self, given: questions.Answers, may_ask: bool) -> None:
        """Everybody whose role nobody has and nobody is invited to."""
        standings = people.standings(timezone.now())
        for name, standing in standings.items():
            if standing.state in (State.FILLED, State.INVITED):
                self.say(people.said(name, standing))
        wanted = self.wanted(standings, given, may_ask)
        if wanted:
            self.say("Invitations, each for its person alone:")
            people.invite(wanted, say=self.say)
        if not people.send():
            self.say("Not all invitations could be mailed. They stay queued and leave as soon as mail does.")
        elif wanted:
            self.say(f"The mails are in {settings.HOME}/mail." if self.mails_to_files else "They are mailed, too.")

    def wanted(
        self, standings: dict[str, Standing], given: questions.Answers, may_ask: bool
    ) -> dict[str, rules.Person]:
        """Who is to be invited. Raises Refused if somebody is missing, or has a role that excludes another."""
        open_roles = {name: each for name, each in standings.items() if each.state in (State.VACANT, State.EXPIRED)}
        known = {name: str(each.person) for name, each in standings.items() if each.person}
        answers = {**known, **{name: given[name] for name in open_roles if name in given}}
        needed = [each for each in questions.ABOUT_PROGRAM if each.name in open_roles]
        answers = questions.complete(answers, needed=needed, may_ask=may_ask)
        rules.check_roles(answers)
        return {name: rules.person_of(answers[name]) for name in open_roles}

    @property
    def mails_to_files(self) -> bool:
        return homes.environment()["PEERSUPPORT_EMAIL_URL"] == rules.FILES

    def tell_what_is_left(self, home: Path) -> None:
        now, variables = timezone.now(), homes.environment()
        standings = people.standings(now)
        situation = remaining.Situation(
            home=str(home),
            site=settings.SITE_URL,
            is_trial=rules.is_trial(settings.SITE_URL),
            has_tls=bool(
                variables.get("PEERSUPPORT_TLS_CERTIFICATE") or int(variables.get("PEERSUPPORT_PROXY_COUNT", 0))
            ),
            mails_to_files=self.mails_to_files,
            invited=[people.said_roles([name]) for name, each in standings.items() if each.state is State.INVITED],
            missing=None if program.launched_on() else launch.missing_items(now),
        )
        self.say(f"\n{home} is set up. What is left to do:")
        for line in remaining.steps(situation):
            self.say(line)
