"""A record as the tests write it."""

from datetime import date

from training.actions import records

TODAY = date(2026, 3, 31)


def record(member, subject="suicide_intervention", day=TODAY, hours=8, by=None):
    return records.record(member_id=member.pk, subject=subject, completed_on=day, hours=hours, by=by)
