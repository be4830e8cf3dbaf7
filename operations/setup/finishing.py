"""The second half of `setup`: from a home that has its settings to one that can be served, said line by line."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from dashboard.queries import launch
from operations import command_line, health
from operations.presenters import HEALTH_LABELS, remedy_of
from operations.upgrade import schema
from peersupport.core.errors import Refused
from peersupport.core.site import is_trial
from peersupport.program import queries as program
from peersupport.settings import home as homes

from . import installation, people, questions, remaining, rules
from .people import Standing, State


@dataclass(frozen=True)
class Setup:
    """given: the answers that need not be asked for."""

    home: Path
    given: questions.Answers
    may_ask: bool
    say: Callable[[str], None]

    def finish(self) -> None:
        """Do what has not been done yet. Raises Refused."""
        if installation.is_prepared():
            self._find()
        else:
            self._prepare()
        self._invite()
        installation.write_front(self.home)
        self._tell_what_is_left()

    def _find(self) -> None:
        self.say(f"{self.home} is made already. What is there stays as it is.")
        for line in installation.differing(self.given):
            self.say(line)
        schema.refuse_pending()
        if (code := health.report()["keyring"]) != health.OK:
            raise Refused(f"{HEALTH_LABELS['keyring', code]}. {remedy_of('keyring', code)}")

    def _prepare(self) -> None:
        """Asks before it begins, so that nobody answers after half a minute."""
        needed = [each for each in questions.ABOUT_PROGRAM if each.name in ("agency", "program")]
        answers = questions.complete(self.given, needed=needed, may_ask=self.may_ask)
        self.say("Making tables, keys and files. This takes a moment.")
        installation.prepare(self.home)
        installation.name_program(agency=answers["agency"], name=answers["program"])

    def _invite(self) -> None:
        """Everybody whose role nobody has and nobody is invited to."""
        standings = people.standings(timezone.now())
        for name, standing in standings.items():
            if standing.state in (State.FILLED, State.INVITED):
                self.say(people.said(name, standing))
                self._say_kept(name, standing)
        wanted = self._wanted(standings)
        if wanted:
            self.say("Invitations, each for its person alone:")
            people.invite(wanted, say=self.say)
        if not people.send():
            self.say("Not all invitations could be mailed. They stay queued and leave as soon as mail does.")
        elif wanted:
            self.say(f"The mails are in {self.home}/mail." if self._mails_to_files else "They are mailed, too.")

    def _say_kept(self, name: str, standing: Standing) -> None:
        """A person named by flag who isn't the one that has the role, or is invited to it."""
        if name in self.given and rules.person_of(self.given[name]).email not in standing.addresses:
            self.say(people.said_kept(name, standing))

    def _wanted(self, standings: dict[str, Standing]) -> dict[str, rules.Person]:
        """Who is to be invited. Raises Refused if somebody is missing, or has a role that excludes another."""
        open_roles = {name: each for name, each in standings.items() if each.state in (State.VACANT, State.EXPIRED)}
        known = {name: str(each.person) for name, each in standings.items() if each.person}
        answers = {**known, **{name: self.given[name] for name in open_roles if name in self.given}}
        needed = [each for each in questions.ABOUT_PROGRAM if each.name in open_roles]
        answers = questions.complete(answers, needed=needed, may_ask=self.may_ask)
        rules.check_roles(answers)
        return {name: rules.person_of(answers[name]) for name in open_roles}

    @property
    def _mails_to_files(self) -> bool:
        return homes.environment()["PEERSUPPORT_EMAIL_URL"] == rules.FILES

    def _tell_what_is_left(self) -> None:
        now, variables = timezone.now(), homes.environment()
        standings = people.standings(now)
        situation = remaining.Situation(
            home=str(self.home),
            manage=command_line.manage(),
            site=settings.SITE_URL,
            is_trial=is_trial(settings.SITE_URL),
            has_tls=bool(
                variables.get("PEERSUPPORT_TLS_CERTIFICATE") or int(variables.get("PEERSUPPORT_PROXY_COUNT") or 0)
            ),
            mails_to_files=self._mails_to_files,
            invited=[people.said_roles([name]) for name, each in standings.items() if each.state is State.INVITED],
            missing=None if program.launched_on() else launch.missing_items(now),
        )
        self.say(f"\n{self.home} is set up. What is left to do:")
        for line in remaining.steps(situation):
            self.say(line)
