import MiniSearch from 'minisearch';

export default () => {
  const search = new MiniSearch({
    fields: ['title', 'text'],
    storeFields: ['title'],
    searchOptions: { boost: { title: 2 }, fuzzy: 0.2, prefix: true },
  });
  search.addAll([
    { id: 1, title: 'Moby Dick', text: 'Call me Ishmael. Some years ago' },
    { id: 2, title: 'Zen and the Art', text: 'I can see by my watch' },
    { id: 3, title: 'Neuromancer', text: 'The sky above the port was' },
  ]);
  search.remove({ id: 2, title: 'Zen and the Art', text: 'I can see by my watch' });
  const run = (text, options) =>
    search.search(text, options).map(({ id, title, score, terms }) => [id, title, score.toFixed(4), terms]);
  const read = MiniSearch.loadJSON(JSON.stringify(search), { fields: ['title', 'text'] });
  return [
    run('ishmal'),
    run('neuro sky'),
    run('the art', { combineWith: 'AND' }),
    search.autoSuggest('ish').map(({ suggestion }) => suggestion),
    read.documentCount,
  ];
};
