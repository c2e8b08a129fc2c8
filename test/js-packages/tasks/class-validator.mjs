import { IsEmail, IsInt, isURL, Length, Matches, Max, ValidateNested, validate } from 'class-validator';

class Line {
  constructor(count) {
    this.count = count;
  }
}
Max(10)(Line.prototype, 'count');
IsInt()(Line.prototype, 'count');

class Order {}
IsEmail()(Order.prototype, 'mail');
Length(2, 5)(Order.prototype, 'code');
Matches(/^[a-z]+$/)(Order.prototype, 'code');
ValidateNested({ each: true })(Order.prototype, 'lines');

export default async () => {
  const order = Object.assign(new Order(), {
    mail: 'nobody',
    code: 'A',
    lines: [new Line(3), new Line(11.5)],
  });
  const flat = (errors) =>
    errors.map(({ property, constraints, children }) => ({
      property,
      constraints,
      children: flat(children ?? []),
    }));
  const good = Object.assign(new Order(), { mail: 'a@b.org', code: 'abc', lines: [] });
  return {
    bad: flat(await validate(order)),
    good: await validate(good),
    url: isURL('https://example.org/a'),
  };
};
