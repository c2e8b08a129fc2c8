/* Takes what a host has to keep for a program, in ways that may not be counted, or not be put back. The first
 * argument says which; "mask" takes its orders from standard input. */
#include "show.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#define MIB (1u << 20)
#define FILE_MIB 30

/* What rt_sigreturn reads of a frame (struct rt_sigframe); general registers by their place in ucontext. */
struct frame {
  uint64_t return_address;
  uint64_t context[38];
  char info[128];
};
enum { RBP = 5 + 10, RBX = 5 + 11, RSP = 5 + 15, RIP = 5 + 16, FLAGS = 5 + 17, MASK = 37 };

/* Returns from a signal there never was: no other system call tells that the mask changes. */
__attribute__((noinline)) static void forge_mask(uint64_t mask) {
  static struct frame frame;
  extern char after_return[];
  __asm__ volatile("mov %%rsp, %0\n mov %%rbp, %1\n mov %%rbx, %2"
                   : "=m"(frame.context[RSP]), "=m"(frame.context[RBP]), "=m"(frame.context[RBX]));
  frame.context[RIP] = (uint64_t)after_return;
  frame.context[FLAGS] = 0x202;
  frame.context[MASK] = mask;
  __asm__ volatile("mov %0, %%rsp\n mov $15, %%eax\n syscall\n .globl after_return\n after_return:"
                   :
                   : "r"((char*)&frame + sizeof frame.return_address)
                   : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
                     "memory");
}

static int mask(void) {
  char order = 0;
  if (read(0, &order, 1) != 1) return 1;
  if (order == 's') {
    forge_mask(0xabcd00);
    syscall(SYS_exit_group, 0);
  }
  uint64_t blocked = 0;
  syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &blocked, 8);
  printf("%llx\n", (unsigned long long)blocked);
  return 0;
}

static int write_file(const char* path) {
  const int file = open(path, O_RDWR | O_CREAT, 0600);
  char* bytes = malloc(MIB);
  if (file < 0 || bytes == NULL) return -1;
  memset(bytes, 1, MIB);
  for (int i = 0; i < FILE_MIB; i++) {
    if (write(file, bytes, MIB) != MIB) return -1;
  }
  free(bytes);
  return file;
}

/* Files that were large and are empty. */
static int shrink(int files) {
  for (int i = 0; i < files; i++) {
    char path[32];
    snprintf(path, sizeof path, "/tmp/%d", i);
    const int file = write_file(path);
    if (file < 0 || ftruncate(file, 0) != 0 || close(file) != 0) return 1;
  }
  return 0;
}

/* Changes the rights of pages whose memory lies in the opposite order, again and again. */
static int rights(int rounds) {
  enum { PAGES = 12000, PAGE = 4096 };
  static char other[2 * PAGE] __attribute__((aligned(PAGE)));
  char* area = mmap(NULL, (size_t)PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (area == MAP_FAILED || munmap(area, (size_t)PAGES * PAGE) != 0) return 1;
  for (int i = PAGES - 1; i >= 0; i--) {
    char* page = area + (size_t)i * PAGE;
    if (mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != page) return 1;
  }
  other[0] = 1;
  if (mprotect(other, PAGE, PROT_READ) != 0 || mprotect(other, PAGE, PROT_READ | PROT_WRITE) != 0) return 1;
  for (int i = 0; i < rounds; i++) {
    if (mprotect(area, (size_t)PAGES * PAGE, i % 2 == 0 ? PROT_READ : PROT_READ | PROT_WRITE) != 0) return 1;
  }
  return 0;
}

static uint64_t components;

/* The area's header says which components it holds. */
static void on_signal(int number, siginfo_t* info, void* context) {
  (void)number, (void)info;
  uint8_t* area = (uint8_t*)((ucontext_t*)context)->uc_mcontext.fpregs;
  uint64_t held;
  memcpy(&held, area + 512, sizeof held);
  held |= components;
  memcpy(area + 512, &held, sizeof held);
}

/* Returns from a signal with components of vector registers that a program does not have. */
static int vectors(int component) {
  const struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
  components = component < 0 ? 0 : (uint64_t)1 << component;
  return sigaction(SIGUSR1, &action, NULL) != 0 || raise(SIGUSR1) != 0;
}

int main(int count, char** args) {
  if (count < 2) return 2;
  const int times = count > 2 ? atoi(args[2]) : 1;
  if (strcmp(args[1], "mask") == 0) return mask();
  if (strcmp(args[1], "file") == 0) return write_file("/tmp/file") < 0;
  if (strcmp(args[1], "shrink") == 0) return shrink(times);
  if (strcmp(args[1], "vectors") == 0) return vectors(times);
  if (strcmp(args[1], "rights") == 0) return rights(times);
  return 2;
}
