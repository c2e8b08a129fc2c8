// The page that a server shows at `/`: its files, and what people do with it in a browser.
import test, { type ExecutionContext } from 'ava';
import { type Browser, type BrowserContext, chromium as launcher, type Page } from 'playwright-core';
import { newToken } from '../../src/server/access/tokens.js';
import type { ServerOptions } from '../../src/server/index.js';
import { chromium } from '../support/browser.js';
import { callJs, deployJs, problemOf, send, startServer } from '../support/http-server.js';
import { testWith } from '../support/test-with.js';

const EVIL = '<img src=x onerror="document.title=1">';
const PHONE = { width: 360, height: 740 };
const PATIENCE_MS = 60_000;

test('the page and its files are there, with headers that bind the browser', async (t) => {
  const server = await startServer(t);
  const page = await send(server, 'GET', '/');
  t.is(page.status, 200);
  t.is(page.headers.get('content-type'), 'text/html; charset=utf-8');
  t.is(page.headers.get('cache-control'), 'no-cache');
  const named = [...page.text.matchAll(/(?:src|href)="(page\/[^"]+)"/g)].map(([, path]) => `/${path}`);
  t.deepEqual(named.map((path) => path.replace(/-[0-9a-f]{16}\./, '.')).sort(), [
    '/page/icon.svg',
    '/page/main.css',
    '/page/main.js',
  ]);
  for (const path of named) {
    const { status, headers, text } = await send(server, 'GET', path);
    t.is(status, 200, path);
    t.is(headers.get('cache-control'), 'public, max-age=31536000, immutable');
    t.true(text.length > 100);
    const plain = await send(server, 'GET', path, { headers: { 'accept-encoding': 'gzip;q=0, identity' } });
    t.is(plain.headers.get('content-encoding'), null);
    t.is(plain.text, text);
  }
  for (const path of ['/', ...named]) {
    const { headers, bytes } = await send(server, 'GET', path);
    const head = await send(server, 'HEAD', path);
    t.deepEqual([head.status, head.bytes.length], [200, 0], path);
    t.is(head.headers.get('content-length'), headers.get('content-length') ?? String(bytes.length));
    t.is(head.headers.get('content-type'), headers.get('content-type'));
    t.is(headers.get('x-content-type-options'), 'nosniff');
    t.is(headers.get('referrer-policy'), 'no-referrer');
    const policy = headers.get('content-security-policy') ?? '';
    t.regex(policy, /^default-src 'none'; script-src 'self'; /);
    t.notRegex(policy, /unsafe|https?:|\*/);
  }
});

test('the page has no script, style or handler in its HTML, and names no other host', async (t) => {
  const { text } = await send(await startServer(t), 'GET', '/');
  t.notRegex(text, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
  t.notRegex(text, /\/\//);
});

test('the page has no other files, whatever is asked for', async (t) => {
  const server = await startServer(t);
  for (const path of ['/page/none.js', '/page/index.html', '/page/..%2froutes.js', '/page/__proto__'])
    t.is(problemOf(t, await send(server, 'GET', path)), '404 SNAPVM_SERVER_UNKNOWN');
  const document = (await send(server, 'GET', '/openapi.json')).json;
  t.deepEqual(
    Object.keys(document.paths).filter((path) => /^\/(page|$)/.test(path)),
    [],
  );
});

interface Opened {
  readonly server: { readonly url: string };
  readonly page: Page;
}

/** One browser for all tests of this file: they run one after the other. */
let browser: Browser | undefined;
test.after.always(async () => {
  await browser?.close();
});

async function open(t: ExecutionContext, path: string, options: ServerOptions = {}): Promise<Opened> {
  const server = await startServer(t, options);
  browser ??= await launcher.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu'] });
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  t.teardown(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  return { server, page: await context.newPage() };
}

/** What the browser complained of, and asked others for. */
function watch({ server, page }: Opened): { readonly complaints: string[] } {
  const complaints: string[] = [];
  page.on('console', (message) => {
    // Chromium says so of every answer that is an error, which some of these are meant to be.
    const isAnswer = /^Failed to load resource: the server responded/.test(message.text());
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${server.url}/`)) complaints.push(`a request to ${request.url()}`);
  });
  return { complaints };
}

function testPage(
  title: string,
  body: (t: ExecutionContext, opened: Opened) => Promise<void>,
  options?: ServerOptions,
): void {
  testWith(chromium(), title, async (t, path) => {
    t.timeout(300_000); // a browser and an engine, where all may be slow
    const opened = await open(t, path, options);
    const { complaints } = watch(opened);
    await body(t, opened);
    t.deepEqual(complaints, []);
  });
}

async function write(page: Page, source: string): Promise<void> {
  await page.getByRole('textbox', { name: /^Source/ }).focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(source);
}

async function deploy(page: Page, source: string, revision: number): Promise<void> {
  await write(page, source);
  await page.getByRole('button', { name: 'Deploy' }).click();
  await page.locator('#deployed', { hasText: `revision ${revision}` }).waitFor();
}

async function call(page: Page, input: string): Promise<string> {
  await page.getByLabel('Input (JSON)').fill(input);
  await page.keyboard.press('Control+Enter');
  await page.locator('#outcome', { hasNotText: /^(Calling|Nothing)/ }).waitFor();
  return await page.getByLabel('Result').inputValue();
}

testPage(
  'a function is written, deployed and called, and its calls are counted',
  async (t, { server, page }) => {
    await page.goto(server.url);
    await page.getByText('There is no function yet').waitFor();
    await page.getByRole('button', { name: 'Deploy' }).click(); // the example
    await page.locator('#deployed', { hasText: 'revision 1' }).waitFor();
    t.deepEqual(JSON.parse(await call(page, '{ "name": "Ada" }')), { hello: 'Ada', calls: 1 });
    await page.locator('#log:not(:placeholder-shown)').waitFor();
    t.is(await page.getByLabel('Log lines').inputValue(), 'info: called for Ada');
    t.regex(
      (await page.locator('#timing').textContent()) ?? '',
      /Ran[\d.]+ (µs|ms|s)Waited.*Revision1Pages put back\d/,
    );
    t.regex((await page.locator('#dirty').textContent()) ?? '', /^\d+ pages? put back before the last call/);
    t.true((await page.locator('#regions > li').count()) > 5);
    // The rate goes up while it is called, which the page sees by itself.
    const moving = page.locator('#functions-table td:first-of-type', { hasText: /[1-9]/ });
    let hasMoved = false;
    const moved = moving.waitFor().then(() => {
      hasMoved = true;
    });
    while (!hasMoved) await Promise.race([moved, callJs(server, 'hello', { name: 'x' })]);
  },
);

testPage('what a function throws, and what is wrong with an input, is said', async (t, { server, page }) => {
  await page.goto(server.url);
  await deploy(page, `export default () => { throw new RangeError(${JSON.stringify(EVIL)}); };`, 1);
  t.true((await call(page, '1')).includes(JSON.stringify(EVIL).slice(1, -1)));
  const said = (await page.locator('#outcome').textContent()) ?? '';
  t.true(said.includes(EVIL) && said.includes('SNAPVM_JS_ERROR'), said);
  await page.locator('#functions-table td.bad', { hasText: '1' }).waitFor();
  await call(page, '{ no');
  t.regex((await page.locator('#outcome').textContent()) ?? '', /^The input is no JSON/);
  await write(page, 'export default (');
  await page.getByRole('button', { name: 'Deploy' }).click();
  await page.locator('#deployed.bad', { hasText: 'SNAPVM_JS_' }).waitFor();
});

testPage('versions are rolled back, and made live again', async (t, { server, page }) => {
  await page.goto(server.url);
  await deploy(page, 'export default () => "one";', 1);
  await deploy(page, 'export default () => "two";', 2);
  t.is(await call(page, ''), '"two"');
  await page.getByRole('button', { name: 'Roll back' }).click();
  await page.locator('#version-list strong', { hasText: /^Revision 1, live$/ }).waitFor();
  t.is(await call(page, ''), '"one"');
  await page.getByRole('button', { name: 'Make revision 2 live' }).click();
  await page.locator('#version-list strong', { hasText: /^Revision 2, live$/ }).waitFor();
  t.is(await call(page, ''), '"two"');
  await page.locator('#call-version').selectOption('revision 1');
  await page.locator('#memory-note', { hasText: 'Revision 1 of hello' }).waitFor();
  t.is(await call(page, ''), '"one"');
});

testPage('names, answers and lines of functions stay text', async (t, { server, page }) => {
  await page.goto(server.url);
  const evil = JSON.stringify(EVIL);
  await deploy(
    page,
    `const f = () => { console.log(${evil}); return ${evil}; }; export { f as default, f as ${evil} };`,
    1,
  );
  t.is(JSON.parse(await call(page, '')), EVIL);
  await page.locator('#log:not(:placeholder-shown)').waitFor();
  t.is(await page.getByLabel('Log lines').inputValue(), `info: ${EVIL}`);
  t.true((await page.locator('#call-export option').allTextContents()).includes(EVIL));
  await page.locator('#name').fill(EVIL);
  await page.getByRole('button', { name: 'Deploy' }).click();
  await page.locator('#deployed.bad', { hasText: '<img' }).waitFor();
  t.is(await page.locator('img').count(), 0);
  t.is(await page.title(), 'snapvm');
});

testPage('on a phone nothing scrolls sideways, in the dark too', async (t, { server, page }) => {
  await deployJs(server, 'a'.repeat(64), 'export default () => "x".repeat(5000);');
  await page.setViewportSize(PHONE);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(server.url);
    await page.getByText('Revision 1, live').waitFor();
    await call(page, '');
    t.is(await page.evaluate('document.documentElement.scrollWidth'), PHONE.width);
  }
});

testPage('all of it is reached by keyboard, with a focus that is seen', async (t, { server, page }) => {
  await deployJs(server, 'one', 'export default () => 1;');
  await page.goto(server.url);
  await page.getByText('Revision 1, live').waitFor();
  const seen = new Set<unknown>();
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    seen.add(
      await page.evaluate(`(() => {
        const { activeElement: at } = document;
        const isSeen = getComputedStyle(at).outlineStyle !== 'none';
        return at === document.body || isSeen ? at.id || at.textContent.trim() : 'unseen: ' + at.id;
      })()`),
    );
  }
  const wanted = [
    'API',
    'one',
    'source',
    'name',
    'activate',
    'Deploy',
    'call-version',
    'call-export',
    'input',
  ];
  for (const what of [...wanted, 'Call', 'result', 'log']) t.true(seen.has(what), `${what} of ${[...seen]}`);
  t.deepEqual(
    [...seen].filter((what) => String(what).startsWith('unseen')),
    [],
  );
});

const TOKEN = newToken();

testPage(
  'a server with tokens is asked with the one that is given, which goes with the tab',
  async (t, { server, page }) => {
    await page.goto(server.url);
    const field = page.getByLabel('The server asks for a token');
    await field.fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The server does not know this token.').waitFor();
    await field.fill(TOKEN.token);
    await page.keyboard.press('Enter');
    await page.getByText('Connected').waitFor();
    t.true(await field.isHidden());
    await page.reload();
    await page.getByText('Connected').waitFor();
    t.is(await page.evaluate('localStorage.length + document.cookie.length'), 0);
    const context: BrowserContext = page.context();
    const other = await context.newPage();
    await other.goto(server.url);
    await other.getByText('A token is needed.').waitFor();
  },
  { access: { tokens: [{ name: 'page', tenant: 'acme', roles: ['admin'], sha256: TOKEN.sha256 }] } },
);
