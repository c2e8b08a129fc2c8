import { de, en, Faker } from '@faker-js/faker';

export default () => {
  const faker = new Faker({ locale: [de, en], seed: 42 });
  const person = () => ({
    name: faker.person.fullName(),
    mail: faker.internet.email(),
    city: faker.location.city(),
    iban: faker.finance.iban(),
    on: faker.date.between({ from: '2020-01-01T00:00:00Z', to: '2021-01-01T00:00:00Z' }).toISOString(),
  });
  const shuffled = faker.helpers.shuffle([1, 2, 3, 4, 5]);
  return { people: faker.helpers.multiple(person, { count: 3 }), shuffled, text: faker.lorem.paragraph() };
};
