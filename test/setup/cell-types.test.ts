/**
 * What a notebook's cell sees of the library: tslab type-checks with its own TypeScript 5.0, which knows no `exports` of
 * packages (resolution Node10) and no syntax newer than itself.
 */
import { strict as assert } from 'node:assert';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from '@tslab/typescript-for-tslab';
import { root } from './programs';

/** The options of tslab/dist/converter.js, but with declarations checked as well. */
const options: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  esModuleInterop: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  resolveJsonModule: true,
  noEmit: true,
  skipLibCheck: false,
  types: ['node'],
};

const rooms = readdirSync(join(root, 'lib', 'src')).filter((name) =>
  existsSync(join(root, 'lib', 'src', name, 'index.ts')),
);

/** A program of one cell, a file in notebooks/ that exists in memory only. */
const compileCell = (text: string): { program: ts.Program; cell: ts.SourceFile } => {
  const path = join(root, 'notebooks', 'cell.ts');
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === path ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  host.fileExists = (name) => name === path || fileExists(name);
  host.readFile = (name) => (name === path ? text : readFile(name));
  host.getCurrentDirectory = () => join(root, 'notebooks');
  const program = ts.createProgram([path], options, host);
  return { program, cell: program.getSourceFile(path)! };
};

const faultsOf = (program: ts.Program, files: readonly ts.SourceFile[]): readonly string[] =>
  files
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, messageText }) => `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);

describe('the library in the eyes of a notebook cell (TypeScript 5.0)', function () {
  this.timeout(120_000);
  let program: ts.Program;
  let cell: ts.SourceFile;
  before(() => {
    const text = rooms.map((room) => `import * as ${room} from 'labor-llm/${room}';`).join('\n');
    ({ program, cell } = compileCell(`${text}\nexport { ${rooms.join(', ')} };`));
  });

  it('is of the version that tslab brings', () => {
    assert.match(ts.version, /^5\.0\./);
  });

  it('resolves every room', () => {
    assert.ok(rooms.includes('careers'));
    assert.deepEqual(faultsOf(program, [cell]), []);
  });

  it('reads every declaration of the library without a fault', () => {
    const declarations = program.getSourceFiles().filter(({ fileName }) => fileName.includes('/lib/dist/'));
    assert.ok(declarations.length >= rooms.length);
    assert.deepEqual(faultsOf(program, declarations), []);
  });

  it('knows the type of every exported value: none has decayed to any', () => {
    const checker = program.getTypeChecker();
    const untyped: string[] = [];
    for (const statement of cell.statements.filter(ts.isImportDeclaration)) {
      const room = checker.getSymbolAtLocation(statement.moduleSpecifier)!;
      for (const exported of checker.getExportsOfModule(room)) {
        const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
        if (!(symbol.flags & ts.SymbolFlags.Value)) continue;
        const type = checker.getTypeOfSymbolAtLocation(symbol, cell);
        if (type.flags & ts.TypeFlags.Any) untyped.push(`${statement.moduleSpecifier.getText(cell)} ${exported.name}`);
      }
    }
    assert.deepEqual(untyped, []);
  });

  it('would notice a fault in a cell', () => {
    const wrong = compileCell(`import { readSurvey } from 'labor-llm/careers'; const year: number = readSurvey;`);
    assert.match(faultsOf(wrong.program, [wrong.cell]).join(), /not assignable to type 'number'/);
  });
});
