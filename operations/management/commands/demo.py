"""The whole program on one machine by one command: sample data, web server and worker, until Ctrl-C."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from peersupport.core import start
from peersupport.core.errors import Refused

from ...demo import site
from ...demo.processes import RunningDemo, lock_folder
from ...processes import check_port


class Command(BaseCommand):
    help = "Runs Peer Support with sample data on this machine, and stops all of it on Ctrl-C."
    requires_system_checks = []  # those are for who changes the program; a newcomer waits for nothing

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="Where the web server listens (8000).")
        parser.add_argument("--fresh", action="store_true", help="Forgets the last demo and makes new sample data.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.run_demo(port=options["port"], fresh=options["fresh"])
        except Refused as refused:
            start.refuse(str(refused))
        except KeyboardInterrupt:
            sys.exit("Stopped before it was ready.")

    def run_demo(self, *, port: int, fresh: bool) -> None:
        if not settings.DEMO:
            raise Refused("the demo runs with the demo's settings only.")
        with lock_folder(settings.VAR):
            check_port(port)
            address = site.address(port)
            site.prepare(fresh=fresh, say=self.say)
            with RunningDemo(port=port) as running:
                running.wait_until_ready()
                if not running.is_stopping:
                    self.say(site.welcome(address))
                ended = running.wait_until_stopped()
        if ended:
            sys.exit(f"Peer Support stopped: {ended}")
        self.say("Stopped.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
