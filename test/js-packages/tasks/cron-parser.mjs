import { CronExpressionParser } from 'cron-parser';

export default () => {
  const next = (text, options) => {
    const expression = CronExpressionParser.parse(text, { currentDate: '2024-03-30T22:00:00Z', ...options });
    return Array.from({ length: 4 }, () => expression.next().toISOString());
  };
  const refused = (() => {
    try {
      return CronExpressionParser.parse('61 * * * *').stringify();
    } catch ({ message }) {
      return message;
    }
  })();
  return [
    next('*/20 * * * *', { tz: 'UTC' }),
    next('30 2 * * *', { tz: 'Europe/Berlin' }),
    next('0 9 * * 1-5', { tz: 'America/New_York' }),
    next('0 0 L * *', { tz: 'UTC' }),
    refused,
  ];
};
