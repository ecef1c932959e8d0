"""The system calls that a preview child may make once it looks at a file: a list of what is allowed.

The filter is a program for the kernel's packet filter (Linux, Documentation/userspace-api/seccomp_filter.rst),
written instruction by instruction and loaded through ctypes. It knows x86-64 and arm64. A call on none of the
lists ends the process at once with SIGSYS; the kernel's log then names the call (audit type 1326).
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass

# linux/filter.h: what an instruction does
LOAD, EQUAL, ANY_BIT, END = 0x20, 0x15, 0x45, 0x06
INSTRUCTION = struct.Struct("=HBBI")  # what to do, how many to skip where it is true, where it is not, a value
# linux/seccomp.h: where the number of the call, the machine and the arguments lie, and what the filter answers
NUMBER, MACHINE, ARGUMENTS = 0, 4, 16
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000
SET_FILTER, FOR_ALL_THREADS, IS_KNOWN = 1, 1, 2

EXECUTABLE, ANONYMOUS = 0x4, 0x20  # linux/mman.h
THREAD, OTHER_WORLDS = 0x10000, 0x7E020000  # linux/sched.h: CLONE_THREAD, and every CLONE_NEW…
STDIN, STDOUT, STDERR = 0, 1, 2  # the two pipes of the child; what it writes to STDERR is not read


@dataclass(frozen=True)
class Machine:
    """A kind of processor: its name in a filter (linux/audit.h), and the numbers of its calls."""

    audit: int
    seccomp: int
    numbers: Mapping[str, int]


def _numbers(text: str) -> dict[str, int]:
    words = text.split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


def _names(text: str) -> list[str]:
    return text.split()


# asm/unistd_64.h
X86_64 = _numbers("""
    read 0 write 1 open 2 close 3 stat 4 fstat 5 lstat 6 lseek 8 mmap 9 mprotect 10 munmap 11 brk 12
    rt_sigaction 13 rt_sigprocmask 14 rt_sigreturn 15 ioctl 16 access 21 sched_yield 24 mremap 25 madvise 28
    nanosleep 35 getpid 39 clone 56 fork 57 vfork 58 exit 60 uname 63 fcntl 72 getcwd 79 readlink 89
    gettimeofday 96 getrlimit 97 getrusage 98 sysinfo 99 statfs 137 prctl 157 gettid 186 futex 202
    sched_setaffinity 203 sched_getaffinity 204 restart_syscall 219 clock_gettime 228 clock_getres 229
    clock_nanosleep 230 exit_group 231 tgkill 234 openat 257 newfstatat 262 readlinkat 267 faccessat 269
    set_robust_list 273 prlimit64 302 getrandom 318 statx 332 rseq 334 clone3 435 faccessat2 439
""")
# asm-generic/unistd.h
ARM64 = _numbers("""
    getcwd 17 fcntl 25 ioctl 29 statfs 43 faccessat 48 openat 56 close 57 lseek 62 read 63 write 64
    readlinkat 78 newfstatat 79 fstat 80 exit 93 exit_group 94 futex 98 set_robust_list 99 nanosleep 101
    clock_gettime 113 clock_getres 114 clock_nanosleep 115 sched_setaffinity 122 sched_getaffinity 123
    sched_yield 124 restart_syscall 128 tgkill 131 rt_sigaction 134 rt_sigprocmask 135 rt_sigreturn 139
    uname 160 getrlimit 163 getrusage 165 prctl 167 gettimeofday 169 getpid 172 gettid 178 sysinfo 179 brk 214
    munmap 215 mremap 216 clone 220 mmap 222 mprotect 226 madvise 233 prlimit64 261 getrandom 278 statx 291
    rseq 293 clone3 435 faccessat2 439
""")
MACHINES = {
    "x86_64": Machine(0xC000003E, 317, X86_64),
    "aarch64": Machine(0xC00000B7, 277, ARM64),
}

# Memory, time, chance, and the end.
ALLOWED = _names("""
    close brk munmap mremap madvise futex rt_sigaction rt_sigprocmask rt_sigreturn restart_syscall sched_yield
    clock_gettime clock_getres gettimeofday getrandom getpid gettid exit exit_group
""")
OF_THREADS = ("rseq", "set_robust_list")
# What libraries try without need. They get an error, and go on: without their count of processors, for
# example, they assume one, and start no threads.
OPENING = _names("""
    open openat stat fstat lstat newfstatat statx statfs access faccessat faccessat2 readlink readlinkat getcwd
""")
ASKING = _names("""
    lseek ioctl fcntl prctl uname sysinfo nanosleep clock_nanosleep getrlimit prlimit64 getrusage
    sched_getaffinity sched_setaffinity
""")
REFUSED = {
    **dict.fromkeys(OPENING, errno.EMFILE),
    **dict.fromkeys(ASKING, errno.EPERM),
    **dict.fromkeys(("clone", "fork", "vfork"), errno.EAGAIN),
    "clone3": errno.ENOSYS,  # its arguments are in memory, where no filter can look; clone is taken instead
}


Line = tuple[int, int, int, int]


def program(machine: Machine, pid: int, *, threads: bool = False) -> bytes:
    """The filter for the process with this id, as the kernel takes it; with threads, but never another process."""
    number = machine.numbers
    lines = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, machine.audit), (END, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    lines += _where(number["read"], _among(0, [STDIN], errno.EBADF))
    lines += _where(number["write"], _among(0, [STDOUT, STDERR], errno.EBADF))
    lines += _where(number["mmap"], _without(2, EXECUTABLE), _with(3, ANONYMOUS))
    lines += _where(number["mprotect"], _without(2, EXECUTABLE))
    lines += _where(number["tgkill"], _among(0, [pid], errno.EPERM))  # abort() ends the process itself
    if threads:
        lines += _where(number["clone"], _with(0, THREAD), _without(0, OTHER_WORLDS))
    for name in [*ALLOWED, *(OF_THREADS if threads else ())]:
        lines += _where(number[name])
    for name, error in REFUSED.items():
        if name in number:  # arm64 has no call but the newer one for some
            lines += [(EQUAL, 0, 1, number[name]), (END, 0, 0, REFUSE | error)]
    return b"".join(INSTRUCTION.pack(*line) for line in [*lines, (END, 0, 0, KILL)])


def _where(number: int, *checks: list[Line]) -> list[Line]:
    """Allow the call if every check of its arguments holds."""
    inside = [line for check in checks for line in check] + [(END, 0, 0, ALLOW)]
    return [(EQUAL, 0, len(inside), number), *inside]


def _among(argument: int, values: list[int], error: int) -> list[Line]:
    """The kernel reads descriptors and process ids as 32 bits, so that the lower half is the whole."""
    equal = [(EQUAL, len(values) - place, 0, value) for place, value in enumerate(values)]
    return [_load(argument), *equal, (END, 0, 0, REFUSE | error)]


def _with(argument: int, bit: int) -> list[Line]:
    return [_load(argument), (ANY_BIT, 1, 0, bit), (END, 0, 0, REFUSE | errno.EACCES)]


def _without(argument: int, bit: int) -> list[Line]:
    return [_load(argument), (ANY_BIT, 0, 1, bit), (END, 0, 0, REFUSE | errno.EACCES)]


def _load(argument: int) -> Line:
    return (LOAD, 0, 0, ARGUMENTS + 8 * argument)  # its lower half: both machines are little-endian


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_char_p))


def missing() -> str:
    """Why this system cannot filter the calls of a preview child; "" where it can. Changes nothing."""
    if sys.platform != "linux":
        return f"{platform.system()} has no seccomp"
    machine = MACHINES.get(platform.machine())
    if machine is None or struct.calcsize("P") != 8:
        return f"the calls of {platform.machine()} are not known"
    action = ctypes.c_uint32(KILL)
    if _call(machine.seccomp, IS_KNOWN, 0, ctypes.byref(action)):
        return "its kernel has no seccomp filters, or does not let us set one"
    return ""


def allow_only_these(*, threads: bool) -> None:
    """From here on, for all threads of this process and for good. Needs PR_SET_NO_NEW_PRIVS.

    Does nothing where `missing` says why; raises OSError where the kernel takes no filter all the same.
    """
    if missing():
        return
    machine = MACHINES[platform.machine()]
    lines = program(machine, os.getpid(), threads=threads)
    filled = _Program(len(lines) // INSTRUCTION.size, lines)
    if _call(machine.seccomp, SET_FILTER, FOR_ALL_THREADS, ctypes.byref(filled)):
        raise OSError(ctypes.get_errno(), "the system calls could not be filtered")


def _call(number: int, *arguments: object) -> int:
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    return int(call(ctypes.c_long(number), *arguments))
