#!/usr/bin/python3 -B
"""Checks the answers that the benchmarks ask for, measures what they cost, and prints tables."""

import argparse
import asyncio
import dataclasses
import itertools
import json
import os
import pathlib
import random
import re
import subprocess
import time

import api
import pages
import playing
import quiz
import tables
from pages import expect
from processes import everything, resident, used

FOLDER = pathlib.Path(__file__).parent
CONNECTIONS = 16
WARM_UP = 2
PROGRAMS = ["server", "postgres", "redis"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--grow", type=int, required=True, metavar="TIMES")
    parser.add_argument("--port", type=int, required=True, help="of the server")
    for program in PROGRAMS:
        parser.add_argument(f"--{program}", type=int, required=True, metavar="PROCESS")
    parser.add_argument("--log", type=pathlib.Path, required=True, help="of the server")
    parser.add_argument("--postgres-programs", type=pathlib.Path, required=True, metavar="FOLDER")
    parser.add_argument("--database", required=True, metavar="URL")
    parser.add_argument("--site", type=pathlib.Path, required=True, metavar="FILE", help="of content.py")
    parser.add_argument("--scratch", type=pathlib.Path, required=True, metavar="FOLDER")
    bench = Bench(parser.parse_args())

    time.sleep(1)
    started = bench.memory()
    everything_asked = bench.check_pages() | bench.check_others()
    bench.round(everything_asked, WARM_UP)
    begun, others = time.monotonic(), bench.used_by_others()
    rounds = bench.rounds(everything_asked)
    busy = (bench.used_by_others() - others) / (time.monotonic() - begun) / os.cpu_count()
    tables.print_machine(bench.psql("SHOW server_version"), busy)
    tables.print_costs(rounds, PROGRAMS)
    tables.print_rates(rounds, CONNECTIONS)
    time.sleep(1)
    tables.print_memory(started, bench.memory())
    if bench.options.grow > 1:
        bench.grow()
        asked = bench.check_pages()
        bench.round(asked, WARM_UP)
        tables.print_growth(bench.options.grow, rounds, bench.rounds(asked))


@dataclasses.dataclass
class Load:
    """What wrk sends: ready requests, of which EACH make one that is counted. Answers have at least LEAST bytes, and contain
    SIGN."""
    requests: list
    least: int
    each: int = 1
    sign: str | None = None


class Bench:
    def __init__(self, options):
        self.options = options
        self.site = json.loads(options.site.read_text())
        self.learners = self.site["learners"]
        self.some = [self.learners[0], self.learners[len(self.learners) // 2], self.learners[-1]]

    def check_pages(self):
        """The pages with their floors, once their answers are right."""
        asked = {}
        for name, page in pages.pages(self.site).items():
            least = page.checked(self.options.port, self.some, self.psql)
            load = Load(page.requests(self.learners), least)
            # One learner all the time: pgbench has no other way to name one, and the floor may be low.
            asked[name] = self.with_wrk(name, load)
            asked[tables.floor(name)] = self.with_pgbench(page.floor_file, page.floor_for(self.some[0], self.psql))
        return asked

    def check_others(self):
        """Everything else, likewise."""
        port, learners, recording = self.options.port, self.learners, self.site["recording"]
        self.check_quiz(self.some[0])
        # So many visitors that none of them is limited.
        visitors = [api.post("{ __typename }", address=f"198.18.{number >> 8}.{number & 255}") for number in range(4096)]
        typename = api.Api(port).post("{ __typename }")
        expect("the answer of H7", json.loads(typename), {"data": {"__typename": "Query"}})
        playlists = Load(playing.playlists(learners), playing.checked_playlists(port, self.some[0]), each=2)
        pieces = Load(playing.pieces(learners), playing.checked_piece(port, self.some[0]))
        least = playing.checked_report(port, recording, self.some[0])
        reports = Load(playing.reports(recording, learners), least, sign='"userErrors":[]')
        return {
            "H4": self.sit_quizzes,
            "H5": self.with_wrk("H5", playlists),
            "H5b": self.with_wrk("H5b", pieces),
            "H7": self.with_wrk("H7", Load(visitors, len(typename))),
            "H8": self.with_wrk("H8", reports),
        }

    def check_quiz(self, learner):
        client = api.Api(self.options.port, learner["token"])
        attempt, chosen, ended = quiz.sit(client, self.site["quiz_lesson"])
        document = "query($id: ID!) { quizAttempt(id: $id) { questions { questionId chosenIds } } }"
        questions = client.ask(document, {"id": attempt})["quizAttempt"]["questions"]
        expect("answers", {question["questionId"]: question["chosenIds"] for question in questions}, chosen)
        expect("questions answered", len(chosen), quiz.QUESTIONS)
        right = {"state": "SUBMITTED", "maxPoints": quiz.QUESTIONS, "isPassed": False}
        expect("the end of the attempt", {key: ended[key] for key in right}, right)

    def psql(self, *statements):
        commands = itertools.chain.from_iterable(("-c", statement) for statement in statements)
        return run(self.options.postgres_programs / "psql", "-qXAt", self.options.database, *commands).strip()

    def grow(self):
        begun = time.monotonic()
        psql = self.options.postgres_programs / "psql"
        given = ["-v", "ON_ERROR_STOP=1", "-v", f"times={self.options.grow}"]
        run(psql, "-qX", *given, "-f", FOLDER / "grow.sql", self.options.database)
        self.psql("VACUUM (ANALYZE)", "CHECKPOINT")
        print(f"\nThe site grew to {self.options.grow} times the rows in {time.monotonic() - begun:.0f} s", flush=True)

    def rounds(self, asked):
        done = []
        for number in range(1, self.options.rounds + 1):
            done.append(self.round(asked, self.options.seconds))
            costs = ", ".join(f"{name} {measured['cost']:.3f}" for name, measured in done[-1].items())
            print(f"round {number} of {self.options.rounds}: {costs} ms", flush=True)
        return done

    def round(self, asked, seconds):
        return {name: measure(seconds) for name, measure in asked.items()}

    def with_wrk(self, name, load):
        """Measures a load that is sent over and over."""
        file = self.options.scratch / f"{name}.requests"
        file.write_bytes(b"\0".join(load.requests))

        def measure(seconds):
            before = self.used()
            # One thread of wrk sends several times what the server answers, and leaves it the other cores.
            said = run(
                "wrk", "--threads", 1, "--connections", CONNECTIONS, "--duration", f"{seconds}s", "--latency",
                "--script", FOLDER / "load.lua", f"http://127.0.0.1:{self.options.port}", "--", file,
                *([load.sign] if load.sign else []),
            )
            after = self.used()
            told = json.loads(said.splitlines()[-1])
            # One in a thousand may be: where other programs hold the machine up, the server gives up waiting.
            if told["refused"] + told["broken"] > told["requests"] / 1000:
                raise SystemExit(
                    f"{name}: {told['refused']} answers were refusals, {told['broken']} requests broke. "
                    "Where the rate limit refused them, more --learners help."
                )
            if told["wrong"] or told["bytes"] < told["requests"] * load.least:
                raise SystemExit(f"{name}: {told['wrong'] or 'some'} answers were wrong")
            # The server writes a line for each request, as it does by default; many rounds of that would fill a disk.
            os.truncate(self.options.log, 0)
            rate = 1e6 * told["requests"] / told["microseconds"] / load.each
            latency = {"p50": told["p50"] / 1000, "p99": told["p99"] / 1000}
            return cost(before, after, told["requests"] / load.each) | {"rate": rate} | latency

        return measure

    def with_pgbench(self, file, variables):
        """Measures PostgreSQL alone, with the statement in FILE."""
        defined = itertools.chain.from_iterable(("-D", f"{name}={value}") for name, value in variables.items())
        command = [self.options.postgres_programs / "pgbench", "-M", "prepared", "-n", "-c", CONNECTIONS, "-j", 2, *defined]

        def measure(seconds):
            before = self.used()
            said = run(*command, "-T", seconds, "-f", file, self.options.database)
            after = self.used()
            done = int(re.search(r"transactions actually processed: (\d+)", said)[1])
            only = {**after, "server": before["server"], "redis": before["redis"]}
            return cost(before, only, done) | {"rate": done / seconds}

        return measure

    def sit_quizzes(self, seconds):
        """Measures whole attempts, by learners who each wait for an answer before they ask again; all that begin, end."""
        shuffled = random.sample(self.learners, len(self.learners))
        parts = [shuffled[number::CONNECTIONS] for number in range(CONNECTIONS)]
        begun, before = time.monotonic(), self.used()

        async def sit():
            port, lesson = self.options.port, self.site["quiz_lesson"]
            return sum(await asyncio.gather(*(quiz.sit_until(begun + seconds, port, part, lesson) for part in parts if part)))

        done = asyncio.run(sit())
        return cost(before, self.used(), done) | {"rate": done / (time.monotonic() - begun)}

    def memory(self):
        """MB that the server has, and of them those that are not pages of its program's file."""
        return resident(self.options.server), resident(self.options.server, "RssAnon")

    def used(self):
        """Seconds of CPU that each program has used so far."""
        return {program: used(getattr(self.options, program)) for program in PROGRAMS}

    def used_by_others(self):
        """Seconds of CPU that nothing of ours has used so far."""
        return everything() - sum(self.used().values()) - sum(os.times()[:4])


def cost(before, after, count):
    """CPU milliseconds for each of COUNT, of each program and altogether."""
    if not count:
        raise SystemExit("Nothing was answered: the machine is too busy, or --seconds too few")
    each = {program: 1000 * (after[program] - before[program]) / count for program in PROGRAMS}
    return {"cost": sum(each.values()), **each}


def run(*command):
    """What COMMAND prints; it must succeed."""
    command = [str(part) for part in command]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
