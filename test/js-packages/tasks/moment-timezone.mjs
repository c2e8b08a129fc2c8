import moment from 'moment-timezone';

export default () => {
  const on = moment.utc('2024-07-01T12:00:00Z');
  return [
    on.clone().tz('America/New_York').format('YYYY-MM-DD HH:mm z Z'),
    moment.tz('2024-03-31 02:30', 'Europe/Berlin').toISOString(),
    moment.tz('2024-01-15 08:30', 'Asia/Tokyo').utc().format(),
    moment.tz.zone('Europe/London').abbr(on.valueOf()),
    moment.tz.names().length > 400,
    on.clone().tz('Australia/Sydney').isDST(),
  ];
};
