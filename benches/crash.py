#!/usr/bin/python3 -B
"""Kills servers and workers under people who write, and checks what they left behind. See benches/crash."""

import argparse
import collections
import csv
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import threading
import time
import traceback

import processes
import writers
from api import Api

# From the end of a round to its next kill, in seconds.
MOMENTS = (0.1, 0.9)
READY_WITHIN = 30
# A job that a dead worker had is taken over after a minute.
SETTLED_WITHIN = 240
# Changes that have an audit entry each: the action, and the rows that there are for it.
AUDITED = {
    "user.signed_up": '"user"',
    "post.created": "post",
    "course.created": "course",
    "course.published": "course_version WHERE number IS NOT NULL",
    "enrolment.started": "enrolment",
    "lesson.completed": "lesson_progress WHERE completed_at IS NOT NULL",
    "quiz_attempt.started": "quiz_attempt",
    "quiz_attempt.submitted": "quiz_attempt WHERE submitted_at IS NOT NULL",
    "recording.created": "recording",
}
# What there must be none of.
NEVER = {
    "posts that leave a gap, or a topic that counts them wrongly": """SELECT topic.id FROM topic LEFT JOIN post ON post.topic_id = topic.id
        GROUP BY topic.id, topic.post_count HAVING count(post.id) <> max(post.number) OR count(post.id) <> topic.post_count""",
    "versions that leave a gap": """SELECT course_id FROM course_version WHERE number IS NOT NULL GROUP BY course_id
        HAVING count(*) <> max(number)""",
    "a published version without its text or modules": """SELECT id FROM course_version WHERE number IS NOT NULL AND
        (NOT EXISTS (SELECT 1 FROM course_text WHERE version_id = course_version.id) OR
         NOT EXISTS (SELECT 1 FROM module WHERE version_id = course_version.id))""",
    "an enrolment twice": "SELECT course_id FROM enrolment GROUP BY course_id, user_id HAVING count(*) > 1",
    "an attempt that is handed in without a grade": "SELECT id FROM quiz_attempt WHERE (submitted_at IS NULL) <> (score_points IS NULL)",
    "a rendition twice": "SELECT recording_id FROM rendition GROUP BY recording_id, kind, height HAVING count(*) > 1",
    "a job that was given up": "SELECT kind, last_error FROM job WHERE state = 'dead'",
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--program", required=True)
    parser.add_argument("--ports", type=int, nargs="+", required=True, help="of the servers: one, or two with workers beside them")
    parser.add_argument("--psql", help="where the database is a PostgreSQL")
    parser.add_argument("--scratch", type=pathlib.Path, required=True, metavar="FOLDER")
    Crash(parser.parse_args()).run()


class Crash:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.data = pathlib.Path(os.environ["LYCEUM_DATA"])
        # By name: the address to listen on, and the command.
        self.commands = {"server": (options.ports[0], ["serve"])}
        if options.psql:
            self.commands = {f"server {number}": (port, ["serve", "--no-worker"]) for number, port in enumerate(options.ports, 1)}
            self.commands |= {f"worker {number}": (options.ports[0], ["work"]) for number in (1, 2)}
        self.processes, self.slowest = {}, 0
        self.before = {}

    def run(self):
        if self.options.psql:
            self.lyceum("migrate")
        accounts = [self.account(f"person-{number}@example.org") for number in range(5)]
        self.start()
        ledger = writers.Ledger()
        people = writers.prepare(self.options.ports, accounts, ledger)
        self.before = self.audited()
        stop, broken = threading.Event(), []
        threads = [threading.Thread(target=keep, args=(person, stop, broken), daemon=True) for person in people]
        for thread in threads:
            thread.start()
        for number in range(1, self.options.rounds + 1):
            time.sleep(self.random.uniform(*MOMENTS))
            self.spare()
            victims = self.kill()
            facts = ledger.copy()
            self.no_orphans()
            self.start()
            self.check(facts)
            if broken:
                raise SystemExit("".join(broken))
            print(f"round {number} of {self.options.rounds}: killed {' and '.join(victims)}; {facts}", flush=True)
        stop.set()
        for thread in threads:
            thread.join(120)
            if thread.is_alive() or broken:
                raise SystemExit("".join(broken) or "somebody is not answered")
        self.settle(ledger)
        self.check(ledger.copy(), whole=True)
        print(f"\n{self.options.rounds} kills, nothing lost and nothing twice: {ledger}")
        print(f"The slowest start took {self.slowest:.1f} s until the server was ready.")
        for name in list(self.processes):
            self.end(name, signal.SIGINT)

    def lyceum(self, *arguments):
        return subprocess.run([self.options.program, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout

    def account(self, email):
        said = self.lyceum("admin", "create", "--email", email, "--name", "Person", "--role", "trainer")
        return email, said.split("password", 1)[1].split()[0]

    def start(self):
        begun = time.monotonic()
        for name, (port, arguments) in self.commands.items():
            if name not in self.processes:
                log = (self.options.scratch / f"{name}.log").open("ab")
                # In a group of its own, so that an interrupt of ours is not one of theirs.
                command = ["setpriv", "--pdeathsig", "KILL", self.options.program, *arguments]
                self.processes[name] = subprocess.Popen(
                    command, env={**os.environ, "LYCEUM_LISTEN": f"127.0.0.1:{port}"}, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
        while not all(Api(port).is_ready() for port in self.options.ports):
            ended = [name for name, process in self.processes.items() if process.poll() is not None]
            if ended or time.monotonic() - begun > READY_WITHIN:
                raise SystemExit(f"not ready; ended: {ended}; see {self.options.scratch}/*.log")
            time.sleep(0.02)
        self.slowest = max(self.slowest, time.monotonic() - begun)

    def spare(self):
        """Waits for jobs on heavy work whose workers have died often: after two more deaths they would be given up, since they
        could be what workers die of."""
        deadline = time.monotonic() + SETTLED_WITHIN
        while tried := self.rows("SELECT kind, attempts FROM job WHERE kind LIKE 'recording.%' AND state <> 'dead' AND attempts >= 4"):
            if time.monotonic() > deadline:
                raise SystemExit(f"these come to no end: {tried}")
            time.sleep(0.1)

    def kill(self):
        """Kills any processes, at least one."""
        victims = self.random.sample(list(self.commands), self.random.randint(1, len(self.commands)))
        for name in victims:
            self.end(name, signal.SIGKILL)
        return victims

    def end(self, name, how):
        process = self.processes.pop(name)
        process.send_signal(how)
        process.wait(40)

    def no_orphans(self):
        """No program that a dead worker had begun works on."""
        deadline = time.monotonic() + 5
        while left := self.outliving():
            if time.monotonic() > deadline:
                raise SystemExit(f"these outlived their worker: {left}")
            time.sleep(0.02)

    def outliving(self):
        """Programs that work on something under no process of ours."""
        found = programs_in(self.data / "work")
        ours = set().union(*(processes.tree(process.pid) for process in self.processes.values()))
        return [f"{name} {process}" for process, name in found.items() if process not in ours]

    def rows(self, statement):
        if self.options.psql:
            command = [self.options.psql, "-qXAt", "--csv", os.environ["DATABASE_URL"], "-c", statement]
            return list(csv.reader(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()))
        database = sqlite3.connect(f"file:{self.data}/lyceum.sqlite?mode=ro", uri=True, timeout=10)
        try:
            return database.execute(statement).fetchall()
        finally:
            database.close()

    def audited(self):
        """For each kind of change, how many rows there are more than entries."""
        parts = (
            f"SELECT '{action}', (SELECT count(*) FROM {rows}) - (SELECT count(*) FROM audit_entry WHERE action = '{action}')"
            for action, rows in AUDITED.items()
        )
        # One statement, so that all is counted at one moment.
        return {action: int(difference) for action, difference in self.rows(" UNION ALL ".join(parts))}

    def check(self, facts, whole=False):
        """That everything acknowledged is there once, nothing else is twice, and all fits together."""
        for what, expected in facts.texts.items():
            table, column = what
            found = collections.Counter(row[0] for row in self.rows(f"SELECT {column} FROM {table} WHERE {column} LIKE 'crash %'"))
            lost = sorted(set(expected) - set(found))
            twice = [text for text, count in found.items() if count > 1]
            unknown = whole and sorted(set(found) - set(expected))
            if lost or twice or unknown:
                raise SystemExit(f"{table}: acknowledged and lost: {lost}; there twice: {twice}; nobody wrote: {unknown}")
        attempts = sum(map(len, facts.attempts.values()))
        if whole and (found := int(self.rows("SELECT count(*) FROM quiz_attempt")[0][0])) != attempts:
            raise SystemExit(f"{found} attempts are there, {attempts} were begun")
        for what, statement in NEVER.items():
            if found := self.rows(statement):
                raise SystemExit(f"there is {what}: {found[:5]}")
        if (now := self.audited()) != self.before:
            raise SystemExit(f"changes and audit entries differ: {now}, at first {self.before}")
        if not self.options.psql:
            said = self.rows("PRAGMA integrity_check") + self.rows("PRAGMA foreign_key_check")
            if said != [("ok",)]:
                raise SystemExit(f"SQLite says {said}")
        facts.check_answers()

    def settle(self, ledger):
        """Waits until what workers have to do is done, also what dead ones had, and looks at what they leave."""
        deadline = time.monotonic() + SETTLED_WITHIN
        while states := [state for state in ledger.media_states() if state != "READY"]:
            if time.monotonic() > deadline or "FAILED" in states:
                raise SystemExit(f"media are not ready: {states}; jobs: {self.rows('SELECT kind, state, attempts, last_error FROM job')}")
            time.sleep(0.5)
        # What a worker left that died is swept by a later one.
        while left := self.left_over():
            if time.monotonic() > deadline + SETTLED_WITHIN:
                raise SystemExit(f"left over: {left}")
            time.sleep(0.5)
        self.check_storage()

    def left_over(self):
        """Files and programs of workers; half-written files and parts of uploads in the embedded storage; objects that are given up or
        still to come. Renditions that a dead worker had begun to store may still be to come: their rows are known, and swept after
        eight days. An upload without parts, too: its server had not noted yet that it had begun."""
        objects = self.data / "objects"
        paths = [*(self.data / "work").glob("*"), *objects.glob("*/temp/*"), *objects.glob("*/uploads/*/[0-9]*")]
        rows = self.rows("SELECT key FROM object WHERE state = 'doomed' OR state = 'expected' AND key NOT LIKE 'renditions/%'")
        return [*map(str, paths), *programs_in(self.data / "work").values(), *(key for key, in rows)]

    def check_storage(self):
        """That each object is there as it was stored, and none that nobody knows."""
        command = [self.options.program, "admin", "storage-check", "--read"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise SystemExit(f"object storage is not as the database says:\n{done.stdout}")
        print(f"\n{done.stdout.splitlines()[-1]}")


def keep(write, stop, broken):
    """Writes on and on."""
    try:
        while not stop.is_set():
            if not write():
                return
    except BaseException:
        broken.append(traceback.format_exc())


def programs_in(folder):
    """Programs that work in a folder, by process."""
    found = {}
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if pathlib.Path(os.readlink(process / "cwd")).is_relative_to(folder):
                found[int(process.name)] = (process / "comm").read_text().strip()
        except OSError:
            pass  # it has ended
    return found


if __name__ == "__main__":
    main()
