import lunr from 'lunr';

export default () => {
  const documents = [
    { id: 'a', title: 'Running shoes', text: 'Shoes made for runners who run' },
    { id: 'b', title: 'Walking boots', text: 'For those that walk on mountains' },
    { id: 'c', title: 'Bootcamp', text: 'Run, walk, and climb' },
  ];
  const index = lunr(function () {
    this.ref('id');
    this.field('title', { boost: 10 });
    this.field('text');
    for (const document of documents) this.add(document);
  });
  const read = lunr.Index.load(JSON.parse(JSON.stringify(index)));
  const run = (text) => read.search(text).map(({ ref, score }) => [ref, score.toFixed(4)]);
  return [
    run('running'),
    run('+walk -boots'),
    run('boot*'),
    run('mountin~1'),
    run('title:shoes^2 text:climb'),
  ];
};
