-- Freehold outbox and inbox for PostgreSQL 14 and later. Copy it into your migrations; it can be run again.
-- The names are fixed: one database per service, so there is nothing to clash with; the schema is the connection's.

-- The log of events: rows are inserted, and nothing else. Its parts take turns, each for half of the retention; a part whose
-- events are all published and old enough is truncated. A role that does not own the tables needs INSERT, SELECT and
-- TRUNCATE on the parts, and USAGE on the sequence; after a restore into another cluster also UPDATE on the log.
-- An event without payload is a tombstone: its key is no more.
-- Positions must be drawn one by one (CACHE 1), or sessions would draw from ranges of their own.
CREATE SEQUENCE IF NOT EXISTS outbox_event_position CACHE 1;

CREATE TABLE IF NOT EXISTS outbox_event (
    tx            xid8         NOT NULL DEFAULT pg_current_xact_id(),
    position      bigint       NOT NULL DEFAULT nextval('outbox_event_position'),
    id            uuid         NOT NULL,
    aggregatetype varchar(249) NOT NULL,
    aggregateid   varchar(255) NOT NULL,
    type          varchar(255) NOT NULL,
    version       integer      NOT NULL,
    payload       bytea,
    traceparent   varchar(64),
    created_at    timestamptz  NOT NULL,
    part          smallint     NOT NULL DEFAULT 0,
    PRIMARY KEY (position, part)
) PARTITION BY LIST (part);

ALTER SEQUENCE outbox_event_position OWNED BY outbox_event.position;

CREATE TABLE IF NOT EXISTS outbox_event_0 PARTITION OF outbox_event FOR VALUES IN (0);
CREATE TABLE IF NOT EXISTS outbox_event_1 PARTITION OF outbox_event FOR VALUES IN (1);
CREATE TABLE IF NOT EXISTS outbox_event_2 PARTITION OF outbox_event FOR VALUES IN (2);
CREATE TABLE IF NOT EXISTS outbox_event_3 PARTITION OF outbox_event FOR VALUES IN (3);

CREATE INDEX IF NOT EXISTS outbox_event_tx ON outbox_event (tx, position);

-- Who publishes which shard of the keys, and how far: everything visible in the snapshot "seen" is published, and of what
-- "reading" sees beyond it, everything up to "position". Phase and "until" belong to a change of their number.
CREATE TABLE IF NOT EXISTS outbox_progress (
    shard        integer      PRIMARY KEY,
    shards       integer      NOT NULL DEFAULT 1,
    wanted       integer      NOT NULL DEFAULT 1,
    phase        varchar(8)   NOT NULL DEFAULT 'OPEN',
    until        pg_snapshot,
    epoch        bigint       NOT NULL DEFAULT 0,
    number       bigint       NOT NULL DEFAULT 0,
    owner        varchar(255),
    leased_until timestamptz  NOT NULL DEFAULT '-infinity',
    seen         pg_snapshot  NOT NULL DEFAULT '3:3:',
    reading      pg_snapshot,
    position     bigint       NOT NULL DEFAULT 0,
    cluster      varchar(32)  NOT NULL
);

-- One row, another one after each crash of the server, which empties unlogged tables: then snapshots from before are worth nothing,
-- since ids of transactions that had not reached the disk are given again.
CREATE UNLOGGED TABLE IF NOT EXISTS outbox_incarnation (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    id  uuid    NOT NULL
);

-- Relays that share several shards.
CREATE TABLE IF NOT EXISTS outbox_relay (
    owner       varchar(255) PRIMARY KEY,
    alive_until timestamptz  NOT NULL
);

-- Keys whose events wait: one of them was refused, and the others wait behind it.
CREATE TABLE IF NOT EXISTS outbox_parked_key (
    aggregatetype   varchar(249) NOT NULL,
    aggregateid     varchar(255) NOT NULL,
    attempts        integer      NOT NULL DEFAULT 0,
    next_attempt_at timestamptz  NOT NULL,
    cause           text         NOT NULL,
    parked_at       timestamptz  NOT NULL DEFAULT now(),
    PRIMARY KEY (aggregatetype, aggregateid)
);

CREATE INDEX IF NOT EXISTS outbox_parked_key_due ON outbox_parked_key (next_attempt_at);

-- Their events; and dead letters, for which nobody waits.
CREATE TABLE IF NOT EXISTS outbox_parked (
    number        bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tx            xid8         NOT NULL,
    position      bigint       NOT NULL,
    id            uuid         NOT NULL UNIQUE,
    aggregatetype varchar(249) NOT NULL,
    aggregateid   varchar(255) NOT NULL,
    type          varchar(255) NOT NULL,
    version       integer      NOT NULL,
    payload       bytea,
    traceparent   varchar(64),
    created_at    timestamptz  NOT NULL,
    dead          boolean      NOT NULL,
    cause         text,
    parked_at     timestamptz  NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS outbox_parked_waiting ON outbox_parked (aggregatetype, aggregateid, position) WHERE NOT dead;

-- Messages that a consumer of this service has handled. Parts take turns of three days; one whose turn has been over for the
-- retention is truncated, for which a role that does not own the tables needs SELECT and TRUNCATE on the parts.
CREATE TABLE IF NOT EXISTS inbox_message (
    part        smallint     NOT NULL,
    consumer    varchar(255) NOT NULL,
    id          uuid         NOT NULL,
    received_at timestamptz  NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, id, part)
) PARTITION BY LIST (part);

CREATE TABLE IF NOT EXISTS inbox_message_0 PARTITION OF inbox_message FOR VALUES IN (0);
CREATE TABLE IF NOT EXISTS inbox_message_1 PARTITION OF inbox_message FOR VALUES IN (1);
CREATE TABLE IF NOT EXISTS inbox_message_2 PARTITION OF inbox_message FOR VALUES IN (2);
CREATE TABLE IF NOT EXISTS inbox_message_3 PARTITION OF inbox_message FOR VALUES IN (3);
CREATE TABLE IF NOT EXISTS inbox_message_4 PARTITION OF inbox_message FOR VALUES IN (4);
CREATE TABLE IF NOT EXISTS inbox_message_5 PARTITION OF inbox_message FOR VALUES IN (5);
CREATE TABLE IF NOT EXISTS inbox_message_6 PARTITION OF inbox_message FOR VALUES IN (6);
CREATE TABLE IF NOT EXISTS inbox_message_7 PARTITION OF inbox_message FOR VALUES IN (7);
CREATE TABLE IF NOT EXISTS inbox_message_8 PARTITION OF inbox_message FOR VALUES IN (8);
CREATE TABLE IF NOT EXISTS inbox_message_9 PARTITION OF inbox_message FOR VALUES IN (9);
CREATE TABLE IF NOT EXISTS inbox_message_10 PARTITION OF inbox_message FOR VALUES IN (10);
CREATE TABLE IF NOT EXISTS inbox_message_11 PARTITION OF inbox_message FOR VALUES IN (11);
CREATE TABLE IF NOT EXISTS inbox_message_12 PARTITION OF inbox_message FOR VALUES IN (12);

-- The newest state of each key that a consumer has handled, where its listener asks for that.
CREATE TABLE IF NOT EXISTS inbox_newest (
    consumer varchar(255) NOT NULL,
    type     varchar(255) NOT NULL,
    key      varchar(255) NOT NULL,
    version  bigint       NOT NULL,
    PRIMARY KEY (consumer, type, key)
);

-- Messages whose handling failed, and those of the same key that came after them, in the order of their arrival.
CREATE TABLE IF NOT EXISTS inbox_parked (
    number     bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer   varchar(255) NOT NULL,
    topic      varchar(249) NOT NULL,
    partition  integer      NOT NULL,
    "offset"   bigint       NOT NULL,
    key        varchar(255) NOT NULL,
    id         uuid         NOT NULL,
    headers    text         NOT NULL,
    payload    bytea,
    cause      text         NOT NULL,
    parked_at  timestamptz  NOT NULL DEFAULT now(),
    UNIQUE (consumer, id)
);

CREATE INDEX IF NOT EXISTS inbox_parked_key ON inbox_parked (consumer, key, number);
