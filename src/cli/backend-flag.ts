/** The option that chooses what runs guests; every command that starts an engine has it. */
import { BACKEND_CHOICES, type BackendChoice } from '../base/backend-name.js';
import { type Arguments, type Flags, UsageError } from './arguments.js';

export const BACKEND_FLAG = {
  backend: {
    value: 'name',
    help: 'What runs guests: auto, kvm or process (default: SNAPVM_BACKEND, else auto)',
    offers: BACKEND_CHOICES,
  },
} as const satisfies Flags;

type BackendFlags = Readonly<Record<'backend', Flags[string]>>;

/** The option of an engine, absent if the flag is. @throws UsageError */
export function backendOption<F extends BackendFlags>(
  args: Arguments<F>,
): { readonly backend?: BackendChoice } {
  const text = args.text('backend');
  if (text === undefined) return {};
  const backend = BACKEND_CHOICES.find((choice) => choice === text);
  if (backend !== undefined) return { backend };
  throw new UsageError(
    `--backend is ${JSON.stringify(text)}; it must be one of ${BACKEND_CHOICES.join(', ')}`,
  );
}
