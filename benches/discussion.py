"""The community that the benchmarks read: many topics, of which those posted in last have answers, and one that is long."""

from api import Api

COMMUNITY = "practitioners"
TOPICS = 1000
# As many as a page shows, and some: those have this many posts.
ANSWERED = 30
POSTS = 5
# The long topic, and how far everybody has read it.
POSTS_OF_LONG = 150
READ_OF_LONG = 60
BODY = """The request came back **twice**, and both times for want of the same thing:

1. nobody had said which office asks,
2. the *reason* stood in an annex that was not translated.

> Write down who was heard, and in which language.

Our form asks for both now; see [the checklist](https://example.org/checklist). How do others do that?"""


def write(port, author, tokens):
    """Makes the community, with topics and posts by the people of TOKENS in turn; where to find it and the long topic."""
    text = {"language": "en", "title": "Practitioners", "description": "Where practitioners help each other."}
    community = author.create("community", text=text, slug=COMMUNITY, visibility="MEMBERS")
    category = author.create("category", text={"language": "en", "title": "Questions"}, parentId=community)

    def person(number):
        return Api(port, tokens[number % len(tokens)])

    def start(number):
        title = f"Question {number}: what a request must say"
        return person(number).create("topic", categoryId=category, title=title, body=BODY, language="en")

    def answer(topic, number):
        person(number).create("post", topicId=topic, body=BODY, language="en")

    topics = [start(number) for number in range(TOPICS)]
    for number, topic in enumerate(topics[-ANSWERED:]):
        for post in range(1, POSTS):
            answer(topic, number + post)
    long = topics[-1]
    for number in range(POSTS, POSTS_OF_LONG):
        answer(long, number)
    return {"community": COMMUNITY, "topic": long, "topics": topics[-ANSWERED:]}


def read(learner, place):
    """Has somebody read some topics of the first page, in part."""
    document = "mutation($id: ID!, $number: Int!) { topicMarkRead(id: $id, number: $number) { userErrors { code } } }"
    learner.change(document, id=place["topic"], number=READ_OF_LONG)
    for topic in place["topics"][-4:-1]:
        learner.change(document, id=topic, number=POSTS - 1)
