// frappe-js-sdk, the client of Frappe's own people, as its documentation shows it.

import { FrappeApp } from 'frappe-js-sdk'

import { SERVER, Browser, check, failure, hallpass, person } from './scene.mjs'

const LOGGED_USER = 'frappe.auth.get_logged_user'
const GENERATE_KEYS = 'frappe.core.doctype.user.user.generate_keys'
const PASSWORD = 'correct horse battery staple'

person('ada')
person('root')
hallpass(['user', 'grant-role', 'root', 'admin'])

/** The library with a token of this kind. */
const withToken = (type, token) => new FrappeApp(SERVER, { useToken: true, token: () => token, type })

const key = hallpass(['key', 'create', '--user', 'root', '--full-access'])
const root = withToken('token', `${key.api_key}:${key.api_secret}`)
check('the library sends an API key', (await root.auth().getLoggedInUser()) === 'root@example.com')
check('it calls a method', (await root.call().get('ping')).message === 'pong')
const users = await root.db().getDocList('User', { fields: ['name', 'enabled'], limit: 10 })
check('it lists users', users.map((user) => user.name).sort().join() === 'ada@example.com,root@example.com')
check('it reads one', (await root.db().getDoc('User', 'ada@example.com')).email === 'ada@example.com')
const missing = await failure(() => root.db().getDoc('User', 'nobody'))
check('and is told what is not there', missing.httpStatus === 404 && missing.exception === 'DoesNotExistError')

const made = (await root.call().post(GENERATE_KEYS, { user: 'ada@example.com' })).message
const ada = withToken('token', `${made.api_key}:${made.api_secret}`)
check('an administrator generates a key for somebody', (await ada.auth().getLoggedInUser()) === 'ada@example.com')
const forbidden = await failure(() => ada.call().post(GENERATE_KEYS, { user: 'root@example.com' }))
check('and nobody else does', forbidden.httpStatus === 403 && forbidden.exception === 'PermissionError')
const again = (await root.call().post(GENERATE_KEYS, { user: 'ada@example.com' })).message
check('the key stays, with another secret', again.api_key === made.api_key && again.api_secret !== made.api_secret)
const ended = await failure(() => ada.auth().getLoggedInUser())
check('and the one before has ended', ended.httpStatus === 401 && ended.exception === 'AuthenticationError')

hallpass(['scope', 'create', 'all', '--description', 'Use everything that you can use'])
const callback = 'https://ledger.example/callback'
const client = hallpass(['client', 'create', 'Ledger', '--redirect-uri', callback, '--scope', 'all'])
const asked = new URLSearchParams({ client_id: client.client_id, response_type: 'code', redirect_uri: callback, scope: 'all' })
const answer = await new Browser('ada').allow(`${SERVER}/api/method/frappe.integrations.oauth2.authorize?${asked}`)
const tokens = await fetch(`${SERVER}/api/method/frappe.integrations.oauth2.get_token`, {
  method: 'POST',
  body: new URLSearchParams({
    grant_type: 'authorization_code',
    code: answer.searchParams.get('code'),
    redirect_uri: callback,
    client_id: client.client_id,
    client_secret: client.client_secret,
  }),
})
const refused = await tokens.json()
check('a client authenticates as it was registered', tokens.status === 401 && refused.error === 'invalid_client')
const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')
const once = await (
  await fetch(`${SERVER}/api/method/frappe.integrations.oauth2.get_token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: answer.searchParams.get('code'), redirect_uri: callback }),
  })
).json()
const bearer = withToken('Bearer', once.access_token)
check('the library sends an access token', (await bearer.auth().getLoggedInUser()) === 'ada@example.com')

// With a password. Node.js keeps no cookies, so they are handed on as a browser would.
const guest = new FrappeApp(SERVER)
const signedIn = await guest.auth().loginWithUsernamePassword({ username: 'ada@example.com', password: PASSWORD })
check('the library signs in with a password', signedIn.message === 'Logged In' && signedIn.full_name === 'ada')
const wrong = await failure(() => guest.auth().loginWithUsernamePassword({ username: 'ada', password: 'wrong' }))
check('a wrong one is refused', wrong.httpStatus === 401 && wrong.message === 'Invalid login credentials')
const nobody = await failure(() => guest.auth().getLoggedInUser())
check('a guest is nobody', nobody.httpStatus === 403 && nobody.exception === 'PermissionError')

const login = await fetch(`${SERVER}/api/method/login`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ usr: 'ada', pwd: PASSWORD }),
})
const Cookie = login.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')
const csrf = (await login.json()).csrf_token
const session = (headers) => new FrappeApp(SERVER, undefined, undefined, { Cookie, ...headers })
check('with its cookies it is that person', (await session({}).auth().getLoggedInUser()) === 'ada@example.com')
const forged = await failure(() => session({}).auth().logout())
check('without the token it changes nothing', forged.httpStatus === 400 && forged.exception === 'CSRFTokenError')
await session({ 'X-Frappe-CSRF-Token': csrf, Origin: new URL(SERVER).origin }).auth().logout()
const left = await failure(() => session({}).auth().getLoggedInUser())
check('with it, it signs out', left.httpStatus === 403)
