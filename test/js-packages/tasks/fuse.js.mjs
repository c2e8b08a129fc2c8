import Fuse from 'fuse.js';

export default () => {
  const books = [
    { title: "Old Man's War", author: { name: 'John Scalzi' }, tags: ['space'] },
    { title: 'The Lock Artist', author: { name: 'Steve Hamilton' }, tags: ['crime'] },
    { title: 'HTML5 for Old Men', author: { name: 'Remy Sharp' }, tags: ['web', 'code'] },
  ];
  const fuse = new Fuse(books, {
    keys: [{ name: 'title', weight: 2 }, 'author.name', 'tags'],
    includeScore: true,
    includeMatches: true,
    useExtendedSearch: true,
  });
  const run = (text) =>
    fuse.search(text).map(({ refIndex, score, matches }) => [refIndex, score.toFixed(6), matches.length]);
  return [run('old mn'), run('stve'), run("'web | ^The"), run('!old'), run('zzz')];
};
