"""Apache with mod_auth_openidc as Debian has it, in front of a small service, as a relying party of OpenID Connect: people
sign in, tokens are refreshed, and they sign out here and there.

Runs in a folder that is empty but for the database.
"""

import html
import http.client
import http.server
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

HERE = Path.cwd()
PASSWORD = "correct horse battery staple"
MODULES = Path("/usr/lib/apache2/modules")
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


HALLPASS, SERVICE, APACHE = free_port(), free_port(), free_port()
ISSUER = f"http://127.0.0.1:{HALLPASS}"
SITE = f"http://127.0.0.1:{APACHE}"
CALLBACK = f"{SITE}/callback"


class Echo(http.server.BaseHTTPRequestHandler):
    """The service: answers with the headers that reached it, names in small letters."""

    def do_GET(self):
        answer = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def start(command, port, log):
    """Starts a program and waits until somebody answers at `port`."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=open(log, "w"), stderr=subprocess.STDOUT)
    RUNNING.append((child, log))
    patience = time.monotonic() + 60
    while time.monotonic() < patience and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"{command[0]} does not start: {Path(log).read_text()}")


def hallpass(line, standard_input=""):
    """Runs the program as an operator does, and returns the record that it prints."""
    command = [os.environ["PROGRAM"], *shlex.split(line), "--json"]
    done = subprocess.run(command, input=standard_input, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"hallpass {line}: {done.stderr}")
    return json.loads(done.stdout)


def start_apache(client):
    modules = "\n".join(
        f"LoadModule {name}_module {MODULES}/mod_{name}.so"
        for name in ("mpm_event", "authn_core", "authz_core", "authz_user", "proxy", "proxy_http", "auth_openidc")
    )
    # As root Apache works as somebody else.
    user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    Path("apache.conf").write_text(
        f"""
ServerRoot {HERE}
ServerName 127.0.0.1
PidFile {HERE}/apache.pid
DefaultRuntimeDir {HERE}
ErrorLog {HERE}/error.log
Listen 127.0.0.1:{APACHE}
{modules}
{user}
OIDCProviderMetadataURL {ISSUER}/.well-known/openid-configuration
OIDCClientID {client["client_id"]}
OIDCClientSecret {client["client_secret"]}
OIDCRedirectURI {CALLBACK}
OIDCCryptoPassphrase "for this test alone"
OIDCScope "openid profile email offline_access"
OIDCPKCEMethod S256
OIDCRemoteUserClaim preferred_username
<Location />
    AuthType openid-connect
    Require valid-user
    ProxyPass http://127.0.0.1:{SERVICE}/
</Location>
<Location /bye>
    AuthType None
    Require all granted
</Location>
"""
    )
    start(["apache2", "-X", "-f", str(HERE / "apache.conf")], APACHE, "apache.log")


class Browser:
    """A person's browser. It keeps the cookies of each port apart, for it has one of each server's alone."""

    def __init__(self):
        self.cookies = {}

    def go(self, url, fields=None):
        """Follows redirects to their end: its address, its status and the page."""
        for _ in range(12):
            parts = urlsplit(url)
            mine = self.cookies.setdefault(parts.netloc, {})
            headers = {"Accept": "text/html", "Cookie": "; ".join(f"{name}={value}" for name, value in mine.items())}
            body = None
            if fields is not None:
                body = urlencode(fields)
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                headers["Origin"] = f"{parts.scheme}://{parts.netloc}"
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
            to = answer.getheader("location")
            if answer.status not in (302, 303) or not to:
                return url, answer.status, page
            url, fields = (f"{parts.scheme}://{parts.netloc}{to}" if to.startswith("/") else to), None
        sys.exit(f"the redirects have no end: {url}")


def field(page, name):
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    if not found:
        sys.exit(f"no field {name} in {page}")
    return html.unescape(found.group(1))


def sign_in(browser):
    """From the page that wants somebody to sign in back to the service."""
    url, status, page = browser.go(f"{SITE}/x")
    check("whoever is not signed in is asked", url.startswith(f"{ISSUER}/login") and status == 200, (url, status))
    form = {"csrf_token": field(page, "csrf_token"), "return_to": field(page, "return_to")}
    url, status, page = browser.go(f"{ISSUER}/login", {**form, "username": "ada", "password": PASSWORD})
    check("the person comes back to where they wanted to go", (url, status) == (f"{SITE}/x", 200), (url, status, page[:900]))
    return json.loads(page)


def main():
    threading.Thread(target=http.server.ThreadingHTTPServer(("127.0.0.1", SERVICE), Echo).serve_forever, daemon=True).start()
    start([os.environ["PROGRAM"], "serve", "--listen", f"127.0.0.1:{HALLPASS}", "--issuer", ISSUER], HALLPASS, "hallpass.log")
    hallpass("user create ada --email ada@example.com --password-stdin", PASSWORD)
    client = hallpass(
        f"client create Site --redirect-uri {CALLBACK} --grant authorization_code --grant refresh_token --trusted"
        " --scope openid --scope profile --scope email --scope offline_access"
        f" --post-logout-redirect-uri {SITE}/bye --backchannel-logout-uri {CALLBACK}?logout=backchannel"
    )
    start_apache(client)

    browser = Browser()
    seen = sign_in(browser)
    check("the service learns who it is", seen.get("oidc_claim_preferred_username") == "ada", seen)
    check("the service learns the address", seen.get("oidc_claim_email") == "ada@example.com", seen)
    token = seen.get("oidc_access_token", "")
    _, _, page = browser.go(f"{SITE}/x")
    check("who is signed in stays so", json.loads(page).get("oidc_access_token") == token, page)

    back = quote(f"{SITE}/x", safe="")
    url, status, page = browser.go(f"{CALLBACK}?refresh={back}&access_token={quote(token)}")
    check("a refresh comes back", (url, status) == (f"{SITE}/x", 200), (url, status, page[:900]))
    fresh = json.loads(page).get("oidc_access_token", "")
    check("a refresh gives another token", fresh not in ("", token), page)

    url, status, page = browser.go(f"{CALLBACK}?logout={quote(f'{SITE}/bye', safe='')}")
    check("whoever signs out at the site comes back to it", (url, status) == (f"{SITE}/bye", 200), (url, status, page[:900]))
    url, status, _ = browser.go(f"{ISSUER}/account")
    check("and is signed out of Hallpass", url.startswith(f"{ISSUER}/login"), (url, status))

    sign_in(browser)
    url, status, page = browser.go(f"{ISSUER}/logout")
    browser.go(f"{ISSUER}/logout", {"csrf_token": field(page, "csrf_token")})
    patience = time.monotonic() + 30
    while time.monotonic() < patience and browser.go(f"{SITE}/x")[0].startswith(SITE):
        time.sleep(0.2)
    url, status, page = browser.go(f"{SITE}/x")
    check("whoever signs out of Hallpass is signed out at the site", url.startswith(f"{ISSUER}/login"), (url, status))


try:
    main()
finally:
    for child, log in reversed(RUNNING):
        child.terminate()
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if FAILED:
        for log in [*(log for _, log in RUNNING), "error.log"]:
            print(f"== {log}\n{Path(log).read_text()[-3000:] if Path(log).exists() else ''}")
if FAILED:
    sys.exit(f"{len(FAILED)} checks failed")
