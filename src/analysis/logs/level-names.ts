import type { LogLevel } from '../../core/log-record.ts';

/** What loggers and databases call their levels. Single letters are those of klog, MongoDB and Android. */
const names: readonly (readonly [LogLevel, string])[] = [
  ['fatal', 'FATAL CRITICAL CRIT CRT FTL FATA ALERT EMERG EMERGENCY PANIC PANI DPANIC F C'],
  ['error', 'ERROR ERR EROR ERRO SEVERE FAIL E'],
  ['warning', 'WARN WARNING WRN W'],
  ['info', 'INFO INF INFORMATION INFORMATIONAL NOTICE NOTE SYSTEM LOG DETAIL HINT STATEMENT CONTEXT CONFIG I N'],
  [
    'debug',
    'DEBUG DBG DEBU DBUG TRACE TRC TRAC TRCE VERBOSE VRB FINE FINER FINEST DEBUG1 DEBUG2 DEBUG3 DEBUG4 DEBUG5 D T V',
  ],
];

const levels: ReadonlyMap<string, LogLevel> = new Map(
  names.flatMap(([level, words]) => words.split(' ').map((word) => [word, level] as const)),
);

/** Undefined for a word that is no level. */
export function readLevelName(name: string): LogLevel | undefined {
  return levels.get(name) ?? levels.get(name.trim().toUpperCase());
}

/** RFC 5424, 6.2.1: 0 to 7. */
export function readSyslogLevel(severity: number): LogLevel | undefined {
  return (['fatal', 'fatal', 'fatal', 'error', 'warning', 'info', 'info', 'debug'] as const)[severity];
}

/** 10 to 60, as pino and Bunyan count them (getpino.io/#/docs/api?id=levels). */
export function readPinoLevel(level: number): LogLevel | undefined {
  if (level < 10 || level > 100) return undefined;
  if (level >= 60) return 'fatal';
  if (level >= 50) return 'error';
  if (level >= 40) return 'warning';
  return level >= 30 ? 'info' : 'debug';
}
