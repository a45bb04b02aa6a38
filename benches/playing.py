"""Playing the recording as the benchmarks do: playlists, pieces, and reports of what was watched."""

import json

import api
from pages import expect

# Picture and sound each are a playlist that the master names.
PLAYLIST = "720p.m3u8"
PIECE = "720p.mp4"
# Reports of each learner, of ten seconds each, after the ten minutes that hour.sql says they have watched.
REPORTS = 8
SECONDS = 10
WATCHED = 600

REPORT = """mutation Report($input: WatchReportInput!) {
    watchReport(input: $input) { watch { seconds } userErrors { code } }
}"""


def playlists(learners):
    """Requests for the master and a media playlist in turn, by players that send nothing but the address they were given."""
    files = ["master.m3u8", PLAYLIST]
    return [api.get(path(learner, file), learner["address"]) for learner in learners for file in files]


def pieces(learners):
    return [api.get(path(learner, PIECE), learner["address"]) for learner in learners]


def path(learner, file):
    return f"/media/{learner['ticket']}/{file}"


def reports(recording, learners):
    """Requests that say what each learner watched next, one stretch after the other."""
    return [
        api.post(REPORT, {"input": report(recording, learner, number)}, learner["token"], learner["address"])
        for number in range(REPORTS) for learner in learners
    ]


def report(recording, learner, number):
    start = WATCHED + number * SECONDS
    stretch = {"startSeconds": start, "endSeconds": start + SECONDS}
    return {"recordingId": recording, "ticket": learner["ticket"], "intervals": [stretch], "positionSeconds": start + SECONDS}


def checked_playlists(port, learner):
    """Mean bytes of the two playlists, which must be right."""
    _, master = fetch(port, learner, "master.m3u8", 200)
    expect(f"{PLAYLIST} in the master playlist", PLAYLIST in master.decode(), True)
    _, media = fetch(port, learner, PLAYLIST, 200)
    expect("an hour of pieces", media.decode().count(f"\n{PIECE}") > 800 and media.decode().endswith("#EXT-X-ENDLIST\n"), True)
    fetch(port, {**learner, "address": "198.51.100.1"}, PLAYLIST, 403)
    return (len(master) + len(media)) // 2


def checked_piece(port, learner):
    """Bytes of the redirect, which must be right."""
    answer, body = fetch(port, learner, PIECE, 302)
    expect("a signed address", "X-Amz-Signature=" in answer.headers["location"], True)
    fetch(port, {**learner, "address": "198.51.100.1"}, PIECE, 403)
    return len(body)


def fetch(port, learner, file, status):
    answer, body = api.Api(port).send(api.get(path(learner, file), learner["address"]))
    expect(f"status of {file}", answer.status, status)
    return answer, body


def checked_report(port, recording, learner):
    """Bytes of the answer, which must be right."""
    text = api.Api(port, learner["token"]).post(REPORT, {"input": report(recording, learner, 0)})
    right = {"data": {"watchReport": {"watch": {"seconds": WATCHED + SECONDS}, "userErrors": []}}}
    expect("what is watched", json.loads(text), right)
    return len(text)
