// What results mean: which are other than known, and how they are shown.

/** @returns {string[]} what has to change in known.json, needs.json or the code, a sentence each */
export function complaints(results, known, needs, all) {
  const complaint = ([name, { works, reason }]) => {
    if (works && name in known) return [`${name} works now: take it out of known.json (--prune does)`];
    return works || name in known ? [] : [`${name} does not work: ${reason}`];
  };
  const gone = (file, names) =>
    Object.keys(names)
      .filter((name) => !all.includes(name))
      .map((name) => `${name} is in ${file}, and has no task`);
  return [...[...results].flatMap(complaint), ...gone('known.json', known), ...gone('needs.json', needs)];
}

/** @returns {object} what is known without those that work */
export function without(known, results) {
  return Object.fromEntries(Object.entries(known).filter(([name]) => results.get(name)?.works !== true));
}

/** @returns {string[]} the names of one part: neighbours are in different parts, as the large ones are neighbours */
export function shardOf(names, text) {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [at, parts] = [Number(match?.[1]), Number(match?.[2])];
  if (!(at >= 1 && at <= parts)) throw new Error(`--shard is ${text}; it is to be 1/2 or the like`);
  return names.filter((_, index) => index % parts === at - 1);
}

/** @returns {string} a line each, and the sum */
export function table(results, known, needs) {
  const width = Math.max(...[...results.keys()].map((name) => name.length));
  const lines = [...results].map(([name, { works, reason }]) => {
    const need = name in needs ? `needs ${JSON.stringify(needs[name])}` : '';
    const what = works ? need : [known[name] ?? 'UNKNOWN', `(${reason})`, need].join(' ').trimEnd();
    return `${name.padEnd(width)}  ${works ? 'works' : 'fails'}  ${what}`.trimEnd();
  });
  const working = [...results.values()].filter(({ works }) => works).length;
  return [...lines, '', `${working} of ${results.size} packages work`].join('\n');
}
