// The raw KVM cost of a call: what remains of an isolated call when there is no engine around it.
//
// Each thread owns a VM with one vCPU. Its guest, in ring 3, stores to a byte of each of P pages and leaves
// by a port write. A call is: ask which pages are dirty, copy those back, set the general registers, run to
// the port write. Pages are never write-protected again, so the guest takes no faults after its first run: an
// engine's best case too.
//
//   floor [-t THREADS] [-p PAGES] [-n RUNS]      prints one line of JSON, times in microseconds
//
// A time is the median over the runs of the thread that took longest; calls a second count all threads over
// its time.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum {
  PAGE = 4096,
  LARGE_PAGE = 2 << 20, // what one page table covers
  MEMORY = 16 << 20,
  DATA = 2 << 20, // guest pages from here on are restored; below are code and page tables
  CODE = 0x1000,
  STACK_TOP = 0x8000,
  PML4 = 0x10000,
  PDPT = 0x11000,
  PAGE_DIRECTORY = 0x12000,
  PAGE_TABLES = 0x20000,
  MOST_THREADS = 256,
  CPUID_ENTRIES = 256,
};

// Present, writable, user, and accessed and dirty set beforehand: page walks then write nothing.
static const uint64_t kEntryFlags = 0x67;
static const uint64_t kRing3Flags = 0x3202; // IOPL 3, so that the port needs no I/O bitmap

enum {
  PAGES_PER_WORD = 64,
  BITMAP_WORDS = MEMORY / PAGE / PAGES_PER_WORD,
  FIRST_DATA_WORD = DATA / PAGE / PAGES_PER_WORD
};

// rdi: the first page, esi: how many. Resuming after the port write starts over.
extern const uint8_t guest_begin[], guest_end[];
__asm__(".pushsection .rodata\n"
        "guest_begin:\n"
        "  mov %rdi, %rax\n"
        "  mov %esi, %ecx\n"
        "0: movb $1, (%rax)\n"
        "  add $4096, %rax\n"
        "  dec %ecx\n"
        "  jnz 0b\n"
        "  out %al, $0xe9\n"
        "  jmp guest_begin\n"
        "guest_end:\n"
        ".popsection\n");

typedef struct {
  int threads, pages, runs;
} Options;

typedef struct {
  int kvm, vm, vcpu;
  uint8_t *image, *memory; // what the guest's memory must be before a call, and what it is
  struct kvm_run* run;
  struct kvm_regs entry;
  uint64_t dirty[BITMAP_WORDS];
} Machine;

typedef struct {
  double create, exit, restore, invoke, wall;
} Times;

typedef struct {
  const Options* options;
  pthread_barrier_t* start;
  pthread_t thread;
  Times times;
} Worker;

static void fail(const char* what, const char* why) {
  fprintf(stderr, "floor: %s: %s\n", what, why);
  exit(1);
}

static int checked(int result, const char* what) {
  if (result < 0) fail(what, strerror(errno));
  return result;
}

static void* map(size_t bytes, int flags, int fd) {
  void* at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (at == MAP_FAILED) fail("mmap", strerror(errno));
  return at;
}

static void* zeroed(size_t count, size_t bytes) {
  void* at = calloc(count, bytes);
  if (!at) fail("calloc", strerror(errno));
  return at;
}

static double microseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void create_vm(Machine* m) {
  m->kvm = checked(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
  m->vm = checked(ioctl(m->kvm, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
  struct kvm_enable_cap manual = {.cap = KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
                                  .args = {KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE}};
  checked(ioctl(m->vm, KVM_ENABLE_CAP, &manual), "KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2");
}

static void create_memory(Machine* m) {
  m->image = map(MEMORY, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  m->memory = map(MEMORY, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  memset(m->image + DATA, 7,
         MEMORY - DATA); // pages of its own: copying from the shared zero page would be cheaper
  struct kvm_userspace_memory_region slot = {
      .flags = KVM_MEM_LOG_DIRTY_PAGES, .memory_size = MEMORY, .userspace_addr = (uintptr_t)m->memory};
  checked(ioctl(m->vm, KVM_SET_USER_MEMORY_REGION, &slot), "KVM_SET_USER_MEMORY_REGION");
}

static void create_vcpu(Machine* m) {
  m->vcpu = checked(ioctl(m->vm, KVM_CREATE_VCPU, 0), "KVM_CREATE_VCPU");
  int bytes = checked(ioctl(m->kvm, KVM_GET_VCPU_MMAP_SIZE, 0), "KVM_GET_VCPU_MMAP_SIZE");
  m->run = map((size_t)bytes, MAP_SHARED, m->vcpu);
  struct kvm_cpuid2* cpuid = zeroed(1, sizeof *cpuid + CPUID_ENTRIES * sizeof cpuid->entries[0]);
  cpuid->nent = CPUID_ENTRIES;
  checked(ioctl(m->kvm, KVM_GET_SUPPORTED_CPUID, cpuid), "KVM_GET_SUPPORTED_CPUID");
  checked(ioctl(m->vcpu, KVM_SET_CPUID2, cpuid), "KVM_SET_CPUID2");
  free(cpuid);
}

static uint64_t* table_at(const Machine* m, uint64_t gpa) {
  return (uint64_t*)(void*)(m->memory + gpa);
}

static void identity_map(const Machine* m) {
  table_at(m, PML4)[0] = PDPT | kEntryFlags;
  table_at(m, PDPT)[0] = PAGE_DIRECTORY | kEntryFlags;
  for (uint64_t i = 0; i < MEMORY / LARGE_PAGE; i++)
    table_at(m, PAGE_DIRECTORY)[i] = (PAGE_TABLES + i * PAGE) | kEntryFlags;
  for (uint64_t i = 0; i < MEMORY / PAGE; i++)
    table_at(m, PAGE_TABLES)[i] = (i * PAGE) | kEntryFlags;
}

static struct kvm_segment ring3_segment(uint16_t selector, uint8_t type) {
  return (struct kvm_segment){
      .limit = UINT32_MAX, .selector = selector, .type = type, .present = 1, .dpl = 3, .s = 1, .g = 1};
}

static void enter_ring3(Machine* m, int pages) {
  struct kvm_sregs s;
  checked(ioctl(m->vcpu, KVM_GET_SREGS, &s), "KVM_GET_SREGS");
  s.cr0 = 0x80050033; // PG AM WP NE ET MP PE
  s.cr3 = PML4;
  s.cr4 = 0x620;  // OSXMMEXCPT OSFXSR PAE
  s.efer = 0xd00; // NXE LMA LME
  s.cs = ring3_segment(0x33, 11);
  s.cs.l = 1;
  s.ss = ring3_segment(0x2b, 3);
  s.ss.db = 1;
  s.ds = s.es = s.fs = s.gs = s.ss;
  checked(ioctl(m->vcpu, KVM_SET_SREGS, &s), "KVM_SET_SREGS");
  m->entry = (struct kvm_regs){
      .rip = CODE, .rsp = STACK_TOP, .rflags = kRing3Flags, .rdi = DATA, .rsi = (uint64_t)pages};
}

static void run(const Machine* m) {
  checked(ioctl(m->vcpu, KVM_RUN, 0), "KVM_RUN");
  if (m->run->exit_reason == KVM_EXIT_IO) return;
  fprintf(stderr, "floor: the guest left with KVM exit reason %u instead of a port write\n",
          m->run->exit_reason);
  exit(1);
}

static void call(const Machine* m) {
  checked(ioctl(m->vcpu, KVM_SET_REGS, &m->entry), "KVM_SET_REGS");
  run(m);
}

static void restore(Machine* m) {
  struct kvm_dirty_log log = {.dirty_bitmap = m->dirty};
  checked(ioctl(m->vm, KVM_GET_DIRTY_LOG, &log), "KVM_GET_DIRTY_LOG");
  for (size_t word = FIRST_DATA_WORD; word < BITMAP_WORDS; word++) {
    for (uint64_t bits = m->dirty[word]; bits; bits &= bits - 1) {
      size_t offset = (word * PAGES_PER_WORD + (size_t)__builtin_ctzll(bits)) * PAGE;
      memcpy(m->memory + offset, m->image + offset, PAGE);
    }
  }
}

static void create(Machine* m, int pages) {
  create_vm(m);
  create_memory(m);
  create_vcpu(m);
  identity_map(m);
  memcpy(m->memory + CODE, guest_begin, (size_t)(guest_end - guest_begin));
  enter_ring3(m, pages);
  call(m);
}

static int ascending(const void* a, const void* b) {
  double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

/* Takes the samples: they are sorted and freed. */
static double median(double* samples, int count) {
  qsort(samples, (size_t)count, sizeof *samples, ascending);
  double middle = samples[count / 2];
  free(samples);
  return middle;
}

static void measure_calls(Machine* m, int runs, Times* times) {
  double *restores = zeroed((size_t)runs, sizeof(double)), *invokes = zeroed((size_t)runs, sizeof(double));
  double start = microseconds();
  for (int i = 0; i < runs; i++) {
    double before = microseconds();
    restore(m);
    restores[i] = microseconds() - before;
    call(m);
    invokes[i] = microseconds() - before;
  }
  times->wall = microseconds() - start;
  times->restore = median(restores, runs);
  times->invoke = median(invokes, runs);
}

static void measure_exits(const Machine* m, int runs, Times* times) {
  double* exits = zeroed((size_t)runs, sizeof(double));
  for (int i = 0; i < runs; i++) {
    double before = microseconds();
    run(m);
    exits[i] = microseconds() - before;
  }
  times->exit = median(exits, runs);
}

static void* work(void* argument) {
  Worker* worker = argument;
  Machine* m = zeroed(1, sizeof *m);
  double before = microseconds();
  create(m, worker->options->pages);
  worker->times.create = microseconds() - before;
  pthread_barrier_wait(worker->start);
  measure_calls(m, worker->options->runs, &worker->times);
  measure_exits(m, worker->options->runs, &worker->times);
  free(m); // what KVM holds goes with the process: closing it here would disturb threads that still measure
  return NULL;
}

static Times slowest(Worker* workers, const Options* options) {
  pthread_barrier_t start;
  pthread_barrier_init(&start, NULL, (unsigned)options->threads);
  for (int i = 0; i < options->threads; i++) {
    workers[i] = (Worker){.options = options, .start = &start};
    int error = pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    if (error) fail("pthread_create", strerror(error));
  }
  Times worst = {0};
  for (int i = 0; i < options->threads; i++) {
    pthread_join(workers[i].thread, NULL);
    if (workers[i].times.wall > worst.wall) worst = workers[i].times;
  }
  pthread_barrier_destroy(&start);
  return worst;
}

static int number(const char* text, int most) {
  char* end;
  long value = strtol(text, &end, 10);
  return *text && !*end && value >= 1 && value <= most ? (int)value : 0;
}

static Options parse(int argc, char** argv) {
  Options options = {.threads = 1, .pages = 8, .runs = 5000};
  int unknown = 0;
  for (int option; (option = getopt(argc, argv, "t:p:n:")) != -1;) {
    if (option == 't')
      options.threads = number(optarg, MOST_THREADS);
    else if (option == 'p')
      options.pages = number(optarg, (MEMORY - DATA) / PAGE);
    else if (option == 'n')
      options.runs = number(optarg, 100000000);
    else
      unknown = 1;
  }
  if (unknown || optind < argc || !options.threads || !options.pages || !options.runs) {
    fprintf(stderr, "usage: floor [-t THREADS (1-%d)] [-p PAGES (1-%d)] [-n RUNS]\n", MOST_THREADS,
            (MEMORY - DATA) / PAGE);
    exit(2);
  }
  return options;
}

int main(int argc, char** argv) {
  Options options = parse(argc, argv);
  Worker* workers = zeroed((size_t)options.threads, sizeof *workers);
  Times t = slowest(workers, &options);
  free(workers);
  printf("{\"threads\":%d,\"pages\":%d,\"runs\":%d,\"create_us\":%.1f,\"exit_us\":%.2f,\"restore_us\":%.2f,"
         "\"invoke_us\":%.2f,\"invokes_per_s\":%.0f}\n",
         options.threads, options.pages, options.runs, t.create, t.exit, t.restore, t.invoke,
         options.threads * (double)options.runs / t.wall * 1e6);
  return fflush(stdout) == 0 ? 0 : 1;
}
