"""The periodic tasks of the support plane. They carry no arguments: what is to be done is in the tables."""

from celery import shared_task
from django.utils import timezone

from .actions import consultation, plane_key
from .actions import sweep as sweep_actions


@shared_task(ignore_result=True)
def sweep() -> None:
    sweep_actions.run(now=timezone.now())
    consultation.sweep(now=timezone.now())


@shared_task(ignore_result=True)
def renew_plane_key() -> None:
    plane_key.renew(now=timezone.now())
