// The raw KVM cost of creating: what a VM takes in time and memory when there is no engine around it.
//
// A guest's memory is what the engine's is: two slots, one a private mapping of a file in memory, the other
// memory of its own with a piece of that file in the middle (page tables and monitor), none of which follows
// a fork. `vm_us` is a VM with its vCPU, memory included; `shell_us` is the memory alone, given to a VM that
// has none. `vm_bytes` is what the system has less of for each VM that has run once, beyond the pages of
// guest memory that were written.
//
//   create [-i IMAGE_PAGES] [-s SCRATCH_PAGES] [-n RUNS] [-m MACHINES]
//
// Prints one line of JSON; times are medians in microseconds, but for `shell_least_us`, of the least
// disturbed tenth: removing and adding slots waits for grace periods, which take three times as long when a
// processor has to wake up for them.
#define _GNU_SOURCE
#include "machine.h"

enum {
  MOST_PAGES = 1 << 20,
  MOST_MACHINES = 4096,
  DATA_PAGES = 4,
};
static const uint64_t kScratch = 1ull << 35;

typedef struct {
  int image_pages, scratch_pages, runs, machines;
} Options;

typedef struct {
  uint8_t *image, *scratch;
} Memory;

typedef struct {
  double least, median; // least: of the least disturbed tenth
} Spread;

static void keep_from_fork(uint8_t* at, int pages) {
  checked(madvise(at, (size_t)pages * PAGE, MADV_DONTFORK), "MADV_DONTFORK");
}

static Memory map_memory(const Options* o, int file) {
  Memory memory = {.image = map((size_t)o->image_pages * PAGE, MAP_PRIVATE | MAP_NORESERVE, file),
                   .scratch =
                       map((size_t)o->scratch_pages * PAGE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1)};
  const int tail = o->scratch_pages / 2;
  if (mmap(memory.scratch + (size_t)tail / 2 * PAGE, (size_t)tail * PAGE, PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, file, 0) == MAP_FAILED)
    fail("mmap", strerror(errno));
  keep_from_fork(memory.image, o->image_pages);
  keep_from_fork(memory.scratch, o->scratch_pages);
  return memory;
}

static void unmap_memory(const Options* o, Memory memory) {
  checked(munmap(memory.image, (size_t)o->image_pages * PAGE), "munmap");
  checked(munmap(memory.scratch, (size_t)o->scratch_pages * PAGE), "munmap");
}

static void set_slots(const Machine* m, const Options* o, Memory memory) {
  set_slot(m, 0, 0, memory.image, (size_t)o->image_pages * PAGE);
  set_slot(m, 1, kScratch, memory.scratch, (size_t)o->scratch_pages * PAGE);
}

static void remove_slots(const Machine* m) {
  set_slot(m, 0, 0, NULL, 0);
  set_slot(m, 1, kScratch, NULL, 0);
}

static void destroy(const Machine* m) {
  checked(munmap(m->run, (size_t)ioctl(m->kvm, KVM_GET_VCPU_MMAP_SIZE, 0)), "munmap");
  close(m->vcpu);
  close(m->vm);
  close(m->kvm);
}

/* A VM of which the guest has run. */
static Machine start(const Options* o, int file) {
  Machine m = {.bytes = (size_t)o->image_pages * PAGE};
  create_vm(&m);
  Memory memory = map_memory(o, file);
  set_slots(&m, o, memory);
  m.memory = memory.image;
  create_vcpu(&m);
  load_guest(&m, DATA_PAGES);
  call(&m);
  return m;
}

static double measure_vm(const Options* o, int file) {
  double* times = zeroed((size_t)o->runs, sizeof(double));
  for (int i = 0; i < o->runs; i++) {
    Machine m = {0};
    double before = microseconds();
    create_vm(&m);
    Memory memory = map_memory(o, file);
    set_slots(&m, o, memory);
    create_vcpu(&m);
    times[i] = microseconds() - before;
    destroy(&m);
    unmap_memory(o, memory);
  }
  return median(times, o->runs);
}

static Spread measure_shell(const Options* o, int file) {
  Machine m = {0};
  create_vm(&m);
  create_vcpu(&m);
  double* times = zeroed((size_t)o->runs, sizeof(double));
  for (int i = 0; i < o->runs; i++) {
    double before = microseconds();
    Memory memory = map_memory(o, file);
    set_slots(&m, o, memory);
    times[i] = microseconds() - before;
    remove_slots(&m);
    unmap_memory(o, memory);
  }
  destroy(&m);
  const Spread spread = {.least = quantile(times, o->runs, 0.1), .median = quantile(times, o->runs, 0.5)};
  free(times);
  return spread;
}

/* What the system has in use and cannot give away, in bytes: page cache that is not shared memory is left
 * out. */
static double used_bytes(void) {
  FILE* file = fopen("/proc/meminfo", "r");
  if (!file) fail("/proc/meminfo", strerror(errno));
  char name[64];
  double kib, used = 0;
  while (fscanf(file, "%63[^:]: %lf kB\n", name, &kib) == 2 || fscanf(file, "%*[^\n]\n") == 0) {
    if (!strcmp(name, "MemTotal") || !strcmp(name, "Shmem")) used += kib;
    if (!strcmp(name, "MemFree") || !strcmp(name, "Buffers") || !strcmp(name, "Cached")) used -= kib;
    if (feof(file)) break;
  }
  fclose(file);
  return used * 1024;
}

static double measure_bytes(const Options* o, int file) {
  start(o, file); // what the first one takes, others need not
  usleep(500000); // the kernel frees what is gone when it comes to it
  double before = used_bytes();
  for (int i = 0; i < o->machines; i++)
    start(o, file);
  // PML4, page directories and the first page, and a table for each 2 MiB
  const int written = DATA_PAGES + 4 + o->image_pages * PAGE / LARGE_PAGE;
  return (used_bytes() - before) / o->machines - (double)written * PAGE;
}

static Options parse(int argc, char** argv) {
  Options options = {.image_pages = 1024, .scratch_pages = 128, .runs = 200, .machines = 100};
  int unknown = 0;
  for (int option; (option = getopt(argc, argv, "i:s:n:m:")) != -1;) {
    if (option == 'i')
      options.image_pages = number(optarg, MOST_PAGES);
    else if (option == 's')
      options.scratch_pages = number(optarg, MOST_PAGES);
    else if (option == 'n')
      options.runs = number(optarg, 100000);
    else if (option == 'm')
      options.machines = number(optarg, MOST_MACHINES);
    else
      unknown = 1;
  }
  const int large = LARGE_PAGE / PAGE;
  if (unknown || optind < argc || !options.runs || !options.machines || !options.scratch_pages ||
      options.image_pages < 2 * large || options.image_pages % large != 0) {
    fprintf(stderr,
            "usage: create [-i IMAGE_PAGES (a multiple of %d, from %d)] [-s SCRATCH_PAGES] [-n RUNS] [-m "
            "MACHINES]\n",
            large, 2 * large);
    exit(2);
  }
  return options;
}

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  int file = checked(memfd_create("image", MFD_CLOEXEC), "memfd_create");
  checked(ftruncate(file, (off_t)options.image_pages * PAGE), "ftruncate");
  const double vm = measure_vm(&options, file);
  const Spread shell = measure_shell(&options, file);
  const double bytes = measure_bytes(&options, file);
  printf("{\"vm_us\":%.1f,\"shell_us\":%.2f,\"shell_least_us\":%.2f,\"vm_bytes\":%.0f}\n", vm, shell.median,
         shell.least, bytes);
  return fflush(stdout) == 0 ? 0 : 1;
}
