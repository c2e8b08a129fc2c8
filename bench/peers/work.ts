/** The works: what goes in, what has to come out, and the JavaScript that makes the one of the other. */
import type { WorkName } from './peer.js';

type Order = {
  readonly customer: string;
  readonly country: 'DE' | 'FR' | 'IT';
  readonly lines: readonly { readonly article: string; readonly quantity: number }[];
};

interface WorkOf<Kind extends string, Input> {
  readonly name: WorkName;
  readonly kind: Kind;
  readonly input: Input;
  /** Source text: an expression, a function of the input. To evaluate it is to load the module. */
  readonly handler: string;
  /** @throws if it is not the answer */
  check(answer: unknown): void;
}

export type Work = WorkOf<'bytes', Uint8Array> | WorkOf<'json', Order> | WorkOf<'number', number>;

/** A module as a shop has one: a price list that is made when it is loaded, and a handler. */
function orders() {
  const prices = new Map<string, number>();
  for (let i = 0; i < 300; i++) prices.set(`article-${i}`, 199 + ((i * 3571) % 9000));
  const rates = { DE: 19, FR: 20, IT: 22 };
  return ({ customer, country, lines }: Order) => {
    if (!/^[A-Za-z .'-]{1,80}$/.test(customer)) throw new RangeError(`a customer named ${customer}`);
    let net = 0;
    for (const { article, quantity } of lines) {
      const price = prices.get(article);
      if (price === undefined) throw new RangeError(`there is no ${article}`);
      net += price * quantity;
    }
    const tax = Math.round((net * rates[country]) / 100);
    return { customer, net, tax, total: net + tax };
  };
}

/** Their text is what the engines get, and what they answer here is what is expected: nothing from outside them. */
const handlers = {
  echo: (bytes: Uint8Array): Uint8Array => bytes,
  transform: (bytes: Uint8Array): Uint8Array => {
    const output = new Uint8Array(bytes.length / 3);
    for (let i = 0; i < output.length; i++)
      output[i] = (bytes[3 * i] as number) ^ (bytes[3 * i + 1] as number) ^ (bytes[3 * i + 2] as number);
    return output;
  },
  json: orders(),
  fib: function fib(n: number): number {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
  },
};

export const WORKS: Readonly<Record<WorkName, Work>> = {
  echo: bytesWork('echo', 64),
  transform: bytesWork('transform', 24_576),
  json: jsonWork(),
  fib: fibWork(),
};

function bytesWork(name: 'echo' | 'transform', length: number): Work {
  const input = new Uint8Array(length).map((_, i) => (i * 31 + (i >> 8)) & 0xff);
  const expected = handlers[name](input).slice();
  const check = (answer: unknown) => {
    // Not every peer's arrays are instances of this realm's class; what is none at all is refused here.
    if (Buffer.compare(answer as Uint8Array, expected) !== 0) throw wrong(name);
  };
  return { name, kind: 'bytes', input, handler: String(handlers[name]), check };
}

function jsonWork(): Work {
  const input: Order = {
    customer: 'Ada Lovelace',
    country: 'DE',
    lines: [7, 42, 211].map((article, i) => ({ article: `article-${article}`, quantity: i + 1 })),
  };
  const expected = JSON.stringify(handlers.json(input));
  const check = (answer: unknown) => {
    if (JSON.stringify(answer) !== expected) throw wrong('json');
  };
  return { name: 'json', kind: 'json', input, handler: `(${String(orders)})()`, check };
}

function fibWork(): Work {
  const check = (answer: unknown) => {
    if (answer !== 6765) throw wrong('fib');
  };
  return { name: 'fib', kind: 'number', input: 20, handler: String(handlers.fib), check };
}

function wrong(name: WorkName): Error {
  return new Error(`the answer to ${name} is wrong`);
}

/** A handler that takes and gives JSON as text, for peers to which values are expensive or unknown. */
export function overText(handler: string): string {
  return `((handle) => (text) => JSON.stringify(handle(JSON.parse(text))))(${handler})`;
}

/** A work for peers that know bytes only: a number goes in as u32 and comes out as u64, little endian. */
export function asBytes(work: Work): { readonly input: Uint8Array; check(answer: Uint8Array): void } {
  if (work.kind === 'bytes') return work;
  if (work.kind === 'json') throw new Error('there is no JSON in bytes');
  const input = new Uint8Array(4);
  new DataView(input.buffer).setUint32(0, work.input, true);
  return {
    input,
    check: (answer) => {
      const { buffer, byteOffset, byteLength } = answer;
      if (byteLength !== 8) throw wrong(work.name);
      work.check(Number(new DataView(buffer, byteOffset).getBigUint64(0, true)));
    },
  };
}
