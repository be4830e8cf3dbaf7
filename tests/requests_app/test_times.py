"""The times of the steps, as columns of the settings' one row and as the times that the rules take."""

from datetime import timedelta

from requests_app.domain.escalation import Times
from requests_app.models import RequestSettings

OTHER = Times(
    now_again=timedelta(minutes=4),
    now_available=timedelta(minutes=11),
    now_oversight=timedelta(minutes=21),
    now_nobody=timedelta(minutes=31),
    today=timedelta(minutes=45),
    when_you_can=timedelta(hours=9),
    answer_now=timedelta(minutes=16),
    answer_today=timedelta(hours=5),
    answer_when_you_can=timedelta(hours=25),
    night_from=22,
    night_until=6,
)


def test_unsaved_settings_have_the_default_times() -> None:
    assert RequestSettings().times == Times()


def test_each_time_has_its_own_column() -> None:
    assert RequestSettings.of(OTHER).times == OTHER
    assert not set(vars(OTHER).items()) & {(name, value) for name, value in vars(Times()).items() if name != "at_once"}
