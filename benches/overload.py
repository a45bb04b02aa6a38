#!/usr/bin/python3 -B
"""Puts more on a server than it can do, measures what honest clients get, and prints a table with a verdict."""

import argparse
import concurrent.futures
import contextlib
import http.client
import itertools
import json
import math
import os
import pathlib
import re
import resource
import selectors
import socket
import statistics
import subprocess
import threading
import time
import urllib.request

import processes
import sockets
from api import Api

CONNECTIONS = 32
IDLE = 5000
SLOW = 200
SUBSCRIPTIONS_OF_SOCKET = 20
SUBSCRIPTIONS = 10_000
# Ten equal runs on two cores that did nothing else had 99 of 100 pages within 3.0 to 4.5 ms: below that, the time before a flood
# is as much chance as the server's.
NOISE = 4.5
# Who ask beside the overload.
ASKING = 8
# How often more is asked than can be answered, and how many times as much: a little more than three, since no turn meets it
# exactly.
TURNS = 9
WANTED = 3.1
# What has a place at once, as the server has it, and bytes that it takes: 40 MB were measured for all of them. And those that a
# connection takes: 11 KiB were measured, most of them for the beginnings of hyper's buffers, which can't be made smaller.
OPERATIONS = 64 + 192
OF_OPERATION = 192 << 10
OF_CONNECTION = 12 << 10
MIB = 1 << 20
SIGN_IN = "mutation($input: SessionStartInput!) { sessionStart(input: $input) { userErrors { code } } }"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--port", type=int, required=True, help="of the server")
    parser.add_argument("--metrics-port", type=int, required=True, help="of the same server")
    parser.add_argument("--server", type=int, required=True, metavar="PROCESS")
    parser.add_argument("--engines", type=int, nargs="+", required=True, metavar="PROCESS", help="PostgreSQL and Redis")
    parser.add_argument("--small-port", type=int, required=True, help="of a server that may open few files")
    parser.add_argument("--small-server", type=int, required=True, metavar="PROCESS")
    parser.add_argument("--administrator", required=True, metavar="ADDRESS")
    parser.add_argument("--password", required=True)
    parser.add_argument("--site", type=pathlib.Path, required=True, metavar="FILE", help="what content.py made")
    parser.add_argument("--scratch", type=pathlib.Path, required=True, metavar="FOLDER")
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    overload = Overload(options)
    for measure in [overload.sign_ins, overload.connections, overload.requests, overload.subscriptions, overload.files]:
        print(f"\n== {measure.__doc__.splitlines()[0]}", flush=True)
        measure()
    missed = [bound for bound in overload.bounds if not bound["holds"]]
    print(f"\n{len(overload.bounds) - len(missed)} bounds hold, {len(missed)} are missed")
    raise SystemExit(1 if missed else 0)


class Overload:
    def __init__(self, options):
        self.options = options
        self.bounds = []
        self.page = (pathlib.Path(__file__).parent / "course-page.graphql").read_text()
        site = json.loads(options.site.read_text())
        learners = site["learners"]
        self.learners = [(learner["address"], learner["token"]) for learner in learners]
        self.body = body(self.page, {"slug": site["course"]})
        (options.scratch / "page.body").write_bytes(self.body)
        people = [f"{address} {token}" for address, token in self.learners]
        (options.scratch / "page.people").write_text("\n".join(people) + "\n")

    def bound(self, what, value, limit, unit, is_least=False):
        """Notes whether VALUE is at most LIMIT, or at least."""
        holds = math.isfinite(value) and (value >= limit if is_least else value <= limit)
        self.bounds.append({"what": what, "holds": holds})
        word = "at least" if is_least else "at most"
        said, limit = (f"{number:,.1f}".removesuffix(".0") for number in (value, limit))
        print(f"{'holds ' if holds else 'MISSED'}  {what}: {said} {unit} ({word} {limit})", flush=True)

    def sign_ins(self):
        """200 people at a time who guess passwords, each of an account and from an address of their own"""
        seconds = self.options.seconds
        guess = {"email": "guess-NUMBER@example.org", "password": "not this", "transport": "BEARER"}
        (self.options.scratch / "guess.body").write_bytes(body(SIGN_IN, {"input": guess}))
        # More than will guess: accounts and networks may fail only so often, and what is refused for that is not hashed.
        guessers = "".join(f"198.18.{number >> 8}.{number & 255}\n" for number in range(250 * seconds))
        (self.options.scratch / "guess.people").write_text(guessers)
        self.honest(self.options.port, range(50))
        most = self.most_hashes()
        _, alone = self.honest(self.options.port, during(seconds))
        with concurrent.futures.ThreadPoolExecutor() as beside:
            flood = beside.submit(wrk, self, 200, seconds, 1000, "guess")
            hashing = beside.submit(self.hashes_in_thirds, seconds)
            statuses, flooded = self.honest(self.options.port, during(seconds))
            print(f"        {flood.result()['asked']:,.0f} sign-ins a second", flush=True)
        hashes = hashing.result()
        thirds = ", ".join(f"{rate:.0f}" for rate in hashes)
        print(f"        hashes a second in each third: {thirds}; {most:.0f} going by one alone", flush=True)
        self.bound("hashes in the third with the fewest, of those", 100 * min(hashes) / most, 50, "%", is_least=True)
        usual = percentile(alone)
        print(f"        99 of 100 pages within {usual:.1f} ms before", flush=True)
        self.bound("pages that are answered", 100 * statuses.count(200) / len(statuses), 100, "%", is_least=True)
        self.bound("99 of 100 pages within", percentile(flooded), 2 * max(usual, NOISE), "ms")

    def most_hashes(self):
        """How many passwords may be hashed a second, going by the time of one alone: as many at once as there are cores but one."""
        guess = {"password": "not this", "transport": "BEARER"}
        times = []
        for number in range(20):
            begun = time.monotonic()
            Api(self.options.port, address=f"198.19.0.{number}").post(SIGN_IN, {"input": {**guess, "email": f"{number}@example.org"}})
            times.append(time.monotonic() - begun)
        return max(len(os.sched_getaffinity(0)) - 1, 1) / statistics.median(times)

    def hashes_in_thirds(self, seconds):
        """Hashes a second, by the server's count, in each third of the time to come."""
        counts = [(time.monotonic(), self.hashes())]
        for _ in range(3):
            time.sleep(seconds / 3)
            counts.append((time.monotonic(), self.hashes()))
        return [(more - hashes) / (then - begun) for (begun, hashes), (then, more) in itertools.pairwise(counts)]

    def hashes(self):
        """How many passwords the server has hashed: each waited for its turn."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.options.metrics_port}/metrics") as answer:
            return int(re.search(r"^lyceum_password_wait_seconds_count (\d+)", answer.read().decode(), re.MULTILINE)[1])

    def requests(self):
        """Three times the requests that can be answered"""
        with processes.apart([self.options.server, *self.options.engines]):
            self.too_many_requests()

    def too_many_requests(self):
        wrk(self, CONNECTIONS, 2)
        peaks, loads = [self.peak()], []
        print(f"        {peaks[0]:,.0f} answers a second at most", flush=True)
        before = processes.resident(self.options.server)
        # Each connection pauses between two requests, so that those refused at once do not come more often. What it does besides,
        # to begin and to wait, is told by a first try.
        connections = min(int(3 * peaks[0]), 4000)
        pause = 1000 * connections / (WANTED * peaks[0])
        pause = self.corrected(pause, connections, peaks, wrk(self, connections, self.options.seconds, pause))
        with Probe(self) as probe:
            loads.append(wrk(self, connections, self.options.seconds, pause))
        self.bound("99 of 100 answers within", probe.percentile("answered"), 1000, "ms")
        self.bound("99 of 100 refusals within", probe.percentile("refused"), 50, "ms")
        self.bound("refusals without Retry-After", probe.unsaid, 0, "")
        self.bound("99 of 100 health checks within", probe.percentile("health"), 100, "ms")
        memory = (connections * OF_CONNECTION + OPERATIONS * OF_OPERATION) / 1e6
        self.bound("memory above that of the usual load", max(probe.memory) - before, memory, "MB")
        third = len(probe.memory) // 3
        growth = max(probe.memory[-third:]) - max(probe.memory[third:-third])
        self.bound("memory in the last third above that of the middle", growth, 4 * MIB / 1e6, "MB")
        self.bound("back to answers within 100 ms after", self.recovery(), 10, "s")
        # In turns, and each compared with what was done just before and after, since a machine that others use, too, is now faster
        # and now slower.
        peaks.append(self.peak())
        while len(loads) < TURNS:
            pause = self.corrected(pause, connections, peaks, loads[-1])
            loads.append(wrk(self, connections, self.options.seconds, pause))
            peaks.append(self.peak())
        self.bound("connections that broke", sum(load["broken"] for load in loads), 0, "")
        most = [statistics.mean(pair) for pair in itertools.pairwise(peaks)]
        asked = [100 * load["asked"] / peak for load, peak in zip(loads, most)]
        answered = [100 * load["rate"] / peak for load, peak in zip(loads, most)]
        print("        asked and answered in each turn, of the most:", end="")
        print(",".join(f" {one:.0f} and {other:.0f} %" for one, other in zip(asked, answered)), flush=True)
        self.bound("requests a second, of the most that are answered", statistics.median(asked), 300, "%", is_least=True)
        self.bound("answers a second, of the most", statistics.median(answered), 80, "%", is_least=True)

    def corrected(self, pause, connections, peaks, load):
        """The pause with which so many connections would have asked as much as is wanted, in ms."""
        wanted = WANTED * statistics.mean(peaks[-2:])
        return max(pause + 1000 * connections * (1 / wanted - 1 / load["asked"]), 0)

    def peak(self):
        """Answers a second, when no more is asked than can be answered."""
        return wrk(self, CONNECTIONS, self.options.seconds)["rate"]

    def recovery(self):
        """Seconds until twenty requests in a row are answered as usual."""
        begun = since = time.monotonic()
        good = 0
        while good < 20 and time.monotonic() - begun < 30:
            client = Client(self.options.port, self.learners[0][1])
            status, _, milliseconds = client.post(self.body)
            if status != 200 or milliseconds > 100:
                good, since = 0, time.monotonic()
            else:
                good += 1
        return since - begun if good == 20 else 30

    def connections(self):
        """5,000 silent connections, slow headers, slow bodies, readers that do not read"""
        before = processes.resident(self.options.server)
        with contextlib.ExitStack() as held:
            head = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
            held.enter_context(Silent(self.options.port, IDLE))
            for start, count in [
                (b"POST /graphql HTTP/1.1\r\nhost: ", SLOW),
                (head + b"content-length: 100\r\n\r\n{", SLOW),
                (50 * b"GET /schema.graphql HTTP/1.1\r\nhost: a\r\n\r\n", SLOW),
            ]:
                for _ in range(count):
                    held.enter_context(hold(self.options.port, start))
            used, begun = cpu(self.options.server), time.monotonic()
            statuses, times = self.honest(self.options.port, range(100))
            busy = 100 * (cpu(self.options.server) - used) / (time.monotonic() - begun)
            memory = processes.resident(self.options.server)
        self.bound("honest requests that are answered", 100 * statuses.count(200) / len(statuses), 100, "%", is_least=True)
        self.bound("the slowest of them within", max(times), 1000, "ms")
        self.bound("use of a processor", busy, 50, "%")
        self.bound("memory that they take", memory - before, 250, "MB")

    def honest(self, port, numbers):
        """Requests one after another, each over its own connection: their statuses and milliseconds."""
        answers = []
        for number in numbers:
            token = self.learners[number % len(self.learners)][1]
            status, _, milliseconds = Client(port, token).post(self.body)
            answers.append((status, milliseconds))
            time.sleep(0.02)
        return [status for status, _ in answers], [milliseconds for _, milliseconds in answers]

    def subscriptions(self):
        """10,000 subscriptions"""
        author = Api(self.options.port)
        author.sign_in(self.options.administrator, self.options.password)
        topic = make_topic(author)
        before = processes.resident(self.options.server)
        document = {"query": f'subscription {{ postAdded(topicId: "{topic}") {{ number bodyHtml author {{ fullName }} }} }}'}
        with contextlib.ExitStack() as held:
            opened = []
            for number in range(SUBSCRIPTIONS // SUBSCRIPTIONS_OF_SOCKET):
                socket_ = held.enter_context(sockets.Socket(self.options.port, f"198.18.{number >> 8}.{number & 255}"))
                for operation in range(SUBSCRIPTIONS_OF_SOCKET):
                    socket_.say({"id": str(operation), "type": "subscribe", "payload": document})
                opened.append(socket_)
            settle(self.options.server)
            for socket_ in opened:
                socket_.say({"type": "ping"})
                if (heard := socket_.hear()) != {"type": "pong"}:
                    raise SystemExit(f"a subscription was refused: {heard}")
            memory = processes.resident(self.options.server)
            # Another connection: the first was idle for too long.
            Api(self.options.port, author.token).create("post", topicId=topic, body="Does everybody hear this?", language="en")
            begun, heard = time.monotonic(), 0
            for socket_ in opened:
                heard += sum((socket_.hear() or {}).get("type") == "next" for _ in range(SUBSCRIPTIONS_OF_SOCKET))
            took = time.monotonic() - begun
        self.bound("subscriptions that heard of a post", heard, SUBSCRIPTIONS, "", is_least=True)
        self.bound("all of them within", took, 30, "s")
        self.bound("memory that they take", memory - before, 250, "MB")

    def files(self):
        """No file descriptor left"""
        port, process = self.options.small_port, self.options.small_server
        with contextlib.ExitStack() as held:
            for _ in range(80):
                held.enter_context(hold(port, b"GET / HTTP/1.1\r\n"))
            used, begun = cpu(process), time.monotonic()
            statuses, times = self.honest(port, range(3))
            busy = 100 * (cpu(process) - used) / (time.monotonic() - begun)
        self.bound("honest requests that are answered", 100 * statuses.count(200) / len(statuses), 100, "%", is_least=True)
        # Requests that do not end are cut off after 10 seconds.
        self.bound("the slowest of them within", max(times), 15_000, "ms")
        self.bound("use of a processor meanwhile", busy, 20, "%")


class Client:
    """An honest client with a connection of its own."""

    def __init__(self, port, token=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.token = token

    def post(self, body):
        """Status, headers and milliseconds of an answer."""
        headers = {"content-type": "application/json", "accept": "application/graphql-response+json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        return self.send("POST", "/graphql", body, headers)

    def send(self, method, path, body=None, headers={}):
        begun = time.monotonic()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status, answer.headers, 1000 * (time.monotonic() - begun)


class Silent:
    """COUNT connections on which nothing is said. One that the server closes is opened again."""

    def __init__(self, port, count):
        self.address, self.end = ("127.0.0.1", port), threading.Event()
        self.selector = selectors.DefaultSelector()
        self.thread = threading.Thread(target=self.keep)
        for _ in range(count):
            self.open()

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.end.set()
        self.thread.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()

    def open(self):
        self.selector.register(socket.create_connection(self.address, timeout=30), selectors.EVENT_READ)

    def keep(self):
        while not self.end.is_set():
            for key, _ in self.selector.select(timeout=0.1):
                self.selector.unregister(key.fileobj)
                key.fileobj.close()
                self.open()


class Probe:
    """Asks beside the load, and notes how long answers, refusals and health checks take, and the server's memory."""

    def __init__(self, overload):
        self.overload = overload
        self.times = {"answered": [], "refused": [], "health": []}
        self.unsaid = 0
        self.memory = []
        self.end = threading.Event()
        self.threads = [threading.Thread(target=self.check_health)]
        self.threads += [threading.Thread(target=self.ask, args=[token]) for _, token in overload.learners[:ASKING]]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.end.set()
        for thread in self.threads:
            thread.join()

    def percentile(self, name):
        times = self.times[name]
        print(f"        {len(times)} times {name}" + (f", half within {statistics.median(times):.0f} ms" if times else ""))
        return percentile(times)

    def check_health(self):
        client = Client(self.overload.options.port)
        while not self.end.wait(0.02):
            status, _, milliseconds = client.send("GET", "/health/live")
            if status != 200:
                raise SystemExit(f"the health check answered {status}")
            self.times["health"].append(milliseconds)
            self.memory.append(processes.resident(self.overload.options.server))

    def ask(self, token):
        client = Client(self.overload.options.port, token)
        while not self.end.wait(0.05):
            status, headers, milliseconds = client.post(self.overload.body)
            if status not in (200, 429, 503):
                raise SystemExit(f"the page answered {status}")
            self.times["answered" if status == 200 else "refused"].append(milliseconds)
            self.unsaid += status != 200 and "retry-after" not in headers


def wrk(overload, connections, seconds, pause=None, load="page"):
    """Asks over CONNECTIONS, each with PAUSE ms after an answer; what came of it."""
    scratch = overload.options.scratch
    command = [
        "wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--timeout", "10s",
        "--latency", "--script", str(pathlib.Path(__file__).parent / "overload.lua"), f"http://127.0.0.1:{overload.options.port}",
        "--", str(scratch / f"{load}.body"), str(scratch / f"{load}.people"),
    ]
    done = subprocess.run(command + ([str(pause)] if pause else []), stdout=subprocess.PIPE, text=True, check=True)
    said = json.loads(done.stdout.splitlines()[-1])
    taken = said["microseconds"] / 1e6
    return {
        "asked": said["requests"] / taken, "rate": (said["requests"] - said["refused"]) / taken, "broken": said["broken"],
    }


def percentile(times):
    """What 99 of 100 are within; infinite, which holds no bound, when there are fewer than 100."""
    return sorted(times)[int(0.99 * (len(times) - 1))] if len(times) >= 100 else math.inf


def during(seconds):
    """Counts until so much time is over."""
    end = time.monotonic() + seconds
    return itertools.takewhile(lambda _: time.monotonic() < end, itertools.count())


@contextlib.contextmanager
def hold(port, start):
    """A connection on which START was sent, and nothing is read."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", port))
        connection.sendall(start)
        yield connection


def make_topic(author):
    """A topic that anybody may read; its id."""
    text = {"language": "en", "title": "Everybody"}
    community = author.create("community", visibility="PUBLIC", text={**text, "description": "For all."})
    category = author.create("category", parentId=community, text=text)
    return author.create("topic", categoryId=category, title="Hello", body="Who is there?", language="en")


def body(document, variables):
    """A request as JSON."""
    return json.dumps({"query": document, "variables": variables}).encode()


def settle(process):
    """Waits until a process has nothing to do, a minute at most."""
    for _ in range(120):
        before = cpu(process)
        time.sleep(0.5)
        if cpu(process) - before < 0.03:
            return
    raise SystemExit("the server does not come to rest")


def cpu(process):
    """Seconds of CPU that a process has used."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
