-- Freehold outbox and inbox for MariaDB 10.6 and later. Copy it into your migrations; it can be run again.
-- The names are fixed: one database per service, so there is nothing to clash with. Times are microseconds since 1970 in UTC.

-- The queue of events: rows are inserted in business transactions, claimed by a relay, and deleted when they are published.
-- An event without payload is a tombstone: its key is no more. The slot is a hash of the key.
CREATE TABLE IF NOT EXISTS outbox_event (
    position      bigint       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    id            char(36)     NOT NULL,
    aggregatetype varchar(249) NOT NULL,
    aggregateid   varchar(255) NOT NULL,
    slot          integer      NOT NULL,
    type          varchar(255) NOT NULL,
    version       integer      NOT NULL,
    payload       longblob,
    traceparent   varchar(64),
    created_at    bigint       NOT NULL,
    claim         bigint,
    INDEX outbox_event_claim (claim),
    INDEX outbox_event_key (aggregatetype, aggregateid)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Who publishes which shard of the keys, and how far: every claim up to "published" is.
CREATE TABLE IF NOT EXISTS outbox_progress (
    shard        integer      NOT NULL PRIMARY KEY,
    shards       integer      NOT NULL,
    wanted       integer      NOT NULL,
    phase        varchar(8)   NOT NULL DEFAULT 'OPEN',
    epoch        bigint       NOT NULL DEFAULT 0,
    number       bigint       NOT NULL DEFAULT 0,
    published    bigint       NOT NULL DEFAULT 0,
    owner        varchar(255),
    leased_until bigint       NOT NULL DEFAULT 0
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Relays that share several shards.
CREATE TABLE IF NOT EXISTS outbox_relay (
    owner       varchar(255) NOT NULL PRIMARY KEY,
    alive_until bigint       NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Rows to be locked: of keys whose events ask for that, and -1 by whoever changes what is parked.
CREATE TABLE IF NOT EXISTS outbox_lock (
    slot integer NOT NULL PRIMARY KEY
) ENGINE = InnoDB;

INSERT IGNORE INTO outbox_lock (slot)
WITH RECURSIVE slots (n) AS (SELECT -1 UNION ALL SELECT n + 1 FROM slots WHERE n < 255)
SELECT n FROM slots;

-- Keys whose events wait: one of them was refused, and the others wait behind it. Without a next attempt they are paused.
CREATE TABLE IF NOT EXISTS outbox_parked_key (
    aggregatetype   varchar(249) NOT NULL,
    aggregateid     varchar(255) NOT NULL,
    slot            integer      NOT NULL,
    attempts        integer      NOT NULL DEFAULT 0,
    next_attempt_at bigint,
    cause           longtext     NOT NULL,
    parked_at       bigint       NOT NULL,
    PRIMARY KEY (aggregatetype, aggregateid)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Their events; and dead letters, for which nobody waits.
CREATE TABLE IF NOT EXISTS outbox_parked (
    number        bigint       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    position      bigint       NOT NULL,
    id            char(36)     NOT NULL UNIQUE,
    aggregatetype varchar(249) NOT NULL,
    aggregateid   varchar(255) NOT NULL,
    slot          integer      NOT NULL,
    type          varchar(255) NOT NULL,
    version       integer      NOT NULL,
    payload       longblob,
    traceparent   varchar(64),
    created_at    bigint       NOT NULL,
    dead          boolean      NOT NULL,
    cause         longtext,
    parked_at     bigint       NOT NULL,
    INDEX outbox_parked_waiting (aggregatetype, aggregateid, position)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Messages that a consumer of this service has handled.
CREATE TABLE IF NOT EXISTS inbox_message (
    consumer    varchar(255) NOT NULL,
    id          char(36)     NOT NULL,
    received_at bigint       NOT NULL,
    PRIMARY KEY (consumer, id),
    INDEX inbox_message_received_at (received_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- The newest state of each key that a consumer has handled, where its listener asks for that.
CREATE TABLE IF NOT EXISTS inbox_newest (
    consumer    varchar(255) NOT NULL,
    type        varchar(255) NOT NULL,
    message_key varchar(255) NOT NULL,
    version     bigint       NOT NULL,
    PRIMARY KEY (consumer, type, message_key)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Rows to be locked by who parks messages of a key, or replays them.
CREATE TABLE IF NOT EXISTS inbox_lock (
    slot integer NOT NULL PRIMARY KEY
) ENGINE = InnoDB;

INSERT IGNORE INTO inbox_lock (slot)
WITH RECURSIVE slots (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM slots WHERE n < 255)
SELECT n FROM slots;

-- Messages whose handling failed, and those of the same key that came after them, in the order of their arrival.
CREATE TABLE IF NOT EXISTS inbox_parked (
    number           bigint       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    consumer         varchar(255) NOT NULL,
    topic            varchar(249) NOT NULL,
    record_partition integer      NOT NULL,
    record_offset    bigint       NOT NULL,
    message_key      varchar(255) NOT NULL,
    id               char(36)     NOT NULL,
    headers          longtext     NOT NULL,
    payload          longblob,
    cause            longtext     NOT NULL,
    parked_at        bigint       NOT NULL,
    UNIQUE (consumer, id),
    INDEX inbox_parked_key (consumer, message_key, number)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
