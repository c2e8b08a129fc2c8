import { franc, francAll } from 'franc';

export default () => {
  const texts = [
    'Alle Menschen sind frei und gleich an Würde und Rechten geboren.',
    'All human beings are born free and equal in dignity and rights.',
    'Tous les êtres humains naissent libres et égaux en dignité et en droits.',
    'Все люди рождаются свободными и равными в своем достоинстве и правах.',
    '人人生而自由,在尊严和权利上一律平等。',
    '',
  ];
  return [texts.map((text) => franc(text)), francAll(texts[0], { only: ['deu', 'nld', 'dan'] })];
};
