"""What the scripts beside this one have in common: programs that they start, a person's browser, and what was found out."""

import html
import http.client
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

HERE = Path.cwd()
PASSWORD = "correct horse battery staple"
RUNNING = []
FAILED = []


def check(sentence, holds, seen=None):
    """Prints what was found out; the script goes on, and fails at its end."""
    print(("ok   " if holds else "FAIL ") + sentence + ("" if holds else f": {seen}"), flush=True)
    if not holds:
        FAILED.append(sentence)


def free_port():
    """A port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start(command, port, log):
    """Starts a program and waits until somebody answers at `port`."""
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=open(log, "w"), stderr=subprocess.STDOUT, env={**os.environ, "HOME": str(HERE)}
    )
    RUNNING.append((child, log))
    patience = time.monotonic() + 60
    while time.monotonic() < patience and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return child
        except OSError:
            time.sleep(0.05)
    sys.exit(f"{command[0]} does not start: {Path(log).read_text()}")


def stop(child):
    """`kill -TERM`, and that it has ended."""
    child.terminate()
    try:
        child.wait(30)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def hallpass(line, standard_input=""):
    """Runs the program as an operator does, and returns the record that it prints."""
    command = [os.environ["PROGRAM"], *shlex.split(line), "--json"]
    done = subprocess.run(command, input=standard_input, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"hallpass {line}: {done.stderr}")
    return json.loads(done.stdout)


class Browser:
    """A person's browser: it keeps each host's cookies apart and goes nowhere by itself."""

    def __init__(self):
        self.cookies = {}

    def go(self, url, fields=None):
        """Status, where it would go next, and the page."""
        parts = urlsplit(url)
        origin, mine = f"{parts.scheme}://{parts.netloc}", self.cookies.setdefault(parts.netloc, {})
        headers, body = {"Accept": "text/html"}, None
        if mine:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in mine.items())
        if fields is not None:
            body = urlencode(fields)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}
        connection = http.client.HTTPConnection(parts.netloc, timeout=60)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        for name, cookie in answer.getheaders():
            if name.lower() == "set-cookie":
                name, _, kept = cookie.partition(";")[0].partition("=")
                mine[name] = kept
        to = answer.getheader("location") or ""
        return answer.status, (origin + to if to.startswith("/") else to), page

    def follow(self, url, fields=None):
        """Follows redirects to their end: its address, its status and the page."""
        for _ in range(12):
            status, to, page = self.go(url, fields)
            if status not in (302, 303) or not to:
                return url, status, page
            url, fields = to, None
        sys.exit(f"the redirects have no end: {url}")


def field(page, name):
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    if not found:
        sys.exit(f"no field {name} in {page}")
    return html.unescape(found.group(1))


def play(main, logs=()):
    """Runs `main`, ends whatever runs then, and fails where something was not as it should be; then all logs are shown."""
    try:
        main()
    finally:
        for child, _ in reversed(RUNNING):
            stop(child)
        if FAILED:
            for log in map(Path, [*(log for _, log in RUNNING), *logs]):
                print(f"== {log}\n{log.read_text()[-3000:] if log.exists() else ''}")
    if FAILED:
        sys.exit(f"{len(FAILED)} checks failed")
