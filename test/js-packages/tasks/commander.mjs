import { Command, Option } from 'commander';

export default async () => {
  const log = [];
  const program = new Command('tool').exitOverride();
  program.configureOutput({
    writeErr: (text) => log.push(text),
    writeOut: (text) => log.push(text),
    getOutHelpWidth: () => 80,
    getErrHelpWidth: () => 80,
  });
  program
    .option('-v, --verbose', 'say more')
    .addOption(new Option('-c, --colour <name>').choices(['red', 'blue']));
  program
    .command('add <numbers...>')
    .option('--scale <n>', 'factor', Number, 1)
    .action((numbers, { scale }) => log.push(numbers.reduce((all, n) => all + Number(n), 0) * scale));
  await program.parseAsync(['-v', '-c', 'red', 'add', '1', '2', '--scale=3'], { from: 'user' });
  const codes = [];
  for (const args of [['--help'], ['-c', 'green', 'add', '1'], ['ad', '1']]) {
    await program.parseAsync(args, { from: 'user' }).catch(({ code }) => codes.push(code));
  }
  return { log, options: program.opts(), codes };
};
