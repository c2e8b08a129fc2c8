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
const GROUPS = 'a group inside a repeated one keeps what it matched in an earlier round';

export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'arrays/array-subscript-oddities': {
    places: [''],
    reason: 'join() of an array that contains itself does not end',
  },
  'arrays/push-pop-queue': {
    places: ['.frozen.5'],
    reason: 'sort() of a frozen array that is in order is no error',
  },
  'async/for-await': {
    places: ['.log.2'],
    reason: 'a synchronous iterator is closed when a promise it gave is rejected (ES2025; Node 20 does not)',
  },
  'classes/overriding-statics-and-constructor': {
    places: ['.20'],
    reason: 'a class without a name that has static fields gets one from lowering them',
  },
  'classes/static-blocks': { places: [''], reason: 'new.target in a static block is a syntax error' },
  'functions/closures-shared-scope': { places: ['.10.0'], reason: PARAMETERS },
  'functions/default-parameters': { places: ['.f.0.2', '.f.1.2', '.f.2.2'], reason: PARAMETERS },
  'generators/async-close-and-errors': {
    places: ['.log.3', '.log.4'],
    reason: 'an asynchronous generator that throws is done a microtask later',
  },
  'generators/async-generator-queue': {
    places: ['.early.1.0', '.early.1.1', '.log.6', '.log.7', '.log.8', '.log.9'],
    reason: 'return(promise) of an asynchronous generator waits for the promise before it takes its turn',
  },
  'iterators/async-iterator-protocol': {
    places: ['.log.2', '.bad.4'],
    reason: 'what return() of an asynchronous iterator answers is not looked at',
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
  'numbers/shortest-decimal': {
    places: ['.7.1'],
    reason: 'whole numbers in texts, of more than 19 digits, may be off in the last place',
  },
  'proxies-reflect/every-trap': {
    places: ['.forIn', '.isFrozen'],
    reason: 'traps are called in another order',
  },
  'proxies-reflect/proxied-arrays-and-classes': {
    places: ['.sorted.0', '.sorted.1', '.sorted.2'],
    reason: 'sort() of a proxy writes nothing that is in its place',
  },
  'regexps/character-classes': { places: ['.uni.3'], reason: 'ranges outside ASCII do not ignore case' },
  'regexps/quantifiers-and-backtracking': { places: ['.7.1', '.9.1', '.10.1'], reason: GROUPS },
  'regexps/unicode-property-escapes': {
    places: ['.latin', '.i'],
    reason: 'property escapes do not ignore case, and know the scripts of Unicode 13',
  },
  'syntax/function-in-switch': {
    places: [''],
    reason: 'a function declared in a later case of a switch is not there in an earlier one',
  },
  'syntax/logical-assignment': {
    places: [''],
    reason: 'in eval() ||= of a constant is an error even if it assigns nothing',
  },
  'syntax/spread-and-rest': { places: ['.objects.1'], reason: 'a string spread into an object adds nothing' },
  'typed-arrays/out-of-bounds-and-keys': {
    places: [''],
    reason: 'writing behind the end of a typed array is a TypeError',
  },
};
