-- Truncates the parts of the log whose newest event is older than the retention (freehold.outbox.retention), as the relay does
-- while it runs. Run it now and then, as the owner of the tables, while the connector takes the relay's place. The connector
-- reads the server's log, not the table: what it has not sent yet it still sends.
DO $$
DECLARE
    part   regclass;
    newest timestamptz;
BEGIN
    -- Whoever reads a part, such as a backup, is waited for another time.
    SET LOCAL lock_timeout = '100ms';
    FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = CAST('outbox_event' AS regclass) LOOP
        EXECUTE format('SELECT created_at FROM %s ORDER BY position DESC LIMIT 1', part) INTO newest;
        IF newest < clock_timestamp() - interval '7 days' THEN
            EXECUTE format('TRUNCATE %s', part);
        END IF;
    END LOOP;
END $$;
