import { assign, createActor, createMachine, fromPromise, setup, waitFor } from 'xstate';

export default async () => {
  const light = createMachine({
    id: 'l',
    initial: 'green',
    context: { n: 0 },
    states: {
      green: {
        on: {
          NEXT: {
            target: 'red',
            guard: ({ context }) => context.n < 2,
            actions: assign({ n: ({ context }) => context.n + 1 }),
          },
        },
      },
      red: {
        initial: 'walk',
        on: { NEXT: 'green' },
        states: { walk: { on: { TICK: 'stop' } }, stop: { type: 'final' } },
      },
    },
  });
  const actor = createActor(light);
  const seen = [];
  actor.subscribe(({ value }) => seen.push(value));
  actor.start();
  for (const type of ['NEXT', 'TICK', 'NEXT', 'NEXT', 'NEXT', 'NEXT']) actor.send({ type });
  const loader = setup({ actors: { load: fromPromise(async ({ input }) => input * 2) } }).createMachine({
    initial: 'loading',
    context: { result: 0 },
    states: {
      loading: {
        invoke: {
          src: 'load',
          input: 21,
          onDone: { target: 'done', actions: assign({ result: ({ event }) => event.output }) },
        },
      },
      done: { type: 'final' },
    },
  });
  const running = createActor(loader).start();
  const done = await waitFor(running, ({ status }) => status === 'done');
  const restored = createActor(light, { snapshot: actor.getPersistedSnapshot() }).start();
  return {
    seen,
    n: actor.getSnapshot().context.n,
    result: done.context.result,
    restored: restored.getSnapshot().value,
    can: actor.getSnapshot().can({ type: 'NEXT' }),
  };
};
