"""What can be held of the deployment without running it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.needs import missing, package

yaml = package("yaml")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def compose() -> dict[str, object]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_every_target_of_compose_is_in_the_dockerfile(compose) -> None:
    targets = set(re.findall(r"^FROM \S+ AS (\w+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE))

    assert {"issuer", "registry", "verifier"} <= targets
    assert {one["build"]["target"] for one in compose["services"].values() if "build" in one} <= targets


def test_each_database_is_reached_by_its_service_alone(compose) -> None:
    on = {
        name: {service for service, one in compose["services"].items() if name in one["networks"]}
        for name in compose["networks"]
    }

    assert on["issuer-database"] == {"issuer", "issuer-database"}
    assert on["registry-database"] == {"registry", "registry-database"}
    assert on["out"] == {"issuer", "verifier"}
    assert all(compose["networks"][name].get("internal") for name in on if name != "out")


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
    assert "$remote_addr" not in text


@pytest.mark.parametrize("service", ["issuer", "registry", "verifier"])
def test_what_the_image_starts_exists(service: str) -> None:
    module = __import__(f"{service}.app", fromlist=["create_app"])

    assert f"{service}.app:create_app" in (ROOT / "Dockerfile").read_text()
    assert callable(module.create_app)


@pytest.mark.foreign
def test_nginx_reads_the_configuration(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path=os.pathsep.join([*os.get_exec_path(), "/usr/sbin"]))
    if not nginx:
        missing("nginx (make test installs it)")
    # It stops at the first host that it cannot find; certificates it reads at the end.
    text = re.sub(r"//(issuer|registry|verifier):", "//127.0.0.1:", (ROOT / "docs/deployment/nginx.conf").read_text())
    (tmp_path / "nginx.conf").write_text(text.replace("/tmp/", f"{tmp_path}/"))

    done = subprocess.run([nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)

    assert "syntax is ok" in done.stderr or "cannot load certificate" in done.stderr
