import { NIL, parse, stringify, v1, v3, v4, v5, v6, v7, validate, version } from 'uuid';

export default () => {
  const random = Uint8Array.from({ length: 16 }, (_, i) => i * 7);
  const options = {
    random,
    msecs: 1_700_000_000_000,
    nsecs: 5,
    clockseq: 0x1234,
    node: Uint8Array.of(1, 2, 3, 4, 5, 6),
    seq: 9,
  };
  return [
    v1(options),
    v4({ random }),
    v6(options),
    v7(options),
    v3('example.org', v3.DNS),
    v5('grüße', v5.URL),
    [v4(), v7(), 'no', NIL].map((text) => [validate(text), validate(text) && version(text)]),
    stringify(parse('6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b')),
  ];
};
