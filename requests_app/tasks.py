"""What beat rings. The tasks carry nothing; what must be done stands in the tables."""

from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task(ignore_result=True)
def sweep() -> None:
    actions.tend_all(now=timezone.now())
    actions.tend_consultations(now=timezone.now())


@shared_task(ignore_result=True)
def tell_of_gaps() -> None:
    actions.tell_of_gaps(now=timezone.now())


@shared_task(ignore_result=True)
def renew_plane_key() -> None:
    actions.renew_plane_key(now=timezone.now())
