/** What runs guests: virtual machines of KVM, or processes under seccomp and ptrace. */
export type Backend = 'kvm' | 'process';

/** All of them, the strongest first. */
export const BACKENDS: readonly Backend[] = ['kvm', 'process'];
