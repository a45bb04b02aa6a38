#!/usr/bin/python3 -B
"""Checks the answers that the benchmarks ask for, measures what they cost, and prints a table."""

import argparse
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import time

import api

COURSE = "working-together-1"
# As content.py has learners do.
STATES = 12 * ["COMPLETED"] + 3 * ["STARTED"] + 25 * ["NOT_STARTED"]
MODULES = 10
CONNECTIONS = 16
WARM_UP = 2
# Most CPU milliseconds for a request.
AIMS = {"H1": 0.45, "H7": 0.06}
TITLES = {"H1": "H1, course page", "H7": "H7, __typename", "floor": "floor, one SQL statement"}
PROGRAMS = ["server", "postgres", "redis"]
# How typed ids write the bits of a UUID.
BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--port", type=int, required=True, help="of the server")
    for program in PROGRAMS:
        parser.add_argument(f"--{program}", type=int, required=True, metavar="PROCESS")
    parser.add_argument("--log", type=pathlib.Path, required=True, help="of the server")
    parser.add_argument("--pgbench", required=True, metavar="PROGRAM")
    parser.add_argument("--database", required=True, metavar="URL")
    parser.add_argument("--learners", type=pathlib.Path, required=True, metavar="FILE")
    parser.add_argument("--scratch", type=pathlib.Path, required=True, metavar="FOLDER")
    bench = Bench(parser.parse_args())

    time.sleep(1)
    started = resident(bench.options.server)
    bench.check_answers()
    bench.round(WARM_UP)
    rounds, begun, others = [], time.monotonic(), bench.used_by_others()
    for number in range(1, bench.options.rounds + 1):
        rounds.append(bench.round(bench.options.seconds))
        costs = ", ".join(f"{name} {measured['cost']:.3f}" for name, measured in rounds[-1].items())
        print(f"round {number} of {bench.options.rounds}: {costs} ms", flush=True)
    busy = (bench.used_by_others() - others) / (time.monotonic() - begun) / os.cpu_count()
    bench.print_machine(busy)
    print_table(rounds)
    time.sleep(1)
    loaded = resident(bench.options.server)
    print(f"\nMemory of the idle server: {started:.0f} MiB after its start, {loaded:.0f} MiB after the load")


class Bench:
    def __init__(self, options):
        self.options = options
        page = (pathlib.Path(__file__).parent / "course-page.graphql").read_text()
        self.documents = {"H1": (page, {"slug": COURSE}), "H7": ("{ __typename }", None)}
        self.learners = [line.split() for line in options.learners.read_text().splitlines()]
        # All of them in 198.18.0.0/15, which RFC 2544 sets aside for benchmarks. Those of visitors are so many that none of
        # them is limited.
        people = {
            "H1": [f"198.19.{number >> 8}.{number & 255} {token}" for number, (_, token) in enumerate(self.learners)],
            "H7": [f"198.18.{number >> 8}.{number & 255}" for number in range(4096)],
        }
        for name, document in self.documents.items():
            self.file(name, "body").write_bytes(api.body(*document))
            self.file(name, "people").write_text("\n".join(people[name]) + "\n")
        self.least_bytes = {}

    def file(self, name, kind):
        return self.options.scratch / f"{name}.{kind}"

    def check_answers(self):
        """That what is going to be measured is right: for some learners, for visitors, and what the floor says."""
        for email, token in [self.learners[0], self.learners[len(self.learners) // 2], self.learners[-1]]:
            answer = self.answer("H1", token)
            modules = answer["data"]["course"]["publishedVersion"]["modules"]
            states = [lesson["viewerProgress"]["state"] for module in modules for lesson in module["lessons"]]
            expect("modules of the course", len(modules), MODULES)
            expect(f"progress of {email}", states, STATES)
            expect(f"state of {email}", answer["data"]["course"]["viewerEnrolment"], {"state": "ACTIVE"})
            expect("the floor's answer", json.loads(self.ask_floor(self.user_id(email))), with_uuids(answer))
        expect("the page for visitors", self.answer("H1", None), {"data": {"course": None}})
        expect("the answer of H7", self.answer("H7", None), {"data": {"__typename": "Query"}})
        print(f"H1 answers {self.least_bytes['H1']} bytes, H7 {self.least_bytes['H7']}")

    def answer(self, name, token):
        text = api.Api(self.options.port, token).post(*self.documents[name])
        if token or name == "H7":
            self.least_bytes[name] = len(text)
        return json.loads(text)

    def user_id(self, email):
        return self.psql(f"SELECT id FROM \"user\" WHERE email = '{email}'")

    def ask_floor(self, viewer):
        statement = (pathlib.Path(__file__).parent / "floor.sql").read_text()
        return self.psql(statement.replace(":viewer", f"'{viewer}'").replace(":slug", f"'{COURSE}'"))

    def psql(self, statement):
        psql = pathlib.Path(self.options.pgbench).with_name("psql")
        return run(psql, "-qXAt", self.options.database, "-c", statement).strip()

    def round(self, seconds):
        measured = {name: self.measure(name, seconds) for name in self.documents}
        return measured | {"floor": self.measure_floor(seconds)}

    def measure(self, name, seconds):
        """Asks over and over; what each request cost."""
        before = self.used()
        # One thread of wrk sends several times what the server answers, and leaves it the other cores.
        said = run(
            "wrk", "--threads", 1, "--connections", CONNECTIONS, "--duration", f"{seconds}s", "--latency",
            "--script", pathlib.Path(__file__).parent / "load.lua", f"http://127.0.0.1:{self.options.port}",
            "--", self.file(name, "body"), self.file(name, "people"),
        )
        after = self.used()
        # The server writes a line for each request, as it does by default; many rounds of that would fill a disk.
        os.truncate(self.options.log, 0)
        load = json.loads(said.splitlines()[-1])
        if load["refused"] or load["broken"]:
            raise SystemExit(
                f"{name}: {load['refused']} answers were not 200, {load['broken']} requests broke. "
                "Where the rate limit refused them, more --learners help."
            )
        if load["bytes"] < load["requests"] * self.least_bytes[name]:
            raise SystemExit(f"{name}: answers became shorter than the right one")
        cost = {program: 1000 * (after[program] - before[program]) / load["requests"] for program in PROGRAMS}
        return {
            "cost": sum(cost.values()), **cost, "rate": 1e6 * load["requests"] / load["microseconds"],
            "p50": load["p50"] / 1000, "p99": load["p99"] / 1000,
        }

    def measure_floor(self, seconds):
        """Has PostgreSQL answer the page alone. One learner all the time: pgbench has no other way to name one, and the
        floor may be low."""
        before = self.used()
        said = run(
            self.options.pgbench, "-M", "prepared", "-n", "-c", CONNECTIONS, "-j", 2, "-T", seconds,
            "-D", f"viewer={self.user_id(self.learners[0][0])}", "-D", f"slug={COURSE}",
            "-f", pathlib.Path(__file__).parent / "floor.sql", self.options.database,
        )
        after = self.used()
        done = int(re.search(r"transactions actually processed: (\d+)", said)[1])
        rate = float(re.search(r"tps = ([\d.]+)", said)[1])
        cost = 1000 * (after["postgres"] - before["postgres"]) / done
        return {"cost": cost, "postgres": cost, "rate": rate}

    def used(self):
        """Seconds of CPU that each program has used so far."""
        return {program: used(getattr(self.options, program)) for program in PROGRAMS}

    def used_by_others(self):
        """Seconds of CPU that nothing of ours has used so far; other guests of the same host count."""
        user, nice, system, _, _, *interrupts_and_steal = map(int, pathlib.Path("/proc/stat").read_text().split()[1:9])
        everything = (user + nice + system + sum(interrupts_and_steal)) / os.sysconf("SC_CLK_TCK")
        return everything - sum(self.used().values()) - sum(os.times()[:4])

    def print_machine(self, busy):
        model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
        engine = self.psql("SHOW server_version").split()[0]
        print(f"\n{os.cpu_count()} cores of {model[1] if model else platform.machine()}, PostgreSQL {engine}")
        print(f"Other programs took {busy:.0%} of them meanwhile{': too much to trust this' if busy > 0.1 else ''}.")


def print_table(rounds):
    def values(name, what):
        return [measured[name][what] for measured in rounds if what in measured[name]]

    def middle(name, what, digits):
        found = values(name, what)
        return f"{statistics.median(found):.{digits}f}" if found else "-"

    print(f"\n{'CPU ms for a request':<26}{'median':>9}{'min':>9}{'max':>9}{'server':>9}{'postgres':>9}{'redis':>9}  aim")
    for name, title in TITLES.items():
        costs = values(name, "cost")
        whole = f"{statistics.median(costs):9.3f}{min(costs):9.3f}{max(costs):9.3f}"
        parts = "".join(f"{middle(name, program, 3):>9}" for program in PROGRAMS)
        print(f"{title:<26}{whole}{parts}  {verdict(name, costs)}".rstrip())
    for name in AIMS:
        ratios = [measured[name]["cost"] / measured["floor"]["cost"] for measured in rounds]
        print(f"{name + ' / floor':<26}{statistics.median(ratios):9.2f}{min(ratios):9.2f}{max(ratios):9.2f}")

    print(f"\n{f'{CONNECTIONS} connections':<26}{'each s':>9}{'p50 ms':>9}{'p99 ms':>9}")
    for name, title in TITLES.items():
        print(f"{title:<26}{middle(name, 'rate', 0):>9}{middle(name, 'p50', 2):>9}{middle(name, 'p99', 2):>9}")


def verdict(name, costs):
    if name not in AIMS:
        return ""
    return f"{AIMS[name]:.2f} {'reached' if statistics.median(costs) <= AIMS[name] else 'missed'}"


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


def stat(process):
    """Fields of /proc/PROCESS/stat from the third on: what comes before may contain spaces."""
    with open(f"/proc/{process}/stat") as file:
        return file.read().rpartition(")")[2].split()


def resident(process):
    """MiB of memory that a process has."""
    with open(f"/proc/{process}/status") as file:
        return int(re.search(r"VmRSS:\s*(\d+) kB", file.read())[1]) / 1024


def with_uuids(answer):
    """An answer of the server with ids as the database has them, which spares the floor writing them otherwise."""
    if isinstance(answer, dict):
        return {key: uuid_of(value) if key == "id" else with_uuids(value) for key, value in answer.items()}
    return [with_uuids(value) for value in answer] if isinstance(answer, list) else answer


def uuid_of(typed_id):
    number = 0
    for letter in typed_id.rpartition("_")[2]:
        number = 32 * number + BASE_32.index(letter)
    digits = f"{number:032x}"
    return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])


def expect(what, found, right):
    if found != right:
        raise SystemExit(f"{what}\n  should be {right}\n  but is    {found}")


def run(*command):
    """What COMMAND prints; it must succeed."""
    command = [str(part) for part in command]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
