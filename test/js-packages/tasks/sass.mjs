import * as sass from 'sass';

export default () => {
  const text = `
    @use 'sass:math'; @use 'sass:color'; @use 'sass:map'; @use 'part' as p;
    $sizes: (small: 1px, large: math.div(10px, 3));
    @mixin on($query) { @media (#{$query}) { @content; } }
    @function twice($n) { @return $n * 2 }
    .a { color: color.adjust(#336699, $lightness: -10%); &:hover { width: twice(3px) } @include on('min-width: 5em') { b: c } }
    @each $name, $size in $sizes { .s-#{$name} { @extend %base; width: $size; } }
    %base { top: p.$top }
    @for $i from 1 through 2 { .w-#{$i} { order: $i } }
  `;
  const importers = [
    {
      canonicalize: (url) => (url === 'part' ? new URL('own:part') : null),
      load: () => ({ contents: '$top: 7px;', syntax: 'scss' }),
    },
  ];
  const { css } = sass.compileString(text, { importers });
  let problem;
  try {
    sass.compileString('.a { color: $none }');
  } catch ({ sassMessage, span }) {
    problem = [sassMessage, span.start.column];
  }
  return {
    css,
    small: sass.compileString('.a\n  b: c', { syntax: 'indented', style: 'compressed' }).css,
    problem,
  };
};
