// What a test of test262 finds in a realm ($262 and print), and how it is run, as its INTERPRETING.md says. The
// value of this script is a function that guest/test262/host.c gives its own functions to; it gives the one that
// runs a test.
(function furnish(natives) {
  // A test may change what is global.
  const [toText, NativePromise] = [String, Promise];
  const { then } = NativePromise.prototype;
  const { apply } = Reflect;
  const MOST_TEXT = 1000;

  /** The first text that was printed, and who waits for it. */
  let said;
  let listener;

  function print(value) {
    said ??= toText(value);
    if (listener !== undefined) listener(said);
  }

  function htmlDda() {
    return null;
  }
  natives.markHtmlDda(htmlDda);

  const noAgents = () => {
    throw new Error('there are no agents');
  };
  const host = {
    global: globalThis,
    createRealm: () => natives.newRealm(),
    detachArrayBuffer: (buffer) => natives.detach(buffer),
    evalScript: (text) => natives.evalScript(toText(text)),
    gc: () => natives.collect(),
    IsHTMLDDA: htmlDda,
    agent: {
      start: noAgents,
      broadcast: noAgents,
      getReport: noAgents,
      sleep: noAgents,
      monotonicNow: noAgents,
    },
  };
  for (const [name, value] of [
    ['print', print],
    ['$262', host],
  ])
    Object.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });

  /** The name of what an error was made by. */
  function nameOf(error) {
    try {
      return toText(error.constructor.name);
    } catch {
      return typeof error;
    }
  }

  function describe(error) {
    try {
      return `${nameOf(error)}: ${toText(error?.message ?? error)}`.slice(0, MOST_TEXT);
    } catch {
      return nameOf(error);
    }
  }

  /** '' if the error is what the test is about. Early is all that comes before a script or module runs. */
  function judge(error, isEarly, negative) {
    if (negative === undefined) return describe(error);
    const { type, phase } = negative;
    if (nameOf(error) !== type) return `not ${type} but ${describe(error)}`;
    return isEarly === (phase !== 'runtime') ? '' : `${type}, but ${isEarly ? 'early' : 'not early'}`;
  }

  function judgeSaid(text) {
    return text === 'Test262:AsyncTestComplete' ? '' : text.slice(0, MOST_TEXT);
  }

  /** How a test passes that has run to its end; `end` may be called later. */
  function endOf({ isAsync, negative }, end) {
    if (negative !== undefined) return end(`no ${negative.type}`);
    if (!isAsync) return end('');
    listener = (text) => end(judgeSaid(text));
    if (said !== undefined) listener(said);
    return undefined;
  }

  function start(test, end) {
    const { path, text, isModule, negative } = test;
    let isEarly = true;
    let evaluation;
    try {
      natives.parse(text, path, isModule);
      isEarly = isModule; // Then what is imported is linked, first.
      evaluation = natives.execute();
    } catch (error) {
      return end(judge(error, isEarly, negative));
    }
    if (!isModule) return endOf(test, end);
    return apply(then, evaluation, [() => endOf(test, end), (error) => end(judge(error, false, negative))]);
  }

  /** A promise of '', or of why the test failed. */
  return function run(test) {
    for (let index = 0; index < test.harness.length; index++) natives.evalScript(test.harness[index]);
    return new NativePromise((resolve) => {
      start(test, resolve);
    });
  };
});
