// What setTimeout and setInterval give.
const wait = (delay) => new Promise((resolve) => setTimeout(resolve, delay));

export default async () => {
  const seen = [];
  const timer = setTimeout(() => seen.push('timer'), 1);
  const stopped = setTimeout(() => seen.push('never'), 1);
  const closed = setInterval(() => seen.push('never'), 1);
  const byNumber = setTimeout(() => seen.push('never'), 1);
  const same = [timer.ref() === timer, stopped.unref() === stopped, closed.ref() === closed, timer.hasRef()];
  clearTimeout(stopped);
  closed.close();
  clearTimeout(Number(byNumber));
  await wait(20);
  timer.refresh();
  await wait(20);
  clearTimeout(undefined);
  return [seen, same, typeof timer, typeof +timer];
};
