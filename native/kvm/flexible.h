/* The KVM calls whose structs end in a flexible array. C++ gives those structs another size (Debian 12's
 * <linux/kvm.h> pads them), which changes the ioctl number, so these calls live in C. */
#pragma once

#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Gives the number of entries, at most `capacity`, or -1 with errno set. */
int snapvm_get_supported_cpuid(int kvm, struct kvm_cpuid_entry2* entries, uint32_t capacity);
int snapvm_set_cpuid(int vcpu, const struct kvm_cpuid_entry2* entries, uint32_t count);
/* Give the number of MSRs that were read or written before the first one refused, or -1 with errno set. */
int snapvm_get_msrs(int vcpu, struct kvm_msr_entry* entries, uint32_t count);
int snapvm_set_msrs(int vcpu, const struct kvm_msr_entry* entries, uint32_t count);
/* `area` is the 4096-byte XSAVE area. */
int snapvm_get_xsave(int vcpu, void* area);
int snapvm_set_xsave(int vcpu, const uint8_t* area);

#ifdef __cplusplus
}
#endif
