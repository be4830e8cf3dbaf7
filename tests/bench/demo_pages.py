"""Writes every page of the demo to a folder, as each role sees it, so that two versions can be compared.

    .venv/bin/python tests/bench/demo_pages.py FOLDER [--port 8123] [--tree CHECKOUT]
    diff -r FOLDER_BEFORE FOLDER_AFTER

FOLDER must not exist yet; it gets one folder for each role, and one file for each address that links and forms lead
to: the status, the address after redirects and the content type in the first line, then the text of the page, PDF or
workbook. CHECKOUT has the `manage.py` and `.venv` to run, this one by default. It takes about half a minute.

What differs from run to run is masked: ids, tokens, clock times, key fingerprints, and the noise in a report. Not
masked, because whole rows come and go with the noise: which concerns a report has a band for, and the scale of a
chart. Compare two versions on the same day: dates are not masked either.
"""

import argparse
import io
import os
import re
import signal
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
PASSWORD = "peer-support-demo"
ROLES = {
    "officer": "",
    "coordinator": "coordinator@example.org",
    "director": "director@example.org",
    "member1": "member1@example.org",
    "member2": "member2@example.org",
    "member8": "member8@example.org",
    "operator": "operator@example.org",
}
SKIPPED_LINKS = ("/sign-out", "/exit", "/static/")
LINK = re.compile(r"""(?:href|action)="([^"#]*)""")
MASKS = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r'(name="(?:token|csrfmiddlewaretoken|press|[\w-]*-press|[\w-]*-token)" value=")[^"]*'), r"\1<token>"),
    (re.compile(r'(value=")[^"]*(" name="(?:token|csrfmiddlewaretoken|press)")'), r"\1<token>\2"),
    (re.compile(r"[A-Za-z0-9_-]{20,}:[A-Za-z0-9_:-]{20,}"), "<signed>"),
    (re.compile(r"\b\d{1,2}:\d\d\b"), "<time>"),
    (re.compile(r"(\.)[0-9a-f]{12}(\.\w+)"), r"\1<hash>\2"),
    (re.compile(r"localhost:\d+"), "localhost:<port>"),
    (re.compile(r"DTSTAMP:\w+"), "DTSTAMP:<time>"),
    (re.compile(r"\b(?:about )?\d+–\d+\b|too few to break down"), "<band>"),
    (re.compile(r"A band from \d+ to \d+ on a scale from \d+ to \d+\.|No band\."), "<band>"),
    (re.compile(r'\n\s*<rect class="range-bar__band"[^>]*>|(?<=/>)\n\s*(?=\n\s*</svg>)'), ""),
    (re.compile(r"(^\d{4},\w+,\w+),\d+,\d+(?=\r?$)", re.MULTILINE), r"\1,<lo>,<hi>"),
    (re.compile(r"(<span>0</span><span>)\d+(?=</span></div>)"), r"\1<n>"),
    (re.compile(r'"(lo|hi)": \d+'), r'"\1": <n>'),
    (re.compile(r"(^\['\d{4}', '\w+', '\w+'), \d+, \d+(?=, )", re.MULTILINE), r"\1, <lo>, <hi>"),
    (re.compile(r"(on a scale from 0 to) \d+"), r"\1 <n>"),
    (re.compile(r" ranges__words--few"), ""),
    (re.compile(r"(by [\w. ]+: )(?:[a-z]+ ){3}[a-z]+\b"), r"\1<fingerprint>"),
    (re.compile(r'(id="fingerprint"[^>]*>).*'), r"\1<fingerprint>"),
)
# The home leaves out concerns without a band, so even which rows it has depends on the noise.
HOME_PATHS = ("/home/", "/sign-in/")
REPORT_ROW = re.compile(r'<tr[^>]*>\s*<th class="ranges__label".*?</tr>\s*', re.DOTALL)


class Browser:
    def __init__(self, site: str) -> None:
        self.site = site
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def open(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str, str, bytes]:
        """Status, path after redirects, content type, body."""
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        request = urllib.request.Request(self.site + path, body, {"Origin": self.site, "Referer": self.site + path})
        try:
            answer = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return (
                answer.status,
                answer.url.removeprefix(self.site),
                answer.headers["Content-Type"] or "",
                answer.read(),
            )

    def sign_in(self, email: str) -> None:
        _, _, _, page = self.open("/sign-in/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]*)"', page)
        assert token, "no form to sign in"
        data = {"csrfmiddlewaretoken": token[1].decode(), "login": email, "password": PASSWORD}
        _, path, _, _ = self.open("/sign-in/", data)
        assert "sign-in" not in path, f"{email} could not sign in"


def masked(path: str, text: str) -> str:
    """The text without what differs from run to run. path: of the page it is on."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return REPORT_ROW.sub("", text) if path in HOME_PATHS else text


def as_text(kind: str, body: bytes) -> str:
    if "pdf" in kind:
        import pypdf

        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    if "sheet" in kind:
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(body))
        return "\n".join(str([cell.value for cell in row]) for sheet in book for row in sheet.iter_rows())
    return body.decode(errors="replace")


@dataclass(frozen=True)
class Page:
    """One address as a browser sees it. shape: the address without what differs from run to run."""

    shape: str
    path: str
    status: int
    landed: str
    kind: str
    body: bytes

    @property
    def text(self) -> str:
        return as_text(self.kind, self.body)


def pages(browser: Browser) -> Iterator[Page]:
    """Every page this browser can reach; one of each kind where addresses differ only in what is masked."""
    todo, seen = ["/", "/home/", "/desk/", "/request/", "/apply/", "/sign-in/", "/styleguide/", "/none/"], set()
    while todo:
        path = todo.pop(0)
        shape = masked("", path)
        if shape in seen:
            continue
        seen.add(shape)
        page = Page(shape, path, *browser.open(path))
        yield page
        if "html" in page.kind:
            for link in LINK.findall(page.text):
                target = urllib.parse.urlsplit(urllib.parse.urljoin(path, link.replace("&amp;", "&")))
                if not target.netloc and not target.scheme and not target.path.startswith(SKIPPED_LINKS):
                    todo.append(target.path + (f"?{target.query}" if target.query else ""))


def write_pages(browser: Browser, folder: Path) -> int:
    """Write every page this browser can reach; how many they are."""
    folder.mkdir(parents=True)
    count = 0
    for page in pages(browser):
        name = re.sub(r"[^\w.<>=-]+", "_", page.shape).strip("_") or "root"
        first_line = f"{page.status} {masked('', page.landed)} {page.kind}"
        (folder / name[:180]).write_text(f"{first_line}\n{masked(page.path, page.text)}")
        count += 1
    return count


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--tree", type=Path, default=HERE)
    options = parser.parse_args()
    site = f"http://localhost:{options.port}"
    with tempfile.TemporaryDirectory() as var:
        python = options.tree.resolve() / ".venv/bin/python"
        command = [python, "manage.py", "demo", "--port", str(options.port)]
        environment = {**os.environ, "PEERSUPPORT_VAR": var}
        demo = subprocess.Popen(command, cwd=options.tree, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert demo.stdout is not None
            while "is ready at" not in (line := demo.stdout.readline()):
                assert line or demo.poll() is None, "the demo did not start"
            for role, email in ROLES.items():
                browser = Browser(site)
                if email:
                    browser.sign_in(email)
                print(f"{role}: {write_pages(browser, options.folder / role)} pages", flush=True)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(30)


if __name__ == "__main__":
    main()
