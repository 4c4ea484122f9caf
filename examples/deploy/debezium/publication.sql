-- What Debezium's connector needs in the service's database, beside wal_level = logical in the server's settings.
-- Run it in that database as a superuser, statement by statement (psql -f without -1): a slot cannot be created in a
-- transaction that has written.

-- Its own role: it streams the log and reads the catalogue, and changes nothing. pg_hba.conf must let it in. Its heartbeats
-- call pg_logical_emit_message, which every role may, unless you have revoked that.
CREATE ROLE outbox_connector LOGIN REPLICATION PASSWORD 'change-me';
GRANT USAGE ON SCHEMA public TO outbox_connector;
GRANT SELECT ON outbox_event TO outbox_connector;

-- The parts show as the one table that they are. Rows are only inserted; that parts are truncated concerns nobody.
CREATE PUBLICATION outbox FOR TABLE outbox_event WITH (publish = 'insert', publish_via_partition_root = true);

-- From here on the server keeps its log until the connector has read it: no transaction that commits later is missed.
-- The call waits for the transactions that are open. From PostgreSQL 17 on give it failover => true if there is a
-- standby to fail over to.
SELECT pg_create_logical_replication_slot('outbox', 'pgoutput');
