import natural from 'natural';

export default () => {
  const classifier = new natural.BayesClassifier();
  for (const [text, label] of [
    ['i am long qqqq', 'buy'],
    ['buy the stock', 'buy'],
    ['sell gold now', 'sell'],
    ['short gold', 'sell'],
  ])
    classifier.addDocument(text, label);
  classifier.train();
  const tfidf = new natural.TfIdf();
  tfidf.addDocument('this document is about node');
  tfidf.addDocument('this one is about ruby');
  return {
    stems: ['running', 'words', 'easily'].map((word) => natural.PorterStemmer.stem(word)),
    tokens: new natural.WordTokenizer().tokenize("your dog hasn't any fleas."),
    distance: [
      natural.LevenshteinDistance('kitten', 'sitting'),
      natural.JaroWinklerDistance('dixon', 'dicksonx').toFixed(5),
    ],
    sounds: [new natural.Metaphone().process('phonetics'), new natural.SoundEx().process('Robert')],
    label: classifier.classify('gold sell'),
    weight: tfidf.tfidf('node', 0).toFixed(5),
    plural: new natural.NounInflector().pluralize('radius'),
    grams: natural.NGrams.bigrams('some words here'),
  };
};
