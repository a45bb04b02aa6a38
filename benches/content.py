#!/usr/bin/python3 -B
"""Makes what the benchmarks ask for, through the API: courses, and learners who have begun one of them.

Writes the learners into a file, a line each: address of the account, token of a session.
"""

import argparse
import email
import email.policy
import pathlib
import re
import time
import uuid

from api import Api

# Nine more than are asked for, so that PostgreSQL has reason to use its indexes, as on a site with content.
COURSES = 10
MODULES = 10
LESSONS_OF_MODULE = 4
# Each learner has completed the first lessons, opened the next, and not seen the others.
COMPLETED = 12
STARTED = 3
PASSWORD = "eleven quiet rivers cross the plain"
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
    addresses = [f"learner-{number}@example.org" for number in range(1, options.learners + 1)]
    visitor = Api(options.port)
    for number, address in enumerate(addresses):
        visitor.address = f"198.19.{number >> 8}.{number & 255}"
        sign_up(visitor, address)
    confirm(visitor, options.mail, addresses)
    with options.into.open("w") as file:
        for address in addresses:
            learner = Api(options.port)
            learner.sign_in(address, PASSWORD)
            learn(learner, courses[0])
            print(address, learner.token, file=file)


def write_course(author, number):
    """Publishes a course in English and French; its id."""
    title = {"en": f"Working together, part {number}", "fr": f"Travailler ensemble, partie {number}"}
    summary = {
        "en": "How groups of practitioners decide, learn from what went wrong, and keep going.",
        "fr": "Comment des praticiens décident ensemble, apprennent de leurs erreurs et durent.",
    }
    texts = [{"language": tag, "title": title[tag], "summary": summary[tag], "description": 5 * PARAGRAPH} for tag in title]
    course = create(author, "course", texts, slug=f"working-together-{number}", visibility="MEMBERS")
    for module in range(1, MODULES + 1):
        write_module(author, course, module)
    author.change("mutation($id: ID!) { coursePublish(id: $id) { userErrors { code field } } }", id=course)
    return course


def write_module(author, course, number):
    title = {"en": f"Module {number}: preparing", "fr": f"Module {number} : préparer"}
    module = create(author, "module", [{"language": tag, "title": title[tag]} for tag in title], courseId=course)
    for lesson in range(1, LESSONS_OF_MODULE + 1):
        title = {"en": f"Lesson {lesson}: listening", "fr": f"Leçon {lesson} : écouter"}
        texts = [{"language": tag, "title": title[tag], "body": 15 * PARAGRAPH} for tag in title]
        create(author, "lesson", texts, moduleId=module, kind="ARTICLE")


def create(author, field, texts, **fields):
    """Makes a course, module or lesson, with its texts in the original language and then in others; its id."""
    kind = field.capitalize()
    document = f"""mutation($input: {kind}CreateInput!) {{
        {field}Create(input: $input) {{ {field} {{ id }} userErrors {{ code field }} }}
    }}"""
    given = {"key": str(uuid.uuid4()), "text": texts[0], **fields}
    made = author.change(document, input=given)[f"{field}Create"][field]["id"]
    document = f"""mutation($id: ID!, $text: {kind}TextInput!) {{
        {field}TextSet(id: $id, input: $text) {{ userErrors {{ code field }} }}
    }}"""
    for text in texts[1:]:
        author.change(document, id=made, text=text)
    return made


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
            token = re.search(r"token=(\S+)\s", letter.get_content())
            if not token:
                continue  # not written to its end yet
            read.add(path)
            visitor.change(document, token=token[1])
            waiting.remove(letter["to"])
        time.sleep(0.1)


def learn(learner, course):
    """Enrols somebody, and has them complete some lessons and open some."""
    learner.change("mutation($id: ID!) { courseEnrol(id: $id) { userErrors { code } } }", id=course)
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
