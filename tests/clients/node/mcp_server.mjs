// An MCP server made of the MCP SDK, whose tokens come from Hallpass: it shows where, and asks there what they are worth.

import { discoverAuthorizationServerMetadata } from '@modelcontextprotocol/sdk/client/auth.js'
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js'
import { getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter } from '@modelcontextprotocol/sdk/server/auth/router.js'
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import express from 'express'
import { SERVER, freePort, hallpass } from './scene.mjs'

/** Starts it on a port of its own, and returns its address, which is the resource that tokens are meant for. */
export async function startServer() {
  const port = await freePort()
  const url = new URL(`http://127.0.0.1:${port}/mcp`)
  hallpass(['resource', 'create', url.href, '--name', 'Notebook', '--scope', 'notes:read', '--scope', 'notes:write'])
  const api = hallpass(['client', 'create', 'Notebook', '--resource', url.href, '--scope', 'introspect'])
  const oauthMetadata = await discoverAuthorizationServerMetadata(SERVER)

  /** What a token is worth (RFC 7662); this API sees only those that are meant for it. */
  async function verifyAccessToken(token) {
    const answer = await fetch(oauthMetadata.introspection_endpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${api.client_id}:${api.client_secret}`)}` },
      body: new URLSearchParams({ token }),
    })
    const said = await answer.json()
    if (!said.active) throw new InvalidTokenError('Token is not active')
    const audience = [said.aud].flat()
    return {
      token,
      clientId: said.client_id,
      scopes: said.scope.split(' '),
      expiresAt: said.exp,
      resource: new URL(audience[0]),
      extra: { username: said.username },
    }
  }

  const need = (...requiredScopes) =>
    requireBearerAuth({
      verifier: { verifyAccessToken },
      requiredScopes,
      resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(url),
      expectedResource: url,
    })
  const needForWriting = need('notes:read', 'notes:write')
  const app = express()
  app.use(mcpAuthMetadataRouter({ oauthMetadata, resourceServerUrl: url, resourceName: 'Notebook' }))
  app.post('/mcp', express.json(), need('notes:read'), (request, response, next) => {
    const writes = request.body.method === 'tools/call' && request.body.params.name === 'write'
    return writes ? needForWriting(request, response, next) : next()
  }, async (request, response) => {
    const server = new McpServer({ name: 'Notebook', version: '1.0.0' })
    for (const tool of ['read', 'write']) {
      const text = ({ authInfo }) => `${tool} by ${authInfo.extra.username}`
      server.registerTool(tool, {}, (extra) => ({ content: [{ type: 'text', text: text(extra) }] }))
    }
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true })
    await server.connect(transport)
    await transport.handleRequest(request, response, request.body)
  })
  app.all('/mcp', (_, response) => response.status(405).set('allow', 'POST').end())
  await new Promise((resolve) => app.listen(port, '127.0.0.1', resolve))
  return url
}
