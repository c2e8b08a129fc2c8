// Memory between calls: results keep, the set of pages that is put back stays bounded, and is learned anew.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { guestPath, readyGuest, scaled, show, UNDER_QEMU } from './support/sandbox.js';

/**
 * What a call of a small guest may dirty: its stack, output and data; on hardware also the page tables, in which the
 * processor marks what was used.
 */
const FEW_PAGES = 32;

test('10,000 calls in a row keep their results and a bounded set of dirty pages', async (t) => {
  const guest = await readyGuest(t, 'examples/echo', { verifyRestore: true });
  const calls = scaled(10_000);
  for (let turn = 0; turn < calls; turn++) {
    const text = `call ${turn} ${'x'.repeat(turn % 50)}`;
    const answer = guest.text('echo', text);
    if (answer !== text) t.fail(`call ${turn} answered ${answer}`);
  }
  t.log(show(guest.stats));
  t.true(guest.stats.stickyPages <= FEW_PAGES, `${guest.stats.stickyPages} pages`);
  t.is(guest.stats.rebuilds, 0);
  t.true(guest.stats.restores >= calls - 1);
});

test('a counter in static memory answers 1 in every call', async (t) => {
  for (const name of ['examples/counter', 'examples/counter.supervisor']) {
    const guest = await readyGuest(t, name);
    for (let turn = 0; turn < scaled(2000); turn++) {
      if (guest.text('count') !== '1') t.fail(`${name}, call ${turn}`);
    }
    t.true(guest.stats.stickyPages <= FEW_PAGES);
  }
});

test('entropy is new in every call, and the random stream with it', async (t) => {
  const guest = await readyGuest(t, 'examples/echo');
  const calls = scaled(1000);
  const seen = new Set<string>();
  for (let turn = 0; turn < calls; turn++) {
    seen.add(guest.output('entropy').toString('hex'));
    seen.add(guest.output('random', '32').toString('hex'));
  }
  t.is(seen.size, 2 * calls);
});

test('a large dirty set is given up when calls no longer use it', async (t) => {
  const guest = await readyGuest(t, 'examples/crash', {
    verifyRestore: true,
    config: { heapBytes: 4 << 20 },
  });
  for (let turn = 0; turn < 2; turn++) t.is(guest.text('ok'), 'ok');
  const small = guest.stats.stickyPages;
  t.like(guest.call('loop_pages', '', { timeoutMs: UNDER_QEMU ? 10_000 : 300 }), { kind: 'stopped' });
  t.is(guest.text('ok'), 'ok');
  const large = guest.stats.stickyPages;
  t.true(large >= 900, `most of a heap of 1,024 pages was written, ${large} are known`);
  for (let turn = 0; turn < 200; turn++) t.is(guest.text('ok'), 'ok');
  t.log(`${small} pages, then ${large}, then ${guest.stats.stickyPages}`);
  t.true(guest.stats.stickyPages <= small + 4, `${guest.stats.stickyPages} pages`);
});

test('a dirty set that is used is kept, not learned again and again', async (t) => {
  const guest = await readyGuest(t, 'hostile/leak', { verifyRestore: true });
  const sizes: number[] = [];
  for (let turn = 0; turn < scaled(500, 100); turn++) {
    t.is(guest.call('plant_memory').kind, 'result');
    // What a call wrote is known when it is put back.
    if (turn > 0) sizes.push(guest.stats.stickyPages);
  }
  // Heap and stack of leak.elf: 32 + 64 pages, its data and the output buffer. None known: just learned anew, which
  // happens after 64 calls and then after twice as many each time.
  const known = sizes.filter((pages) => pages > 0);
  for (const pages of known) t.true(pages >= 100 && pages <= 140, `${pages} pages`);
  t.true(sizes.length - known.length <= 4, `learned ${sizes.length - known.length} times`);
});

/** Writes one word on every page of its heap and then checks it; the first words of the input say what. */
const PAGES_SOURCE = `
#include <snapvm.h>
static uint8_t* block;
static size_t size;
static int fill(const uint8_t* input, size_t length) {
  for (size_t at = 0; at < size; at += 4096) {
    if (block[at] != 0) return 1;
    block[at] = length ? input[0] : 1;
  }
  return snapvm_write(&size, sizeof size);
}
int main(void) {
  size = (size_t)1 << 40;
  while (!(block = malloc(size))) size -= size / 64 + 1;
  static const snapvm_handler table[] = {{"fill", fill}};
  snapvm_serve(table, 1);
}
`;

function compilePages(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'snapvm-pages-'));
  try {
    const source = join(folder, 'pages.c');
    const output = join(folder, 'pages.elf');
    writeFileSync(source, PAGES_SOURCE);
    const guest = join(guestPath('examples/echo'), '../..');
    const flags = ['-O2', '-static', '-nostdlib', '-ffreestanding', '-fno-stack-protector'];
    const include = ['-I', join(guest, 'include')];
    execFileSync('gcc', [...flags, ...include, source, join(guest, 'lib/libsnapvm.a'), '-o', output]);
    return new Uint8Array(readFileSync(output));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a guest that writes more pages than the dirty ring holds is put back whole', async (t) => {
  const heapBytes = scaled(64 << 20, 20 << 20);
  const guest = await readyGuest(t, 'pages', {
    elf: compilePages(),
    verifyRestore: true,
    config: { heapBytes: Math.ceil(heapBytes / 4096) * 4096 },
  });
  for (let turn = 0; turn < scaled(10, 3); turn++) {
    const size = Number(guest.output('fill', 'abc').readBigUInt64LE(0));
    t.true(size > 0.95 * heapBytes, `${size} bytes written`);
    if (turn > 0) t.true(guest.stats.stickyPages >= size / 4096 - 2, show(guest.stats));
  }
  t.log(show(guest.stats));
  t.true(guest.stats.rebuilds <= 3, 'the ring grows once, not in every call');
});
