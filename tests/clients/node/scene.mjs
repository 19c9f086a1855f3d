// What the scripts share: the program's command line, a person with a browser, and checks that are sentences.

import { spawnSync } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { createServer } from 'node:net'

// Node.js 18 has them, but not under the names that libraries look for.
globalThis.crypto ??= webcrypto
globalThis.CryptoKey ??= webcrypto.CryptoKey

/** The issuer. */
export const SERVER = process.env.SERVER_URL
/** Where a client publishes its metadata; the program may fetch it. */
export const DOCUMENT = process.env.CLIENT_ID_DOCUMENT
const PASSWORD = 'correct horse battery staple'

/** Prints what was found out, and ends the script where it is not so. */
export function check(sentence, holds) {
  console.log(`${holds ? 'ok   ' : 'FAIL '}${sentence}`)
  if (!holds) process.exit(1)
}

/** Runs the program as an operator does, and returns the record that it prints. */
export function hallpass(words, input = '') {
  const done = spawnSync(process.env.PROGRAM, [...words, '--json'], { input, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`hallpass ${words.join(' ')}: ${done.stderr}`)
  return JSON.parse(done.stdout)
}

/** Somebody who can sign in. */
export function person(name) {
  hallpass(['user', 'create', name, '--email', `${name}@example.com`, '--password-stdin'], PASSWORD)
}

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort() {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, '127.0.0.1', () => {
      const { port } = listener.address()
      listener.close(() => resolve(port))
    })
  })
}

/** The error that `what` ends with. */
export async function failure(what) {
  try {
    await what()
  } catch (error) {
    return error
  }
  return undefined
}

const unescape = (text) =>
  text.replace(/&(#x[0-9a-f]+|#\d+|amp|lt|gt|quot);/gi, (whole, name) => {
    if (name.startsWith('#x')) return String.fromCodePoint(parseInt(name.slice(2), 16))
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)))
    return { amp: '&', lt: '<', gt: '>', quot: '"' }[name.toLowerCase()]
  })

/** The last form of a page: where it goes, and what stands in its fields. */
function formOf(page) {
  const form = page.slice(page.lastIndexOf('<form'))
  const attribute = (tag, name) => {
    const found = tag.match(new RegExp(`\\s${name}="([^"]*)"`))
    return found ? unescape(found[1]) : undefined
  }
  const fields = []
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const ticked = !/type="(radio|checkbox)"/.test(tag) || /\schecked\b/.test(tag)
    const name = attribute(tag, 'name')
    if (name && ticked) fields.push([name, attribute(tag, 'value') ?? ''])
  }
  return { action: attribute(form, 'action'), fields }
}

/** A person with a browser who signs in and decides; scripts do not run in it. */
export class Browser {
  #cookies = new Map()
  #username
  /** The pages that were seen. */
  pages = []

  constructor(username) {
    this.#username = username
  }

  /** Opens `url`, signs in if asked to, allows all but the scopes `without`, and returns the client's address. */
  allow(url, without = []) {
    return this.#go(url, 'allow', without)
  }

  /** The same with the other button. */
  deny(url) {
    return this.#go(url, 'deny', [])
  }

  async #go(url, decision, without) {
    let answer = await this.#fetch(String(url))
    for (;;) {
      if (answer.status === 303 || answer.status === 302) {
        const next = new URL(answer.headers.get('location'), answer.url)
        if (!next.href.startsWith(`${SERVER}/`)) return next
        answer = await this.#fetch(next.href)
        continue
      }
      const page = await answer.text()
      if (answer.status !== 200) throw new Error(`${answer.url}: ${answer.status} ${page}`)
      this.pages.push(page)
      // On the page for devices the person is done when it says so; nobody is sent anywhere.
      if (answer.url.startsWith(`${SERVER}/device?done=`)) return new URL(answer.url)
      let filled = {}
      if (page.includes('name="password"')) filled = { username: this.#username, password: PASSWORD }
      else if (page.includes('name="decision"')) filled = { decision }
      else if (!page.includes('name="user_code"')) throw new Error(`no form at ${answer.url}: ${page}`)
      const { action, fields } = formOf(page)
      const kept = fields.filter(([name, value]) => !(name in filled) && !(name === 'scope' && without.includes(value)))
      answer = await this.#fetch(new URL(action, answer.url).href, {
        method: 'POST',
        body: new URLSearchParams([...kept, ...Object.entries(filled)]),
        headers: { origin: new URL(SERVER).origin },
      })
    }
  }

  async #fetch(url, options = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { ...options, redirect: 'manual', headers: { ...options.headers, cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=', 2)
      if (value) this.#cookies.set(name, value)
      else this.#cookies.delete(name)
    }
    return answer
  }
}
