import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Route } from './server.ts';

const folder = fileURLToPath(new URL('./page', import.meta.url));

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};

const headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // Nobody may lay this page invisibly under theirs to steal clicks.
  'content-security-policy': "frame-ancestors 'none'",
};

/** The web page: `/` and `/page/*`. TypeScript goes out as JavaScript; permalinks lead back to the page. */
export const pageRoute: Route = async (request, response, url) => {
  if (request.method !== 'GET') return false;
  if (url.pathname === '/') return await sendFile(response, 'index.html');
  if (url.pathname.startsWith('/page/')) return await sendFile(response, url.pathname.slice('/page/'.length));
  const link = url.pathname.match(/^\/archives\/(\w+)\/p(\d+)(\d{6})$/);
  if (link === null) return false;
  response.writeHead(302, { location: `/?channel=${link[1]}&ts=${link[2]}.${link[3]}` }).end();
  return true;
};

async function sendFile(response: ServerResponse, name: string): Promise<true> {
  const path = normalize(join(folder, decodeURIComponent(name)));
  const type = contentTypes[extname(path)];
  const bytes = path.startsWith(folder + sep) && type !== undefined ? await read(path) : undefined;
  if (bytes === undefined || type === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    return true;
  }
  const isScript = extname(path) === '.ts';
  const body = isScript ? stripTypeScriptTypes(bytes.toString('utf8')) : bytes;
  response.writeHead(200, { ...headers, 'content-type': type }).end(body);
  return true;
}

async function read(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch {
    return undefined;
  }
}
