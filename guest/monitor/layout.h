/* The monitor and the guest ABI in numbers, for assembly, C and C++. src/base/abi.ts holds the same numbers
 * for TypeScript; test/snapshot/abi.test.ts proves the two equal. Integer macros only: the assembler reads
 * this file too.
 */
#ifndef SNAPVM_MONITOR_LAYOUT_H
#define SNAPVM_MONITOR_LAYOUT_H

#define SNAPVM_BASE_ADDRESS 0x1000
#define SNAPVM_KERNEL_HIGH_BASE 0xffffffff80000000
#define SNAPVM_MAX_GPA 0xfffffffff

/* Page 0 (supervisor, read and execute): descriptor tables and fault stubs. */
#define MONITOR_GDT 0x000
#define MONITOR_GDT_BYTES 0x38
#define MONITOR_TSS 0x100
#define MONITOR_IDT 0x200
#define MONITOR_IDT_BYTES 0x200
#define MONITOR_FAULT_STUBS 0x800
#define MONITOR_FAULT_STUB_BYTES 16
#define MONITOR_VECTORS 32
/* Page 1 (supervisor, writable): the exception stack, growing down from its end. */
#define MONITOR_STACK 0x1000
#define MONITOR_STACK_TOP 0x2000
/* Page 2 (user-readable, read-only, executable): what ring 3 may run of the monitor. */
#define MONITOR_USER 0x2000
#define MONITOR_SYSCALL_STUB 0x2000
#define MONITOR_ENTRY_PKRU 0x2040
#define MONITOR_ENTRY_STUB 0x2080
#define MONITOR_ENTRY_BLOCK 0x2100
#define MONITOR_XSAVE_AREA 0x2400
#define MONITOR_XSAVE_BYTES 0xc00
#define MONITOR_BYTES 0x3000

/* TSS: 104 bytes, then the I/O bitmap for ports 0..111 and the all-ones byte the processor may read past it.
 */
#define TSS_BYTES 104
#define TSS_IO_BITMAP_BYTES 14
#define TSS_LIMIT (TSS_BYTES + TSS_IO_BITMAP_BYTES)

/* Selectors. 0x20 stays empty: without a 32-bit code segment ring 3 cannot leave 64-bit mode. */
#define SEL_KERNEL_CODE 0x10
#define SEL_KERNEL_DATA 0x18
#define SEL_USER_DATA 0x2b
#define SEL_USER_CODE 0x33
#define SEL_TSS 0x40

#define PORT_LOG 99
#define PORT_HOST_CALL 101
#define PORT_ABORT 102
#define PORT_PRINT 103
#define PORT_DONE 108
#define PORT_SYSCALL 110
#define PORT_FAULT 0x80

#endif
