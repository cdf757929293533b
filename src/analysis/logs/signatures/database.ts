import type { Signature } from './signature.ts';

/** What a database says about itself, its schema and its rows. */
export const databaseSignatures = [
  {
    id: 'database-missing',
    class: 'config',
    patterns: [
      /database "(?<database>[^"\n]{1,80})" does not exist/,
      /Unknown database '(?<database>[^'\n]{1,80})'/,
      /Cannot open database "(?<database>[^"\n]{1,80})" requested by the login/,
    ],
    cause: 'The database {database|that it asks for} does not exist.',
    next: 'Check the name in its settings, whether it talks to the right server, and whether what creates the database has run.',
  },
  {
    id: 'migration-failed',
    class: 'code',
    patterns: [
      /Dirty database version (?<version>\d{1,14})/,
      /Migration failed for change ?set (?<version>[\w./:-]{1,120})/i,
      /Can't locate revision identified by '(?<version>\w{1,40})'/,
      /[Mm]igration (?:of schema \S{1,80} to version )?["'`]?(?<version>[\w.-]{1,80})["'`]?(?: - [^\n]{1,80})? failed/,
      /this and all later migrations canceled|migrate found failed migrations/i,
      /migrations have failed validation|InconsistentMigrationHistory|PendingMigrationError/,
      /(?:failed|unable|error)(?: to)? (?:run|apply|execut|perform)(?:e|ing|ning)? (?:the )?(?:(?:database|schema|db) )?migrations?\b/i,
      /\bmigrations? (?:has |have )?failed\b|Flyway\w{0,20}Exception|LiquibaseException|MigrationFailedException/i,
    ],
    cause: 'A migration of the database failed ({version|no version is named}).',
    next: 'Read the error of that migration, see what state it left behind (the schema history table says), and mend the schema before the next start; a rollback of the release does not undo it.',
  },
  {
    id: 'schema-missing',
    class: 'code',
    patterns: [
      /column "?(?<object>[\w.]{1,120})"? (?:of relation "[^"\n]{1,80}" )?does not exist/,
      /relation "(?<object>[^"\n]{1,120})" does not exist/,
      /Table '(?<object>[^'\n]{1,120})' doesn't exist/,
      /no such (?:table|column): (?<object>[\w.]{1,120})/,
      /Unknown column '(?<object>[^'\n]{1,120})'/,
      /Invalid object name '(?<object>[^'\n]{1,120})'/,
      /\bORA-00942\b|\bUndefinedTable\b/,
    ],
    cause: 'The database has no {object|such table or column}: its schema is not the one that this release expects.',
    next: 'See whether the migrations of this release have run, and against the same database; otherwise roll the release back.',
  },
  {
    id: 'database-read-only',
    class: 'upstream',
    patterns: [
      /cannot execute [A-Z ]{3,30} in a read-only transaction/,
      /READONLY You can't write against a read only replica/,
      /\bNotWritablePrimary\b|not (?:master|primary) and \w{1,20}[Oo]k=false|\bnot master\b/,
      /running with the --(?:super-)?read-only option/,
    ],
    cause: 'The database that it writes to is a read-only replica.',
    next: 'See whether there was a failover: the Service or the address must lead to the present primary, and the pool must drop its old connections.',
  },
  {
    id: 'lock-conflict',
    class: 'code',
    patterns: [
      /deadlock detected|Deadlock found when trying to get lock|was deadlocked on lock/i,
      /Lock wait timeout exceeded|canceling statement due to lock timeout/i,
      /database is locked|\bSQLITE_BUSY\b/,
    ],
    cause: 'Its transactions wait for each other in the database (lock or deadlock).',
    next: 'Find the transaction that holds the lock (pg_locks, SHOW ENGINE INNODB STATUS), end it if it is stuck, and keep the order of updates the same everywhere.',
  },
  {
    id: 'statement-timeout',
    class: 'capacity',
    patterns: [
      /canceling statement due to (?:statement timeout|conflict with recovery)/i,
      /maximum statement execution time exceeded|Query execution was interrupted/i,
    ],
    cause: 'The database stops its statements because they take too long.',
    next: 'Look at the slow statements and their plans (a missing index, more rows than before, a lock), and at the load of the database.',
  },
  {
    id: 'unique-violation',
    class: 'code',
    patterns: [
      /duplicate key value violates unique constraint "(?<constraint>[^"\n]{1,120})"/,
      /Duplicate entry '[^'\n]{0,120}' for key '(?<constraint>[^'\n]{1,120})'/,
      /UNIQUE constraint failed: (?<constraint>[\w.]{1,120})/,
      /E11000 duplicate key error(?: collection: (?<constraint>[\w.-]{1,120}))?/,
    ],
    cause: 'It writes a row that exists already: unique constraint {constraint|of the table} is violated.',
    next: 'See whether something runs twice (a retry, a second consumer, a job) or a sequence lags behind its table.',
  },
  {
    id: 'sql-syntax',
    class: 'code',
    patterns: [
      /syntax error at or near "(?<near>[^"\n]{1,80})"/,
      /error in your SQL syntax[^\n]{0,120} near '(?<near>[^'\n]{1,80})/,
      /Incorrect syntax near '(?<near>[^'\n]{1,80})'/,
      /near "(?<near>[^"\n]{1,80})": syntax error/,
      /\bORA-00(?:900|936|933)\b/,
    ],
    cause: 'It sends SQL with a syntax error, near {near|a place that is not named}.',
    next: 'The statement is wrong in the code: see which release brought it, and roll that back or mend it.',
  },
] as const satisfies readonly Signature[];
