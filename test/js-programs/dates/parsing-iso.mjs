// Date.parse of the ISO formats; what is refused.
export default () =>
  [
    '2024',
    '2024-05',
    '2024-05-06',
    '2024-05-06T07:08Z',
    '2024-05-06T07:08:09Z',
    '2024-05-06T07:08:09.123Z',
    '2024-05-06T07:08:09.1Z',
    '2024-05-06T07:08:09+02:00',
    '2024-05-06T07:08:09-11:30',
    '+012024-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '2024-05-06T24:00:00Z',
    '1969-12-31T23:59:59.999Z',
    '0000-01-01T00:00:00Z',
  ]
    .map((s) => new Date(Date.parse(s)).toISOString())
    .concat(
      [
        '2024-13-01',
        '2024-01-32',
        '2024-05-06T25:00:00Z',
        '2024-05-06T07:60:00Z',
        'x',
        '',
        '-000000-01-01T00:00:00Z',
        '2024-05-06T24:00:01Z',
      ].map((s) => String(Date.parse(s))),
    )
    .concat([
      new Date(Date.parse(new Date(5e11).toISOString())).getTime(),
      Date.parse(new Date(5e11).toUTCString()),
      new Date('2024-02-30T00:00:00Z').getUTCMonth() >= 1 || 'invalid',
    ]);
