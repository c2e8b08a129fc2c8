/**
 * Where the programs of test/js-programs answer otherwise in a guest than in Node, and why: places in the answer, or
 * the whole of it (''). docs/guests.md says the same to users.
 */
export interface Difference {
  readonly places: readonly string[];
  readonly reason: string;
}

const PARAMETERS =
  'a function made in the list of parameters does not see what the body assigns to a parameter';
const MODULES = 'modules are bundled into one: no dead zone between them, and a namespace is a plain object';
const ATOMICS = 'there is no Atomics: a guest has one thread';

export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'arrays/array-subscript-oddities': {
    places: [''],
    reason: 'join() of an array that contains itself does not end',
  },
  'arrays/push-pop-queue': {
    places: ['.frozen.5'],
    reason: 'sort() of a frozen array that is in order is no error',
  },
  'classes/private-static-and-in': {
    places: [''],
    reason: 'what is frozen gets no private field (as in Node from 24 on)',
  },
  'functions/closures-shared-scope': { places: ['.10.0'], reason: PARAMETERS },
  'functions/default-parameters': { places: ['.f.0.2', '.f.1.2', '.f.2.2'], reason: PARAMETERS },
  'functions/generic-callbacks-this': {
    places: ['.extra.4'],
    reason: 'a reviver gets a third argument, the source (ES2026; Node 20 gives none)',
  },
  'generators/async-close-and-errors': {
    places: ['.log.2', '.log.3', '.log.4'],
    reason: 'an asynchronous generator that throws is done a microtask later',
  },
  'generators/async-generator-queue': {
    places: ['.early.1.0', '.early.1.1', '.log.6', '.log.7', '.log.8', '.log.9'],
    reason: 'return(promise) of an asynchronous generator waits for the promise before it takes its turn',
  },
  'json/stringify-indent-and-replacer': {
    places: ['.indent.4'],
    reason: 'an indent of less than one is none',
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
    reason: 'digits behind what a number holds are its exact value, not zeros',
  },
  'objects/object-is-and-tags': { places: ['.tags.33'], reason: ATOMICS },
  'proxies-reflect/every-trap': {
    places: ['.forIn', '.isFrozen'],
    reason: 'traps are called in another order',
  },
  'proxies-reflect/proxied-arrays-and-classes': {
    places: ['.sorted.0', '.sorted.1', '.sorted.2'],
    reason: 'sort() of a proxy writes nothing that is in its place',
  },
  'syntax/function-in-switch': {
    places: [''],
    reason: 'a function declared in a later case of a switch is not there in an earlier one',
  },
  'syntax/global-this': { places: ['.missing.0'], reason: ATOMICS },
  'syntax/spread-and-rest': { places: ['.objects.1'], reason: 'a string spread into an object adds nothing' },
  'typed-arrays/out-of-bounds-and-keys': {
    places: [''],
    reason: 'Reflect.defineProperty of an element of a typed array throws where it should give false',
  },
};
