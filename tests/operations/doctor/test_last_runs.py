"""When a round last ran is noted if the schedule started it, and not if somebody's doing woke it."""

import pytest

from operations import tasks
from operations.models import Round
from tests.services import wait_until

WORKER = ["-m", "celery", "-A", "tests.notices.fast_beat", "worker", "-B", "--pool=solo", "--loglevel=WARNING"]
ROUNDS = "SELECT task, ran_at FROM operations_round"


def test_schedule_leaves_the_minute_of_its_last_run(demo_site) -> None:
    demo_site.sql("DELETE FROM operations_round")
    demo_site.sql("DELETE FROM notices_notice")
    with demo_site.process(*WORKER) as (_, log):
        assert wait_until(lambda: len(demo_site.sql(ROUNDS)) == 2, seconds=60), log.read_text()
    noted = dict(demo_site.sql(ROUNDS))
    assert set(noted) == {"peersupport.notices.tasks.send_urgent", "peersupport.notices.tasks.send_waiting"}
    assert {at[16:] for at in noted.values()} == {":00"}, "to the minute"


def test_round_that_was_woken_is_not_noted(demo_site) -> None:
    """Its time would tell when an officer pressed a button."""
    demo_site.sql("DELETE FROM operations_round")
    demo_site.run("from peersupport.notices.tasks import send_urgent\nsend_urgent.apply_async(retry=False)")
    queue = demo_site.var / "broker"
    assert list(queue.iterdir())
    with demo_site.process(*[each for each in WORKER if each != "-B"]) as (_, log):
        assert wait_until(lambda: not list(queue.iterdir()), seconds=60), log.read_text()
        demo_site.run("from peersupport.notices.tasks import send_urgent\nsend_urgent.apply_async(retry=False)")
        assert wait_until(lambda: not list(queue.iterdir()), seconds=60), log.read_text()
    assert demo_site.sql(ROUNDS) == []


@pytest.mark.django_db
def test_round_that_failed_is_not_noted(own_keyring) -> None:
    own_keyring.rename(own_keyring.with_name("unmounted"))
    with pytest.raises(OSError, match="missing folder"):
        tasks.destroy_orphaned_keys.apply(headers={"by_schedule": True}, throw=True)
    assert not Round.objects.exists()
    own_keyring.with_name("unmounted").rename(own_keyring)
    tasks.destroy_orphaned_keys.apply(headers={"by_schedule": True}, throw=True)
    assert Round.objects.count() == 1
