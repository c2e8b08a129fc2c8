/** What runs guests: virtual machines of KVM, or processes under seccomp and ptrace. */
export type Backend = 'kvm' | 'process';

/** All of them, the strongest first. */
export const BACKENDS: readonly Backend[] = ['kvm', 'process'];

/** What can be asked for: a backend, or the best that this machine has. */
export type BackendChoice = Backend | 'auto';

/** All that can be asked for. */
export const BACKEND_CHOICES: readonly BackendChoice[] = ['auto', ...BACKENDS];
