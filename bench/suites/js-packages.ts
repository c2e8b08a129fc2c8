/** Of the packages in test/js-packages, the part that answers in a guest as in Node. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { round } from '../harness/statistics.js';
import { Skip, type Suite } from '../harness/suite.js';

/** What the last whole run of the packages has left; minutes are too long for a benchmark. */
const RESULTS = fileURLToPath(new URL('../../js-packages.json', import.meta.url));

export const jsPackages: Suite = {
  name: 'js_packages',
  title: 'packages that answer in a guest as in Node, as of the last npm run test:packages',
  figure: 'part',
  beside: ['working', 'packages'],
  variants: () => [
    {
      name: 'all',
      note: () => `Measured at ${existsSync(RESULTS) ? statSync(RESULTS).mtime.toISOString() : 'no time'}`,
      open: async () => {
        if (!existsSync(RESULTS)) throw new Skip('npm run test:packages has not run whole here');
        const results = Object.values(
          JSON.parse(readFileSync(RESULTS, 'utf8')) as Record<string, { works: boolean }>,
        );
        const working = results.filter(({ works }) => works).length;
        const figures = { part: round(working / results.length, 4), working, packages: results.length };
        return { round: () => figures, close: () => {} };
      },
    },
  ],
};
