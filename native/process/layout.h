/* The part of a guest's process that is not the guest's: above every address a guest can have, below the end
 * of what a process may map. For assembly and C++. */
#ifndef SNAPVM_PROCESS_LAYOUT_H
#define SNAPVM_PROCESS_LAYOUT_H

#define STUB_BASE 0x7e0000000000
/* Where the vDSO was when it was taken away. `sysenter` leads there, on Intel's processors, with the lower 32
 * bits for an address: below any that a guest can have something at. */
#define STUB_VDSO 0x7d0000001000
#define STUB_VDSO_MOST_BYTES 0xf000
/* The monitor's user page: where a guest is entered. */
#define STUB_MONITOR (STUB_BASE + 0x1000)
/* System calls for the stub to make; read-only to the process. */
#define STUB_COMMANDS (STUB_BASE + 0x4000)
#define STUB_COMMANDS_BYTES 0x2000
/* Where the kernel writes what it knows of a fault. */
#define STUB_FRAME (STUB_BASE + 0x8000)
#define STUB_FRAME_MOST_BYTES 0x8000
/* Shared with the nursery's own process while a child is made. */
#define STUB_NURSERY (STUB_BASE + 0x10000)
#define STUB_NURSERY_BYTES 0x2000
#define STUB_END (STUB_BASE + 0x20000)

#define COMMAND_BYTES 56

/* What the stub does about PKRU, by which a guest may have shut memory even to the kernel: nothing, where the
 * processor has none; opens it, and puts it back; opens it for good. */
#define STUB_PKRU_NONE 0
#define STUB_PKRU_KEPT 1
#define STUB_PKRU_OPENED 2

#endif
