import 'reflect-metadata';
import { Container, inject, injectable } from 'inversify';

class Sword {
  hit() {
    return 'cut';
  }
}
injectable()(Sword);

class Warrior {
  constructor(weapon, name) {
    this.weapon = weapon;
    this.name = name;
  }
  fight() {
    return `${this.name}: ${this.weapon.hit()}`;
  }
}
injectable()(Warrior);
inject('Weapon')(Warrior, undefined, 0);
inject('Name')(Warrior, undefined, 1);

export default () => {
  const container = new Container();
  container.bind('Weapon').to(Sword).inSingletonScope();
  container.bind('Name').toConstantValue('Ann');
  container.bind('Warrior').to(Warrior);
  const [one, other] = [container.get('Warrior'), container.get('Warrior')];
  let problem;
  try {
    container.get('Nothing');
  } catch ({ name }) {
    problem = name;
  }
  return {
    fight: one.fight(),
    fresh: one !== other,
    shared: one.weapon === other.weapon,
    problem,
    bound: container.isBound('Name'),
  };
};
