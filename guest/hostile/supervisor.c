/*
 * Ring-0 state that a guest can leave behind: each "*_plant" changes registers that no memory restore puts
 * back and then answers, "look" reports them. "triple" and "hlt" end the virtual machine.
 *
 * The answer of "look" is 28 u64, little-endian, in the order of `enum slot`.
 */
#include <snapvm.h>

enum slot {
  CR0,
  CR2,
  CR3,
  CR4,
  CR8,
  DR0,
  DR1,
  DR2,
  DR3,
  DR6,
  DR7,
  EFER,
  STAR,
  LSTAR,
  CSTAR,
  SFMASK,
  FS_BASE,
  GS_BASE,
  KERNEL_GS_BASE,
  PAT,
  GDT_BASE,
  GDT_LIMIT,
  IDT_BASE,
  IDT_LIMIT,
  CS_SS,
  DS_ES,
  LDT_TASK,
  FLAGS,
  SLOTS
};

#define SECRET 0x00005ec2e75ec2e0u
#define PAT_SECRET 0x0605040106050401u /* only some types are allowed */
#define HANDLER(name)                                                                                        \
  static int name(const uint8_t* input __attribute__((unused)), size_t length __attribute__((unused)))

static const struct {
  enum slot slot;
  uint32_t number;
} msrs[] = {
    {STAR, 0xc0000081},    {LSTAR, 0xc0000082},   {CSTAR, 0xc0000083},          {SFMASK, 0xc0000084},
    {FS_BASE, 0xc0000100}, {GS_BASE, 0xc0000101}, {KERNEL_GS_BASE, 0xc0000102}, {PAT, 0x277},
};
enum { EFER_MSR = 0xc0000080, EFER_SCE = 1 };

struct table_register {
  uint16_t limit;
  uint64_t base;
} __attribute__((packed));

static uint64_t rdmsr(uint32_t number) {
  uint32_t low, high;
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
  return (uint64_t)high << 32 | low;
}

static void wrmsr(uint32_t number, uint64_t value) {
  __asm__ volatile("wrmsr" : : "c"(number), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

#define READ(register, value) __asm__ volatile("movq %%" #register ", %0" : "=r"(value))
#define WRITE(register, value) __asm__ volatile("movq %0, %%" #register : : "r"((uint64_t)(value)) : "memory")

HANDLER(look) {
  uint64_t seen[SLOTS] = {0};
  READ(cr0, seen[CR0]);
  READ(cr2, seen[CR2]);
  READ(cr3, seen[CR3]);
  READ(cr4, seen[CR4]);
  READ(cr8, seen[CR8]);
  READ(db0, seen[DR0]);
  READ(db1, seen[DR1]);
  READ(db2, seen[DR2]);
  READ(db3, seen[DR3]);
  READ(db6, seen[DR6]);
  READ(db7, seen[DR7]);
  seen[EFER] = rdmsr(EFER_MSR);
  for (size_t i = 0; i < sizeof msrs / sizeof *msrs; i++) {
    seen[msrs[i].slot] = rdmsr(msrs[i].number);
  }
  struct table_register gdt, idt;
  uint16_t cs, ss, ds, es, ldt, task;
  __asm__ volatile("sgdt %0; sidt %1" : "=m"(gdt), "=m"(idt));
  __asm__ volatile("movw %%cs, %0; movw %%ss, %1; movw %%ds, %2; movw %%es, %3"
                   : "=r"(cs), "=r"(ss), "=r"(ds), "=r"(es));
  __asm__ volatile("sldt %0; str %1" : "=r"(ldt), "=r"(task));
  __asm__ volatile("pushfq; popq %0" : "=r"(seen[FLAGS]));
  seen[GDT_BASE] = gdt.base;
  seen[GDT_LIMIT] = gdt.limit;
  seen[IDT_BASE] = idt.base;
  seen[IDT_LIMIT] = idt.limit;
  seen[CS_SS] = (uint64_t)ss << 16 | cs;
  seen[DS_ES] = (uint64_t)es << 16 | ds;
  seen[LDT_TASK] = (uint64_t)task << 16 | ldt;
  return snapvm_write(seen, sizeof seen);
}

HANDLER(msr_plant) {
  for (size_t i = 0; i < sizeof msrs / sizeof *msrs; i++) {
    wrmsr(msrs[i].number, msrs[i].slot == PAT ? PAT_SECRET : SECRET);
  }
  wrmsr(EFER_MSR, rdmsr(EFER_MSR) ^ EFER_SCE);
  return snapvm_write("planted", 7);
}

HANDLER(cr_plant) {
  enum { TS = 1 << 3, AM = 1 << 18, WP = 1 << 16, TSD = 1 << 2, DE = 1 << 3, PCE = 1 << 8 };
  uint64_t cr0, cr4;
  READ(cr0, cr0);
  READ(cr4, cr4);
  WRITE(cr2, SECRET);
  WRITE(cr8, 5);
  WRITE(db0, SECRET);
  WRITE(db1, SECRET + 8);
  WRITE(db2, SECRET + 16);
  WRITE(db3, SECRET + 24);
  WRITE(db6, 0xffff0ff1);
  WRITE(db7, 0x00000455);
  WRITE(cr4, cr4 ^ (TSD | PCE));
  WRITE(cr0, cr0 ^ (TS | AM | WP));
  return snapvm_write("planted", 7);
}

HANDLER(gdt_plant) {
  static uint64_t table[8];
  struct table_register gdt = {sizeof table - 1, (uintptr_t)table};
  struct table_register idt = {0xff, SECRET};
  __asm__ volatile("lgdt %0; lidt %1; lldt %w2" : : "m"(gdt), "m"(idt), "r"(0) : "memory");
  __asm__ volatile("movl %0, %%fs; movl %0, %%gs; movl %0, %%ds; movl %0, %%es" : : "r"(0) : "memory");
  return snapvm_write("planted", 7);
}

/* An exception with no table to look it up in, on any processor: a shutdown. */
HANDLER(triple) {
  struct table_register idt = {0, 0};
  __asm__ volatile("lidt %0; ud2" : : "m"(idt) : "memory");
  return 1;
}

HANDLER(hlt) {
  __asm__ volatile("cli; hlt");
  return 1;
}

HANDLER(loop) {
  for (;;)
    __asm__ volatile("");
  return 1;
}

HANDLER(mxcsr_plant) {
  const uint32_t value = 0x1fbf; /* every exception flag but one */
  __asm__ volatile("ldmxcsr %0" : : "m"(value));
  return snapvm_write("planted", 7);
}

HANDLER(mxcsr) {
  uint32_t value;
  __asm__ volatile("stmxcsr %0" : "=m"(value));
  return snapvm_write(&value, sizeof value);
}

HANDLER(ok) {
  return snapvm_write("ok", 2);
}

#define ENTRY(name)                                                                                          \
  {                                                                                                          \
#name, name                                                                                              \
  }
int main(void) {
  static const snapvm_handler table[] = {ENTRY(ok),          ENTRY(look),   ENTRY(msr_plant), ENTRY(cr_plant),
                                         ENTRY(gdt_plant),   ENTRY(triple), ENTRY(hlt),       ENTRY(loop),
                                         ENTRY(mxcsr_plant), ENTRY(mxcsr)};
  snapvm_serve(table, sizeof table / sizeof *table);
}
