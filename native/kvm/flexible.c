#include "flexible.h"

#include "system/calls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct kvm_cpuid2) == 8, "KVM_SET_CPUID2 takes its number from this size");
_Static_assert(sizeof(struct kvm_msrs) == 8, "KVM_SET_MSRS takes its number from this size");
_Static_assert(sizeof(struct kvm_xsave) == 4096, "KVM_SET_XSAVE takes its number from this size");

int snapvm_get_supported_cpuid(int kvm, struct kvm_cpuid_entry2* entries, uint32_t capacity) {
  struct kvm_cpuid2* request = calloc(1, sizeof *request + capacity * sizeof *entries);
  if (request == NULL) return -1;
  request->nent = capacity;
  int count = sys_ioctl(kvm, KVM_GET_SUPPORTED_CPUID, request);
  if (count == 0) {
    count = (int)request->nent;
    memcpy(entries, request->entries, request->nent * sizeof *entries);
  }
  free(request);
  return count;
}

int snapvm_set_cpuid(int vcpu, const struct kvm_cpuid_entry2* entries, uint32_t count) {
  struct kvm_cpuid2* request = calloc(1, sizeof *request + count * sizeof *entries);
  if (request == NULL) return -1;
  request->nent = count;
  memcpy(request->entries, entries, count * sizeof *entries);
  const int result = sys_ioctl(vcpu, KVM_SET_CPUID2, request);
  free(request);
  return result;
}

/* To be freed; NULL when there is no memory. */
static struct kvm_msrs* msr_request(const struct kvm_msr_entry* entries, uint32_t count) {
  struct kvm_msrs* request = calloc(1, sizeof *request + count * sizeof *entries);
  if (request == NULL) return NULL;
  request->nmsrs = count;
  memcpy(request->entries, entries, count * sizeof *entries);
  return request;
}

int snapvm_get_msrs(int vcpu, struct kvm_msr_entry* entries, uint32_t count) {
  struct kvm_msrs* request = msr_request(entries, count);
  if (request == NULL) return -1;
  const int done = sys_ioctl(vcpu, KVM_GET_MSRS, request);
  memcpy(entries, request->entries, count * sizeof *entries);
  free(request);
  return done;
}

int snapvm_set_msrs(int vcpu, const struct kvm_msr_entry* entries, uint32_t count) {
  struct kvm_msrs* request = msr_request(entries, count);
  if (request == NULL) return -1;
  const int done = sys_ioctl(vcpu, KVM_SET_MSRS, request);
  free(request);
  return done;
}

int snapvm_get_xsave(int vcpu, void* area) {
  return sys_ioctl(vcpu, KVM_GET_XSAVE, area);
}

int snapvm_set_xsave(int vcpu, const uint8_t* area) {
  struct kvm_xsave xsave;
  memcpy(&xsave, area, sizeof xsave);
  return sys_ioctl(vcpu, KVM_SET_XSAVE, &xsave);
}
