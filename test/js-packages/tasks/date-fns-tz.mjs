import { formatInTimeZone, fromZonedTime, getTimezoneOffset, toZonedTime } from 'date-fns-tz';

export default () => {
  const on = new Date('2024-07-01T12:00:00Z');
  return [
    formatInTimeZone(on, 'America/New_York', 'yyyy-MM-dd HH:mm:ssXXX'),
    formatInTimeZone(on, 'Asia/Kolkata', "HH:mm 'Uhr'"),
    fromZonedTime('2024-01-15 08:30', 'Europe/Berlin').toISOString(),
    getTimezoneOffset('Europe/London', on),
    toZonedTime(on, 'Australia/Sydney').getHours(),
  ];
};
