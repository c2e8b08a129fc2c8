import moment from 'moment';
import 'moment/locale/de.js';

export default () => {
  moment.locale('en');
  const on = moment.utc('2024-02-29T13:05:09.123Z');
  return [
    on.format('dddd, MMMM Do YYYY, h:mm:ss a'),
    on.clone().locale('de').format('LLLL'),
    on.clone().add(1, 'year').endOf('month').toISOString(),
    on.from(moment.utc('2024-03-05')),
    moment.duration(3_723_000).humanize(),
    moment.duration({ days: 1, hours: 26 }).toISOString(),
    moment.utc('29.02.2024 14', 'DD.MM.YYYY HH', true).isValid(),
    moment.utc('30.02.2024', 'DD.MM.YYYY', true).isValid(),
    on.diff('2023-12-31', 'days'),
    on.isoWeek(),
    on.calendar(moment.utc('2024-03-01')),
    on.clone().utcOffset(330).format(),
  ];
};
