// What a registry of finalizers takes, refuses and gives back; nothing is ever collected here.
function attempt(run) {
  try {
    return String(run());
  } catch (error) {
    return error.name;
  }
}

export default function registries() {
  const registry = new FinalizationRegistry(() => {});
  const [target, token] = [{}, {}];
  return [
    attempt(() => registry.register(target, 1, token)),
    attempt(() => registry.register({}, 2, token)),
    attempt(() => registry.unregister(token)),
    attempt(() => registry.unregister(token)),
    attempt(() => registry.unregister(target)),
    attempt(() => registry.register(target, target)),
    attempt(() => registry.register(target, 3, 4)),
    attempt(() => registry.register(1, 3)),
    attempt(() => registry.unregister(5)),
    attempt(() => registry.register.call({}, {}, 1)),
    attempt(() => FinalizationRegistry(() => {})),
    attempt(() => new FinalizationRegistry()),
    Object.prototype.toString.call(registry),
    Object.keys(registry).length,
  ];
}
