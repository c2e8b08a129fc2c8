import pluralize from 'pluralize';

export default () => {
  pluralize.addIrregularRule('irregular', 'regular');
  return [
    ['person', 'mouse', 'Box', 'CITY', 'sheep', 'quiz', 'leaf', 'criterion', 'irregular'].map((word) =>
      pluralize(word),
    ),
    ['people', 'mice', 'boxes', 'cities', 'series', 'wolves', 'analyses'].map((word) =>
      pluralize.singular(word),
    ),
    pluralize('test', 1, true),
    pluralize('test', 5, true),
    [pluralize.isPlural('tests'), pluralize.isSingular('tests')],
  ];
};
