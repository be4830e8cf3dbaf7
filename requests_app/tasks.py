"""The periodic tasks of the support plane. They carry no arguments: what is to be done is in the tables.

A worker that runs on with a host secret that was replaced meanwhile, or with another installation's keyring, does
nothing: it would delete what it can't open.
"""

from celery import shared_task
from django.utils import timezone

from peersupport.program import queries as program
from peersupport.sealing import actions as sealing
from peersupport.sealing import host_secret

from .actions import consultation, plane_key
from .actions import sweep as sweep_actions


@shared_task(ignore_result=True)
def sweep() -> None:
    host_secret.check()
    sealing.check_keyring(now=timezone.now())
    now = timezone.now()
    is_clock_steady = program.is_clock_steady(now)
    sweep_actions.run(now=now, may_erase=is_clock_steady)
    consultation.sweep(now=now, may_erase=is_clock_steady)


@shared_task(ignore_result=True)
def renew_plane_key() -> None:
    host_secret.check()
    sealing.check_keyring(now=timezone.now())
    plane_key.renew(now=timezone.now())
