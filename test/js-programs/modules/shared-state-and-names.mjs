// Names that clash between modules stay apart; state is shared by identity.
import { helper as helperA, registry as regA, Thing as ThingA } from './parts/left.js';
import { helper as helperB, registry as regB, Thing as ThingB } from './parts/right.js';

const helper = () => 'main';
class Thing {
  where = 'main';
}
export default () => {
  regA.clear();
  helperA('x');
  helperB('y');
  return {
    helpers: [helper(), helperA('1'), helperB('2')],
    same: regA === regB,
    reg: [...regA],
    things: [new Thing(), new ThingA(), new ThingB()].map((t) => t.where),
    names: [helperA.name, helperB.name, helper.name, ThingA.name, ThingB.name, Thing.name],
    inst: new ThingA() instanceof ThingB,
    meta: typeof import.meta,
    undefinedThis: [1].map(() => typeof this)[0],
  };
};
