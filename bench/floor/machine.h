// A VM with one vCPU and the smallest guest there is in ring 3, on nothing but KVM.
//
// The guest stores to a byte of each of P pages and leaves by a port write.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
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
  DATA = 2 << 20,       // guest pages from here on are the guest's to write; below are code and page tables
  CODE = 0x1000,
  STACK_TOP = 0x8000,
  PML4 = 0x10000,
  PDPT = 0x11000,
  PAGE_DIRECTORY = 0x12000,
  PAGE_TABLES = 0x20000,
  CPUID_ENTRIES = 256,
};

// Present, writable, user, and accessed and dirty set beforehand: page walks then write nothing.
static const uint64_t kEntryFlags = 0x67;
static const uint64_t kRing3Flags = 0x3202; // IOPL 3, so that the port needs no I/O bitmap

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
  int kvm, vm, vcpu;
  uint8_t* memory; // from guest physical address 0 on
  size_t bytes;    // of it, in whole LARGE_PAGEs
  struct kvm_run* run;
  struct kvm_regs entry;
} Machine;

static void fail(const char* what, const char* why) {
  fprintf(stderr, "%s: %s\n", what, why);
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

static int ascending(const void* a, const void* b) {
  double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

static double quantile(double* samples, int count, double share) {
  qsort(samples, (size_t)count, sizeof *samples, ascending);
  return samples[(int)(count * share)];
}

/* Takes the samples: they are freed. */
static double median(double* samples, int count) {
  double middle = quantile(samples, count, 0.5);
  free(samples);
  return middle;
}

static int number(const char* text, int most) {
  char* end;
  long value = strtol(text, &end, 10);
  return *text && !*end && value >= 1 && value <= most ? (int)value : 0;
}

static void create_vm(Machine* m) {
  m->kvm = checked(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
  m->vm = checked(ioctl(m->kvm, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
  struct kvm_enable_cap manual = {.cap = KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
                                  .args = {KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE}};
  checked(ioctl(m->vm, KVM_ENABLE_CAP, &manual), "KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2");
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

static void set_slot(const Machine* m, uint32_t slot, uint64_t gpa, const uint8_t* at, size_t bytes) {
  struct kvm_userspace_memory_region region = {.slot = slot,
                                               .flags = KVM_MEM_LOG_DIRTY_PAGES,
                                               .guest_phys_addr = gpa,
                                               .memory_size = bytes,
                                               .userspace_addr = (uintptr_t)at};
  checked(ioctl(m->vm, KVM_SET_USER_MEMORY_REGION, &region), "KVM_SET_USER_MEMORY_REGION");
}

static uint64_t* table_at(const Machine* m, uint64_t gpa) {
  return (uint64_t*)(void*)(m->memory + gpa);
}

static void identity_map(const Machine* m) {
  table_at(m, PML4)[0] = PDPT | kEntryFlags;
  table_at(m, PDPT)[0] = PAGE_DIRECTORY | kEntryFlags;
  for (uint64_t i = 0; i < m->bytes / LARGE_PAGE; i++)
    table_at(m, PAGE_DIRECTORY)[i] = (PAGE_TABLES + i * PAGE) | kEntryFlags;
  for (uint64_t i = 0; i < m->bytes / PAGE; i++)
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

/* Code and tables, for a guest that writes to so many pages. Its memory has to be there. */
static void load_guest(Machine* m, int pages) {
  identity_map(m);
  memcpy(m->memory + CODE, guest_begin, (size_t)(guest_end - guest_begin));
  enter_ring3(m, pages);
}

static void run(const Machine* m) {
  checked(ioctl(m->vcpu, KVM_RUN, 0), "KVM_RUN");
  if (m->run->exit_reason == KVM_EXIT_IO) return;
  fprintf(stderr, "the guest left with KVM exit reason %u instead of a port write\n", m->run->exit_reason);
  exit(1);
}

static void call(const Machine* m) {
  checked(ioctl(m->vcpu, KVM_SET_REGS, &m->entry), "KVM_SET_REGS");
  run(m);
}
