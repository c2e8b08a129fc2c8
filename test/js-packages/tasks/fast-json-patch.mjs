import jsonpatch from 'fast-json-patch';

export default () => {
  const document = { name: 'a', list: [1, 2, 3], deep: { 'x/y': 1 } };
  const patch = [
    { op: 'test', path: '/name', value: 'a' },
    { op: 'replace', path: '/name', value: 'b' },
    { op: 'add', path: '/list/1', value: 9 },
    { op: 'move', from: '/deep/x~1y', path: '/moved' },
    { op: 'copy', from: '/list', path: '/copy' },
  ];
  const { newDocument } = jsonpatch.applyPatch(jsonpatch.deepClone(document), patch, true);
  const observer = jsonpatch.observe(document);
  document.list.push(4);
  document.deep.z = null;
  const problem = jsonpatch.validate([{ op: 'remove', path: '/none' }], document);
  return {
    newDocument,
    made: jsonpatch.generate(observer),
    compared: jsonpatch.compare(document, newDocument),
    problem: problem.name,
  };
};
