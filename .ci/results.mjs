// What vitest's JSON reports say.  `failed <report>`: the files that have failed tests.  `sum <folder>`: all tests of all reports, a second try in place of the first.
import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** More than so many failed files are not unsteady but broken. */
const mostUnsteady = 3;

function print(line) {
  process.stdout.write(`${line}\n`);
}

const [command, path] = process.argv.slice(2);

function filesOf(report) {
  return JSON.parse(readFileSync(report, 'utf8')).testResults;
}

if (command === 'failed') {
  const failed = filesOf(path)
    .filter(({ status }) => status !== 'passed')
    .map(({ name }) => relative('.', name));
  if (failed.length <= mostUnsteady) for (const file of failed) print(file);
}

if (command === 'sum') {
  const reports = readdirSync(path)
    .filter((file) => file.endsWith('.json'))
    .map((file) => `${path}/${file}`);
  const again = reports.filter((report) => report.endsWith('.again.json')).flatMap(filesOf);
  const first = reports.filter((report) => !report.endsWith('.again.json')).flatMap(filesOf);
  const files = first.map((file) => again.find(({ name }) => name === file.name) ?? file);
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const unsteady = first.filter((file) => !files.includes(file)).flatMap(({ assertionResults }) => assertionResults);
  for (const { fullName } of unsteady.filter(({ status }) => status === 'failed')) {
    print(`unsteady, passed at the second try: ${fullName}`);
  }
  const count = (status) => tests.filter((test) => test.status === status).length;
  print(`${count('passed')} passed, ${count('failed')} failed`);
}
