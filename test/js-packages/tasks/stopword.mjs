import * as sw from 'stopword';

export default () => [
  sw.removeStopwords('a really interesting string with some words'.split(' ')),
  sw.removeStopwords('das ist ein kleiner Hund und er bellt'.split(' '), sw.deu),
  sw.removeStopwords(['own', 'words', 'kept'], ['own']),
  Object.keys(sw).length > 40,
];
