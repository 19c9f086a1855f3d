"""One proxy with its example's configuration, in front of a small service: `front.py PROXY FOLDER`.

Only addresses and ports are substituted in what FOLDER has. Runs in a folder that is empty but for the database.
"""

import base64
import http.client
import http.server
import json
import os
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from stage import Browser, check, field, free_port, hallpass, HERE, PASSWORD, play, start, stop

PROXY, EXAMPLE = sys.argv[1], Path(sys.argv[2])
PATH = "/x?y=1&z=%2F"
HALLPASS, SERVICE, FRONT = free_port(), free_port(), free_port()
ISSUER = f"http://127.0.0.1:{HALLPASS}"
VISITED = f"http://127.0.0.1:{FRONT}"


class Echo(http.server.BaseHTTPRequestHandler):
    """The service: answers with what reached it."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        told = {"method": self.command, "path": self.path, "headers": self.headers.items(), "body": body}
        self.send_response(200)
        answer = json.dumps(told).encode()
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_PROPFIND = answer

    def log_message(self, *_):
        pass


def start_hallpass():
    """The program with the settings that docs/PROXIES.md has."""
    Path("hallpass.toml").write_text(
        f"""
[http]
trusted_proxies = ["127.0.0.1"]
[verify]
allowed_hosts = ["127.0.0.1:{FRONT}"]
[verify.policies.files]
scopes = ["files:read"]
[verify.policies.everybody]
"""
    )
    address = f"127.0.0.1:{HALLPASS}"
    return start([os.environ["PROGRAM"], "serve", "--listen", address, "--issuer", ISSUER], HALLPASS, "hallpass.log")


def start_proxy():
    """The proxy with the files of its example."""
    for file in EXAMPLE.iterdir():
        text = file.read_text().replace("127.0.0.1:8000", f"127.0.0.1:{HALLPASS}")
        text = text.replace("127.0.0.1:9000", f"127.0.0.1:{SERVICE}").replace("8080", str(FRONT))
        text = text.replace("port_value: 8000", f"port_value: {HALLPASS}").replace("port_value: 9000", f"port_value: {SERVICE}")
        if PROXY == "nginx":
            # The example goes into `http { … }`; whoever runs this may write to no folder but this one.
            folders = "".join(
                f"{of}_temp_path {HERE}/{of};" for of in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            # As root nginx would work as somebody else, who may not enter it.
            user = "user root;" if os.geteuid() == 0 else ""
            text = f"{user} daemon off; pid {HERE}/pid; error_log stderr; events {{}} http {{ access_log off; {folders} {text} }}"
        elif PROXY == "caddy":
            # Its address for administrators is the same for all.
            text = "{\n\tadmin off\n}\n" + text
        Path(file.name).write_text(text)
    command = {
        "nginx": ["nginx", "-p", str(HERE), "-e", "stderr", "-c", str(HERE / "nginx.conf")],
        "caddy": ["caddy", "run", "--config", "Caddyfile", "--adapter", "caddyfile"],
        "traefik": ["traefik", "--configFile=traefik.yml"],
        "haproxy": ["haproxy", "-f", "haproxy.cfg"],
        "envoy": ["envoy", "-c", "envoy.yaml", "--use-dynamic-base-id"],
    }[PROXY]
    start(command, FRONT, "proxy.log")
    # Some listen before they have read what to answer.
    patience = time.monotonic() + 60
    while call()[0] != 401:
        if time.monotonic() > patience:
            sys.exit(f"{PROXY} does not ask: {call()} {Path('proxy.log').read_text()}")
        time.sleep(0.05)


def call(method="GET", path=PATH, headers=(), body=None, to=VISITED):
    """Status, headers (small letters) and body of the answer. `headers` may have a name twice."""
    connection = http.client.HTTPConnection(urlsplit(to).netloc, timeout=60)
    connection.putrequest(method, path)
    if body is not None:
        headers = [*headers, ("Content-Length", str(len(body)))]
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders(None if body is None else body.encode())
    answer = connection.getresponse()
    found = answer.status, answer.getheaders(), answer.read().decode()
    connection.close()
    return found


def value(headers, name):
    """The header's value, or nothing."""
    return next((value for key, value in headers if key.lower() == name), "")


def reached(body):
    """What reached the service: names in small letters."""
    return {name.lower(): value for name, value in json.loads(body)["headers"]}


def basic(name, secret):
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def pair(key):
    return f"{key['api_key']}:{key['api_secret']}"


def credentials_pass(full, scoped, token):
    """Each credential in each of its forms."""
    forms = [
        ("a key with full access, token a:b", f"token {pair(full)}", "ada"),
        ("a key with full access, Basic", basic(full["api_key"], full["api_secret"]), "ada"),
        ("a key with full access, Bearer", f"Bearer {full['api_secret']}", "ada"),
        ("a key with the scope, token a:b", f"token {pair(scoped)}", "ada"),
        ("a key with the scope, Basic", basic(scoped["api_key"], scoped["api_secret"]), "ada"),
        ("a key with the scope, Bearer", f"Bearer {scoped['api_secret']}", "ada"),
        ("an access token", f"Bearer {token}", None),
    ]
    for name, header, user in forms:
        for method, body in (("GET", None), ("POST", "a=b&c"), ("PUT", "x" * 70000), ("PROPFIND", None), ("DELETE", None)):
            status, _, answer = call(method, PATH, [("Authorization", header)], body)
            holds = status == 200
            if holds:
                told, seen = json.loads(answer), reached(answer)
                holds = (told["method"], told["path"], told["body"]) == (method, PATH, body or "")
                holds = holds and seen.get("remote-user") == user and seen.get("x-hallpass-user") == user
                holds = holds and "authorization" not in seen
            check(f"{name} passes with {method}", holds, (status, answer[:900]))
    answer = call(headers=[("Authorization", f"token {pair(full)}")])[2]
    seen = reached(answer)
    check("the service learns the roles", seen.get("remote-groups") == seen.get("x-hallpass-roles") == "editor", seen)
    check("the service learns the address", seen.get("remote-email") == "ada@example.com", seen)


def all_else_is_stopped(wrong, full):
    """Whatever is no credential, or not enough of one."""
    refused = [
        ("nothing", [], 401),
        ("an unknown bearer", [("Authorization", "Bearer x")], 401),
        ("an unknown scheme", [("Authorization", "Digest x")], 401),
        ("half a key", [("Authorization", f"token {full['api_key']}:")], 401),
        ("another key's secret", [("Authorization", f"token {full['api_key']}:{wrong['api_secret']}")], 401),
        ("a pair as bearer", [("Authorization", f"Bearer {pair(full)}")], 401),
        ("a name without credential", [("Remote-User", "ada"), ("X-Hallpass-User", "ada"), ("X-Hallpass-Scopes", "*")], 401),
        ("a cookie that nobody gave", [("Cookie", "hallpass_verify=x; hallpass_session=y")], 401),
        ("a key without the scope", [("Authorization", f"token {pair(wrong)}")], 403),
        ("a key without the scope that asks another", [("Authorization", f"token {pair(wrong)}"), ("X-Forwarded-Uri", "/y"), ("X-Original-URL", "/y")], 403),
    ]
    for name, headers, expected in refused:
        for method in ("GET", "POST"):
            status, answered, body = call(method, PATH, headers, None if method == "GET" else "a=b")
            holds = status == expected and "Bearer" in value(answered, "www-authenticate")
            check(f"{name} is {expected} with {method}", holds, (status, answered, body[:300]))
    # What would be another question, if it reached Hallpass's path or query.
    lets_in = "/auth/verify/policy/everybody"
    for path in (
        f"/..{lets_in}",
        f"/../../../..{lets_in}",
        "/../everybody",
        "/../everybody/x",
        "/%2e%2e/everybody",
        "/..%2feverybody",
        "/x/../../everybody?",
        "/?scope=other",
        "/x&scope=other",
        "/x%3fscope=other",
        "/x%23",
        "/.hallpass/callback/../../x",
        "/.hallpass/callback/x",
        "/.hallpass/verify",
        "/.hallpass/%63allback%2fx",
        "//x",
    ):
        for credential in ([], [("Authorization", f"token {pair(wrong)}")]):
            status, _, body = call(path=path, headers=credential)
            holds = 300 <= status < 500 and not body.startswith('{"method"')
            check(f"{path} is stopped with {len(credential)} credentials", holds, (status, body[:300]))


def nothing_is_taken_from_the_client(token):
    """What the client sent under our names, and under names that services take for them."""
    spoofed = []
    ours = ["Subject", "User", "Scopes", "Client", "Credential", "Roles", "Email", "Reason"]
    for name in [f"X-Hallpass-{end}" for end in ours] + [f"Remote-{end}" for end in ("User", "Groups", "Email", "Name")]:
        spoofed += [name, name.lower(), name.upper(), name.replace("-", "_"), name[::-1].replace("-", "_", 1)[::-1]]
        spoofed.append(name.replace("-", "_", 1))
    headers = [("Authorization", f"Bearer {token}"), *[(name, "spoofed") for name in spoofed]]
    status, _, body = call(headers=headers)
    check("a request with names of ours passes by its credential", status == 200, (status, body[:900]))
    left = [name for name, value in json.loads(body)["headers"] if "spoofed" in value] if status == 200 else []
    check("nothing that a client sent under our names reaches the service", not left, left)
    for name in sorted(set(spoofed)):
        status, _, body = call(headers=[("Authorization", f"Bearer {token}"), (name, "spoofed")])
        holds = status in (200, 400) and "spoofed" not in body
        check(f"{name} alone does not reach the service", holds, (status, body[:900]))


def a_browser_comes_in_and_goes():
    """From the service to sign-in and back, until the visitor signs out."""
    browser = Browser()
    status, to, page = browser.go(VISITED + PATH)
    check("a browser goes to sign-in", status == 302 and to.startswith(f"{ISSUER}/auth/start?rd="), (status, to, page))
    status, to, page = browser.go(to)
    check("which asks for the password", status == 303 and to.startswith(f"{ISSUER}/login"), (status, to, page))
    page = browser.go(to)[2]
    filled = {"username": "ada", "password": PASSWORD}
    kept = {name: field(page, name) for name in ("csrf_token", "return_to")}
    status, to, page = browser.go(f"{ISSUER}/login", {**filled, **kept})
    status, to, page = browser.go(to)
    back = f"{VISITED}/.hallpass/callback?ticket="
    check("and sends it back with a ticket", status == 303 and to.startswith(back), (status, to, page))
    ticket = to
    status, to, page = browser.go(to)
    check("the ticket brings it to where it wanted to be", status == 303 and to == VISITED + PATH, (status, to, page))
    status, _, page = browser.go(VISITED + PATH)
    seen = reached(page) if status == 200 else {}
    check("where the service sees who it is", seen.get("remote-user") == seen.get("x-hallpass-user") == "ada", page)
    check("and by what", seen.get("x-hallpass-credential") == "session", page)
    another = Browser()
    status, _, page = another.go(ticket)
    check("the ticket is good once", status >= 400 and not any(another.cookies.values()), (status, page))
    held = browser.cookies[urlsplit(VISITED).netloc]
    status, _, page = call(path=PATH, headers=[("Cookie", "; ".join(f"{k}={v}" for k, v in held.items()))])
    check("a script of the page is let in by the same cookie", status == 200, (status, page))
    page = browser.go(f"{ISSUER}/logout")[2]
    status, to, page = browser.go(f"{ISSUER}/logout", {"csrf_token": field(page, "csrf_token")})
    check("the visitor signs out", status in (200, 303), (status, page))
    browser.cookies[urlsplit(VISITED).netloc] = held
    status, to, page = browser.go(VISITED + PATH)
    check("which ends it at the service", status == 302 and to.startswith(f"{ISSUER}/auth/start?rd="), (status, page))


def main():
    service = http.server.ThreadingHTTPServer(("127.0.0.1", SERVICE), Echo)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    server = start_hallpass()
    hallpass("role create editor")
    hallpass("scope create files:read --description 'Read files'")
    hallpass("scope create other --description Other")
    hallpass("user create ada --email ada@example.com --role editor --password-stdin", PASSWORD)
    full = hallpass("key create --user ada --full-access")
    scoped = hallpass("key create --user ada --scope files:read")
    wrong = hallpass("key create --user ada --scope other")
    client = hallpass("client create svc --grant client_credentials --scope files:read")
    headers = [("Authorization", basic(client["client_id"], client["client_secret"]))]
    headers.append(("Content-Type", "application/x-www-form-urlencoded"))
    token = json.loads(call("POST", "/oauth/token", headers, "grant_type=client_credentials", ISSUER)[2])["access_token"]
    start_proxy()
    credentials_pass(full, scoped, token)
    all_else_is_stopped(wrong, full)
    nothing_is_taken_from_the_client(token)
    a_browser_comes_in_and_goes()
    hallpass(f"key disable {scoped['id']}")
    status, _, body = call(headers=[("Authorization", f"token {pair(scoped)}")])
    check("a key that was disabled is 401 at once", status == 401, (status, body))
    stop(server)
    for name, header in (("a key", f"token {pair(full)}"), ("a token", f"Bearer {token}"), ("nothing", None)):
        status, _, body = call(headers=[("Authorization", header)] if header else [])
        check(f"while Hallpass is down {name} is refused", status in (500, 502, 503), (status, body[:300]))


play(main)
