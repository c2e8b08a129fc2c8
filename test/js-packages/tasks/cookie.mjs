import * as cookie from 'cookie';

export default () => {
  const make = cookie.serialize ?? cookie.stringifySetCookie;
  return {
    parsed: (cookie.parse ?? cookie.parseCookie)('a=1; b=%20x%C3%BC; c="q"; a=2; bad'),
    set: make('id', 'x y;ü', {
      httpOnly: true,
      maxAge: 3600,
      path: '/',
      sameSite: 'strict',
      expires: new Date(0),
      partitioned: true,
    }),
    refused: (() => {
      try {
        return make('bad name', 'x');
      } catch ({ name }) {
        return name;
      }
    })(),
  };
};
