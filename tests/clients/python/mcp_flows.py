"""The MCP SDK for Python: an agent's whole way, from the first refusal to the end of its tokens."""

import asyncio
from urllib.parse import urlsplit

import httpx2
import requests
from mcp.client.auth import OAuthClientProvider
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata
from pydantic import AnyUrl

from mcp_server import start_server
from scene import DOCUMENT, SERVER, Browser, check, free_port, hallpass, parameters, person


class Application:
    """What an application does for the SDK: it keeps its registration and tokens, and opens addresses."""

    def __init__(self, url, document=None):
        self.url, self.document = url, document
        self.client = self.tokens = None
        self.asked = []
        self.browser = Browser("ada")

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client

    async def open(self, url):
        self.asked.append(parameters(url))
        self.answer = await asyncio.to_thread(self.browser.allow, url)

    async def hear(self):
        answer = parameters(self.answer)
        check("the answer comes to the port that the application listens on", self.answer.startswith(self.redirect_uri + "?"))
        return AuthorizationCodeResult(code=answer.get("code", ""), state=answer["state"], iss=answer["iss"])

    def start(self):
        """As after each start of the program: it listens on some free port."""
        self.redirect_uri = f"http://127.0.0.1:{free_port()}/callback"
        described = OAuthClientMetadata(
            client_name="Agent",
            redirect_uris=[AnyUrl(self.redirect_uri)],
            token_endpoint_auth_method="none",
        )
        return OAuthClientProvider(
            server_url=self.url,
            client_metadata=described,
            storage=self,
            redirect_handler=self.open,
            callback_handler=self.hear,
            client_metadata_url=self.document,
        )

    def revoke(self, token):
        body = {"token": token, "client_id": self.client.client_id}
        check("a token is revoked", requests.post(SERVER + "/oauth/revoke", data=body).status_code == 200)


async def whole_way(url, document=None):
    """The whole way, for a client that registers itself or is known by its document."""
    application = Application(url, document)

    async def call(provider, *names):
        http = httpx2.AsyncClient(auth=provider, timeout=30)
        async with http, Client(streamable_http_client(url, http_client=http)) as agent:
            return [(await agent.call_tool(name)).content[0].text for name in names]

    provider = application.start()
    check("the agent calls a tool in the name of a person", await call(provider, "read") == ["read by ada"])
    if document:
        check("the client is known by its document", application.client.client_id == document)
    else:
        check("the client has registered itself", application.client.client_id_issued_at > 0)
    asked = application.asked[0]
    check("it asked for a token for that server", asked["resource"] == url)
    check("with what the server named", "notes:read" in asked["scope"].split() and "notes:write" not in asked["scope"])
    consent = application.browser.pages[-1]
    check("the person saw for which server it is", "Notebook" in consent and url in consent)
    if document:
        check("and where the document comes from", urlsplit(document).hostname in consent)
    bearer = {"Authorization": f"Bearer {application.tokens.access_token}"}
    elsewhere = requests.get(SERVER + "/api/v1/me", headers=bearer)
    check("its token is good at that server alone", elsewhere.status_code == 401)

    first = application.tokens
    # As if its hour had passed.
    provider.context.token_expiry_time = 1
    check("when a token is old the SDK gets the next one by itself", await call(provider, "read") == ["read by ada"])
    check("and the refresh token was exchanged too", application.tokens.refresh_token != first.refresh_token)
    check("without asking anybody", len(application.asked) == 1)

    check("for more it asks the person again, and may do it then", await call(provider, "write", "read") == ["write by ada", "read by ada"])
    check("it asked for both", {"notes:read", "notes:write"} <= set(application.asked[-1]["scope"].split()))

    registered = application.client.client_id
    application.revoke(application.tokens.refresh_token)
    provider = application.start()
    check("when all has ended it begins anew", await call(provider, "read") == ["read by ada"] and len(application.asked) == 3)
    check("as the same client, though at another port", application.client.client_id == registered)


async def hallpass_itself():
    """Hallpass's own API, which any client may be let into."""
    application = Application(SERVER + "/api/v1/me")
    async with httpx2.AsyncClient(auth=application.start(), timeout=30) as http:
        answer = await http.get(application.url)
    check("the SDK finds its way from the server's own refusal", answer.json()["username"] == "ada")
    check("with a token for the server itself", application.asked[0]["resource"] == SERVER)


person("ada")
hallpass("scope create notes:read --description 'Read your notes'")
hallpass("scope create notes:write --description 'Change your notes'")
url = start_server()
asyncio.run(whole_way(url))
asyncio.run(hallpass_itself())
asyncio.run(whole_way(url, DOCUMENT))
