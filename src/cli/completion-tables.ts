/** What shells complete, as the part of a script that all of them read. */
import { COMMON_FLAGS, type Command, type Flag, type Offer } from './arguments.js';

/** A command, as the command line knows it. */
export interface DescribedCommand {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly command: Command;
}

/** How a shell is given a word that it may complete, with what is to be said of it. */
export type WordOf = (word: string, help: string) => string;

/**
 * The branches of a `case` over commands. Each sets `flags`, and `values`: the options that take a value, each with what is
 * offered for it. It sets `argument`, what is offered for arguments; and `rest` to 1 if those are another program's.
 */
export function commandBranches(commands: readonly DescribedCommand[], wordOf: WordOf): string {
  return commands.map((one) => branchOf(one, wordOf)).join('\n');
}

function branchOf({ name, command }: DescribedCommand, wordOf: WordOf): string {
  const { flags, offers, rest } = command;
  const all: readonly (readonly [string, Flag])[] = Object.entries({ ...flags, ...COMMON_FLAGS });
  const words = all.map(([flag, { help }]) => wordOf(`--${flag}`, help));
  const values = all.filter(([, { value }]) => value !== undefined);
  const offered = values.map(([flag, one]) => quoted(`--${flag}=${offerText(one.offers)}`));
  return `    ${name})
      flags=(${words.join(' ')})
      values=(${offered.join(' ')})
      argument=${quoted(offerText(offers))} rest=${rest === undefined ? "''" : '1'}
      ;;`;
}

function offerText(offer: Offer | undefined): string {
  if (offer === undefined) return '';
  return typeof offer === 'string' ? offer : `words:${offer.join(',')}`;
}

/** A word that no shell changes. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A function of both shells. */
export const FIND_OFFER = `# Sets "offer" to what is offered for an option; fails if it takes no value.
_snapvm_find() {
  for offer in "\${values[@]}"; do
    [[ \${offer%%=*} == "$1" ]] || continue
    offer=\${offer#*=}
    return 0
  done
  offer=''
  return 1
}`;
