/** `--max-exits` of the commands that run a guest: how often it may leave it. Each starts an engine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { guestPath } from '../conformance/guest.js';
import { EXAMPLES, snapvm } from '../support/cli.js';

const FOLDER = mkdtempSync(join(tmpdir(), 'snapvm-cli-exits-'));
test.after.always(() => rmSync(FOLDER, { recursive: true }));
const FUNCTION = join(FOLDER, 'function.js');
writeFileSync(FUNCTION, 'export default () => { for (let i = 0; i < 100; i++) console.log(i); return 1; };');

/** Each leaves its guest about a hundred times. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  run: [join(EXAMPLES, 'hostcall.elf'), '--fn', 'many', '--input', '100'],
  exec: [guestPath('conformance/linux'), 'cat'], // 5,000 bytes at a time
  js: [FUNCTION],
};

for (const [command, args] of Object.entries(COMMANDS)) {
  const stdin = command === 'exec' ? new Uint8Array(300_000) : '';
  test.serial(`${command} --max-exits ends a call that leaves its guest more often`, async (t) => {
    const few = await snapvm([command, '--max-exits', '50', ...args], { stdin });
    t.is(few.code, 1, few.stderr);
    t.regex(few.stderr, /SNAPVM_GUEST_LIMIT/);
    t.regex(few.stderr, /--max-exits/);
    const many = await snapvm([command, '--max-exits', '500', ...args], { stdin });
    t.is(many.code, 0, many.stderr);
  });
}
