import nlp from 'compromise';

export default () => {
  const doc = nlp('Spencer walked two dogs to the park in Chicago. He will have been running for 5 miles.');
  const verbs = doc.verbs().clone();
  verbs.toPastTense();
  return {
    nouns: doc.nouns().out('array'),
    verbs: doc.verbs().out('array'),
    past: nlp('she sells seashells').verbs().toPastTense().all().text(),
    plural: nlp('one child').nouns().toPlural().all().text(),
    places: doc.places().out('array'),
    numbers: doc
      .numbers()
      .json()
      .map(({ text }) => text),
    tags: doc
      .sentences(0)
      .terms()
      .json()
      .map(({ terms }) => terms[0].tags.slice().sort()),
    match: doc.match('#Determiner #Noun').text(),
  };
};
