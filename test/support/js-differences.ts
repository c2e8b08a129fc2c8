/**
 * Where the programs of test/js-programs answer otherwise in a guest than in Node, and why: places in the answer, or
 * the whole of it (''). docs/guests.md says the same to users.
 */
export interface Difference {
  readonly places: readonly string[];
  readonly reason: string;
}

const MODULES = 'modules are bundled into one: no dead zone between them, and a namespace is a plain object';
const ATOMICS = 'there is no Atomics: a guest has one thread';

export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'classes/private-static-and-in': {
    places: [''],
    reason: 'what is frozen gets no private field (as in Node from 24 on)',
  },
  'functions/generic-callbacks-this': {
    places: ['.extra.4'],
    reason: 'a reviver gets a third argument, the source (ES2026; Node 20 gives none)',
  },
  'generators/async-close-and-errors': {
    places: ['.log.2', '.log.3', '.log.4'],
    reason: 'for await does not wait for the iterator to end when its body throws',
  },
  'json/stringify-indent-and-replacer': {
    places: ['.indent.4'],
    reason: 'an indent of less than one is none, as the language says; Node breaks lines',
  },
  'modules/circular-dead-zone': { places: ['.first.0', '.late.0'], reason: MODULES },
  'modules/namespace-object': {
    places: [
      ...['.tag', '.proto', '.desc.0', '.ext', '.sealed', '.keys.4'],
      ...['.errs.1', '.errs.5', '.errs.7', '.freeze', '.forIn.4'],
    ],
    reason: MODULES,
  },
  'numbers/to-string-radix': {
    places: ['.special.2'],
    reason: 'digits behind what a number holds are its exact value, not zeros: the language leaves that open',
  },
  'objects/object-is-and-tags': { places: ['.tags.33'], reason: ATOMICS },
  'proxies-reflect/every-trap': {
    places: ['.forIn'],
    reason: 'for-in asks for the prototype before it asks for the keys: the language leaves that open',
  },
  'syntax/function-in-switch': {
    places: [''],
    reason:
      'bundling makes a variable of a function in a case of a switch: it is not there in an earlier one',
  },
  'syntax/global-this': { places: ['.missing.0'], reason: ATOMICS },
};
