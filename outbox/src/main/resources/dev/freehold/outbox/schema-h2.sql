-- Freehold outbox and inbox for H2 2.x, for development and tests. It can be run again.
-- Times are microseconds since 1970 in UTC.

-- The queue of events: rows are inserted in business transactions, claimed by a relay, and deleted when they are published.
-- An event without payload is a tombstone: its key is no more. The slot is a hash of the key.
CREATE TABLE IF NOT EXISTS outbox_event (
    position      bigint       GENERATED ALWAYS AS IDENTITY (NO CACHE) PRIMARY KEY,
    id            char(36)     NOT NULL,
    aggregatetype varchar(249) NOT NULL,
    aggregateid   varchar(255) NOT NULL,
    slot          integer      NOT NULL,
    type          varchar(255) NOT NULL,
    version       integer      NOT NULL,
    payload       varbinary(16777216),
    traceparent   varchar(64),
    created_at    bigint       NOT NULL,
    claim         bigint
);

CREATE INDEX IF NOT EXISTS outbox_event_claim ON outbox_event (claim, position);
CREATE INDEX IF NOT EXISTS outbox_event_key ON outbox_event (aggregatetype, aggregateid, position);

-- Who publishes which shard of the keys, and how far: every claim up to "published" is.
CREATE TABLE IF NOT EXISTS outbox_progress (
    shard        integer      PRIMARY KEY,
    shards       integer      NOT NULL,
    wanted       integer      NOT NULL,
    phase        varchar(8)   DEFAULT 'OPEN' NOT NULL,
    epoch        bigint       DEFAULT 0 NOT NULL,
    number       bigint       DEFAULT 0 NOT NULL,
    published    bigint       DEFAULT 0 NOT NULL,
    owner        varchar(255),
    leased_until bigint       DEFAULT 0 NOT NULL
);

-- Relays that share several shards.
CREATE TABLE IF NOT EXISTS outbox_relay (
    owner       varchar(255) PRIMARY KEY,
    alive_until bigint       NOT NULL
);

-- Rows to be locked: of keys whose events ask for that, and -1 by whoever changes what is parked.
CREATE TABLE IF NOT EXISTS outbox_lock (
    slot integer PRIMARY KEY
);

INSERT INTO outbox_lock (slot)
SELECT x FROM SYSTEM_RANGE(-1, 255) WHERE NOT EXISTS (SELECT 1 FROM outbox_lock WHERE slot = x);

-- Keys whose events wait: one of them was refused, and the others wait behind it. Without a next attempt they are paused.
CREATE TABLE IF NOT EXISTS outbox_parked_key (
    aggregatetype   varchar(249) NOT NULL,
    aggregateid     varchar(255) NOT NULL,
    slot            integer      NOT NULL,
    attempts        integer      DEFAULT 0 NOT NULL,
    next_attempt_at bigint,
    cause           varchar      NOT NULL,
    parked_at       bigint       NOT NULL,
    PRIMARY KEY (aggregatetype, aggregateid)
);

-- Their events; and dead letters, for which nobody waits.
CREATE TABLE IF NOT EXISTS outbox_parked (
    number        bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position      bigint       NOT NULL,
    id            char(36)     NOT NULL UNIQUE,
    aggregatetype varchar(249) NOT NULL,
    aggregateid   varchar(255) NOT NULL,
    slot          integer      NOT NULL,
    type          varchar(255) NOT NULL,
    version       integer      NOT NULL,
    payload       varbinary(16777216),
    traceparent   varchar(64),
    created_at    bigint       NOT NULL,
    dead          boolean      NOT NULL,
    cause         varchar,
    parked_at     bigint       NOT NULL
);

CREATE INDEX IF NOT EXISTS outbox_parked_waiting ON outbox_parked (aggregatetype, aggregateid, position);

-- Messages that a consumer of this service has handled.
CREATE TABLE IF NOT EXISTS inbox_message (
    consumer    varchar(255) NOT NULL,
    id          char(36)     NOT NULL,
    received_at bigint       NOT NULL,
    PRIMARY KEY (consumer, id)
);

CREATE INDEX IF NOT EXISTS inbox_message_received_at ON inbox_message (received_at);

-- The newest state of each key that a consumer has handled, where its listener asks for that.
CREATE TABLE IF NOT EXISTS inbox_newest (
    consumer    varchar(255) NOT NULL,
    type        varchar(255) NOT NULL,
    message_key varchar(255) NOT NULL,
    version     bigint       NOT NULL,
    PRIMARY KEY (consumer, type, message_key)
);

-- Rows to be locked by who parks messages of a key, or replays them; and -1 by who notes what is handled.
CREATE TABLE IF NOT EXISTS inbox_lock (
    slot integer NOT NULL PRIMARY KEY
);

INSERT INTO inbox_lock (slot)
SELECT x FROM SYSTEM_RANGE(-1, 255) WHERE NOT EXISTS (SELECT 1 FROM inbox_lock WHERE slot = x);

-- Messages whose handling failed, and those of the same key that came after them, in the order of their arrival.
CREATE TABLE IF NOT EXISTS inbox_parked (
    number           bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer         varchar(255) NOT NULL,
    topic            varchar(249) NOT NULL,
    record_partition integer      NOT NULL,
    record_offset    bigint       NOT NULL,
    message_key      varchar(255) NOT NULL,
    id               char(36)     NOT NULL,
    headers          varchar     NOT NULL,
    payload          varbinary(16777216),
    cause            varchar     NOT NULL,
    parked_at        bigint       NOT NULL,
    UNIQUE (consumer, id)
);

CREATE INDEX IF NOT EXISTS inbox_parked_key ON inbox_parked (consumer, message_key, number);
