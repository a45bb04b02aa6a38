"""What processes have used, from /proc."""

import contextlib
import os
import re


def used(root):
    """Seconds of CPU of a process, of those below it, and of those below it that have ended."""
    while True:
        processes = tree(root)
        try:
            ticks = sum(sum(map(int, stat(process)[11:15])) for process in processes)
        except OSError:
            continue
        # One that ended meanwhile could have been counted twice, or not at all.
        if tree(root) == processes:
            return ticks / os.sysconf("SC_CLK_TCK")


def tree(root):
    parents = {}
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit():
                parents[int(entry)] = int(stat(entry)[1])
        except OSError:
            pass  # it has ended
    found = {root}
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return found


@contextlib.contextmanager
def apart(roots):
    """Has processes, with those below them, run on one half of the processors, and this thread, with what it starts, on the
    other. With one processor, all share that."""
    processors = sorted(os.sched_getaffinity(0))
    half = len(processors) // 2 or 1
    move(roots, processors[:half])
    os.sched_setaffinity(0, processors[half:] or processors)
    try:
        yield
    finally:
        os.sched_setaffinity(0, processors)
        move(roots, processors)


def move(roots, processors):
    for process in set().union(*map(tree, roots)):
        with contextlib.suppress(OSError):  # it has ended
            for thread in os.listdir(f"/proc/{process}/task"):
                os.sched_setaffinity(int(thread), processors)


def stat(process):
    """Fields of /proc/PROCESS/stat from the third on: what comes before may contain spaces."""
    with open(f"/proc/{process}/stat") as file:
        return file.read().rpartition(")")[2].split()


def everything():
    """Seconds of CPU that anything on this machine has used; other guests of the same host count."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, *interrupts_and_steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + sum(interrupts_and_steal)) / os.sysconf("SC_CLK_TCK")


def resident(process, part="VmRSS"):
    """MB of memory that a process has, or of a part: RssAnon is what lies in no file."""
    with open(f"/proc/{process}/status") as file:
        return int(re.search(rf"{part}:\s*(\d+) kB", file.read())[1]) * 1024 / 1e6
