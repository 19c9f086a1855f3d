// The MCP SDK for TypeScript: an agent's whole way, from the first refusal to the end of its tokens.

import { auth, extractWWWAuthenticateParams } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Browser, DOCUMENT, SERVER, check, failure, freePort, hallpass, person } from './scene.mjs'
import { startServer } from './mcp_server.mjs'

/** What an application keeps for the SDK. */
class Provider {
  constructor(port, clientMetadataUrl) {
    this.redirectUrl = `http://127.0.0.1:${port}/callback`
    this.clientMetadataUrl = clientMetadataUrl
  }
  clientMetadata = {
    client_name: 'Agent',
    redirect_uris: ['http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  }
  state() { return (this.lastState = crypto.randomUUID()) }
  clientInformation() { return this.client }
  saveClientInformation(client) { this.client = client }
  tokens() { return this.lastTokens }
  saveTokens(tokens) { this.lastTokens = tokens }
  saveCodeVerifier(verifier) { this.verifier = verifier }
  codeVerifier() { return this.verifier }
  redirectToAuthorization(url) { this.url = url }
  invalidateCredentials(what) { if (what === 'all' || what === 'tokens') this.lastTokens = undefined }
}

/** What a person does with the address that the SDK wants opened. */
async function follow(browser, provider) {
  const answer = await browser.allow(provider.url)
  check('the answer comes to the port that the application listens on', answer.href.startsWith(`${provider.redirectUrl}?`))
  check('it is the answer to this question', answer.searchParams.get('state') === provider.lastState)
  check('and of this server', answer.searchParams.get('iss') === SERVER)
  return answer.searchParams.get('code')
}

async function revoke(provider, token) {
  const body = new URLSearchParams({ token, client_id: provider.client.client_id })
  const answer = await fetch(`${SERVER}/oauth/revoke`, { method: 'POST', body })
  check('a token is revoked', answer.status === 200)
}

/** The whole way, for a client that registers itself or is known by its document. */
async function wholeWay(url, clientMetadataUrl) {
  const provider = new Provider(await freePort(), clientMetadataUrl)
  const browser = new Browser('ada')
  let transport, agent
  const connect = () => {
    transport = new StreamableHTTPClientTransport(url, { authProvider: provider })
    agent = new Client({ name: 'agent', version: '1.0.0' })
    return agent.connect(transport)
  }
  const call = async (name) => (await agent.callTool({ name })).content[0].text

  check('the server is not for strangers', (await failure(connect)) instanceof UnauthorizedError)
  if (clientMetadataUrl) check('the client is known by its document', provider.client.client_id === DOCUMENT)
  else check('the client has registered itself', provider.client.client_id_issued_at > 0)
  check('it asks for a token for that server', provider.url.searchParams.get('resource') === url.href)
  check('with what the server named', provider.url.searchParams.get('scope') === 'notes:read')
  await transport.finishAuth(await follow(browser, provider))
  const consent = browser.pages.at(-1)
  check('the person saw for which server it is', consent.includes('Notebook') && consent.includes(url.href))
  if (clientMetadataUrl) check('and where the document comes from', consent.includes(new URL(clientMetadataUrl).hostname))
  await connect()
  check('the agent calls a tool in the name of that person', (await call('read')) === 'read by ada')
  const elsewhere = await fetch(`${SERVER}/api/v1/me`, { headers: { authorization: `Bearer ${provider.lastTokens.access_token}` } })
  check('its token is good at that server alone', elsewhere.status === 401)

  const first = provider.lastTokens
  await revoke(provider, first.access_token)
  check('when a token has ended the SDK gets the next one by itself', (await call('read')) === 'read by ada')
  check('and the refresh token was exchanged too', provider.lastTokens.refresh_token !== first.refresh_token)

  // The SDK refreshes once more, which cannot help; then the application lets go of its tokens and asks again.
  check('for more it needs more', (await failure(() => call('write')))?.code === 403)
  provider.invalidateCredentials('tokens')
  const scope = 'notes:read notes:write'
  const resourceMetadataUrl = new URL(`/.well-known/oauth-protected-resource${url.pathname}`, url)
  check('so it asks the person again', (await auth(provider, { serverUrl: url, scope, resourceMetadataUrl })) === 'REDIRECT')
  await transport.finishAuth(await follow(browser, provider))
  await connect()
  check('and may do it then', (await call('write')) === 'write by ada')
  check('as before', (await call('read')) === 'read by ada')

  await revoke(provider, provider.lastTokens.refresh_token)
  const ended = await failure(() => call('read'))
  check('when all has ended the SDK begins anew', ended instanceof UnauthorizedError && provider.lastTokens === undefined)
}

/** Hallpass's own API, which any client may be let into. */
async function hallpassItself() {
  const provider = new Provider(await freePort())
  const serverUrl = `${SERVER}/api/v1/me`
  const refusal = await fetch(serverUrl)
  const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(refusal)
  check('the server says where to go on', refusal.status === 401 && resourceMetadataUrl.href === `${SERVER}/.well-known/oauth-protected-resource`)
  check('the SDK goes there', (await auth(provider, { serverUrl, resourceMetadataUrl, scope })) === 'REDIRECT')
  check('and asks for a token for the server itself', provider.url.searchParams.get('resource') === SERVER)
  const authorizationCode = await follow(new Browser('ada'), provider)
  check('which it gets', (await auth(provider, { serverUrl, resourceMetadataUrl, authorizationCode })) === 'AUTHORIZED')
  const answer = await fetch(serverUrl, { headers: { authorization: `Bearer ${provider.lastTokens.access_token}` } })
  check('and which is good', (await answer.json()).username === 'ada')
  const before = provider.lastTokens.access_token
  check('it can be refreshed', (await auth(provider, { serverUrl, resourceMetadataUrl })) === 'AUTHORIZED' && provider.lastTokens.access_token !== before)
}

person('ada')
hallpass(['scope', 'create', 'notes:read', '--description', 'Read your notes'])
hallpass(['scope', 'create', 'notes:write', '--description', 'Change your notes'])
const url = await startServer()
await wholeWay(url)
await hallpassItself()
await wholeWay(url, DOCUMENT)
process.exit(0)
