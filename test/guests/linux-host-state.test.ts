// What the host remembers of a frozen Linux guest, damaged: it is refused, or used, but never hangs or ends the process.
import test from 'ava';
import { Sandbox } from '../../workers/sandbox.js';
import { nextTicket, outcomeOf, PATIENT, readyGuest, TEST_BACKEND, UNDER_QEMU } from '../support/sandbox.js';
import { compile, documentedCommands, isInstalled } from '../support/sandbox-compile.js';

/** Freezes with some of everything, and uses all of it in a call. */
const GUEST = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <snapvm.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
enum { PAGE = 4096 };
static char* area;
static long first;
static int ends[2], file, folder;
static int run(const uint8_t* input, size_t length) {
  char text[300];
  int failed = syscall(SYS_brk, first) != first;
  failed += rename("/tmp/a", "/tmp/b/c/a") != 0;
  failed += chdir("/tmp/b/c/a") != 0 || getcwd(text, sizeof text) == NULL;
  failed += write(ends[1], text, 100) != 100 || read(ends[0], text, 105) != 105;
  failed += pwrite(file, text, 5, 50) != 5 || ftruncate(file, 3) != 0 || close(file) != 0;
  failed += syscall(SYS_getdents64, folder, text, sizeof text) <= 0 || dup2(folder, 1) != 1;
  failed += munmap(area + PAGE, PAGE) != 0 || mprotect(area, PAGE, PROT_READ) != 0;
  failed += mremap(area + 2 * PAGE, PAGE, 8 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED;
  failed += mmap(NULL, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
  (void)input, (void)length;
  return failed;
}
static const snapvm_handler table[] = {{"run", run}};
int main(void) {
  first = syscall(SYS_brk, 0);
  syscall(SYS_brk, first + 5 * PAGE);
  mkdir("/tmp/a", 0700), mkdir("/tmp/b", 0700), mkdir("/tmp/b/c", 0700);
  file = open("/tmp/a/file", O_RDWR | O_CREAT, 0600), folder = open("/tmp/b", O_RDONLY);
  if (write(file, "file", 4) != 4 || pipe(ends) != 0 || write(ends[1], "piped", 5) != 5) return 1;
  area = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(area + 3 * PAGE, PAGE, PROT_NONE);
  snapvm_serve(table, 1);
}
`;
/** Of eight bytes that are a number, one of the highest three is among every third. */
const STEP = UNDER_QEMU ? 15 : 3;

test('bytes of it changed, and its end missing', async (t) => {
  if (!isInstalled('gcc')) {
    t.log('not tested: gcc is not installed');
    t.pass();
    return;
  }
  t.timeout(120_000);
  const elf = compile(documentedCommands().linux, 'gcc', GUEST);
  const config = { heapBytes: 2 ** 20, stackBytes: 2 ** 18 };
  const { descriptor } = await readyGuest(t, 'damaged', { elf, config });
  const options = { maxExits: 1000, maxLogBytes: 0, verifyRestore: false };
  const { hostState } = descriptor;
  if (hostState === undefined) throw new Error('it has no state');
  const run = (state: Uint8Array): string => {
    const outcome = outcomeOf(() => {
      const sandbox = new Sandbox({ ...descriptor, hostState: state }, options, TEST_BACKEND);
      try {
        return sandbox.call(new Uint8Array(), 0, nextTicket(), PATIENT);
      } finally {
        sandbox.close();
      }
    });
    if (outcome.kind === 'error') return outcome.code;
    return outcome.kind === 'result' ? `result ${outcome.code}` : outcome.kind;
  };
  t.is(run(hostState), 'result 0');
  const seen = new Map<string, number>();
  for (let at = 0; at < hostState.length; at += STEP) {
    const state = hostState.slice();
    state[at] = (state[at] ?? 0) ^ 0xff;
    const what = run(state);
    seen.set(what, (seen.get(what) ?? 0) + 1);
    t.regex(what, /^(result \d+|exited|fault|SNAPVM_(INTERNAL|LINUX_STUCK|GUEST_LIMIT))$/, `${at}`);
  }
  for (let length = 1; length < hostState.length; length += 97)
    t.is(run(hostState.slice(0, length)), 'SNAPVM_INTERNAL');
  t.log(`${hostState.length} bytes`, JSON.stringify([...seen]));
});
