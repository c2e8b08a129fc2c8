/** That the addon makes its system calls where a test can make them fail: native/system/calls.h. */
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';

const NATIVE = new URL('../../../native/', import.meta.url);
/** Where the wrappers are, and what stands behind them in a test build. */
const WRAPPERS = 'system/';
/** Stands for functions of a newer C library. */
const C_LIBRARY = 'prebuilt/';

/**
 * Functions of the C library that a source may call by itself, as it calls them: `::name()`. None of them can fail as
 * they are used here.
 */
const HARMLESS = [
  'close', // gives the descriptor back whatever it answers
  'timer_delete',
  'clock_gettime',
  'nanosleep',
  'sched_yield',
  'sched_getcpu',
  'getpid',
  'geteuid',
  'getauxval',
  'pthread_sigmask',
  'sigprocmask',
];

/** Names that are system calls only, so they are found without `::` too. */
const UNMISTAKABLE =
  /(?<![\w.:>])(?:ioctl|mmap|munmap|mprotect|madvise|mremap|memfd_create|ftruncate|fcntl|clone|fork|vfork|ptrace|waitpid|waitid|wait4|socketpair|socket|sendmsg|recvmsg|timer_create|timer_settime|sigaction|sched_setaffinity|sched_getaffinity|openat|pread|pwrite|preadv|pwritev|dup2|dup3|syscall|execve|execveat|fexecve|prctl|getrandom|fstat|statx|eventfd|epoll_\w+|pidfd_\w+|process_vm_\w+|setrlimit|prlimit|tgkill|pthread_create)\s*\(/g;

const GLOBAL = /(?<![\w>])::([a-z_]\w*)\s*\(/g;

function withoutComments(source: string): string {
  return source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
}

/** The calls in a source that no test can make fail. */
function rawCalls(source: string): string[] {
  const code = withoutComments(source);
  const global = [...code.matchAll(GLOBAL)].map((match) => match[1] ?? '');
  const plain = [...code.matchAll(UNMISTAKABLE)].map((match) => match[0].replace(/\s*\($/, ''));
  return [...global.filter((name) => !HARMLESS.includes(name)), ...plain];
}

test('every system call of the addon that can fail goes through native/system/calls.h', (t) => {
  const sources = readdirSync(NATIVE, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:c|cc|h)$/.test(name) && !name.startsWith(WRAPPERS) && !name.startsWith(C_LIBRARY))
    .sort();
  t.true(sources.length > 100, `${sources.length} sources`);
  for (const name of sources)
    t.deepEqual(rawCalls(readFileSync(new URL(name, NATIVE), 'utf8')), [], `native/${name}: use sys_…`);
});

test('a call that does not is found however it is written', (t) => {
  t.deepEqual(rawCalls('int x = ::open("/dev/kvm", 0); // ::read(1)'), ['open']);
  t.deepEqual(rawCalls('while (waitpid (pid, &s, 0) < 0) {}'), ['waitpid']);
  t.deepEqual(rawCalls('return syscall(SYS_gettid);'), ['syscall']);
  t.deepEqual(rawCalls('const auto n =::pread(fd, p, 1, 0);'), ['pread']);
  t.deepEqual(
    rawCalls('fail_errno("ioctl(x)"); sys_mmap(a); space.mmap(1); snapvm::open(2); ::close(3);'),
    [],
  );
});
