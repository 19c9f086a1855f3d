"""Authlib, with the requests library below it, as its documentation shows it."""

import json
import os
import time

# On one machine there is no TLS between the two; the library asks for this where that is meant.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import AssertionSession, OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url
from authlib.oauth2 import rfc9101, rfc9207
from joserfc.jwk import ECKey, RSAKey

from scene import SERVER, Browser, check, hallpass, parameters, person

person("ada")
hallpass("scope create notes --description 'Read your notes'")
metadata = AuthorizationServerMetadata(requests.get(get_well_known_url(SERVER, external=True)).json())
metadata.validate(metadata_classes=[rfc9101.AuthorizationServerMetadata, rfc9207.AuthorizationServerMetadata])
check("the library finds the server's metadata and nothing wrong in it", metadata["issuer"] == SERVER)


def me(session):
    """What the server's own API says of the caller; the library sends the token, and refreshes it where it is old."""
    return session.get(SERVER + "/api/v1/me")


def refused(what):
    """The error that the server answered with."""
    try:
        what()
    except OAuthError as refusal:
        return refusal.error
    return None


def session(client, **further):
    """The library's client, with all that the metadata says."""
    return OAuth2Session(
        client["client_id"],
        client.get("client_secret"),
        code_challenge_method="S256",
        token_endpoint=metadata["token_endpoint"],
        **further,
    )


def sign_in(client, redirect_uri, **further):
    """The code flow with PKCE (RFC 6749 section 4.1, RFC 7636)."""
    library = session(client, redirect_uri=redirect_uri, scope="profile notes", **further)
    verifier = generate_token(48)
    url, state = library.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
    answer = Browser("ada").allow(url)
    check("the answer names its issuer", parameters(answer)["iss"] == SERVER)
    library.fetch_token(authorization_response=answer, state=state, code_verifier=verifier)
    return library, answer, verifier


CALLBACK = "https://ledger.example/callback"
WEB = f"--redirect-uri {CALLBACK} --scope profile --scope notes"

for method in ["client_secret_basic", "client_secret_post"]:
    client = hallpass(f"client create Ledger {WEB} --auth-method {method}")
    library, answer, verifier = sign_in(client, CALLBACK, token_endpoint_auth_method=method, revocation_endpoint_auth_method=method)
    check(f"a web application signs a person in ({method})", me(library).json()["username"] == "ada")
    check("its token has the scopes that were asked for", set(library.token["scope"].split()) == {"profile", "notes"})

    before = dict(library.token)
    library.token = {**before, "expires_at": int(time.time()) - 1}
    check("the library refreshes what is old by itself", me(library).status_code == 200)
    check("the refresh token was exchanged for another", library.token["refresh_token"] != before["refresh_token"])

    ended = library.revoke_token(metadata["revocation_endpoint"], token=library.token["refresh_token"], token_type_hint="refresh_token")
    check("a refresh token can be revoked", ended.status_code == 200)
    check("and its access token ends with it", me(library).status_code == 401)
    again = refused(lambda: library.refresh_token(refresh_token=library.token["refresh_token"]))
    check("and cannot be exchanged any more", again == "invalid_grant")
    again = refused(lambda: library.fetch_token(authorization_response=answer, code_verifier=verifier))
    check("a code is good once", again == "invalid_grant")

client = hallpass("client create Notes --public --redirect-uri http://127.0.0.1/callback --scope profile --scope notes")
library, _, _ = sign_in(client, "http://127.0.0.1:49152/callback")
check("a program on a computer signs a person in, at a port of its own", me(library).json()["client_id"] == client["client_id"])
ended = library.revoke_token(metadata["revocation_endpoint"], token=library.token["access_token"])
check("it takes its access token back", (ended.status_code, me(library).status_code) == (200, 401))

library = session(client, redirect_uri="http://127.0.0.1:49152/callback", scope="profile")
url, state = library.create_authorization_url(metadata["authorization_endpoint"], code_verifier=generate_token(48))
answer = Browser("ada").deny(url)
check("a person can say no", refused(lambda: library.fetch_token(authorization_response=answer + "&code=none", state=state)) is not None)
check("and the application is told so", parameters(answer)["error"] == "access_denied")

client = hallpass("client create Robot --scope notes --scope introspect")
robot = session(client, scope="notes")
robot.fetch_token(grant_type="client_credentials")
check("a service gets a token of its own", me(robot).json()["subject"] == "client")
said = robot.introspect_token(metadata["introspection_endpoint"], token=robot.token["access_token"]).json()
check("and may ask what it is worth", (said["active"], said["scope"], said["client_id"]) == (True, "notes", client["client_id"]))
said = robot.introspect_token(metadata["introspection_endpoint"], token="hp_at_none").json()
check("what is no token is not active, and no more is said", said == {"active": False})
wrong = session({**client, "client_secret": "wrong: 100 % & co"}, scope="notes")
check("a wrong secret is refused", refused(lambda: wrong.fetch_token(grant_type="client_credentials")) == "invalid_client")

for key, algorithm in [(ECKey.generate_key("P-256"), "ES256"), (RSAKey.generate_key(2048), "RS256")]:
    public = {**key.as_dict(private=False), "kid": key.thumbprint(), "alg": algorithm, "use": "sig"}
    with open("jwks.json", "w") as file:
        json.dump({"keys": [public]}, file)
    client = hallpass("client create Robot --auth-method private_key_jwt --jwks jwks.json --scope notes")
    robot = OAuth2Session(client["client_id"], key, token_endpoint_auth_method="private_key_jwt", scope="notes")
    robot.register_client_auth_method(PrivateKeyJWT(metadata["token_endpoint"], alg=algorithm))
    robot.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    check(f"a service proves who it is with a key of its own ({algorithm})", me(robot).json()["id"] == client["client_id"])

    robot = hallpass(f"user create robot-{algorithm} --service")["username"]
    registration = f"--grant jwt-bearer --service-account {robot} --auth-method private_key_jwt --jwks jwks.json"
    client = hallpass(f"client create Backup {registration} --scope notes")
    with AssertionSession(
        metadata["token_endpoint"], client["client_id"], robot, audience=SERVER, key=key, header={"alg": algorithm}
    ) as backup:
        check(f"it acts as a service account by an assertion ({algorithm})", me(backup).json()["username"] == robot)
