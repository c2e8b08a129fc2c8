/** `snapvm inspect`: shows the snapshot that a guest becomes. Needs no KVM. */

import { readFile } from 'node:fs/promises';
import { escapeLine } from '../base/escape.js';
import { hex, rightsText } from '../base/numbers.js';
import { SymbolTable } from '../snapshot/elf/symbols.js';
import { type PageTableSummary, summarisePages } from '../snapshot/page-summary.js';
import { Snapshot } from '../snapshot/snapshot.js';
import { defineCommand } from './arguments.js';
import { GUEST_FLAGS, guestEnvironment, memoryConfig, SIZES_NOTE } from './guest-flags.js';
import { heading } from './help.js';
import { bytes, paint, print, printJson, table } from './output.js';

const FLAGS = {
  'memory-hash': { help: 'Also hash the image bytes (about 30 ms per MiB)' },
  ...GUEST_FLAGS,
  json: { help: 'Print one JSON object' },
} as const;

export const inspectCommand = defineCommand({
  name: 'inspect',
  summary: 'Shows the snapshot a guest becomes: regions, rights, page tables, entry, hash. Needs no KVM.',
  positionals: ['guest.elf'],
  offers: 'file',
  flags: FLAGS,
  notes: `${SIZES_NOTE}
The hash names what runs: options that change the memory change it, and run shows the same one.

${heading('Examples')}
  snapvm inspect echo.elf
  snapvm inspect echo.elf --json | jq -r .hash`,
  run: async (args) => {
    const environment = await guestEnvironment(args.positional(0), args);
    const snapshot = await Snapshot.build(environment, memoryConfig(args));
    try {
      const description = await describe(snapshot, args.has('memory-hash'));
      if (args.has('json')) await printJson(description);
      else await print(asText(description));
      return 0;
    } finally {
      snapshot.close();
    }
  },
});

type Description = Awaited<ReturnType<typeof describe>>;

/** Everything inspect says, as data: the text shows nothing the JSON has not. */
async function describe(snapshot: Snapshot, withMemoryHash: boolean) {
  const { layout, loadInfo, entry } = snapshot;
  const symbol = snapshot.symbolize(entry.address);
  return {
    path: loadInfo.path,
    elf: loadInfo.kind === 'exec' ? 'ET_EXEC' : 'ET_DYN',
    privilege: layout.privilege,
    guestVersion: loadInfo.guestVersion,
    entry: { kind: entry.kind, address: entry.address, symbol: symbol?.replace(/\+0x0$/, '') },
    hash: snapshot.hash,
    ...(withMemoryHash && { memoryHash: await snapshot.memoryHash() }),
    functionSymbols: await countSymbols(loadInfo.path, loadInfo.bias),
    memory: {
      imageBytes: layout.imageBytes,
      scratchBytes: layout.scratchBytes,
      inputBytes: layout.inputBytes,
      outputBytes: layout.outputBytes,
      heapBytes: layout.heap.bytes,
      initDataBytes: layout.initData?.bytes ?? 0,
      monitorBytes: layout.monitorBytes,
      stackTop: layout.stackTop,
    },
    regions: layout.regions.map(({ name, gpa, gva, bytes: length, flags, user }) => ({
      name,
      gpa: BigInt(gpa),
      gva,
      bytes: length,
      rights: rightsText(flags),
      ring: user ? 3 : 0,
    })),
    pageTables: summarisePages(snapshot),
  };
}

async function countSymbols(path: string | undefined, bias: bigint): Promise<number> {
  if (path === undefined) return 0;
  return new SymbolTable(new Uint8Array(await readFile(path)), bias).list().length;
}

function asText(description: Description): string {
  const sections = [
    header(description),
    section('regions', regionTable(description.regions)),
    section('page tables', pageTableLines(description.pageTables)),
    section('memory', memoryTable(description.memory)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function header(description: Description): string {
  const { entry, elf, privilege, guestVersion, memoryHash, functionSymbols } = description;
  const symbol = entry.symbol === undefined ? '' : ` (${entry.symbol})`;
  const rows = [
    ['path', escapeLine(description.path ?? '')],
    ['kind', `${elf}, ${privilege === 'user' ? 'user (ring 3)' : 'supervisor (ring 0)'}`],
    ['entry', `${hex(entry.address)}${symbol}, ${entry.kind}`],
    ['hash', description.hash],
    ...(memoryHash === undefined ? [] : [['memory hash', memoryHash]]),
    ['guest ABI', guestVersion === undefined ? 'no note in the file' : String(guestVersion)],
    ['symbols', `${functionSymbols} functions`],
  ];
  return table(rows);
}

function section(title: string, body: string): string {
  return `${paint('bold', title)}\n${body}`;
}

function regionTable(regions: Description['regions']): string {
  const rows = regions.map(({ name, gpa, gva, bytes: length, rights, ring }) => [
    `  ${name}`,
    hex(gpa),
    hex(gva),
    bytes(length),
    rights,
    String(ring),
  ]);
  return table([['  name', 'GPA', 'GVA', 'size', 'rights', 'ring'], ...rows], [1, 2, 3, 5]);
}

function pageTableLines({ base, tables, bytes: length, pages }: PageTableSummary): string {
  const total = pages.reduce((sum, { count }) => sum + count, 0);
  const rows = pages.map(({ ring, rights, count }) => [`  ${rights}`, `ring ${ring}`, String(count)]);
  return `  ${tables} tables, ${bytes(length)}, from GPA ${hex(base)}; ${total} pages of 4 KiB mapped
${table(rows, [2])}`;
}

function memoryTable(memory: Description['memory']): string {
  const rows = [
    ['  image', bytes(memory.imageBytes)],
    ['  scratch', bytes(memory.scratchBytes)],
    ['  input buffer', bytes(memory.inputBytes)],
    ['  output buffer', bytes(memory.outputBytes)],
    ['  heap', bytes(memory.heapBytes)],
    ['  init data', memory.initDataBytes === 0 ? 'none' : bytes(memory.initDataBytes)],
    ['  stack top', hex(memory.stackTop)],
  ];
  return table(rows);
}
