-- Copied from what the order service publishes. It may name customers whom nobody knows, so no foreign key.
CREATE TABLE customer_order (
    order_id    uuid          PRIMARY KEY,
    customer_id bigint        NOT NULL,
    total       numeric(12,2) NOT NULL,
    status      varchar(20)   NOT NULL,
    placed_at   timestamptz   NOT NULL
);

CREATE INDEX customer_order_placed_at ON customer_order (customer_id, placed_at);
