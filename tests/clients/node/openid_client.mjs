// openid-client, with oauth4webapi below it, as its documentation shows it.

import { writeFileSync } from 'node:fs'
import * as client from 'openid-client'
import { Browser, SERVER, check, failure, hallpass, person } from './scene.mjs'

const CALLBACK = 'https://ledger.example/callback'
const LOOPBACK = 'http://127.0.0.1:49152/callback'
const ME = new URL(`${SERVER}/api/v1/me`)

person('ada')
hallpass(['scope', 'create', 'notes', '--description', 'Read your notes'])
const ada = new Browser('ada')

const register = (...words) => hallpass(['client', 'create', 'Ledger', '--scope', 'profile', '--scope', 'notes', ...words])
const web = (...words) => register('--redirect-uri', CALLBACK, ...words)

/** The library's client, with the metadata that it discovers (RFC 8414 section 3). */
function discover(record, authentication) {
  // On one machine there is no TLS between the two; the library asks for this where that is meant.
  const options = { algorithm: 'oauth2', execute: [client.allowInsecureRequests] }
  return client.discovery(new URL(SERVER), record.client_id, undefined, authentication, options)
}

/** The code flow; `build` makes the address that the person opens. The library checks `state`, `iss` and the rest. */
async function signIn(config, redirect_uri, build, options = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const code_challenge = await client.calculatePKCECodeChallenge(pkceCodeVerifier)
  const state = client.randomState()
  const wanted = { redirect_uri, scope: 'profile notes', state, code_challenge, code_challenge_method: 'S256' }
  const url = await build(config, wanted)
  const answer = await ada.allow(url)
  const checks = { pkceCodeVerifier, expectedState: state }
  const tokens = await client.authorizationCodeGrant(config, answer, checks, undefined, options)
  return { url, answer, checks, tokens }
}

async function me(config, token, options) {
  const answer = await client.fetchProtectedResource(config, token, ME, 'GET', undefined, undefined, options)
  return answer.json()
}

for (const [method, authenticate] of [
  ['client_secret_basic', client.ClientSecretBasic],
  ['client_secret_post', client.ClientSecretPost],
]) {
  const record = web('--auth-method', method)
  const config = await discover(record, authenticate(record.client_secret))
  check(`the library finds the server's metadata (${method})`, config.serverMetadata().issuer === SERVER)
  check('and that it may use PKCE', config.serverMetadata().supportsPKCE())
  const { answer, checks, tokens } = await signIn(config, CALLBACK, client.buildAuthorizationUrl)
  check('a web application signs a person in', (await me(config, tokens.access_token)).username === 'ada')

  const newer = await client.refreshTokenGrant(config, tokens.refresh_token)
  check('it gets new tokens by its refresh token', newer.refresh_token !== tokens.refresh_token)
  check('and the new ones are good', (await me(config, newer.access_token)).username === 'ada')

  const replay = await failure(() => client.authorizationCodeGrant(config, answer, checks))
  check('a code is good once', replay?.error === 'invalid_grant')
  check('and all that came of it ends', (await failure(() => me(config, newer.access_token)))?.status === 401)
}

{
  const record = web()
  const config = await discover(record, client.ClientSecretBasic(record.client_secret))
  const { url, tokens } = await signIn(config, CALLBACK, client.buildAuthorizationUrlWithPAR)
  check('a request can be pushed, and the address only names it', !url.searchParams.has('scope') && url.searchParams.has('request_uri'))
  check('and the person is signed in', (await me(config, tokens.access_token)).username === 'ada')
  await client.tokenRevocation(config, tokens.access_token, { token_type_hint: 'access_token' })
  const refusal = await failure(() => me(config, tokens.access_token))
  check('an access token can be revoked', refusal?.status === 401)
  check('the library understands the challenge', refusal.cause[0].parameters.error === 'invalid_token')
  await client.tokenRevocation(config, tokens.refresh_token)
  const again = await failure(() => client.refreshTokenGrant(config, tokens.refresh_token))
  check('and a refresh token too', again?.error === 'invalid_grant')

  const denied = await ada.deny(client.buildAuthorizationUrl(config, { redirect_uri: CALLBACK, scope: 'notes profile openid', prompt: 'consent' }))
  const refused = await failure(() => client.authorizationCodeGrant(config, denied, { expectedState: client.skipStateCheck }))
  check('what cannot be asked for is refused in words that the library reads', refused?.error === 'invalid_scope')
}

{
  const record = hallpass(['client', 'create', 'Diary', '--scope', 'openid', '--scope', 'profile', '--scope', 'email', '--redirect-uri', CALLBACK])
  const options = { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] }
  const config = await client.discovery(new URL(SERVER), record.client_id, undefined, client.ClientSecretBasic(record.client_secret), options)
  check('the library finds what OpenID Connect adds to the metadata', config.serverMetadata().jwks_uri.startsWith(SERVER))
  const expectedNonce = client.randomNonce()
  const url = client.buildAuthorizationUrl(config, { redirect_uri: CALLBACK, scope: 'openid profile email', nonce: expectedNonce })
  const tokens = await client.authorizationCodeGrant(config, await ada.allow(url), { expectedNonce, idTokenExpected: true })
  const claims = tokens.claims()
  check('an id_token says who signed in, and its signature is that of a published key', claims.aud === record.client_id)
  const user = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
  check('the library learns who that is', user.preferred_username === 'ada' && user.email === 'ada@example.com')
  const newer = await client.refreshTokenGrant(config, tokens.refresh_token)
  check('and a refresh tells of the same sign-in', newer.claims().sub === claims.sub && newer.claims().sid === claims.sid)
}

{
  const record = register('--public', '--redirect-uri', 'http://127.0.0.1/callback')
  const config = await discover(record, client.None())
  const { tokens } = await signIn(config, LOOPBACK, client.buildAuthorizationUrl)
  check('a program on a computer signs a person in, at a port of its own', (await me(config, tokens.access_token)).client_id === record.client_id)
  const newer = await client.refreshTokenGrant(config, tokens.refresh_token)
  await client.tokenRevocation(config, newer.refresh_token)
  check('it gives its tokens back', (await failure(() => me(config, newer.access_token)))?.status === 401)

  const url = client.buildAuthorizationUrl(config, { redirect_uri: LOOPBACK, scope: 'profile', code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()), code_challenge_method: 'S256' })
  const denied = await ada.deny(url)
  const refused = await failure(() => client.authorizationCodeGrant(config, denied, {}))
  check('a person can say no, and the application is told so', refused?.error === 'access_denied')

  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair())
  const bound = await signIn(config, LOOPBACK, client.buildAuthorizationUrl, { DPoP })
  check('its tokens can be bound to a key', bound.tokens.token_type === 'dpop')
  check('which it proves to have', (await me(config, bound.tokens.access_token, { DPoP })).username === 'ada')
  const stolen = await fetch(ME, { headers: { authorization: `Bearer ${bound.tokens.access_token}` } })
  check('without the key they are worth nothing', stolen.status === 401)
  const refreshed = await client.refreshTokenGrant(config, bound.tokens.refresh_token, undefined, { DPoP })
  check('a refresh token too is good with the key', (await me(config, refreshed.access_token, { DPoP })).username === 'ada')
  const thief = { DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair()) }
  const theft = await failure(() => client.refreshTokenGrant(config, refreshed.refresh_token, undefined, thief))
  check('and not with another', theft?.status === 400)
}

{
  const record = hallpass(['client', 'create', 'Robot', '--scope', 'notes', '--scope', 'introspect'])
  const config = await discover(record, client.ClientSecretBasic(record.client_secret))
  const tokens = await client.clientCredentialsGrant(config, { scope: 'notes' })
  check('a service gets a token of its own', (await me(config, tokens.access_token)).subject === 'client')
  const said = await client.tokenIntrospection(config, tokens.access_token)
  check('and may ask what it is worth', said.active && said.scope === 'notes' && said.client_id === record.client_id)
  const nothing = await client.tokenIntrospection(config, 'hp_at_none')
  check('what is no token is not active, and no more is said', JSON.stringify(nothing) === '{"active":false}')
  const wrong = await discover(record, client.ClientSecretBasic('wrong: 100 % & co'))
  const refusal = await failure(() => client.clientCredentialsGrant(wrong))
  check('a wrong secret is refused', refusal?.status === 401)
}

{
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'of this year', use: 'sig', alg: 'ES256' }
  writeFileSync('jwks.json', JSON.stringify({ keys: [jwk] }))
  const key = { key: privateKey, kid: 'of this year' }
  const service = hallpass(['client', 'create', 'Robot', '--auth-method', 'private_key_jwt', '--jwks', 'jwks.json', '--scope', 'notes'])
  const robot = await discover(service, client.PrivateKeyJwt(key))
  const own = await client.clientCredentialsGrant(robot)
  check('a service proves who it is with a key of its own', (await me(robot, own.access_token)).id === service.client_id)

  const record = web('--auth-method', 'private_key_jwt', '--jwks', 'jwks.json')
  const config = await discover(record, client.PrivateKeyJwt(key))
  const { tokens } = await signIn(config, CALLBACK, client.buildAuthorizationUrlWithPAR)
  check('and so does a web application', (await me(config, tokens.access_token)).username === 'ada')
}

{
  const record = register('--public', '--grant', 'device_code', '--grant', 'refresh_token')
  const config = await discover(record, client.None())
  const shown = await client.initiateDeviceAuthorization(config, { scope: 'notes profile' })
  const tokens = client.pollDeviceAuthorizationGrant(config, shown)
  await ada.allow(shown.verification_uri_complete)
  check('a device without a browser signs a person in', (await me(config, (await tokens).access_token)).username === 'ada')
  const refused = await client.initiateDeviceAuthorization(config, { scope: 'notes' })
  await ada.deny(refused.verification_uri_complete)
  const refusal = await failure(() => client.pollDeviceAuthorizationGrant(config, refused))
  check('unless the person says no', refusal?.error === 'access_denied')
}

{
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'of this year', use: 'sig', alg: 'ES256' }
  writeFileSync('jwks.json', JSON.stringify({ keys: [jwk] }))
  const record = web('--jwks', 'jwks.json', '--require-signed-request-object')
  const config = await discover(record, client.ClientSecretBasic(record.client_secret))
  const sign = (config, wanted) => client.buildAuthorizationUrlWithJAR(config, wanted, { key: privateKey, kid: jwk.kid })
  const { url, tokens } = await signIn(config, CALLBACK, sign)
  check('a request can be signed, and then the signature alone speaks', !url.searchParams.has('scope') && url.searchParams.has('request'))
  check('and the person is signed in', (await me(config, tokens.access_token)).username === 'ada')
}

{
  const record = web('--grant', 'authorization_code', '--grant', 'token-exchange')
  const config = await discover(record, client.ClientSecretBasic(record.client_secret))
  const { tokens } = await signIn(config, CALLBACK, client.buildAuthorizationUrl)
  const exchanged = await client.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:token-exchange', {
    subject_token: tokens.access_token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    scope: 'notes',
  })
  check('a token is exchanged for a narrower one', exchanged.scope === 'notes' && exchanged.issued_token_type.endsWith(':access_token'))
  check('which acts for the same person', (await me(config, exchanged.access_token)).username === 'ada')
  await client.tokenRevocation(config, tokens.access_token)
  check('and ends with the first', (await failure(() => me(config, exchanged.access_token)))?.status === 401)
}
