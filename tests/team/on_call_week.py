"""What the tests of on-call hours share: a Monday morning, Ana's nights, and a page as text."""

from datetime import UTC, date, datetime, timedelta

from django.test import Client

from peersupport.audit.models import Entry
from peersupport.notices.models import Notice
from peersupport.team.models import WeeklyHours

NOW = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)  # a Monday, ten in the morning in Chicago
TODAY = date(2026, 6, 1)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FRIDAY = date(2026, 6, 5)
FRIDAY_NIGHT = datetime(2026, 6, 6, 3, 0, tzinfo=UTC)
# From Monday to Friday at night: as arguments of an action, and as fields of the form.
NIGHTS = {"days": range(5), "starts": datetime(2026, 1, 1, 18).time(), "ends": datetime(2026, 1, 1, 6).time()}
NIGHTS_FORM = {"purpose": "on_call", "days": ["0", "1", "2", "3", "4"], "starts": "18:00", "ends": "06:00"}


def audited() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("action", flat=True))


def page(client: Client, address: str, **fields: object) -> str:
    """The page at this address; with fields, the one after posting them."""
    response = client.post(address, fields, follow=True) if fields else client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def notified() -> list[str]:
    """The names of those with a new notice; the notices are then deleted."""
    names = sorted(Notice.objects.values_list("recipient__name", flat=True))
    Notice.objects.all().delete()
    return names


def shift_field(hours: WeeklyHours, day: date = FRIDAY) -> str:
    """One shift as the form field names it."""
    return f"{hours.pk}:{day.isoformat()}"
