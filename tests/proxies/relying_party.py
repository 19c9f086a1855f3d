"""Apache with mod_auth_openidc as Debian has it, in front of a small service, as a relying party of OpenID Connect: people
sign in, tokens are refreshed, and they sign out here and there.

Runs in a folder that is empty but for the database.
"""

import http.server
import json
import os
import threading
import time
from pathlib import Path
from urllib.parse import quote

from stage import Browser, check, field, free_port, hallpass, HERE, PASSWORD, play, start

MODULES = Path("/usr/lib/apache2/modules")
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


def sign_in(browser):
    """From the page that wants somebody to sign in back to the service."""
    url, status, page = browser.follow(f"{SITE}/x")
    check("whoever is not signed in is asked", url.startswith(f"{ISSUER}/login") and status == 200, (url, status))
    form = {"csrf_token": field(page, "csrf_token"), "return_to": field(page, "return_to")}
    url, status, page = browser.follow(f"{ISSUER}/login", {**form, "username": "ada", "password": PASSWORD})
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
    _, _, page = browser.follow(f"{SITE}/x")
    check("who is signed in stays so", json.loads(page).get("oidc_access_token") == token, page)

    back = quote(f"{SITE}/x", safe="")
    url, status, page = browser.follow(f"{CALLBACK}?refresh={back}&access_token={quote(token)}")
    check("a refresh comes back", (url, status) == (f"{SITE}/x", 200), (url, status, page[:900]))
    fresh = json.loads(page).get("oidc_access_token", "")
    check("a refresh gives another token", fresh not in ("", token), page)

    url, status, page = browser.follow(f"{CALLBACK}?logout={quote(f'{SITE}/bye', safe='')}")
    check("whoever signs out at the site comes back to it", (url, status) == (f"{SITE}/bye", 200), (url, status, page[:900]))
    url, status, _ = browser.follow(f"{ISSUER}/account")
    check("and is signed out of Hallpass", url.startswith(f"{ISSUER}/login"), (url, status))

    sign_in(browser)
    url, status, page = browser.follow(f"{ISSUER}/logout")
    browser.follow(f"{ISSUER}/logout", {"csrf_token": field(page, "csrf_token")})
    patience = time.monotonic() + 30
    while time.monotonic() < patience and browser.follow(f"{SITE}/x")[0].startswith(SITE):
        time.sleep(0.2)
    url, status, page = browser.follow(f"{SITE}/x")
    check("whoever signs out of Hallpass is signed out at the site", url.startswith(f"{ISSUER}/login"), (url, status))


play(main, ["error.log"])
