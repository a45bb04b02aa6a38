"""People who write while their server is killed, and the ledger of what was acknowledged to them."""

import http.client
import itertools
import json
import pathlib
import random
import struct
import threading
import time
import urllib.parse
import uuid

from api import Api

PASSWORD = "eleven quiet rivers cross the plain"
ANSWERED_WITHIN = 60
# A person may attempt a quiz a hundred times.
ATTEMPTS_OF_A_QUIZ = 90
# Recordings are few: each of them keeps a worker busy for seconds.
RECORDINGS = 4
# Each course has one.
DRAFTS = "course_text JOIN course_version ON course_version.id = version_id AND number IS NULL"
# Ids that `nodes` takes.
NODES = 100
CLIP = pathlib.Path(__file__).parent.parent / "src/demo/content/clip/clip.mp4"


class Ledger:
    """What was acknowledged. Texts by the table and column that must hold each of them once; the rest as the API shows it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.texts = {('"user"', "full_name"): [], ("post", "body"): [], ("recording_text", "title"): [], (DRAFTS, "title"): []}
        # By course that is published once: its lessons.
        self.courses = {}
        # By person: courses with the lessons completed in them; attempts with what was chosen and whether they are handed in.
        self.enrolments, self.attempts = {}, {}
        # By recording: its author, its upload and parts, and whether it is complete.
        self.uploads = {}
        self.title, self.version = None, 0
        self.course = self.author = None

    def copy(self):
        with self.lock:
            copy = Ledger()
            copy.texts = {what: list(texts) for what, texts in self.texts.items()}
            copy.courses = {course: list(lessons) for course, lessons in self.courses.items()}
            copy.enrolments = {person: {course: set(done) for course, done in held.items()} for person, held in self.enrolments.items()}
            copy.attempts = {person: {attempt: dict(state) for attempt, state in held.items()} for person, held in self.attempts.items()}
            copy.uploads = {recording: {**upload, "parts": set(upload["parts"])} for recording, upload in self.uploads.items()}
            copy.title, copy.version, copy.course, copy.author = self.title, self.version, self.course, self.author
            return copy

    def wrote(self, table, column, text):
        with self.lock:
            self.texts[table, column].append(text)

    def check_answers(self):
        """That the API shows what was acknowledged."""
        document = "query($id: ID!) { course(id: $id) { text { title } publishedVersion { number } } }"
        seen = self.author.seen(document, id=self.course)
        title, version = seen["course"]["text"]["title"], seen["course"]["publishedVersion"]["number"]
        if self.title and int(title.split()[-1]) < self.title or version < self.version:
            raise SystemExit(f"the course is {title}, version {version}; acknowledged were {self.title}, {self.version}")
        selection = "... on Course { publishedVersion { modules { lessons { id } } } }"
        for course, found in self.author.nodes(self.courses, selection):
            if not found or lessons_of(found["publishedVersion"]) != self.courses[course]:
                raise SystemExit(f"course {course}: published were the lessons {self.courses[course]}, now {found}")
        for person, courses in self.enrolments.items():
            lessons = {lesson: lesson in done for course, done in courses.items() for lesson in self.courses[course]}
            for lesson, found in person.nodes(lessons, "... on Lesson { viewerProgress { completedAt } }"):
                progress = found and found["viewerProgress"]
                if not progress or lessons[lesson] and not progress["completedAt"]:
                    raise SystemExit(f"lesson {lesson}: enrolled, completed: {lessons[lesson]}; now {found}")
        for person, attempts in self.attempts.items():
            selection = "... on QuizAttempt { state scorePercent questions { questionId chosenIds } }"
            for attempt, found in person.nodes(attempts, selection):
                known = attempts[attempt]
                chosen = found and {question["questionId"]: question["chosenIds"] for question in found["questions"]}
                # Every answer is wrong.
                graded = found and found["state"] == "SUBMITTED" and found["scorePercent"] == 0
                if not found or known["chosen"] and chosen != known["chosen"] or known["submitted"] and not graded:
                    raise SystemExit(f"attempt {attempt}: acknowledged {known}, now {found}")
        for recording, known in self.uploads.items():
            document = "query($id: ID!) { recording(id: $id) { mediaState upload { missingPartNumbers } } }"
            seen = known["author"].seen(document, id=recording)["recording"]
            missing = set((seen["upload"] or {}).get("missingPartNumbers", []))
            if known["parts"] & missing and seen["upload"]:
                raise SystemExit(f"parts {known['parts'] & missing} of {recording} were taken, and are gone")
            if known["complete"] and seen["mediaState"] in ("NONE", "UPLOADING"):
                raise SystemExit(f"{recording} was complete, and is {seen['mediaState']}")

    def media_states(self):
        document = "query($id: ID!) { recording(id: $id) { mediaState } }"
        return [known["author"].seen(document, id=id)["recording"]["mediaState"] for id, known in self.uploads.items()]

    def __str__(self):
        texts = ", ".join(f"{len(texts)} {table.split()[0].strip(chr(34))}" for (table, _), texts in self.texts.items())
        enrolments = sum(map(len, self.enrolments.values()))
        attempts = sum(map(len, self.attempts.values()))
        return f"{texts}, {enrolments} enrolment, {attempts} attempt, {self.version} version"


class Writer(Api):
    """Somebody who sends a change again until it is acknowledged, as clients do, to any of the servers on PORTS."""

    timeout = 15

    def __init__(self, ports, ledger, **more):
        super().__init__(random.choice(ports), **more)
        self.ports, self.ledger = ports, ledger

    def close(self):
        super().close()
        self.port = random.choice(self.ports)

    def seen(self, document, **variables):
        """What they see, asked beside whatever they write."""
        return Api(random.choice(self.ports), self.token).ask(document, variables)

    def nodes(self, ids, selection):
        """What they see of each of many things; none of what is not there for them."""
        ids = list(ids)
        for some in (ids[start : start + NODES] for start in range(0, len(ids), NODES)):
            document = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ {selection} }} }}"
            yield from zip(some, self.seen(document, ids=some)["nodes"], strict=True)

    def write(self, document, **variables):
        """The payload of the one mutation of a document."""
        deadline = time.monotonic() + ANSWERED_WITHIN
        while time.monotonic() < deadline:
            try:
                status, text = self.answer(document, variables)
            except (OSError, http.client.HTTPException):
                self.close()
                time.sleep(0.02)
                continue
            if status == 503:
                time.sleep(0.02)
                continue
            answer = json.loads(text)
            payloads = list((answer.get("data") or {}).values())
            if status != 200 or "errors" in answer or payloads[0]["userErrors"]:
                raise SystemExit(f"{document}\n{variables}\nanswered {status}: {answer}")
            return payloads[0]
        raise SystemExit(f"{document} was not answered within {ANSWERED_WITHIN} s")

    def create(self, thing, **fields):
        name = thing[0].upper() + thing[1:]
        document = f"mutation($input: {name}CreateInput!) {{ {thing}Create(input: $input) {{ {thing} {{ id }} userErrors {{ code field }} }} }}"
        return self.write(document, input={"key": str(uuid.uuid4()), **fields})[thing]["id"]


def english(**text):
    return {"language": "en", **text}


def prepare(ports, accounts, ledger):
    """Makes the content that is written about; what each person does over and over, as functions that are false when they
    have done it for long enough."""
    people = []
    for email, password in accounts:
        person = Writer(ports, ledger)
        person.sign_in(email, password)
        people.append(person)
    author, teacher, uploader, *learners = people
    ledger.author = teacher
    ledger.course, ledger.version = course_with_articles(teacher, "Title 0")[0], 1
    # Its lessons have other ids in each version.
    del ledger.courses[ledger.course]
    community = author.create("community", visibility="MEMBERS", text=english(title="Peers", description="For all."))
    category = author.create("category", parentId=community, text=english(title="Questions"))
    topic = author.create("topic", categoryId=category, title="What now?", body="Tell.", language="en")
    courses = [course_with_articles(author)]
    visitor = Writer(ports, ledger)
    numbers = itertools.count(1)
    writing = [
        lambda: sign_up(visitor, next(numbers)),
        lambda: write_course(author, courses),
        lambda: publish(teacher),
        lambda: upload(uploader),
    ]
    writing += [lambda learner=learner: random.choice([post, post, sit, learn])(learner, topic, courses) for learner in learners]
    return writing


def make_course(author, title=None):
    """A course with a title of its own, unless it has one that will change."""
    own = title or f"crash {uuid.uuid4()}"
    course = author.create("course", visibility="MEMBERS", text=english(title=own))
    if not title:
        author.ledger.wrote(DRAFTS, "title", own)
    return course


def course_with_articles(author, title=None):
    """A published course; its id and its lessons."""
    course = make_course(author, title)
    module = author.create("module", courseId=course, text=english(title="Module"))
    for number in range(2):
        author.create("lesson", moduleId=module, kind="ARTICLE", text=english(title=f"Lesson {number}", body="Read this."))
    return course, published(author, course)


def quiz_lesson(author):
    """A course with a quiz, in which its author is enrolled; the lesson of the quiz."""
    course = make_course(author)
    quiz = author.create("quiz", courseId=course, text=english(title="Quiz"))
    module = author.create("module", courseId=course, text=english(title="Module"))
    author.create("lesson", moduleId=module, kind="QUIZ", text=english(title="Quiz"), content={"quizId": quiz})
    text = english(prompt="Which?", choices=["this", "that", "neither"], explanation="So.")
    author.create("question", quizId=quiz, kind="SINGLE_CHOICE", correctChoices=[0], text=text)
    lesson = published(author, course)[0]
    enrol(author, course)
    return lesson


def enrol(learner, course):
    learner.write("mutation($id: ID!) { courseEnrol(id: $id) { userErrors { code field } } }", id=course)


def published(author, course):
    document = """mutation($id: ID!) { coursePublish(id: $id) {
        course { publishedVersion { number modules { lessons { id } } } } userErrors { code field } } }"""
    lessons = lessons_of(author.write(document, id=course)["course"]["publishedVersion"])
    with author.ledger.lock:
        author.ledger.courses[course] = lessons
    return lessons


def lessons_of(version):
    return [lesson["id"] for module in version["modules"] for lesson in module["lessons"]]


def sign_up(visitor, number):
    """A new account, from an address of its own: a network may make only so many."""
    visitor.address = f"198.18.{number >> 8 & 255}.{number & 255}"
    name = f"crash {number}"
    account = {
        "key": str(uuid.uuid4()), "email": f"crash-{number}@example.org", "password": PASSWORD, "fullName": name, "language": "en",
        "timeZone": "UTC", "acceptTermsVersion": "2026-11-01",
    }
    visitor.write("mutation($input: AccountSignUpInput!) { accountSignUp(input: $input) { userErrors { code field } } }", input=account)
    visitor.ledger.wrote('"user"', "full_name", name)
    return True


def post(learner, topic, _):
    text = f"crash {uuid.uuid4()}"
    learner.create("post", topicId=topic, body=text, language="en")
    learner.ledger.wrote("post", "body", text)
    return True


def sit(learner, *_):
    """A whole attempt, answered wrongly, since a quiz that was passed is over."""
    with learner.ledger.lock:
        attempts = learner.ledger.attempts.setdefault(learner, {})
    if len(attempts) % ATTEMPTS_OF_A_QUIZ == 0:
        learner.quiz = quiz_lesson(learner)
    document = """mutation($id: ID!, $key: UUID!) { quizAttemptStart(lessonId: $id, key: $key) {
        attempt { id questions { questionId text { choices { id text } } } } userErrors { code field } } }"""
    attempt = learner.write(document, id=learner.quiz, key=str(uuid.uuid4()))["attempt"]
    known = {"chosen": {}, "submitted": False}
    with learner.ledger.lock:
        attempts[attempt["id"]] = known
    question = attempt["questions"][0]
    wrong = next(choice["id"] for choice in question["text"]["choices"] if choice["text"] != "this")
    answer = {"attemptId": attempt["id"], "questionId": question["questionId"], "chosenIds": [wrong], "sequence": 1}
    learner.write("mutation($input: QuizResponseSaveInput!) { quizResponseSave(input: $input) { userErrors { code field } } }", input=answer)
    known["chosen"] = {question["questionId"]: [wrong]}
    learner.write("mutation($id: ID!) { quizAttemptSubmit(id: $id) { userErrors { code field } } }", id=attempt["id"])
    known["submitted"] = True
    return True


def learn(learner, _, courses):
    """Enrols in a course, and completes a lesson of it."""
    course, lessons = random.choice(courses)
    enrol(learner, course)
    with learner.ledger.lock:
        done = learner.ledger.enrolments.setdefault(learner, {}).setdefault(course, set())
    lesson = random.choice(lessons)
    learner.write("mutation($id: ID!) { lessonComplete(id: $id, reason: READ) { userErrors { code field } } }", id=lesson)
    with learner.ledger.lock:
        done.add(lesson)
    return True


def write_course(author, courses):
    courses.append(course_with_articles(author))
    return True


def publish(teacher):
    """Changes the title of the one course, and publishes it."""
    ledger = teacher.ledger
    number = ledger.version + 1
    document = "mutation($id: ID!, $input: CourseTextInput!) { courseTextSet(id: $id, input: $input) { userErrors { code field } } }"
    teacher.write(document, id=ledger.course, input=english(title=f"Title {number}"))
    ledger.title = number
    document = "mutation($id: ID!) { coursePublish(id: $id) { version { number } userErrors { code field } } }"
    version = teacher.write(document, id=ledger.course)["version"]["number"]
    if version != number:
        raise SystemExit(f"publishing made version {version}, not {number}")
    ledger.version = number
    return True


def upload(uploader):
    """A recording of two parts, which go on where they were after each break."""
    ledger = uploader.ledger
    if len(ledger.uploads) == RECORDINGS:
        return False
    title = f"crash {uuid.uuid4()}"
    recording = uploader.create("recording", spokenLanguage="en", text=english(title=title))
    ledger.wrote("recording_text", "title", title)
    film = CLIP.read_bytes()
    # A box of free space makes it longer than one part.
    film += struct.pack(">I", 5 << 20) + b"free" + bytes((5 << 20) - 8)
    document = """mutation($input: RecordingUploadStartInput!) { recordingUploadStart(input: $input) {
        upload { id partSize missingPartNumbers } userErrors { code field } } }"""
    announced = {"key": str(uuid.uuid4()), "recordingId": recording, "fileName": "film.mp4", "contentType": "video/mp4", "size": str(len(film))}
    begun = uploader.write(document, input=announced)["upload"]
    known = {"author": uploader, "parts": set(), "complete": False}
    with ledger.lock:
        ledger.uploads[recording] = known
    send_parts(uploader, begun["id"], film, begun["partSize"], known)
    uploader.write("mutation($id: ID!) { recordingUploadComplete(uploadId: $id) { userErrors { code field } } }", id=begun["id"])
    known["complete"] = True
    return True


def send_parts(uploader, upload, film, size, known):
    document = "query($id: ID!) { node(id: $id) { ... on Upload { missingPartNumbers } } }"
    addresses = """query($id: ID!, $numbers: [Int!]!) { node(id: $id) { ... on Upload {
        partAddresses(numbers: $numbers) { number address { url headers { name value } } } } } }"""
    deadline = time.monotonic() + ANSWERED_WITHIN
    while time.monotonic() < deadline:
        try:
            missing = uploader.ask(document, {"id": upload})["node"]["missingPartNumbers"]
            if not missing:
                return
            part = uploader.ask(addresses, {"id": upload, "numbers": missing[:1]})["node"]["partAddresses"][0]
            if put(part["address"], film[(part["number"] - 1) * size : part["number"] * size]):
                known["parts"].add(part["number"])
        except (OSError, http.client.HTTPException, SystemExit):
            uploader.close()
            time.sleep(0.02)
    raise SystemExit(f"the parts of {upload} were not taken within {ANSWERED_WITHIN} s")


def put(address, content):
    url = urllib.parse.urlsplit(address["url"])
    connection = http.client.HTTPConnection(url.netloc, timeout=15)
    try:
        headers = {header["name"]: header["value"] for header in address["headers"]}
        connection.request("PUT", f"{url.path}?{url.query}", content, headers)
        return connection.getresponse().status == 200
    finally:
        connection.close()
