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
#include "machine.h"

#include <pthread.h>

enum {
  LEAST_MEMORY = 16 << 20,
  MOST_MEMORY = 128 << 20,
  MOST_THREADS = 256,
  PAGES_PER_WORD = 64,
  FIRST_DATA_WORD = DATA / PAGE / PAGES_PER_WORD
};

typedef struct {
  int threads, pages, runs;
} Options;

typedef struct {
  Machine machine;
  uint8_t* image; // what the guest's memory must be before a call
  uint64_t* dirty;
} Sandbox;

typedef struct {
  double create, exit, restore, invoke, wall;
} Times;

typedef struct {
  const Options* options;
  pthread_barrier_t* start;
  pthread_t thread;
  Times times;
} Worker;

static size_t memory_for(int pages) {
  const size_t needed = DATA + (size_t)pages * PAGE;
  return needed <= LEAST_MEMORY ? LEAST_MEMORY : (needed + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
}

static void create_memory(Sandbox* s, int pages) {
  Machine* m = &s->machine;
  m->bytes = memory_for(pages);
  s->image = map(m->bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  m->memory = map(m->bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  memset(s->image + DATA, 7,
         m->bytes - DATA); // pages of its own: copying from the shared zero page would be cheaper
  set_slot(m, 0, 0, m->memory, m->bytes);
  s->dirty = zeroed(m->bytes / PAGE / PAGES_PER_WORD, sizeof *s->dirty);
}

static void restore(Sandbox* s) {
  const Machine* m = &s->machine;
  struct kvm_dirty_log log = {.dirty_bitmap = s->dirty};
  checked(ioctl(m->vm, KVM_GET_DIRTY_LOG, &log), "KVM_GET_DIRTY_LOG");
  for (size_t word = FIRST_DATA_WORD; word < m->bytes / PAGE / PAGES_PER_WORD; word++) {
    for (uint64_t bits = s->dirty[word]; bits; bits &= bits - 1) {
      size_t offset = (word * PAGES_PER_WORD + (size_t)__builtin_ctzll(bits)) * PAGE;
      memcpy(m->memory + offset, s->image + offset, PAGE);
    }
  }
}

static void create(Sandbox* s, int pages) {
  create_vm(&s->machine);
  create_memory(s, pages);
  create_vcpu(&s->machine);
  load_guest(&s->machine, pages);
  call(&s->machine);
}

static void measure_calls(Sandbox* s, int runs, Times* times) {
  double *restores = zeroed((size_t)runs, sizeof(double)), *invokes = zeroed((size_t)runs, sizeof(double));
  double start = microseconds();
  for (int i = 0; i < runs; i++) {
    double before = microseconds();
    restore(s);
    restores[i] = microseconds() - before;
    call(&s->machine);
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
  Sandbox* s = zeroed(1, sizeof *s);
  double before = microseconds();
  create(s, worker->options->pages);
  worker->times.create = microseconds() - before;
  pthread_barrier_wait(worker->start);
  measure_calls(s, worker->options->runs, &worker->times);
  measure_exits(&s->machine, worker->options->runs, &worker->times);
  free(s); // what KVM holds goes with the process: closing it here would disturb threads that still measure
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

static Options parse(int argc, char** argv) {
  Options options = {.threads = 1, .pages = 8, .runs = 5000};
  int unknown = 0;
  for (int option; (option = getopt(argc, argv, "t:p:n:")) != -1;) {
    if (option == 't')
      options.threads = number(optarg, MOST_THREADS);
    else if (option == 'p')
      options.pages = number(optarg, (MOST_MEMORY - DATA) / PAGE);
    else if (option == 'n')
      options.runs = number(optarg, 100000000);
    else
      unknown = 1;
  }
  if (unknown || optind < argc || !options.threads || !options.pages || !options.runs) {
    fprintf(stderr, "usage: floor [-t THREADS (1-%d)] [-p PAGES (1-%d)] [-n RUNS]\n", MOST_THREADS,
            (MOST_MEMORY - DATA) / PAGE);
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
