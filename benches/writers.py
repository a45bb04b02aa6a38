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
CLIP = pathlib.Path(__file__).parent.parent / "src/demo/content/clip/clip.mp4"


class Ledger:
    """What was acknowledged. Texts by the table and column that must hold each of them once; the rest as the API shows it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.texts = {('"user"', "full_name"): [], ("post", "body"): [], ("recording_text", "title"): []}
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
        for person, courses in self.enrolments.items():
            document = "{ viewer { enrolments(first: 100) { nodes { course { id } completedLessonCount } } } }"
            nodes = person.seen(document)["viewer"]["enrolments"]["nodes"]
            found = {node["course"]["id"]: node["completedLessonCount"] for node in nodes}
            for course, lessons in list(courses.items())[-20:]:
                if found.get(course, -1) < len(lessons):
                    raise SystemExit(f"{len(lessons)} lessons of {course} were completed; now there are {found.get(course)}")
        for person, attempts in self.attempts.items():
            for attempt, known in list(attempts.items())[-3:]:
                document = "query($id: ID!) { quizAttempt(id: $id) { state scorePercent questions { chosenIds } } }"
                found = person.seen(document, id=attempt)["quizAttempt"]
                chosen = found["questions"][0]["chosenIds"]
                if known["chosen"] and not chosen or known["submitted"] and (found["state"] != "SUBMITTED" or found["scorePercent"] is None):
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
        texts = ", ".join(f"{len(texts)} {table.strip(chr(34))}" for (table, _), texts in self.texts.items())
        enrolments = sum(map(len, self.enrolments.values()))
        attempts = sum(map(len, self.attempts.values()))
        return f"{texts}, {enrolments} enrolment, {attempts} attempt, {self.version} version"


class Writer(Api):
    """Somebody who sends a change again until it is acknowledged, as clients do."""

    timeout = 15

    def __init__(self, port, ledger, **more):
        super().__init__(port, **more)
        self.ledger = ledger

    def seen(self, document, **variables):
        """What they see, asked beside whatever they write."""
        return Api(self.port, self.token).ask(document, variables)

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


def prepare(port, accounts, ledger):
    """Makes the content that is written about; what each person does over and over, as functions that are false when they
    have done it for long enough."""
    people = []
    for email, password in accounts:
        person = Writer(port, ledger)
        person.sign_in(email, password)
        people.append(person)
    author, teacher, uploader, *learners = people
    ledger.author = teacher
    ledger.course, ledger.version = course_with_articles(teacher, "Title 0")[0], 1
    community = author.create("community", visibility="MEMBERS", text=english(title="Peers", description="For all."))
    category = author.create("category", parentId=community, text=english(title="Questions"))
    topic = author.create("topic", categoryId=category, title="What now?", body="Tell.", language="en")
    courses = [course_with_articles(author, "First")]
    visitor = Writer(port, ledger)
    numbers = itertools.count(1)
    writing = [
        lambda: sign_up(visitor, next(numbers)),
        lambda: write_course(author, courses),
        lambda: publish(teacher),
        lambda: upload(uploader),
    ]
    writing += [lambda learner=learner: random.choice([post, post, sit, learn])(learner, topic, courses) for learner in learners]
    return writing


def course_with_articles(author, title):
    """A published course; its id and its lessons."""
    course = author.create("course", visibility="MEMBERS", text=english(title=title))
    module = author.create("module", courseId=course, text=english(title="Module"))
    for number in range(2):
        author.create("lesson", moduleId=module, kind="ARTICLE", text=english(title=f"Lesson {number}", body="Read this."))
    return course, published(author, course)


def quiz_lesson(author):
    """A course with a quiz, in which its author is enrolled; the lesson of the quiz."""
    course = author.create("course", visibility="MEMBERS", text=english(title="Quiz"))
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
    version = author.write(document, id=course)["course"]["publishedVersion"]
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
    known = {"chosen": False, "submitted": False}
    with learner.ledger.lock:
        attempts[attempt["id"]] = known
    question = attempt["questions"][0]
    wrong = next(choice["id"] for choice in question["text"]["choices"] if choice["text"] != "this")
    answer = {"attemptId": attempt["id"], "questionId": question["questionId"], "chosenIds": [wrong], "sequence": 1}
    learner.write("mutation($input: QuizResponseSaveInput!) { quizResponseSave(input: $input) { userErrors { code field } } }", input=answer)
    known["chosen"] = True
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
    courses.append(course_with_articles(author, "Another"))
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
