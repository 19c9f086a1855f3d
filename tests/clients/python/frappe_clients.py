"""frappe-client and frappectl, two clients for Frappe sites, as their documentation shows them."""

import threading

import requests
from frappeclient import FrappeClient
from frappeclient.frappeclient import AuthError
from frappectl import oauth
from frappectl.client import FrappeClient as Frappectl
from frappectl.errors import FrappeError

from scene import PASSWORD, SERVER, Browser, check, free_port, hallpass, person

LOGGED_USER = "frappe.auth.get_logged_user"
GENERATE_KEYS = "frappe.core.doctype.user.user.generate_keys"

person("ada")
person("root")
hallpass("user grant-role root admin")


def refused(error, what):
    """Whether `what` ends with that error."""
    try:
        what()
    except error:
        return True
    return False


# frappe-client, with a password.
client = FrappeClient(SERVER, "ada@example.com", PASSWORD)
check("frappe-client signs in with a password", client.get_api(LOGGED_USER) == "ada@example.com")
check("it finds the cookies of a Frappe site", {"sid", "user_id", "full_name", "system_user"} <= set(client.session.cookies.keys()))
check("it reads its own user", client.get_doc("User", "ada@example.com")["email"] == "ada@example.com")
check("and finds no other in the list", [user["name"] for user in client.get_list("User")] == ["ada@example.com"])
check("what a session changes needs a token that it does not send", client.post_api(LOGGED_USER) is None)
client.logout()
check("its sign-out, a GET, changes nothing", client.get_api(LOGGED_USER) == "ada@example.com")
check("a wrong password is refused", refused(AuthError, lambda: FrappeClient(SERVER, "ada", "wrong")))
check("by the user name it signs in too", FrappeClient(SERVER, "ada", PASSWORD).get_api(LOGGED_USER) == "ada@example.com")

# The same with an API key.
key = hallpass("key create --user root --full-access")
with FrappeClient(SERVER, api_key=key["api_key"], api_secret=key["api_secret"]) as root:
    check("frappe-client sends an API key", root.get_api(LOGGED_USER) == "root@example.com")
    users = root.get_list("User", fields=["name", "enabled"], limit_page_length=10)
    check("an administrator sees everybody", {user["name"] for user in users} == {"ada@example.com", "root@example.com"})
    found = root.get_list("User", filters={"name": "ada@example.com"}, fields=["full_name"])
    check("and finds somebody by name", len(found) == 1)
    made = root.post_api(GENERATE_KEYS, {"user": "ada@example.com"})
    mine = FrappeClient(SERVER, api_key=made["api_key"], api_secret=made["api_secret"])
    check("and generates a key for somebody", mine.get_api(LOGGED_USER) == "ada@example.com")
    again = root.post_api(GENERATE_KEYS, {"user": "ada@example.com"})
    check("a second time the key is the same and the secret another", again["api_key"] == made["api_key"] and again["api_secret"] != made["api_secret"])
    check("and the one before has ended", mine.get_api(LOGGED_USER) is None)
wrong = FrappeClient(SERVER, api_key=key["api_key"], api_secret="wrong")
check("a wrong secret is nobody", wrong.get_api(LOGGED_USER) is None)

# frappectl, with an API key.
with Frappectl(SERVER, f"{again['api_key']}:{again['api_secret']}") as ctl:
    check("frappectl sends an API key, in the second version of the envelope", ctl.get_logged_user() == "ada@example.com")
    check("and calls a method", ctl.call_method("ping", http_method="GET") == "pong")
    check("what is missing is an error", refused(FrappeError, lambda: ctl.call_method("frappe.client.get_list")))
    check("and so is what one may not", refused(FrappeError, lambda: ctl.call_method(GENERATE_KEYS, params={"user": "root"})))
with Frappectl(SERVER, "a:b") as ctl:
    check("and says so where the key is none", refused(FrappeError, ctl.get_logged_user))
with Frappectl(SERVER, f"{key['api_key']}:{key['api_secret']}") as ctl:
    made = ctl.call_method(GENERATE_KEYS, params={"user": "ada"})
    check("an administrator's generates keys, with JSON", made["api_key"] == again["api_key"])

# The same in the browser: it registers itself, and asks for what a Frappe site calls everything.
hallpass("scope create all --description 'Use everything that you can use'")
browser = Browser("ada")


def person_at_the_browser(url):
    threading.Thread(target=lambda: requests.get(browser.allow(url)), daemon=True).start()


tokens, client_id = oauth.login(SERVER, port=free_port(), open_browser=False, announce=person_at_the_browser)
check("frappectl registers itself and signs a person in", tokens.refresh_token != "")
check("the person saw what it is told of them", "name, e-mail address and roles" in browser.pages[-1])


def who(access_token):
    with Frappectl(SERVER, access_token, token_type="bearer") as ctl:
        return ctl.get_logged_user()


check("its token is that person", who(tokens.access_token) == "ada@example.com")
newer = oauth.refresh(SERVER, client_id, tokens.refresh_token)
check("it refreshes", who(newer.access_token) == "ada@example.com" and newer.refresh_token != tokens.refresh_token)
oauth.revoke(SERVER, newer.access_token)
check("and signs out with nothing but the token", refused(FrappeError, lambda: who(newer.access_token)))

# As it does where a site has no metadata: by Frappe's own names.
there = oauth._fallback_metadata(SERVER)
requests.post(there.revocation_endpoint, data={"token": newer.refresh_token}).raise_for_status()
check("under Frappe's name that ends the refresh token as well", refused(oauth.OAuthError, lambda: oauth.refresh(SERVER, client_id, newer.refresh_token)))
