"""An installation, served: front, web processes, worker and beat, until SIGTERM."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import connections

from peersupport.settings import home as home_settings

from ...home_command import HomeCommand
from ...processes import check_port, leave_no_core_dumps, lock_home
from ...serve import beforehand, broker, front
from ...serve.domain import listening
from ...serve.tree import HOLD_BACK_SECONDS, WEB, WORKER, Tree
from ...upgrade.steps import check_can_serve


class Command(HomeCommand):
    help = "Serves an installation: SIGTERM ends all of it in order, SIGHUP takes up new settings and code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, help="Where it listens, instead of where the settings say.")
        parser.add_argument(
            "--only",
            choices=(WEB, WORKER),
            help="On one of many hosts: nothing but the web side, or nothing but the worker and its schedule.",
        )
        parser.add_argument(
            "--hold-back-seconds",
            type=int,
            default=HOLD_BACK_SECONDS,
            help="How long lines of the log about an officer's page are held back: half an hour, but to try it.",
        )

    def run(self, home: Path, **options: Any) -> bool:
        port: int | None = options["port"]
        if port is not None:
            check_port(port, hosts=())
        leave_no_core_dumps()
        beforehand.check_home(home)
        with lock_home(home):
            check_can_serve(home)
            beforehand.check_keyring()
            connections.close_all()
            if error := broker.problem():
                self.say(
                    f"Redis doesn't answer ({error}). Check that it runs, and PEERSUPPORT_REDIS_URL. "
                    "Until it does, pages work, and notices wait."
                )
            only: str | None = options["only"]
            has_front = front.program() is not None
            hosts = [] if only == WORKER else self.check_ports(port, has_front=has_front)
            os.chdir(home)  # sockets have short paths from here
            log_to_standard_output()
            held_back = options["hold_back_seconds"]
            tree = Tree(home, port=port, hosts=hosts, has_front=has_front, only=only, hold_back_seconds=held_back)
            self.serve(tree, listens=only != WORKER, waits_for_worker=only is None and not error)
        return True

    def check_ports(self, port: int | None, *, has_front: bool) -> list[str]:
        """The addresses of this machine where it listens. Raises Refused."""
        where = front.listening_of(home_settings.environment(), port)
        hosts, *_ = [check_port(each, where.hosts) for each in (where.ports if has_front else (where.port,))]
        if not has_front:
            self.say(front.MISSING)
        return hosts

    def serve(self, stopped: Tree, *, listens: bool, waits_for_worker: bool) -> None:
        with stopped as tree:
            tree.wait_until_ready(waits_for_worker=waits_for_worker)
            connections.close_all()
            if not tree.is_stopping:
                where = f"at {listening.ready_address(tree.listening, tree.site)}" if listens else "to work."
                self.say(f"Peer Support is ready {where}")
            tree.run()


def log_to_standard_output() -> None:
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stdout)
