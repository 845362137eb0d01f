"""Compares our signer with the one of the official SDK on random requests.

Usage: sign.py SIGN_MANY COUNT SEED
"""

import json
import random
import subprocess
import sys
from urllib.parse import quote

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "-._~",
    " !\"#$%&'()*+,/:;<=>?@[\\]^`{|}",
    "äöüßéñ",
    "边缘节点终端设备",
    "😀🚀",
    "\t\n\r\x00\x7f\u2028\ufeff",
]
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"]


def text(rng, longest, alphabets=ALPHABETS):
    return "".join(rng.choice(rng.choice(alphabets)) for _ in range(rng.randrange(longest + 1)))


def visible(rng, longest):
    return text(rng, longest, ALPHABETS[:3]) or "x"


def path(rng):
    """As the SDK fills in parameters, or anything at all."""
    parts = ["/v2"]
    for _ in range(rng.randrange(6)):
        part = text(rng, 12)
        parts.append("/" + (quote(part, safe="") if rng.random() < 0.7 else part))
    if rng.random() < 0.1:
        parts.append("/")
    if rng.random() < 0.1:
        parts.append("%zz%C3%ff%")
    return "".join(parts)


def request(rng):
    query = [(text(rng, 8), text(rng, 16)) for _ in range(rng.randrange(6))]
    if query and rng.random() < 0.2:
        # The same key twice, which puts the values in order.
        query.append((query[0][0], text(rng, 8)))
    date = "20%02d%02d%02dT%02d%02d%02dZ" % (
        rng.randrange(20, 40), rng.randrange(1, 13), rng.randrange(1, 29),
        rng.randrange(24), rng.randrange(60), rng.randrange(60),
    )
    headers = {
        "Host": "ief.cn-north-%d.myhuaweicloud.com" % rng.randrange(10),
        "X-Sdk-Date": date,
        rng.choice(["Content-Type", "content-type"]): "application/json" + rng.choice(["", ";charset=UTF-8"]),
    }
    if rng.random() < 0.7:
        headers["X-Project-Id"] = visible(rng, 32)
    if rng.random() < 0.5:
        headers["ief-instance-id"] = rng.choice(["", " "]) + visible(rng, 36) + rng.choice(["", "  "])
    if rng.random() < 0.3:
        headers["X-Security-Token"] = visible(rng, 300)
    if rng.random() < 0.2:
        headers["X_Left_Out"] = visible(rng, 8)
    if rng.random() < 0.3:
        headers["User-Agent"] = visible(rng, 40)
    body = "" if rng.random() < 0.4 else json.dumps({text(rng, 8): text(rng, 200)}, ensure_ascii=rng.random() < 0.5)
    return {
        "method": rng.choice(METHODS),
        "path": path(rng),
        "query": query,
        "headers": list(headers.items()),
        "body": body,
        "access_key": visible(rng, 20),
        "secret_key": text(rng, 40) or "s",
        "date": date,
    }


def official(item):
    signed = SdkRequest(
        method=item["method"],
        schema="https",
        host=dict(item["headers"])["Host"],
        resource_path=item["path"],
        query_params=[tuple(pair) for pair in item["query"]],
        header_params=dict(item["headers"]),
        body=item["body"],
    )
    credentials = BasicCredentials(item["access_key"], item["secret_key"])
    return Signer(credentials).sign(signed).header_params["Authorization"]


def main():
    signer, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(seed)
    items = [request(rng) for _ in range(count)]
    lines = "".join(json.dumps(item) + "\n" for item in items)
    answer = subprocess.run([signer], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    ours = answer.stdout.decode().split("\n")[:-1]
    assert len(ours) == count, f"{len(ours)} answers for {count} requests"
    different = 0
    for item, our in zip(items, ours):
        their = official(item)
        if our != their:
            different += 1
            if different <= 3:
                print(f"different: {json.dumps(item)}\n  ours   {our}\n  theirs {their}", file=sys.stderr)
    if different:
        sys.exit(f"{different} of {count} signatures differ from the SDK's")
    print(f"{count} signatures equal the SDK's, seed {seed}")


main()
