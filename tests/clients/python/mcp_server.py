"""An MCP server made of the MCP SDK, whose tokens come from Hallpass: it shows where, and asks there what they are worth."""

import json
import threading
import time

import requests
import uvicorn
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken, TokenVerifier
from mcp.server.auth.routes import build_resource_metadata_url
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from pydantic import AnyHttpUrl

from scene import SERVER, free_port, hallpass


class Introspection(TokenVerifier):
    """What a token is worth (RFC 7662); this API sees only those that are meant for it."""

    def __init__(self, api):
        self.authentication = (api["client_id"], api["client_secret"])

    async def verify_token(self, token):
        said = requests.post(SERVER + "/oauth/introspect", data={"token": token}, auth=self.authentication).json()
        if not said["active"]:
            return None
        audience = said["aud"] if isinstance(said["aud"], str) else said["aud"][0]
        return AccessToken(
            token=token,
            client_id=said["client_id"],
            scopes=said["scope"].split(),
            expires_at=said["exp"],
            resource=audience,
            subject=said["username"],
        )


class MoreForWriting:
    """Refuses to write to those who may only read (RFC 6750 section 3.1): the SDK asks for the same of all calls."""

    def __init__(self, app, verifier, metadata_url):
        self.app, self.verifier, self.metadata_url = app, verifier, metadata_url

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["method"] != "POST":
            return await self.app(scope, receive, send)
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        parts = [{"type": "http.request", "body": body, "more_body": False}]

        async def again():
            return parts.pop() if parts else await receive()

        call = json.loads(body)
        authorization = dict(scope["headers"]).get(b"authorization", b"").decode()
        if call.get("method") == "tools/call" and call["params"]["name"] == "write" and authorization:
            token = await self.verifier.verify_token(authorization.split(" ")[1])
            if token and "notes:write" not in token.scopes:
                challenge = f'Bearer error="insufficient_scope", scope="notes:read notes:write", resource_metadata="{self.metadata_url}"'
                headers = [(b"www-authenticate", challenge.encode()), (b"content-type", b"application/json")]
                await send({"type": "http.response.start", "status": 403, "headers": headers})
                return await send({"type": "http.response.body", "body": b'{"error":"insufficient_scope"}'})
        return await self.app(scope, again, send)


def start_server():
    """Starts it on a port of its own, and returns its address, which is the resource that tokens are meant for."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/mcp"
    hallpass(f"resource create {url} --name Notebook --scope notes:read --scope notes:write")
    verifier = Introspection(hallpass(f"client create Notebook --resource {url} --scope introspect"))
    settings = AuthSettings(
        issuer_url=SERVER,
        resource_server_url=url,
        required_scopes=["notes:read"],
        validate_token_resource=True,
    )
    server = MCPServer("Notebook", token_verifier=verifier, auth=settings, log_level="WARNING")

    @server.tool()
    def read() -> str:
        return f"read by {get_access_token().subject}"

    @server.tool()
    def write() -> str:
        return f"write by {get_access_token().subject}"

    app = server.streamable_http_app(stateless_http=True, json_response=True)
    app = MoreForWriting(app, verifier, build_resource_metadata_url(AnyHttpUrl(url)))
    running = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    threading.Thread(target=running.run, daemon=True).start()
    while not running.started:
        time.sleep(0.01)
    return url
