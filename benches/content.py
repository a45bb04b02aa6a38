#!/usr/bin/python3 -B
"""Makes what the benchmarks ask for, through the API: courses, a quiz, a discussion, and learners who have begun all of it.
The recording is that of the demo, which the site has.

Writes what was made into a file, as JSON.
"""

import argparse
import email
import email.policy
import json
import multiprocessing.pool
import pathlib
import re
import time
import uuid

import discussion
import quiz
from api import Api

# Nine more than are asked for, so that PostgreSQL has reason to use its indexes, as on a site with content.
COURSES = 10
SLUG = "working-together"
MODULES = 10
LESSONS_OF_MODULE = 4
# Each learner has completed the first lessons, opened the next, and not seen the others.
COMPLETED = 12
STARTED = 3
PASSWORD = "eleven quiet rivers cross the plain"
RECORDING = "Webinar: five steps to a treaty"
# Calls at once; more would only wait for each other.
AT_ONCE = 4
PARAGRAPH = "Agree on how decisions are made before there is one to make, and write down who was heard. "


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--administrator", required=True, metavar="ADDRESS")
    parser.add_argument("--password", required=True)
    parser.add_argument("--mail", type=pathlib.Path, required=True, metavar="FOLDER", help="where the server leaves its mail")
    parser.add_argument("--learners", type=int, required=True, metavar="NUMBER")
    parser.add_argument("--into", type=pathlib.Path, required=True, metavar="FILE")
    options = parser.parse_args()

    author = Api(options.port)
    author.sign_in(options.administrator, options.password)
    courses = [write_course(author, number) for number in range(1, COURSES + 1)]
    quiz_course, quiz_lesson = write_quiz_course(author)
    recording = find_recording(author)
    learners = sign_up_all(options)
    place = discussion.write(options.port, Api(options.port, author.token), [learner["token"] for learner in learners])

    def begin(learner):
        api = Api(options.port, learner["token"])
        learn(api, courses[0])
        enrol(api, quiz_course)
        discussion.read(api, place)
        # Tickets belong to an address. What is done without one comes from loopback, and is not limited.
        learner["ticket"] = ticket(Api(options.port, learner["token"], learner["address"]), recording)

    with multiprocessing.pool.ThreadPool(AT_ONCE) as pool:
        pool.map(begin, learners)
    site = {"learners": learners, "course": SLUG, "quiz_lesson": quiz_lesson, "recording": recording, **place}
    options.into.write_text(json.dumps(site))


def sign_up_all(options):
    """Learners, signed in, each at an address of their own in 198.18.0.0/15, which RFC 2544 sets aside for benchmarks."""
    learners = [
        {"email": f"learner-{number}@example.org", "address": f"198.19.{number >> 8}.{number & 255}"}
        for number in range(1, options.learners + 1)
    ]

    def join(learner):
        sign_up(Api(options.port, address=learner["address"]), learner["email"])

    def sign_in(learner):
        api = Api(options.port)
        api.sign_in(learner["email"], PASSWORD)
        learner["token"] = api.token

    with multiprocessing.pool.ThreadPool(AT_ONCE) as pool:
        pool.map(join, learners)
        confirm(Api(options.port), options.mail, [learner["email"] for learner in learners])
        pool.map(sign_in, learners)
    return learners


def write_course(author, number):
    """Publishes a course in English and French; its id."""
    title = {"en": f"Working together, part {number}", "fr": f"Travailler ensemble, partie {number}"}
    summary = {
        "en": "How groups of practitioners decide, learn from what went wrong, and keep going.",
        "fr": "Comment des praticiens décident ensemble, apprennent de leurs erreurs et durent.",
    }
    texts = [{"language": tag, "title": title[tag], "summary": summary[tag], "description": 5 * PARAGRAPH} for tag in title]
    course = write(author, "course", texts, slug=SLUG if number == 1 else f"working-together-{number}", visibility="MEMBERS")
    for module in range(1, MODULES + 1):
        write_module(author, course, module)
    author.change("mutation($id: ID!) { coursePublish(id: $id) { userErrors { code field } } }", id=course)
    return course


def write_module(author, course, number):
    title = {"en": f"Module {number}: preparing", "fr": f"Module {number} : préparer"}
    module = write(author, "module", [{"language": tag, "title": title[tag]} for tag in title], courseId=course)
    for lesson in range(1, LESSONS_OF_MODULE + 1):
        title = {"en": f"Lesson {lesson}: listening", "fr": f"Leçon {lesson} : écouter"}
        texts = [{"language": tag, "title": title[tag], "body": 15 * PARAGRAPH} for tag in title]
        write(author, "lesson", texts, moduleId=module, kind="ARTICLE")


def write(author, thing, texts, **fields):
    """Makes a course, module or lesson, with its texts in the original language and then in others; its id."""
    made = author.create(thing, text=texts[0], **fields)
    document = f"""mutation($id: ID!, $text: {thing.capitalize()}TextInput!) {{
        {thing}TextSet(id: $id, input: $text) {{ userErrors {{ code field }} }}
    }}"""
    for text in texts[1:]:
        author.change(document, id=made, text=text)
    return made


def write_quiz_course(author):
    """Publishes a course that is one quiz; its id, and that of the lesson."""
    text = {"language": "en", "title": "What was learnt"}
    course = write(author, "course", [text], slug="what-was-learnt", visibility="MEMBERS")
    module = write(author, "module", [text], courseId=course)
    write(author, "lesson", [text], moduleId=module, kind="QUIZ", content={"quizId": quiz.write(author, course)})
    document = """mutation($id: ID!) {
        coursePublish(id: $id) { version { modules { lessons { id } } } userErrors { code field } }
    }"""
    version = author.change(document, id=course)["coursePublish"]["version"]
    return course, version["modules"][0]["lessons"][0]["id"]


def find_recording(author):
    recordings = author.ask("{ recordings(first: 100) { nodes { id title } } }")["recordings"]["nodes"]
    return next(recording["id"] for recording in recordings if recording["title"] == RECORDING)


def ticket(learner, recording):
    """What the addresses are made of that a learner plays a recording from."""
    document = "query($id: ID!) { recording(id: $id) { playback { ticket } } }"
    return learner.ask(document, {"id": recording})["recording"]["playback"]["ticket"]


def sign_up(visitor, address):
    """Makes the account of somebody who reads French, a translation."""
    terms = visitor.ask("{ site { termsVersion } }")["site"]["termsVersion"]
    account = {
        "key": str(uuid.uuid4()), "email": address, "password": PASSWORD, "fullName": "Camille Exemple", "language": "fr",
        "timeZone": "Africa/Dakar", "acceptTermsVersion": terms,
    }
    document = "mutation($input: AccountSignUpInput!) { accountSignUp(input: $input) { userErrors { code field } } }"
    visitor.change(document, input=account)


def confirm(visitor, folder, addresses):
    """Follows the links that the server mails."""
    document = "mutation($token: String!) { accountConfirm(token: $token) { userErrors { code } } }"
    waiting, read, deadline = set(addresses), set(), time.monotonic() + 60
    while waiting:
        if time.monotonic() > deadline:
            raise SystemExit(f"{len(waiting)} letters did not arrive in {folder}")
        for path in set(folder.glob("*.eml")) - read:
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if letter.is_multipart():
                read.add(path)  # about a webinar, with an entry for calendars
                continue
            token = re.search(r"token=(\S+)\s", letter.get_content())
            if not token:
                continue  # not written to its end yet
            read.add(path)
            if letter["to"] in waiting:
                visitor.change(document, token=token[1])
                waiting.remove(letter["to"])
        time.sleep(0.1)


def enrol(learner, course):
    learner.change("mutation($id: ID!) { courseEnrol(id: $id) { userErrors { code } } }", id=course)


def learn(learner, course):
    """Enrols somebody, and has them complete some lessons and open some."""
    enrol(learner, course)
    document = "query($id: ID!) { course(id: $id) { publishedVersion { modules { lessons { id } } } } }"
    modules = learner.ask(document, {"id": course})["course"]["publishedVersion"]["modules"]
    lessons = [lesson["id"] for module in modules for lesson in module["lessons"]]
    for lesson in lessons[:COMPLETED]:
        document = "mutation($id: ID!) { lessonComplete(id: $id, reason: READ) { userErrors { code } } }"
        learner.change(document, id=lesson)
    for lesson in lessons[COMPLETED:COMPLETED + STARTED]:
        learner.change("mutation($id: ID!) { lessonStart(id: $id) { userErrors { code } } }", id=lesson)


if __name__ == "__main__":
    main()
