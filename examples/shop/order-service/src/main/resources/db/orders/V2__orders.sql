CREATE TABLE orders (
    id          uuid          PRIMARY KEY,
    version     bigint        NOT NULL,
    customer_id bigint        NOT NULL, -- of another service's database, so no foreign key
    total       numeric(12,2) NOT NULL CHECK (total > 0),
    status      varchar(20)   NOT NULL CHECK (status IN ('PENDING', 'APPROVED', 'REJECTED')),
    reason      varchar(255),
    placed_at   timestamptz   NOT NULL,
    settled_at  timestamptz
);

CREATE INDEX orders_placed_at ON orders (placed_at);
