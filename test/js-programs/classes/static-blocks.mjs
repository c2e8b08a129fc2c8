// Static blocks run in order with static fields and see private names.
const log = [];
let readSecret;
class Config {
  static a = (log.push('a'), 1);
  static {
    log.push(`block ${this.a}`);
    this.b = this.a + 1;
    var local = 'own scope';
    log.push(local);
  }
  static c = (log.push('c'), this.b + 1);
  #secret;
  constructor(s) {
    this.#secret = s;
  }
  static {
    readSecret = (o) => o.#secret;
  }
  static {
    try {
      throw new Error('x');
    } catch {
      log.push('caught');
    } finally {
      this.done = true;
    }
  }
}
export default () => {
  const events = [];
  class Parent {
    static {
      events.push(`parent ${this.name}`);
    }
    static make() {
      return `made ${this.name}`;
    }
  }
  class Child extends Parent {
    static {
      events.push(super.make(), `child of ${Object.getPrototypeOf(this).name}`);
    }
    static {
      const arguments_ = [1];
      events.push(arguments_.length, typeof new.target);
    }
  }
  let failed;
  try {
    class Broken {
      static {
        throw new RangeError('no');
      }
    }
  } catch (e) {
    failed = e.name;
  }
  return {
    log: [...log],
    abc: [Config.a, Config.b, Config.c, Config.done],
    secret: readSecret(new Config('s3')),
    events,
    keys: Object.keys(Config),
    failed,
    child: Child.make(),
    leaked: typeof local,
  };
};
