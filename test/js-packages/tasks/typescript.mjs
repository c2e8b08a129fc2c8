import ts from 'typescript';

export default () => {
  const source =
    'enum E { A = 1 }\nexport class C<T> { constructor(private x: T, readonly y?: E) {} get = async () => this.x ?? E.A }';
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2017, module: ts.ModuleKind.CommonJS },
  });
  const files = {
    'a.ts': 'let n: number = "x"; const f = (a: string) => a.length; f(1);',
    'lib.d.ts':
      'interface Array<T> {} interface Boolean {} interface Function {} interface IArguments {} interface Number {} interface Object {} interface RegExp {} interface String { readonly length: number } interface CallableFunction {} interface NewableFunction {}',
  };
  const host = {
    getSourceFile: (name, target) =>
      files[name] === undefined ? undefined : ts.createSourceFile(name, files[name], target),
    getDefaultLibFileName: () => 'lib.d.ts',
    writeFile() {},
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => name in files,
    readFile: (name) => files[name],
  };
  const program = ts.createProgram(['a.ts'], { types: [] }, host);
  const problems = ts
    .getPreEmitDiagnostics(program)
    .map(({ code, start, messageText }) => [code, start, messageText]);
  return { outputText, problems };
};
