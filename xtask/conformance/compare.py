"""Compares the requests of our client with those of the official SDK, for every operation the SDK has.

Usage: compare.py CALL_MANY CALLS DIFFERENCES

CALLS has the calls made from our declarations and fixtures; to them comes one for each operation that is made
from the SDK's own models, with every parameter and field it knows. DIFFERENCES lists what is meant to differ.
Any other difference fails, and so does a listed one that no longer occurs.
"""

import fnmatch
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from urllib.parse import parse_qsl

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkief.v1 import IefClient
from huaweicloudsdkief.v1 import model

# The recorder is on this computer, whatever the environment says about proxies.
os.environ["NO_PROXY"] = "127.0.0.1,localhost"

PROJECT = "project-1"
INSTANCE = "ief-instance-id"
# Whose values belong to a connection or a moment, and signatures, which sign.py compares.
LEFT_OUT = {
    "accept", "accept-encoding", "authorization", "connection", "content-length", "host", "user-agent",
    "x-sdk-date", "x-sdk-content-sha256",
}
NOTHING = object()
# The only key of dictionaries.
KEY = "any_key"


class Recorder(http.server.ThreadingHTTPServer):
    """Answers everything with an empty object and remembers what came."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server_port}"

    def taken(self):
        seen, self.seen = self.seen, []
        return seen


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        # Read as JSON, a body without a space and one with many are the same; no body is none.
        self.server.seen.append({
            "method": self.command,
            "path": path,
            "query": sorted(parse_qsl(query, keep_blank_values=True)),
            "headers": {name: value for name, value in headers.items() if name not in LEFT_OUT},
            "body": json.loads(body) if body else NOTHING,
        })
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


# From JSON to the SDK's models and back


def inner(kind):
    """What a list or a dictionary of the SDK's is made of."""
    found = re.fullmatch(r"list\[(.*)\]|dict\(str, (.*)\)", kind)
    return found and (found[1] or found[2])


def built(kind, value):
    """A value of one of the SDK's types, made of JSON as far as it can be."""
    if value is None or kind == "object":
        return value
    if kind.startswith("list["):
        return [built(inner(kind), row) for row in (value if isinstance(value, list) else [value])]
    if kind.startswith("dict("):
        entries = value if isinstance(value, dict) else {"": value}
        return {key: built(inner(kind), entry) for key, entry in entries.items()}
    if kind == "str":
        if isinstance(value, (str, dict, list)):
            return value if isinstance(value, str) else json.dumps(value)
        return json.dumps(value)
    if kind == "float" and isinstance(value, int):
        return value
    if kind in ("int", "float", "bool"):
        number = {"int": int, "float": float, "bool": bool}[kind]
        try:
            return value if isinstance(value, number) and not (kind == "int" and value is True) else number(value)
        except (TypeError, ValueError):
            # Shows as a difference.
            return number(7)
    made = getattr(model, kind)
    fields = value if isinstance(value, dict) else {}
    return made(**{
        name: built(made.openapi_types[name], fields[wire])
        for name, wire in made.attribute_map.items() if wire in fields
    })


def everything(kind, outer=()):
    """JSON with every field that one of the SDK's types has. A type within itself is left empty."""
    if kind == "object":
        return "any"
    if kind in ("str", "int", "float", "bool"):
        return {"str": "text", "int": 7, "float": 1.5, "bool": True}[kind]
    if inner(kind):
        value = everything(inner(kind), outer)
        return [value] if kind.startswith("list[") else {KEY: value}
    made = getattr(model, kind)
    if kind in outer:
        return {}
    return {
        wire: everything(made.openapi_types[name], (*outer, kind))
        for name, wire in made.attribute_map.items()
    }


def request_type(operation):
    return getattr(model, "".join(part.title() for part in operation.split("_")) + "Request")


def from_model(operation):
    """The task whose call has everything that the SDK knows of an operation."""
    made = request_type(operation)
    http_info = getattr(IefClient, f"_{operation}_http_info")(made())
    in_path = set(re.findall(r"{(\w+)}", http_info["resource_path"]))
    call = {"operation": operation, "path": {}, "query": []}
    for name, wire in made.attribute_map.items():
        kind = made.openapi_types[name]
        if name == "body":
            call["body"] = everything(kind)
        elif wire in in_path:
            call["path"][wire] = f"{wire} ü/1"
        elif wire != INSTANCE:
            call["query"].append([wire, str(everything(kind))])
    return {"variant": "sdk", "instance_id": "instance-1", "call": call}


def send_by_sdk(client, task):
    call = task["call"]
    operation = call["operation"]
    made = request_type(operation)
    values = {**call.get("path", {}), **dict(call.get("query", []))}
    if task["instance_id"] is not None:
        values[INSTANCE] = task["instance_id"]
    if "body" in call:
        values["body"] = call["body"]
    given = {
        name: built(made.openapi_types[name], values.pop(wire))
        for name, wire in made.attribute_map.items() if wire in values
    }
    getattr(client, operation)(made(**given))
    # What the SDK has no parameter for can't be in its request, and so shows.


# What differs


def differences(place, ours, sdks):
    """Each place at which two JSON values differ, with how."""
    if isinstance(ours, dict) and isinstance(sdks, dict):
        for name in sorted({*ours, *sdks}):
            # A dictionary's own keys are one place.
            below = "*" if name == KEY else name
            yield from differences(f"{place}.{below}", ours.get(name, NOTHING), sdks.get(name, NOTHING))
    elif isinstance(ours, list) and isinstance(sdks, list) and len(ours) == len(sdks):
        for our, sdk in zip(ours, sdks):
            yield from differences(f"{place}.*", our, sdk)
    elif ours is NOTHING or sdks is NOTHING:
        if ours is not sdks:
            yield place, "only the SDK" if ours is NOTHING else "only we"
    elif (type(ours), ours) != (type(sdks), sdks):
        kinds = {str: "text", int: "integer", float: "number", bool: "flag", dict: "object", list: "list"}
        our, sdk = kinds.get(type(ours), "null"), kinds.get(type(sdks), "null")
        yield place, "another value" if our == sdk else f"{our} instead of {sdk}"


def compared(ours, sdks):
    for part in ("method", "path"):
        if ours[part] != sdks[part]:
            yield part, f"{ours[part]} instead of {sdks[part]}"
    for part in ("query", "headers"):
        assert len(dict(ours[part])) == len(ours[part]), ours
        yield from differences(part, dict(ours[part]), dict(sdks[part]))
    yield from differences("body", ours["body"], sdks["body"])


def run(call_many, calls, expected):
    with open(calls, encoding="utf-8") as file:
        tasks = [json.loads(line) for line in file]
    known = [name for name in vars(IefClient) if f"{name}_invoker" in vars(IefClient)]
    lacking = {task["call"]["operation"] for task in tasks} - set(known)
    missing = set(known) - {task["call"]["operation"] for task in tasks}
    tasks = [task for task in tasks if task["call"]["operation"] in known]
    tasks += [from_model(operation) for operation in known if operation not in missing]

    recorder = Recorder()
    ours = subprocess.run(
        [call_many, recorder.endpoint, PROJECT], text=True, encoding="utf-8", stdout=subprocess.PIPE, check=True,
        input="".join(json.dumps(task) + "\n" for task in tasks),
    )
    answers = [json.loads(line) for line in ours.stdout.splitlines()]
    failed = [(task, answer) for task, answer in zip(tasks, answers) if answer]
    assert not failed, failed[:3]
    ours = recorder.taken()
    credentials = BasicCredentials("unused", "unused", PROJECT)
    client = IefClient.new_builder().with_credentials(credentials).with_endpoint(recorder.endpoint).build()
    for task in tasks:
        send_by_sdk(client, task)
    sdks = recorder.taken()
    assert len(ours) == len(sdks) == len(tasks), (len(ours), len(sdks), len(tasks))

    found = {("*", f"operation {name}", "only the SDK"): {"sdk"} for name in missing}
    found.update({(name, "operation", "only we"): {"everything"} for name in lacking})
    for task, our, sdk in zip(tasks, ours, sdks):
        for place, how in compared(our, sdk):
            found.setdefault((task["call"]["operation"], place, how), set()).add(task["variant"])

    with open(expected, encoding="utf-8") as file:
        meant = {
            (operation, place, entry["how"]): set()
            for entry in json.load(file) for operation in entry["operations"] for place in entry["places"]
        }
    unmeant = 0
    for key, variants in sorted(found.items()):
        entries = [entry for entry in meant if matches(entry, key)]
        for entry in entries:
            meant[entry].add(key)
        if not entries:
            unmeant += 1
            print(": ".join(key), f"({', '.join(sorted(variants))})")
    idle = [entry for entry, found_by in meant.items() if not found_by]
    for entry in idle:
        print(": ".join(entry), f"stands in {os.path.basename(expected)} and does not occur")
    if unmeant or idle:
        sys.exit(f"{unmeant} differences are not meant, {len(idle)} that are meant do not occur")
    print(f"{len(tasks)} requests of {len(known) - len(missing)} operations equal the SDK's, "
          f"but for {len(found)} places, each meant")


def matches(entry, key):
    """Whether a listed difference is this one. A star in its place stands for anything."""
    return entry[0] == key[0] and entry[2] == key[2] and fnmatch.fnmatchcase(key[1], entry[1])


if __name__ == "__main__":
    run(*sys.argv[1:])
