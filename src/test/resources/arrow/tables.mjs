// Writes js.arrows and js.arrow beside it, with apache-arrow 21.2.0 of npm: node tables.mjs
import { writeFileSync } from 'node:fs';
import { tableToIPC, tableFromArrays, vectorFromArray, Table, Int64, Float16, Bool, Dictionary, Float32, Int32, Utf8 } from 'apache-arrow';

const table = new Table({
  a: vectorFromArray([1.5, null, 3.5]),
  n: vectorFromArray([1n, 2n, null], new Int64()),
  flag: vectorFromArray([true, false, true], new Bool()),
  kind: vectorFromArray(['u', 'v', 'u'], new Dictionary(new Utf8(), new Int32())),
  f: vectorFromArray([0.25, 0.5, null], new Float32()),
});
writeFileSync('js.arrows', tableToIPC(table, 'stream'));
writeFileSync('js.arrow', tableToIPC(table, 'file'));
