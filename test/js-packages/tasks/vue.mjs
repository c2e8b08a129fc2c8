import {
  computed,
  createSSRApp,
  defineComponent,
  h,
  nextTick,
  reactive,
  ref,
  toRaw,
  watch,
  watchEffect,
} from 'vue';
import { renderToString } from 'vue/server-renderer';

const Item = defineComponent({
  props: { n: { type: Number, default: 1 } },
  setup:
    (props, { slots }) =>
    () =>
      h('li', { class: ['a', { on: props.n > 1 }] }, [props.n, slots.default?.()]),
});

export default async () => {
  const log = [];
  const state = reactive({ list: [1, 2], deep: { x: 1 } });
  const count = ref(1);
  const sum = computed(() => state.list.reduce((a, b) => a + b, count.value));
  watch(count, (now, before) => log.push([before, now]));
  watchEffect(() => log.push(`x${state.deep.x}`));
  count.value = 5;
  state.list.push(10);
  state.deep.x = 2;
  await nextTick();
  const app = createSSRApp({
    data: () => ({ rows: state.list, text: '<b>' }),
    render() {
      return h('ul', { style: { color: 'red' } }, [
        ...this.rows.map((n) => h(Item, { n, key: n }, () => '!')),
        this.text,
      ]);
    },
  });
  return { log, sum: sum.value, raw: toRaw(state), html: await renderToString(app) };
};
