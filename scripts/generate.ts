import { writeFile } from 'node:fs/promises';
import { generated } from './generated.ts';

/** Writes every file that is made from the code. */
for (const { path, text } of generated()) {
  await writeFile(path, text);
  console.log(`wrote ${path}`);
}
