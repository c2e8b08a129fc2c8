// What a program finds beside the engine: evaluated once, before the runtime's snapshot is taken. C calls the default
// export with its functions (guest/js/natives.c) and keeps what it gives.
import './library.js';
import { installCallSites } from './call-sites.js';
import { installConsole } from './console.js';
import { installCrypto } from './crypto.js';
import { installDates } from './dates.js';
import { installErrors } from './errors.js';
import { describe, reportRejection } from './failure.js';
import { installHost } from './host.js';
import { installLocale } from './locale.js';
import { keepModule, takeExports } from './module.js';
import { installRepairs } from './repairs.js';
import { installText } from './text.js';
import { installThaw } from './thaw.js';
import { forgetOrigin, installTimers, runTimer } from './timers.js';
import { installValues, pack, packByJson, tagOf, unpack } from './values.js';
import { installWeak } from './weak.js';

export default function start(natives) {
  const engineError = installErrors();
  installRepairs();
  installCallSites();
  installDates();
  installLocale();
  installWeak();
  installText(natives);
  installTimers(natives);
  installCrypto(natives);
  installConsole(natives);
  installHost(natives);
  installValues(natives);
  installThaw();
  return {
    pack,
    packByJson,
    unpack,
    tagOf,
    describe,
    engineError,
    rangeError: RangeError.prototype,
    runTimer,
    reportRejection: (reason) => reportRejection(natives, reason),
    keepModule,
    takeExports: () => {
      forgetOrigin();
      return takeExports(natives);
    },
  };
}
