// Lexers built on one expression: CSV, JavaScript-like, log lines, CSS colours, semver, IPv4, e-mail.
export default () => {
  const csv = (line) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) =>
      m[1] !== undefined ? m[1].replaceAll('""', '"') : m[2],
    );
  const js = (src) =>
    [
      ...src.matchAll(
        /(?<ws>\s+)|(?<num>\d+(?:\.\d+)?)|(?<str>"(?:\\.|[^"\\])*")|(?<id>[A-Za-z_]\w*)|(?<op>=>|[-+*/=<>!]=?|[(){};,.])/gy,
      ),
    ]
      .filter((m) => !m.groups.ws)
      .map((m) =>
        Object.entries(m.groups)
          .find(([, v]) => v !== undefined)
          .join(':'),
      );
  const log =
    /^\[(?<when>[^\]]+)\]\s+(?<level>INFO|WARN|ERROR)\s+(?<src>[\w.]+):\s*(?<msg>.*?)(?:\s+\((?<ms>\d+)ms\))?$/;
  const semver = /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\w.-]+))?(?:\+([\w.-]+))?$/;
  const ip = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
  const color = (c) =>
    c
      .match(/^#(?:([\da-f]{2})([\da-f]{2})([\da-f]{2})|([\da-f])([\da-f])([\da-f]))$/i)
      ?.slice(1)
      .filter(Boolean)
      .map((h) => Number.parseInt(h.padEnd(2, h), 16)) ?? 'bad';
  return {
    csv: [csv('a,"b ""q"", c",,d'), csv('"x"'), csv(',')],
    js: js('let x1 = foo(3.14, "a\\"b") => y <= 2;'),
    log: ['[12:00] ERROR db.pool: timed out (350ms)', '[x] INFO a: b'].map((l) => ({
      ...log.exec(l).groups,
      ms: log.exec(l).groups.ms ?? null,
    })),
    semver: ['1.2.3', 'v1.0.0-rc.1+b5', '01.2.3', '1.2'].map(
      (v) =>
        semver
          .exec(v)
          ?.slice(1)
          .map((x) => x ?? '-') ?? 'bad',
    ),
    ip: ['1.2.3.4', '255.255.255.255', '256.1.1.1', '1.2.3', '1.2.3.4.'].map((s) => ip.test(s)),
    color: ['#ff8000', '#0Fa', '#12'].map(color),
  };
};
