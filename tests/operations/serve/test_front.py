"""nginx.conf: what it says by the settings, and that nginx takes it."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse

from operations.serve import bodies, front
from operations.serve.domain.listening import Listening
from peersupport.access.body_limits import ANYBODYS_BYTES, ANYBODYS_ROUTES, STAFF_BYTES, UPLOAD_BYTES, UPLOAD_ROUTES
from peersupport.access.uploads import UPLOAD_LIMITS
from peersupport.core.errors import Refused
from tests import services
from tests.access.world import ARGUMENTS
from tests.operations.home import Home
from tests.services import free_port

SITE = "https://peer.example.org"
PLAIN = front.Front(Listening(8000), ["127.0.0.1", "::1"], SITE)
TLS = front.Front(
    Listening(443, has_tls=True, redirects_plain=True), ["0.0.0.0", "::"], SITE, certificate="/c.pem", key="/k.pem"
)
needs_nginx = pytest.mark.skipif(front.program() is None, reason=services.NEEDS_NGINX)


def lines(found: front.Front) -> list[str]:
    return [line.strip() for line in front.configuration(found).splitlines()]


def make_certificate(folder: Path) -> tuple[str, str]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", "/CN=peer.example.org", "-days", "2", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return str(certificate), str(key)


def test_nothing_of_a_visitor_is_written_down():
    assert {"access_log off;", "error_log stderr emerg;", "proxy_max_temp_file_size 0;"} <= set(lines(PLAIN))
    sizes = {"client_body_buffer_size": [], "client_max_body_size": []}
    for line in lines(PLAIN):
        name, _, size = line.partition(" ")
        if name in sizes:
            sizes[name].append(size)
    sizes["client_max_body_size"].remove("0;")  # of the front's own pages, which read no body
    assert (
        sizes["client_body_buffer_size"]
        == sizes["client_max_body_size"]
        == [f"{size};" for size in (STAFF_BYTES, ANYBODYS_BYTES, UPLOAD_BYTES)]
    )


def test_nginx_counts_crowds_and_remembers_no_address():
    zones = [line for line in lines(PLAIN) if "_zone " in line]
    assert len(zones) == 4 and not any("remote_addr" in line for line in zones)
    salted = replace(PLAIN, salt="a-salt")
    assert [line for line in lines(salted) if "remote_addr" in line] == ['split_clients "a-salt$remote_addr" $crowd {']


def test_only_addresses_with_a_file_field_take_large_bodies():
    addresses = re.compile(bodies.addresses(UPLOAD_ROUTES))
    for name in UPLOAD_LIMITS:
        assert addresses.search(reverse(name, args=["a-token"] if name in {"apply:draft", "apply:correct"} else []))
    anybodys = re.compile(bodies.addresses(ANYBODYS_ROUTES))
    for name in ANYBODYS_ROUTES:
        arguments = ARGUMENTS.get(name)
        path = reverse(name, args=["a-token"] if arguments else [])
        assert anybodys.search(path) and not addresses.search(path)
    for path in ("/", "/requests/", "/desk/", "/healthz", "/x/request/", "/apply/"):
        assert not anybodys.search(path)
    for path in ("/", "/request/", "/apply/again/", "/apply/draft/a/forget/", "/training/", "/x/apply/", "/healthz"):
        assert not addresses.search(path)


def test_behind_a_proxy_nothing_is_counted_by_address():
    """There, everybody comes from the proxy's address."""
    alone, behind = lines(PLAIN), lines(replace(PLAIN, trusts_proxy=True))
    limits = ("limit_conn ", "limit_req ")
    assert [line for line in alone if line.startswith(limits)] == [
        "limit_conn large_bodies 24;",
        "limit_conn large_bodies_of_one 8;",
        "limit_conn connections_of_one 400;",
        "limit_req zone=requests_of_one burst=700 delay=300;",
    ]
    assert [line for line in behind if line.startswith(limits)] == ["limit_conn large_bodies 24;"]


def test_without_a_certificate_it_listens_on_this_machine_alone():
    listens = [line for line in lines(PLAIN) if line.startswith("listen")]
    assert listens == ["listen 127.0.0.1:8000;", "listen [::1]:8000;"]


def test_with_a_certificate_plain_http_leads_to_the_site():
    listens = [line for line in lines(TLS) if line.startswith("listen")]
    assert listens == ["listen 0.0.0.0:80;", "listen [::]:80;", "listen 0.0.0.0:443 ssl;", "listen [::]:443 ssl;"]
    assert "return 301 https://peer.example.org$request_uri;" in lines(TLS)
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in lines(TLS)


def test_a_claimed_scheme_counts_only_from_a_proxy_of_ours():
    behind = front.front_of({"PEERSUPPORT_SITE_URL": SITE, "PEERSUPPORT_PROXY_COUNT": "1"}, hosts=["127.0.0.1"])
    alone = front.front_of({"PEERSUPPORT_SITE_URL": SITE}, hosts=["127.0.0.1"])
    assert "map $http_x_forwarded_proto $forwarded_proto {" in lines(behind)
    assert "map $scheme $forwarded_proto {" in lines(alone)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PEERSUPPORT_TLS_KEY": "/k.pem"}, "belong together"),
        ({"PEERSUPPORT_TLS_KEY": "/no/k", "PEERSUPPORT_TLS_CERTIFICATE": "/no/c"}, "is /no/c, which this user can't"),
        ({"PEERSUPPORT_PORT": "many"}, "PEERSUPPORT_PORT is many, which is no port"),
    ],
)
def test_settings_that_do_not_fit_are_named(variables, sentence):
    with pytest.raises(Refused, match=sentence):
        front.front_of({"PEERSUPPORT_SITE_URL": SITE, **variables}, hosts=[])


@needs_nginx
def test_nginx_takes_every_kind(tmp_path):
    certificate, key = make_certificate(tmp_path)
    settings = {"PEERSUPPORT_SITE_URL": SITE, "PEERSUPPORT_TLS_CERTIFICATE": certificate, "PEERSUPPORT_TLS_KEY": key}
    for port in (None, free_port()):
        front.write_configuration(tmp_path, front.front_of(settings, hosts=["127.0.0.1"], port=port))
    front.write_configuration(tmp_path, PLAIN)
    assert (tmp_path / "nginx.conf").read_text() == front.configuration(PLAIN)
    assert (tmp_path / "nginx.conf").stat().st_mode & 0o077 == 0


@needs_nginx
def test_what_nginx_refuses_is_named_and_leaves_the_old_file(tmp_path):
    front.write_configuration(tmp_path, PLAIN)
    no_certificate = tmp_path / "no-certificate.pem"
    no_certificate.write_text("none")
    settings = {
        "PEERSUPPORT_SITE_URL": SITE,
        "PEERSUPPORT_TLS_CERTIFICATE": str(no_certificate),
        "PEERSUPPORT_TLS_KEY": str(no_certificate),
    }
    with pytest.raises(Refused, match=r"nginx doesn't take its settings: .*cannot load certificate"):
        front.write_configuration(tmp_path, front.front_of(settings, hosts=["127.0.0.1"], port=free_port()))
    assert (tmp_path / "nginx.conf").read_text() == front.configuration(PLAIN)


@needs_nginx
def test_a_site_with_its_own_certificate_is_served(home: Home, tmp_path: Path):
    certificate, key = make_certificate(tmp_path)
    port = free_port()
    home.set(
        PEERSUPPORT_SITE_URL=f"https://localhost:{port}", PEERSUPPORT_PORT=str(port),
        PEERSUPPORT_TLS_CERTIFICATE=certificate, PEERSUPPORT_TLS_KEY=key,
    )  # fmt: skip
    ask = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}"]
    with home.serve() as served:
        assert served.address == f"https://localhost:{port}"
        page = subprocess.run([*ask, "--cacert", certificate, "-k", f"https://localhost:{port}/"], capture_output=True)
        plain = subprocess.run(
            [*ask, "-H", "Host: elsewhere.example", f"http://localhost:{port}/about/"], capture_output=True
        )
        said = subprocess.run(
            ["curl", "-s", "-i", "-k", "-H", "Host: a b", f"https://localhost:{port}/about/"], capture_output=True
        ).stdout.decode()
    assert page.stdout.decode().strip() == "200"
    assert plain.stdout.decode() == f"301 https://localhost:{port}/about/"
    assert "Strict-Transport-Security: max-age=31536000; includeSubDomains" in said
