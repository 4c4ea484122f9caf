CREATE TABLE customer (
    id           bigint        GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         varchar(100)  NOT NULL,
    credit_limit numeric(12,2) CHECK (credit_limit >= 0), -- null until somebody has decided on it
    reserved     numeric(12,2) NOT NULL DEFAULT 0,
    CHECK (reserved BETWEEN 0 AND credit_limit)
);

CREATE TABLE reservation (
    order_id    uuid          PRIMARY KEY, -- of another service's database, so no foreign key
    customer_id bigint        NOT NULL REFERENCES customer,
    amount      numeric(12,2) NOT NULL CHECK (amount > 0),
    reserved_at timestamptz   NOT NULL DEFAULT now()
);
