import 'reflect-metadata';
import { Exclude, Expose, instanceToPlain, plainToInstance, Transform, Type } from 'class-transformer';

class Address {
  line() {
    return `${this.street}, ${this.city}`;
  }
}

class User {
  get full() {
    return `${this.first} ${this.last}`;
  }
}
Exclude()(User.prototype, 'password');
Expose()(User.prototype, 'full');
Type(() => Address)(User.prototype, 'addresses');
Type(() => Date)(User.prototype, 'born');
Transform(({ value }) => value.toUpperCase())(User.prototype, 'code');

export default () => {
  const user = plainToInstance(User, {
    first: 'Ada',
    last: 'L',
    password: 'x',
    code: 'ab',
    born: '1815-12-10T00:00:00.000Z',
    addresses: [{ street: 'S', city: 'C' }],
  });
  return { line: user.addresses[0].line(), year: user.born.getUTCFullYear(), plain: instanceToPlain(user) };
};
