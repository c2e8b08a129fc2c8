/* Addresses of the part of a guest process that is not the guest's: above every address that a guest can
 * have, below the end of what a process may map. For assembly and C++. */
#ifndef SNAPVM_PROCESS_LAYOUT_H
#define SNAPVM_PROCESS_LAYOUT_H

#define STUB_BASE 0x7e0000000000
/* Where the vDSO was when it was unmapped. On Intel's processors `sysenter` leads to the lower 32 bits of
 * this address, below any address at which a guest can have something. */
#define STUB_VDSO 0x7d0000001000
#define STUB_VDSO_MOST_BYTES 0xf000
/* The monitor's user page, where a guest is entered. */
#define STUB_MONITOR (STUB_BASE + 0x1000)
/* The system calls that the stub is to make; the process can only read them. */
#define STUB_COMMANDS (STUB_BASE + 0x4000)
#define STUB_COMMANDS_BYTES 0x2000
/* Where the kernel writes what it knows of a fault. */
#define STUB_FRAME (STUB_BASE + 0x8000)
#define STUB_FRAME_MOST_BYTES 0x8000
/* Memory that the zygote shares with this thread, and a clone too until it is locked in. */
#define STUB_SHARED (STUB_BASE + 0x10000)
#define STUB_SHARED_BYTES 0x2000
#define STUB_END (STUB_BASE + 0x20000)

#define COMMAND_BYTES 56

/* What the stub does about PKRU, by which a guest may have shut memory even to the kernel. NONE: nothing, as
 * the processor has no PKRU. KEPT: it opens all memory, and puts PKRU back in the end. OPENED: it opens all
 * memory. */
#define STUB_PKRU_NONE 0
#define STUB_PKRU_KEPT 1
#define STUB_PKRU_OPENED 2

#endif
