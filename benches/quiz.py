"""The quiz of the benchmarks: writing it, and sitting it as people do."""

import asyncio
import contextlib
import itertools
import re
import time
import uuid

import api

QUESTIONS = 50
QUESTIONS_OF_PAGE = 10
CHOICES = 4
# A start, pages, answers, handing in.
REQUESTS = 1 + QUESTIONS // QUESTIONS_OF_PAGE + QUESTIONS + 1

START = """mutation Start($lesson: ID!, $key: UUID!) {
    quizAttemptStart(lessonId: $lesson, key: $key) { attempt { id } userErrors { code } }
}"""
PAGE = """query Page($id: ID!, $first: Int!, $after: Int!) {
    quizAttempt(id: $id) {
        state deadlineAt serverTime
        questions(first: $first, afterNumber: $after) { questionId number kind points chosenIds text { prompt choices { id text } } }
    }
}"""
SAVE = "mutation Save($input: QuizResponseSaveInput!) { quizResponseSave(input: $input) { userErrors { code message } } }"
SUBMIT = """mutation Submit($id: ID!) {
    quizAttemptSubmit(id: $id) { attempt { state scorePoints maxPoints isPassed } userErrors { code } }
}"""


def write(author, course):
    """Makes the quiz, in English and French; its id. All answers must be right to pass it: who passed may not sit it again."""
    texts = {"en": ("Question", "What must a request say?"), "fr": ("Question", "Que doit dire une demande ?")}
    rules = {"passMarkPercent": 100, "timeLimitSeconds": 3600, "shufflesQuestions": True, "shufflesChoices": True}
    made = author.create("quiz", courseId=course, text={"language": "en", "title": "What was learnt"}, **rules)

    def text(language, number):
        word, asked = texts[language]
        choices = [f"{word} {number}, {choice}: {asked}" for choice in range(1, CHOICES + 1)]
        return {"language": language, "prompt": f"{word} **{number}**: {asked}", "choices": choices}

    document = """mutation($id: ID!, $text: QuestionTextInput!) {
        questionTextSet(id: $id, input: $text) { userErrors { code field } }
    }"""
    for number in range(1, QUESTIONS + 1):
        kind, right = ("MULTIPLE_CHOICE", [0, 2]) if number % 5 == 0 else ("SINGLE_CHOICE", [number % CHOICES])
        question = author.create("question", quizId=made, kind=kind, text=text("en", number), correctChoices=right)
        author.change(document, id=question, text=text("fr", number))
    return made


def attempt(lesson):
    """A whole attempt, the first choice always taken: yields each document with its variables, and is sent the data of its
    answer. Returns its id, what was chosen, and how it ended."""
    begun = api.done((yield START, {"lesson": lesson, "key": str(uuid.uuid4())}))
    made, chosen = begun["quizAttemptStart"]["attempt"]["id"], {}
    for first in range(0, QUESTIONS, QUESTIONS_OF_PAGE):
        page = yield PAGE, {"id": made, "first": QUESTIONS_OF_PAGE, "after": first}
        for question in page["quizAttempt"]["questions"]:
            answer = chosen[question["questionId"]] = [question["text"]["choices"][0]["id"]]
            given = {"attemptId": made, "questionId": question["questionId"], "chosenIds": answer, "sequence": 1}
            api.done((yield SAVE, {"input": given}))
    ended = api.done((yield SUBMIT, {"id": made}))
    return made, chosen, ended["quizAttemptSubmit"]["attempt"]


def sit(learner, lesson):
    """Makes an attempt; what it returns."""
    steps, data = attempt(lesson), None
    try:
        while True:
            data = learner.ask(*steps.send(data))
    except StopIteration as end:
        return end.value


async def sit_until(end, port, learners, lesson):
    """Has learners make attempts one after the other over one connection, and begin none after END; how many were made."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for done, learner in enumerate(itertools.cycle(learners)):
        if time.monotonic() > end:
            writer.close()
            return done
        steps, data = attempt(lesson), None
        with contextlib.suppress(StopIteration):
            while True:
                document, variables = steps.send(data)
                writer.write(api.post(document, variables, learner["token"], learner["address"]))
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(re.search(rb"content-length: (\d+)", head)[1])
                data = api.data(document, await reader.readexactly(length))
