"""How long a backup and a restore take, and how large the files are.

    .venv/bin/python -m tests.bench.backup [MEMBERS RECORDS]

Without numbers: the demo's sample data. With them: a team of that size, 500 and 40000 for instance. Everything is in a
temporary folder; both are timed with the start of the process.
"""

import sys
import tempfile
import time
from pathlib import Path

from operations.backup import keys
from tests.operations.home import Home

DEMO = """
from django.conf import settings
from django.utils import timezone
from operations.demo import data
settings.VAR = settings.HOME
(settings.HOME / "bells").mkdir()
settings.PHONE_ALERT_SERVICES |= {"demo": ("the demo's phone", "demo://you")}
settings.PHONE_ALERT_PLUGINS = [str(settings.BASE_DIR / "operations/demo/phone_alerts.py")]
data.make(today=timezone.localdate())
"""
TEAM = """
from datetime import date, timedelta
from peersupport.team.models import Member, User
from training.models import Record, Subject
members, records = {members}, {records}
users = User.objects.bulk_create(
    User(name=f"Sample {{n}}", email=f"m{{n}}@example.org", is_member=True, password="!") for n in range(members))
team = Member.objects.bulk_create(
    Member(user=user, state="designated", designated_on="2020-01-15", designated_by="The sheriff") for user in users)
subjects = list(Subject.objects.all())
Record.objects.bulk_create((
    Record(member=team[n % members], subject=subjects[n // members % 7], hours=4,
           completed_on=date(2000, 1, 1) + timedelta(days=n // members)) for n in range(records)), batch_size=2000)
"""


def timed(home: Home, *arguments: object) -> None:
    started = time.monotonic()
    done = home.manage(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    print(f"{arguments[0]}: {time.monotonic() - started:.1f} s. {done.stdout.splitlines()[0]}")


def main(fill: str) -> None:
    with tempfile.TemporaryDirectory(prefix="peersupport-bench-") as name:
        folder = Path(name)
        home, private_file = Home(folder / "home"), folder / "key"
        private, public = keys.make()
        private_file.write_text(private)
        home.make()
        home.set(**{keys.VARIABLE: public})
        home.run(fill)
        file = folder / "backup"
        timed(home, "backup", "--to", file)
        size = {each.name: f"{each.stat().st_size / 1e6:.2f} MB" for each in folder.glob("backup*")}
        print(size, f"database {(home.folder / 'peersupport.sqlite3').stat().st_size / 1e6:.2f} MB")
        back = ["restore", "--from", file, "--lasting", f"{file}.lasting", "--key-file", private_file]
        timed(home, *back)
        timed(Home(folder / "elsewhere"), *back)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        main(TEAM.format(members=int(sys.argv[1]), records=int(sys.argv[2])))
    else:
        main(DEMO)
