"""How much memory a web process takes while many sign in at once, and how long others wait meanwhile.

    .venv/bin/python tests/bench/sign_in_flood.py [--at-once 24] [--threads 32] [--folder DIR]

Starts the program's web server (one process, the demo's settings, SQLite in a folder of its own) and has so many
strangers press "Sign in" at the same moment, each at another account. Meanwhile somebody opens an anonymous page again
and again, and a device that is known signs in. Prints the peak of the process's memory before and after, what the
strangers were answered, and both waits in seconds. Runs on earlier versions too, which know no device.
"""

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
PORT = 8765
PASSWORD = "a quiet word at night"
PREPARE = """
from django.core.management import call_command
from peersupport.sealing import keyring
from peersupport.team.models import User
keyring.prepare()
call_command("migrate", verbosity=0)
User(name="Carla", email="carla@example.org", is_coordinator=True).save()
user = User.objects.get(); user.set_password({password!r}); user.save()
"""


class Browser:
    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, typed: dict[str, str] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
        headers = {"Host": f"localhost:{PORT}", "Origin": f"http://localhost:{PORT}"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if typed is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if typed else "GET", path, urlencode(typed) if typed else None, headers)
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        page = answer.read().decode()
        connection.close()
        return answer.status, page

    def open_form(self) -> dict[str, str]:
        _, page = self.ask("/sign-in/")
        (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page))
        return {"csrfmiddlewaretoken": token}


def timed(act: Callable[[], tuple[int, str]]) -> tuple[float, int]:
    """Seconds, and the answer's status."""
    began = time.monotonic()
    status, _ = act()
    return time.monotonic() - began, status


def peak_mb(process: int) -> int:
    """Of the web server and the processes that it started."""
    peaks = []
    for status in Path("/proc").glob("[0-9]*/status"):
        text = status.read_text() if status.exists() else ""
        if f"\nPPid:\t{process}\n" in text or status.parent.name == str(process):
            peaks.append(int(re.findall(r"VmHWM:\s+(\d+)", text)[0]) // 1024)
    return max(peaks)


def serve(folder: str, threads: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PEERSUPPORT_VAR": folder, "DJANGO_SETTINGS_MODULE": "peersupport.settings.demo"}
    prepare = f"import django; django.setup()\n{PREPARE.format(password=PASSWORD)}"
    subprocess.run([sys.executable, "-c", prepare], cwd=ROOT, env=environment, check=True)
    command = [
        sys.executable, "-m", "granian", "peersupport.wsgi:application", "--interface", "wsgi", "--port", str(PORT),
        "--workers", "1", "--blocking-threads", str(threads), "--no-ws", "--log-level", "error",
    ]  # fmt: skip
    return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)


def wait_until_ready() -> None:
    for _ in range(600):
        try:
            Browser().ask("/about/")
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the web server was not ready after a minute")


def measure(process: int, at_once: int) -> None:
    device = Browser()
    own = {"login": "carla@example.org", "password": PASSWORD}
    status, _ = device.ask("/sign-in/", {**device.open_form(), **own, "is_own_device": "on"})
    assert status == 302, "the first sign-in was refused"
    for name in [name for name in device.cookies if "session" in name]:
        del device.cookies[name]
    form = device.open_form()
    strangers = [Browser() for _ in range(at_once)]
    forms = [stranger.open_form() for stranger in strangers]
    print(f"peak before: {peak_mb(process)} MB")
    with ThreadPoolExecutor(at_once + 1) as pool:
        pressed = [
            pool.submit(stranger.ask, "/sign-in/", {**typed, "login": f"x{n}@example.org", "password": "a guess"})
            for n, (stranger, typed) in enumerate(zip(strangers, forms, strict=True))
        ]
        known = pool.submit(timed, lambda: device.ask("/sign-in/", {**form, **own}))
        pages = []
        while not all(each.done() for each in [*pressed, known]):
            pages.append(timed(lambda: Browser().ask("/about/"))[0])
        answers = Counter(each.result()[0] for each in pressed)
    print(f"peak after {at_once} at once: {peak_mb(process)} MB")
    print(f"strangers were answered: {dict(answers)}")
    waited, status = known.result()
    print(f"known device was answered {status} after {waited:.2f} s")
    print(f"anonymous page: median {statistics.median(pages):.2f} s, longest {max(pages):.2f} s of {len(pages)}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--at-once", type=int, default=24)
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--folder", default=".")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        server = serve(folder, options.threads)
        try:
            wait_until_ready()
            measure(server.pid, options.at_once)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
