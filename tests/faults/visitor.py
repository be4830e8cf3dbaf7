"""Somebody with a browser of their own, who fills in forms as they came."""

import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from html import unescape
from http.cookiejar import CookieJar
from urllib.parse import urlencode

from operations.demo.team import PASSWORD

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')
RECEIPT = re.compile(r'<p class="receipt" id="receipt"[^>]*>(.*?)</p>')
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """A page as it came."""

    status: int
    html: str

    @property
    def words(self) -> str:
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.html)).split())

    @property
    def receipt(self) -> str:
        found = RECEIPT.search(self.html)
        return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""

    def form(self, mark: str = "") -> dict[str, str]:
        """What its form, the first with this mark in it, sends without anybody typing."""
        form = next(each for each in FORM.findall(self.html) if mark in each and 'method="post"' in each)
        return {name: unescape(value) for name, value in HIDDEN.findall(form)}


class Visitor:
    def __init__(self, site: str) -> None:
        self.site = site
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path: str, typed: dict[str, str] | None = None, files: dict[str, bytes] | None = None) -> Answer:
        request = urllib.request.Request(self.site + path, headers={"Origin": self.site, "Referer": self.site + path})
        if files is not None:
            _put_files(request, typed or {}, files)
        elif typed is not None:
            request.data = urlencode(typed).encode()
        try:
            answer = self._opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Answer(answer.status, answer.read().decode())

    def sign_in(self, email: str) -> "Visitor":
        form = self.open("/sign-in/").form("password")
        assert "Sign out" in self.open("/sign-in/", {**form, "login": email, "password": PASSWORD}).words
        return self

    def return_by(self, receipt: str) -> Answer:
        """The thread."""
        form = self.open("/request/return/").form("receipt")
        return self.open("/request/return/", {**form, "receipt": receipt})


def _put_files(request: urllib.request.Request, typed: dict[str, str], files: dict[str, bytes]) -> None:
    """As a form with files sends it (RFC 7578)."""
    parts = [(f'name="{name}"', value.encode()) for name, value in typed.items()]
    parts += [(f'name="{name}"; filename="a file"', content) for name, content in files.items()]
    body = b"".join(b"--cut\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (n.encode(), c) for n, c in parts)
    request.data = body + b"--cut--\r\n"
    request.add_header("Content-Type", "multipart/form-data; boundary=cut")
