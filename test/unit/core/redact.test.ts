import { describe, expect, it } from 'vitest';
import { redact, redactVariable } from '../../../src/core/redact.ts';

const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'dBjftJeZ4CVPmB92K27uhbUJU1p1r'].join('.');

describe('redact', () => {
  it.each([
    ['a Slack token', `token is ${['xoxb', '1234567890', 'abcdefghijkl'].join('-')} ok`, 'xoxb'],
    ['an AWS key', `key ${'AKIA'}IOSFODNN7EXAMPLE used`, 'IOSFODNN7'],
    ['a JWT', `Authorization: Bearer ${jwt}`, jwt],
    ['a password in a URL', 'postgres://shop:hunter2@db:5432/shop refused', 'hunter2'],
    ['an assignment', 'DB_PASSWORD=hunter2 is wrong', 'hunter2'],
    ['JSON', '{"api_key": "hunter2"}', 'hunter2'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
  ])('masks %s', (_what, text, secret) => {
    expect(redact(text)).not.toContain(secret);
    expect(redact(text)).toContain('[redacted]');
    expect(redact(redact(text))).toBe(redact(text));
  });

  it.each([
    'FATAL cannot connect to postgres://db:5432/shop',
    'author: ada',
    'passed 12 of 12',
    'image shop:1.0.1 -> shop:1.0.2',
    'exit code 137',
  ])('leaves alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it.each([
    ['a word that says secret, repeated', 'secret-'.repeat(20_000)],
    ['a scheme that never ends', 'a'.repeat(100_000)],
    ['addresses one after another', 'a://b:'.repeat(20_000)],
    ['an open key', '-----BEGIN PRIVATE KEY-----'.repeat(5_000)],
  ])('takes one hostile line in its stride: %s', (_what, text) => {
    const started = process.cpuUsage();
    redact(text);
    // A pattern that backtracks takes minutes here, one that does not a few milliseconds.
    expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
  });

  it('masks a variable by its name', () => {
    expect(redactVariable('STRIPE_API_KEY', 'abc')).toBe('[redacted]');
    expect(redactVariable('CRASH_AFTER_S', '2')).toBe('2');
  });
});
