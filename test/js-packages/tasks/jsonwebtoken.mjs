import jwt from 'jsonwebtoken';

export default () => {
  const options = { issuer: 'me', expiresIn: 3600, jwtid: 'x' };
  const token = jwt.sign({ sub: 'ada', iat: 1_700_000_000 }, 'secret', options);
  const clockTimestamp = 1_700_000_100;
  const problem = (text, key, more) => {
    try {
      return jwt.verify(text, key, more);
    } catch ({ name, message }) {
      return [name, message];
    }
  };
  return [
    token,
    jwt.verify(token, 'secret', { clockTimestamp }),
    problem(token, 'other', { clockTimestamp }),
    problem(token, 'secret', { clockTimestamp: 1_800_000_000 }),
    problem(token, 'secret', { clockTimestamp, audience: 'you' }),
    jwt.decode(token, { complete: true }).header,
  ];
};
