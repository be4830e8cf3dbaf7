"""Walks every page, paper and mail of the demo in the pseudo-locale: what has no accent is not marked, or glued."""

import email
import email.policy
import io
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import openpyxl
import pytest

from peersupport.team.domain import roster_rows
from tests.bench import demo_pages
from tests.demo_template import FirstStart, first_start
from tests.operations.site import Demo, Site
from tests.services import NEEDS_GETTEXT, Missing, find, free_port, wait_until

from . import catalog, forms, words

__all__ = ["first_start"]
SAMPLES = [*(catalog.ROOT / "operations/demo").glob("*.py"), catalog.ROOT / "peersupport/settings/demo.py"]


@pytest.fixture(scope="module")
def pseudo_demo(first_start: FirstStart, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    try:
        find("xgettext", NEEDS_GETTEXT)
    except Missing as missing:
        pytest.skip(str(missing))
    folder = tmp_path_factory.mktemp("pseudo")
    (folder / "catalog").mkdir()
    shutil.copytree(first_start.var, folder / "demo")
    shutil.rmtree(folder / "demo/mail")  # the first start's, in plain English
    locale = catalog.write_catalog(folder / "catalog")
    site = Site(folder / "demo", DJANGO_SETTINGS_MODULE="tests.pseudo.settings", PEERSUPPORT_PSEUDO_LOCALE=str(locale))
    with site.demo(port=free_port()) as demo:
        yield demo


class Finds:
    """The texts with words that no catalog has, each with where it was seen."""

    def __init__(self, site: Site) -> None:
        data = [*words.data_of(site.var / "peersupport.sqlite3", *SAMPLES), *roster_rows.EXPORTED]
        self._unmarked = cache(lambda text: words.unmarked(text, data))
        self.places: defaultdict[str, list[str]] = defaultdict(list)

    def look(self, texts: Iterable[str], place: str) -> None:
        for text in texts:
            if unmarked := self._unmarked(" ".join(text.split())):
                self.places[f"{' '.join(unmarked)} | {' '.join(text.split())}"].append(place)


def texts_of(page: demo_pages.Page) -> list[str]:
    """What a person reads: on a page, in a paper, in the cells of a workbook that aren't codes."""
    if "html" in page.kind:
        return words.texts_of(page.text)
    if "pdf" in page.kind:
        return [page.text]
    if "sheet" in page.kind and not page.path.endswith("template.xlsx"):  # a format, filled in with examples
        cells = (
            cell for sheet in openpyxl.load_workbook(io.BytesIO(page.body)) for row in sheet.values for cell in row
        )
        return [cell for cell in cells if isinstance(cell, str) and not words.CODE.fullmatch(cell)]
    return []


class Visitor:
    """Somebody who opens every page there is for them, and then sends every form."""

    def __init__(self, demo: Demo, role: str, finds: Finds) -> None:
        self.role, self.finds = role, finds
        self.browser = demo_pages.Browser(demo.address)
        self.forms: list[forms.Form] = []
        self.broken: list[str] = []
        if address := demo_pages.ROLES.get(role):
            self.browser.sign_in(address)

    def read(self, page: demo_pages.Page, place: str) -> None:
        self.finds.look(texts_of(page), place)
        if page.status >= 500:
            self.broken.append(place)
        if "html" in page.kind:
            seen = {form.shape for form in self.forms}
            self.forms += [form for form in forms.forms_of(page.text, page.landed) if form.shape not in seen]

    def read_all(self) -> None:
        for page in demo_pages.pages(self.browser):
            self.read(page, f"{self.role} {page.shape}")

    def send(self, action: str, data: dict[str, str], way: str = "") -> None:
        answer = demo_pages.Page("", action, *self.browser.open(action, data))
        self.read(answer, f"{self.role} {action}, {way}")

    def send_all(self, fill_in: Callable[[forms.Form], dict[str, str]]) -> None:
        for form in self.forms:  # grows by the forms of the answers
            self.send(form.action, fill_in(form), fill_in.__name__)


def test_everything_on_a_page_a_paper_or_in_a_mail_is_translated(pseudo_demo: Demo) -> None:
    finds = Finds(pseudo_demo.site)
    visitors = [Visitor(pseudo_demo, role, finds) for role in (*demo_pages.ROLES, "officer with a receipt")]
    visitors[-1].send("/request/return/", {"receipt": pseudo_demo.receipt})
    for visitor in visitors:
        visitor.read_all()
    for fill_in in forms.WAYS:
        for visitor in visitors:
            visitor.send_all(fill_in)
    assert wait_until(lambda: len(pseudo_demo.site.mails) >= 3, seconds=30)
    for text in pseudo_demo.site.mails:
        mail = email.message_from_string(text.lstrip(), policy=email.policy.default)
        body = mail.get_body(("plain",))
        finds.look([mail["Subject"], *(body.get_content().splitlines() if body else ())], "a mail")
    assert [place for visitor in visitors for place in visitor.broken] == []
    if finds.places:
        pytest.fail(
            "\n".join(sorted(f"{text}  <- {places[0]}" for text, places in finds.places.items())), pytrace=False
        )
