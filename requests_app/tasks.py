"""What beat rings. The tasks carry nothing; what must be done stands in the tables."""

from celery import shared_task
from django.utils import timezone

from .actions import consultation
from .actions import sweep as sweep_actions


@shared_task(ignore_result=True)
def sweep() -> None:
    sweep_actions.tend_all(now=timezone.now())
    consultation.tend_consultations(now=timezone.now())


@shared_task(ignore_result=True)
def renew_plane_key() -> None:
    sweep_actions.renew_plane_key(now=timezone.now())
