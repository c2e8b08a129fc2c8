/** `snapvm token`: makes a token for a server. */
import { ROLES, type Role } from '../server/access/roles.js';
import { newToken } from '../server/access/tokens.js';
import { defineCommand, UsageError } from './arguments.js';
import { heading } from './help.js';
import { print, printJson } from './output.js';

const FLAGS = {
  tenant: { value: 'name', help: 'Whose functions it is for (default: default)' },
  role: {
    value: 'role',
    help: 'call, deploy or admin, each of which may what those before it may (default call)',
    offers: ROLES,
  },
  json: { help: 'Print one JSON object: token, and config, which is what the server gets' },
} as const;

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

export const tokenCommand = defineCommand({
  name: 'token',
  summary: 'Makes a token for a server. Nothing is stored: the server knows its digest only.',
  positionals: ['name'],
  flags: FLAGS,
  notes: `The second line that it prints goes into "tokens" of the file that "snapvm serve --access" is given; the
token goes to whoever shows it: in SNAPVM_TOKEN, or as "authorization: Bearer TOKEN".

${heading('Example')}
  snapvm token ci --tenant shop --role deploy

  access.json: { "tokens": [ the second line ], "tenants": { "shop": { "concurrent": 100 } } }`,
  run: async (args) => {
    const name = checkName('the name', args.positional(0));
    const tenant = checkName('--tenant', args.text('tenant') ?? 'default');
    const role = roleIn(args.text('role') ?? 'call');
    const { token, sha256 } = newToken();
    const config = { name, tenant, roles: [role], sha256 };
    if (args.has('json')) await printJson({ token, config });
    else await print(`${token}\n${JSON.stringify(config)}\n`);
    return 0;
  },
});

/** @throws UsageError */
function checkName(what: string, name: string): string {
  if (NAME.test(name)) return name;
  throw new UsageError(
    `${what} is ${JSON.stringify(name)}; it must be 1 to 64 letters, digits, "_", "." and "-", a letter or digit first`,
  );
}

/** @throws UsageError */
function roleIn(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (role !== undefined) return role;
  throw new UsageError(`--role is ${JSON.stringify(text)}; it must be one of ${ROLES.join(', ')}`);
}
