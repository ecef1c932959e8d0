"""The system calls that a preview child can make: each of the others is tried in a real child."""

import ctypes
import os
import platform
import re
import signal
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from PIL import Image

from evidence import tasks
from evidence.viewing.confined import calls
from tests.support import viewing
from tests.support.viewing import taken_over

filtered = pytest.mark.skipif(bool(calls.missing()), reason=f"no filter here: {calls.missing()}")

SECRET = ctypes.create_string_buffer(b"what only the worker knows")
READING = f"""
class Piece(ctypes.Structure): _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
room = ctypes.create_string_buffer(26)
here, there = Piece(ctypes.addressof(room), 26), Piece({ctypes.addressof(SECRET)}, 26)
done(libc.process_{{}}(os.getppid(), ctypes.byref(here), 1, ctypes.byref(there), 1, 0))
"""
EXECUTABLE = "done(libc.{}(ctypes.c_void_p({}), ctypes.c_size_t(4096), 5{}))"
ATTEMPTS = {
    "read its parent's memory": READING.format("vm_readv"),
    "write into its parent's memory": READING.format("vm_writev"),
    "end its parent": "done(libc.kill(os.getppid(), 0))",
    "signal a thread of its parent": "done(libc.syscall(tgkill, os.getppid(), os.getppid(), 0))",
    "signal everybody": "done(libc.kill(-1, 0))",
    "open a file": "done(libc.open(b'/etc/hostname', 0))",
    "make a file in memory": "done(libc.memfd_create(b'x', 0))",
    "make a pipe": "done(libc.pipe((ctypes.c_int * 2)()))",
    "open a socket": "done(libc.socket(2, 1, 0))",
    "open two sockets": "done(libc.socketpair(1, 1, 0, (ctypes.c_int * 2)()))",
    "connect": "done(libc.connect(0, b'\\2\\0\\0\\x50\\x7f\\0\\0\\1' + bytes(8), 16))",
    "start a program": "done(libc.execve(b'/bin/true', (ctypes.c_char_p * 2)(b'true', None), None))",
    "fork": "done(libc.fork())",
    "fork by clone": "done(libc.syscall(clone, 17, 0, 0, 0, 0))",
    "fork by clone3": "done(libc.syscall(435, (ctypes.c_uint64 * 8)(0, 0, 0, 0, 17), 64))",
    "leave its namespaces": "done(libc.unshare(0x10000000))",
    "trace its parent": "done(libc.ptrace(0x4206, os.getppid(), 0, 0))",
    "be traced": "done(libc.ptrace(0, 0, 0, 0))",
    "be dumpable again": "done(libc.prctl(4, 1, 0, 0, 0))",
    "lift its limits": "done(libc.setrlimit(7, (ctypes.c_uint64 * 2)(9, 9)))",
    "read another pipe": "done(libc.read(1, bytes(9), 9))",
    "take memory that is executed": EXECUTABLE.format("mmap", "0", ", 0x22, -1, 0"),
    "have its memory executed": EXECUTABLE.format("mprotect", "memory", ""),
}
BEGINNING = """
import ctypes
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_long
page = ctypes.create_string_buffer(8192)
memory = (ctypes.addressof(page) + 4095) & -4096
def done(result): print('refused' if result == -1 else 'done', flush=True)
"""


@filtered
@pytest.mark.parametrize("kind", ["image", "document"])  # with threads and without
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_file_that_took_it_over_is_refused_or_ended(attempt: str, kind: str) -> None:
    machine = calls.MACHINES[os.uname().machine]
    numbers = f"tgkill, clone = {machine.numbers['tgkill']}, {machine.numbers['clone']}"
    ended = taken_over(f"{BEGINNING}{numbers}\n{ATTEMPTS[attempt]}", kind)
    assert (ended.stdout, ended.returncode) in (("refused\n", 0), ("", -signal.SIGSYS)), ended.stderr
    assert SECRET.value == b"what only the worker knows"


def test_an_iphone_s_picture_is_opened_for_a_worker_that_is_not_root() -> None:
    if os.getuid() or calls.missing():
        pytest.skip("only root can become somebody else")
    data = viewing.heic(Image.effect_noise((64, 48), 40).convert("RGB"))
    opening = f"import io; from PIL import Image; print(Image.open(io.BytesIO({data!r})).convert('L').size)"
    loaded = "import codecs; [codecs.lookup(name) for name in child.ENCODINGS]"
    assert taken_over(opening, before=f"{loaded}; os.setuid(65534)").stdout == "(64, 48)\n"


# The filter itself, run by hand for machines that this one is not

KILLED, ALLOWED = "killed", "allowed"


def ran(program: bytes, machine: int, number: int, *arguments: int) -> str:
    """What the filter answers, as the kernel's interpreter runs it."""
    said = b"".join(part.to_bytes(4, "little") for part in (number, machine)) + bytes(8)
    said += b"".join(argument.to_bytes(8, "little") for argument in (*arguments, *[0] * (6 - len(arguments))))
    lines = list(calls.INSTRUCTION.iter_unpack(program))
    at, held = 0, 0
    while True:
        what, true, false, value = lines[at]
        if what == calls.END:
            return {calls.KILL: KILLED, calls.ALLOW: ALLOWED}.get(value, "refused")
        if what == calls.LOAD:
            held, skipped = int.from_bytes(said[value : value + 4], "little"), 0
        else:
            holds = held == value if what == calls.EQUAL else bool(held & value)
            skipped = true if holds else false
        at += 1 + skipped


# kill, tkill, execve, socket, connect, ptrace, process_vm_readv and writev, pidfd_send_signal, pipe, memfd_create,
# io_uring_setup, bpf; on x86-64 also the calls of x32
OTHERS = {
    "aarch64": (129, 130, 221, 198, 203, 117, 270, 271, 424, 59, 279, 425, 280),
    "x86_64": (62, 200, 59, 41, 42, 101, 310, 311, 424, 22, 319, 425, 321, 0x40000000),
}


@pytest.mark.parametrize("name", calls.MACHINES)
def test_the_filter_of_each_machine_allows_its_list_and_nothing_else(name: str) -> None:
    machine = calls.MACHINES[name]
    program, number = calls.program(machine, 77), machine.numbers
    answered: dict[int, str] = {one: ran(program, machine.audit, one, 9, 0, 4) for one in range(600)}
    assert {one for one, said in answered.items() if said == ALLOWED} == {number[n] for n in calls.ALLOWED}
    assert {answered.get(one, ran(program, machine.audit, one)) for one in OTHERS[name]} == {KILLED}
    assert ran(program, machine.audit ^ 1, number["exit"]) == KILLED
    assert ran(program, machine.audit, number["tgkill"], 77) == ALLOWED
    assert (
        ran(program, machine.audit, number["read"], 0)
        == ran(program, machine.audit, number["write"], 1)
        == ALLOWED
    )
    assert ran(program, machine.audit, number["mmap"], 0, 9, 3, 0x22) == ALLOWED
    assert ran(program, machine.audit, number["mmap"], 0, 9, 3, 2) == "refused"
    assert ran(program, machine.audit, number["clone"], calls.THREAD) == "refused"


@pytest.mark.parametrize("name", calls.MACHINES)
def test_a_thread_is_no_process_of_its_own(name: str) -> None:
    machine = calls.MACHINES[name]
    program, clone = calls.program(machine, 77, threads=True), machine.numbers["clone"]
    assert ran(program, machine.audit, clone, calls.THREAD | 0x900) == ALLOWED
    assert ran(program, machine.audit, clone, 17) == "refused"
    assert ran(program, machine.audit, clone, calls.THREAD | 0x40000000) == "refused"


HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_the_numbers_are_those_of_the_kernel_s_headers(name: str) -> None:
    if not HEADERS[name].exists():
        pytest.skip("the kernel's headers are not installed")
    defined = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", HEADERS[name].read_text()))
    defined.setdefault("newfstatat", defined.get("fstatat", ""))
    numbers = calls.MACHINES[name].numbers
    assert {call: int(defined[call]) for call in numbers} == numbers


@pytest.mark.django_db
def test_a_system_without_filters_is_named(monkeypatch: Any, caplog: Any) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    if not calls.missing().startswith(("the calls of riscv64", "Darwin")):
        pytest.fail(calls.missing())
    assert "evidence.W001" in {found.id for found in run_checks(include_deployment_checks=True)}
    tasks.say_what_is_missing()
    assert "can make any system call here" in caplog.text


@pytest.mark.django_db
def test_a_system_with_filters_is_not_warned_of() -> None:
    if not calls.missing():
        assert "evidence.W001" not in {found.id for found in run_checks(include_deployment_checks=True)}
