"""What a newcomer finds in `manage.py demo`: the printed accounts and receipt lead where it says.

SIGTERM stops it, even while somebody holds a connection open.
"""

import signal
import socket
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import path_of, press, return_by_receipt, send_request, sign_in
from tests.services import free_port

PASSWORD = "peer-support-demo"


@pytest.fixture
def demo(demo_site):
    with demo_site.demo(port=free_port()) as demo:
        yield demo


@pytest.mark.django_db  # the browser fixture needs the tests' database, even where this test runs alone
def test_demo_accounts_and_receipt_open_a_working_program(demo, demo_site, visit_site):
    officer = visit_site(demo.address, PHONE)
    return_by_receipt(officer, demo.receipt)
    assert path_of(officer) == "/request/thread/"
    expect(officer.locator("#thread")).to_contain_text("I am glad that you wrote.")

    send_request(officer, "Now")
    expect(officer.get_by_text("Peers are being asked right now.")).to_be_visible()
    member = visit_site(demo.address, DESKTOP)
    sign_in(member, "member1@example.org", PASSWORD)
    expect(member.get_by_role("heading", name="Someone needs an answer now")).to_be_visible()
    press(member, "Accept")
    assert path_of(member).startswith("/desk/contacts/")

    coordinator = visit_site(demo.address, DESKTOP)
    sign_in(coordinator, "coordinator@example.org", PASSWORD)
    assert path_of(coordinator) == "/home/"
    coordinator.goto("/members/")
    expect(coordinator.get_by_role("row")).to_have_count(9)

    director = visit_site(demo.address, DESKTOP)
    sign_in(director, "director@example.org", PASSWORD)
    assert path_of(director) == "/home/"
    director.goto("/statistics/")
    reports = director.get_by_role("link", name="Peer support in")
    expect(reports).to_have_count(2)
    reports.first.click()
    expect(director.get_by_role("img", name="Contacts: about")).to_be_visible()

    with socket.create_connection(("localhost", demo.port)) as stalled:
        stalled.sendall(b"POST /request/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf")
        asked_to_stop_at = time.monotonic()
        assert demo.interrupt(signal.SIGTERM) == 0
        assert time.monotonic() - asked_to_stop_at < 5
    assert demo_site.processes() == []
