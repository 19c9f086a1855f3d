"""What the scripts share: the program's command line, a person with a browser, and checks that are sentences."""

import json
import os
import shlex
import socket
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import requests

SERVER = os.environ["SERVER_URL"]
"""The issuer."""
DOCUMENT = os.environ["CLIENT_ID_DOCUMENT"]
"""Where a client publishes its metadata; the program may fetch it."""
PASSWORD = "correct horse battery staple"


def check(sentence, holds):
    """Prints what was found out, and ends the script where it is not so."""
    print(("ok   " if holds else "FAIL ") + sentence, flush=True)
    if not holds:
        sys.exit(1)


def hallpass(line, standard_input=""):
    """Runs the program as an operator does, and returns the record that it prints."""
    command = [os.environ["PROGRAM"], *shlex.split(line), "--json"]
    done = subprocess.run(command, input=standard_input, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"hallpass {line}: {done.stderr}")
    return json.loads(done.stdout)


def person(name):
    """Somebody who can sign in."""
    hallpass(f"user create {name} --email {name}@example.com --password-stdin", PASSWORD)


def free_port():
    """A port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def parameters(url):
    """The parameters in a URL's query, each once."""
    found = parse_qs(urlsplit(url).query, keep_blank_values=True)
    assert all(len(values) == 1 for values in found.values()), url
    return {name: values[0] for name, values in found.items()}


class Forms(HTMLParser):
    """The forms of a page, with what stands in their fields."""

    def __init__(self, page):
        super().__init__()
        self.forms = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append({"action": attributes.get("action", ""), "fields": []})
        elif tag == "input" and self.forms and attributes.get("name"):
            kind = attributes.get("type", "text")
            if kind not in ("radio", "checkbox") or "checked" in attributes:
                self.forms[-1]["fields"].append((attributes["name"], attributes.get("value", "")))


class Browser:
    """A person with a browser who signs in and decides; scripts do not run in it."""

    def __init__(self, username):
        self.username = username
        self.session = requests.Session()
        self.pages = []

    def allow(self, url, without=()):
        """Opens `url`, signs in if asked to, allows all but the scopes `without`, and returns the client's address."""
        return self._go(self.session.get(url, allow_redirects=False), "allow", without)

    def deny(self, url):
        """The same with the other button."""
        return self._go(self.session.get(url, allow_redirects=False), "deny", ())

    def _go(self, answer, decision, without):
        while True:
            if answer.is_redirect:
                url = urljoin(answer.url, answer.headers["location"])
                if not url.startswith(SERVER + "/"):
                    return url
                answer = self.session.get(url, allow_redirects=False)
                continue
            if answer.status_code != 200:
                sys.exit(f"{answer.url}: {answer.status_code} {answer.text}")
            self.pages.append(answer.text)
            if 'name="password"' in answer.text:
                answer = self._submit(answer, {"username": self.username, "password": PASSWORD}, ())
            elif 'name="decision"' in answer.text:
                answer = self._submit(answer, {"decision": decision}, without)
            else:
                sys.exit(f"no form to fill at {answer.url}: {answer.text}")

    def _submit(self, answer, filled, without):
        form = Forms(answer.text).forms[-1]
        kept = [field for field in form["fields"] if field[0] not in filled and field not in [("scope", s) for s in without]]
        return self.session.post(
            urljoin(answer.url, form["action"]),
            data=[*kept, *filled.items()],
            headers={"Origin": urljoin(SERVER, "/").rstrip("/")},
            allow_redirects=False,
        )
