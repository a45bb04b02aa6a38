"""The pages that the benchmarks ask for: their documents, the floor under each, and what their answers must be."""

import datetime
import json
import pathlib

import api
from discussion import POSTS_OF_LONG, READ_OF_LONG

FOLDER = pathlib.Path(__file__).parent
# As content.py has learners do.
STATES = 12 * ["COMPLETED"] + 3 * ["STARTED"] + 25 * ["NOT_STARTED"]
MODULES = 10
OF_PAGE = 25
# How typed ids write the bits of a UUID.
BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz"


class Page:
    """A document, with its variables as the server and as the floor want them. The floor is one SQL statement that answers the
    same, which is what the page costs without a server in between."""

    def __init__(self, name, variables, floor_variables, check):
        self.document = (FOLDER / f"{name}.graphql").read_text()
        self.floor_file = FOLDER / f"{name}.sql"
        self.variables, self.floor_variables, self.check = variables, floor_variables, check

    def requests(self, learners):
        return [api.post(self.document, self.variables, learner["token"], learner["address"]) for learner in learners]

    def checked(self, port, learners, psql):
        """Bytes of the shortest answer; each must be right, and what the floor says."""
        lengths = []
        for learner in learners:
            text = api.Api(port, learner["token"]).post(self.document, self.variables)
            answer = json.loads(text)
            expect(f"errors of {self.floor_file.stem}", answer.get("errors"), None)
            self.check(answer["data"])
            expect(f"the answer of {self.floor_file.name}", plain(self.ask_floor(learner, psql)), plain(answer))
            lengths.append(len(text))
        shown = api.Api(port).ask(self.document, self.variables)
        expect(f"{self.floor_file.stem} for visitors", list(shown.values()), [None])
        return min(lengths)

    def ask_floor(self, learner, psql):
        statement = self.floor_file.read_text()
        for name, value in self.floor_for(learner, psql).items():
            statement = statement.replace(f":{name}", f"'{value}'")
        return json.loads(psql(statement))

    def floor_for(self, learner, psql):
        """The floor's variables."""
        viewer = psql(f"SELECT id FROM \"user\" WHERE email = '{learner['email']}'")
        return {"viewer": viewer, **self.floor_variables}


def pages(site):
    by_course, by_community = {"slug": site["course"]}, {"slug": site["community"]}
    return {
        "H1": Page("course-page", by_course, by_course, check_course),
        "H2": Page("topic-page", {"id": site["topic"]}, {"topic": uuid_of(site["topic"])}, check_topic),
        "H3": Page("newest-topics", by_community, by_community, check_newest),
        "H3b": Page("topics-page", by_community, by_community, check_topics),
    }


def check_course(data):
    modules = data["course"]["publishedVersion"]["modules"]
    expect("modules of the course", len(modules), MODULES)
    states = [lesson["viewerProgress"]["state"] for module in modules for lesson in module["lessons"]]
    expect("progress", states, STATES)
    expect("enrolment", data["course"]["viewerEnrolment"], {"state": "ACTIVE"})


def check_topic(data):
    topic = data["topic"]
    posts = topic["posts"]["nodes"]
    expect("numbers of posts", [post["number"] for post in posts], list(range(1, OF_PAGE + 1)))
    whole = [post for post in posts if "<strong>" in post["bodyHtml"] and post["author"]["fullName"]]
    expect("posts with text and author", len(whole), OF_PAGE)
    expect("read so far", topic["viewerReadNumber"], READ_OF_LONG)
    expect("unread posts", topic["viewerUnreadCount"] in range(POSTS_OF_LONG - READ_OF_LONG - 5, 101), True)
    expect("further posts", topic["posts"]["pageInfo"]["hasNextPage"], True)
    expect("the right to post", topic["viewerCanPost"], True)


def check_newest(data):
    topics = data["community"]["topics"]["nodes"]
    times = [topic["lastPostAt"] for topic in topics]
    expect("topics", len(topics), OF_PAGE)
    expect("their order", sorted(times, key=datetime.datetime.fromisoformat, reverse=True), times)
    expect("further topics", data["community"]["topics"]["pageInfo"]["hasNextPage"], True)


def check_topics(data):
    check_newest(data)
    unread = [topic["viewerUnreadCount"] > 0 for topic in data["community"]["topics"]["nodes"]]
    expect("topics with unread posts", sum(unread) > OF_PAGE / 2, True)


def plain(answer):
    """An answer with ids and times in one form, whether the server or the database wrote them, and without cursors: those
    are the server's own."""
    if isinstance(answer, list):
        return [plain(value) for value in answer]
    if not isinstance(answer, dict):
        return answer
    return {key: plain_value(key, value) for key, value in answer.items() if key != "endCursor"}


def plain_value(key, value):
    if key == "id" and "_" in value:
        return uuid_of(value)
    if key.endswith("At") and value:
        return datetime.datetime.fromisoformat(value)
    return plain(value)


def uuid_of(typed_id):
    number = 0
    for letter in typed_id.rpartition("_")[2]:
        number = 32 * number + BASE_32.index(letter)
    digits = f"{number:032x}"
    return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])


def expect(what, found, right):
    if found != right:
        raise SystemExit(f"{what}\n  should be {right}\n  but is    {found}")
