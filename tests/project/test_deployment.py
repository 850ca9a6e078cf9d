"""What can be held of the deployment without running it."""

import http.client
import http.server
import os
import pwd
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from issuer.settings import IssuerSettings
from registry.settings import RegistrySettings
from tests.needs import missing, package
from verifier.settings import VerifierSettings

yaml = package("yaml")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def compose() -> dict[str, object]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_every_target_of_compose_is_in_the_dockerfile(compose) -> None:
    targets = set(re.findall(r"^FROM \S+ AS (\w+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE))

    assert {"issuer", "registry", "verifier"} <= targets
    assert {one["build"]["target"] for one in compose["services"].values() if "build" in one} <= targets


def together(compose) -> set[frozenset[str]]:
    """Return which containers share a network, two by two."""
    on = [[name for name, one in compose["services"].items() if net in one["networks"]] for net in compose["networks"]]
    return {frozenset(pair) for names in on for pair in combinations(names, 2)}


def ways_out(compose, name: str) -> set[str]:
    """Return the networks of a service that lead to the world."""
    return {net for net in compose["services"][name]["networks"] if not compose["networks"][net].get("internal")}


def test_each_service_shares_a_network_with_the_proxy_and_its_own_database_alone(compose) -> None:
    assert together(compose) == {
        frozenset({"proxy", "issuer"}),
        frozenset({"proxy", "registry"}),
        frozenset({"proxy", "verifier"}),
        frozenset({"issuer", "issuer-database"}),
        frozenset({"registry", "registry-database"}),
    }


def test_the_proxy_can_be_reached_and_only_the_verifier_gets_out(compose) -> None:
    # Docker publishes no port of a container whose networks are all internal.
    assert ways_out(compose, "proxy") == {"edge"}
    assert {name: out for name in compose["services"] if (out := ways_out(compose, name)) and name != "proxy"} == {
        "verifier": {"out"}
    }


def test_the_issuer_finds_the_registry_under_its_public_name(compose) -> None:
    [alias] = compose["services"]["proxy"]["networks"]["issuer-front"]["aliases"]
    address = compose["services"]["issuer"]["environment"]["ISSUER_REGISTRY_URL"]

    assert address == f"https://{alias}"
    assert address == compose["services"]["registry"]["environment"]["REGISTRY_PUBLIC_URL"]
    assert [net for net, options in compose["services"]["proxy"]["networks"].items() if options] == ["issuer-front"]


def test_the_registry_starts_before_anybody_knows_its_key(compose) -> None:
    text = (ROOT / "docker-compose.yml").read_text()

    # A missing variable with `:?` stops every command of compose, whichever service it names.
    assert set(re.findall(r"\$\{(\w+):\?", text)) == {"ISSUER_HOST", "REGISTRY_HOST", "VERIFIER_HOST"}
    optional = {"REGISTRY_KEY", "ISSUER_VERIFIERS", "VERIFIER_SHARES_PER_DAY"}
    assert set(re.findall(r"\$\{(\w+):-", text)) == optional
    assert set(re.findall(r"\$\{(\w+)", text)) == {"ISSUER_HOST", "REGISTRY_HOST", "VERIFIER_HOST", *optional}
    assert "depends_on" not in compose["services"]["proxy"]
    operations = (ROOT / "docs/operations.md").read_text()
    assert all(name in operations for name in ("ISSUER_HOST", "REGISTRY_HOST", "VERIFIER_HOST", *optional))


@pytest.mark.parametrize(
    ("service", "model"),
    [("issuer", IssuerSettings), ("registry", RegistrySettings), ("verifier", VerifierSettings)],
)
def test_the_settings_of_compose_are_those_that_a_service_reads(service: str, model: type, compose) -> None:
    given = compose["services"][service]["environment"]

    names = {name.removeprefix(f"{service.upper()}_").lower() for name in given}
    assert names <= set(model.model_fields)
    assert "public_url" in names  # so that commands in the container find the service configured


def test_only_the_proxy_has_a_port_and_no_service_has_more_rights_than_it_needs(compose) -> None:
    assert [name for name, one in compose["services"].items() if "ports" in one] == ["proxy"]
    for name, one in compose["services"].items():
        assert one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
    for name in ("issuer", "registry", "verifier"):
        assert compose["services"][name]["read_only"], name
        assert "cap_add" not in compose["services"][name], name


def test_no_secret_stands_in_the_environment(compose) -> None:
    for one in compose["services"].values():
        assert not [name for name in one.get("environment", {}) if "PASSWORD" in name and not name.endswith("_FILE")]


def test_the_proxy_writes_nobody_down() -> None:
    text = (ROOT / "docs/deployment/nginx.conf").read_text()

    assert re.findall(r"access_log (\S+);", text) == ["off"]
    assert re.findall(r"error_log \S+ (\S+);", text) == ["emerg"]  # every lower level names the client's address
    assert "remote_addr" not in text


@pytest.mark.parametrize("service", ["issuer", "registry", "verifier"])
def test_what_the_image_starts_exists(service: str) -> None:
    module = __import__(f"{service}.app", fromlist=["create_app"])

    assert f"{service}.app:create_app" in (ROOT / "Dockerfile").read_text()
    assert callable(module.create_app)


NAMES = ("issuer", "registry", "verifier")


class Upstream(http.server.BaseHTTPRequestHandler):
    """A service that answers with what reached it."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = orjson.dumps(
            {"length": len(body), "headers": {name.lower(): value for name, value in self.headers.items()}}
        )
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        return


@dataclass(frozen=True)
class Proxy:
    """A running nginx with our configuration, its addresses moved to this machine."""

    port: int
    folder: Path

    def post(self, name: str, path: str, body: bytes) -> tuple[int, bytes]:
        context = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=context, timeout=20)
        connection.sock = context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.port), timeout=20), server_hostname=f"{name}.example"
        )
        headers = {"Host": f"{name}.example", "X-Forwarded-For": "192.0.2.1", "X-Real-IP": "192.0.2.1"}
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def certificate(folder: Path) -> None:
    """Write a certificate of its own making for the three names."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "akashi")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(f"{one}.example") for one in NAMES]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(Encoding.PEM))
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "privkey.pem").write_bytes(secret)


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    nginx = shutil.which("nginx", path=os.pathsep.join([*os.get_exec_path(), "/usr/sbin"]))
    if not nginx:
        missing("nginx (make test installs it)")
    folder = tmp_path_factory.mktemp("proxy")
    certificate(folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream) as upstream:
        threading.Thread(target=upstream.serve_forever, daemon=True).start()
        text = (ROOT / "docs/deployment/nginx.conf").read_text()
        text = re.sub(r"http://(issuer|registry|verifier):8000", f"http://127.0.0.1:{upstream.server_port}", text)
        text = text.replace("/tmp/", f"{folder}/").replace("/etc/nginx/certificates", str(folder))
        text = text.replace("listen 443", f"listen 127.0.0.1:{port}").replace("/dev/stderr", str(folder / "log"))
        # A package's own folders are not there where it was only unpacked.
        others = "".join(f"{one}_temp_path {folder}/{one};\n" for one in ("fastcgi", "uwsgi", "scgi"))
        text = text.replace("http {", f"http {{\n{others}")
        owner = f"user {pwd.getpwuid(os.getuid()).pw_name};\n" if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(owner + text)
        command = [nginx, "-p", str(folder), "-e", str(folder / "log"), "-c", str(folder / "nginx.conf")]
        subprocess.run([*command, "-t"], capture_output=True, text=True, check=True)
        with subprocess.Popen([*command, "-g", "daemon off;"]) as process:
            wait_for(port)
            yield Proxy(port, folder)
            process.terminate()
        upstream.shutdown()


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("nginx does not listen")


@pytest.mark.foreign
@pytest.mark.parametrize(
    ("name", "path", "mebibytes", "status"),
    [
        ("issuer", "/v1/credentials", 1, 200),
        ("issuer", "/v1/credentials", 2, 413),
        ("issuer", "/v1/batches", 8, 200),
        ("issuer", "/v1/batches", 9, 413),
        ("verifier", "/v1/verify", 8, 200),
        ("verifier", "/v1/verify", 9, 413),
        ("registry", "/registry", 2, 413),
    ],
)
def test_the_proxy_passes_on_what_a_service_takes_and_no_more(  # noqa: PLR0917 - a table
    name: str, path: str, mebibytes: int, status: int, proxy: Proxy
) -> None:
    body = bytes(mebibytes * 1_048_576)

    answered, content = proxy.post(name, path, body)

    assert answered == status
    if status == 200:
        assert orjson.loads(content)["length"] == len(body)


@pytest.mark.foreign
def test_the_proxy_tells_nobody_who_asked_and_keeps_nothing(proxy: Proxy) -> None:
    _, content = proxy.post("verifier", "/v1/verify?who=canary", b"x" * 5_000_000)
    with pytest.raises(ssl.SSLError):  # another name than the three
        proxy.post("other", "/", b"")
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: verifier.example\r\n\r\n")
        plain.recv(1000)

    headers = orjson.loads(content)["headers"]
    assert headers["host"] == "verifier.example"
    assert not {"x-forwarded-for", "x-real-ip", "forwarded"} & headers.keys()
    kept = [file for file in proxy.folder.rglob("*") if file.is_file() and b"127.0.0.1" in file.read_bytes()]
    assert {file.name for file in kept} <= {"nginx.conf"}
    assert (proxy.folder / "log").read_bytes() == b""
    assert not [file for name in ("body", "proxy") for file in (proxy.folder / name).rglob("*") if file.is_file()]
