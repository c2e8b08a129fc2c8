import {
  AsYouType,
  findPhoneNumbersInText,
  isValidPhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js';

export default () => {
  const number = parsePhoneNumberFromString('030 12345678', 'DE');
  return {
    formats: [number.format('E.164'), number.formatInternational(), number.formatNational(), number.getURI()],
    country: number.country,
    valid: [isValidPhoneNumber('+1 213 373 4253'), isValidPhoneNumber('+1 213 373 425')],
    typed: new AsYouType('US').input('2133734'),
    found: findPhoneNumbersInText('call +44 20 7946 0958 ext. 5 now', 'GB').map(
      ({ number: found, startsAt, endsAt }) => [found.number, found.ext, startsAt, endsAt],
    ),
  };
};
