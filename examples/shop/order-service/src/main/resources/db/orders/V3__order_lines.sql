CREATE TABLE order_line (
    order_id uuid        NOT NULL REFERENCES orders,
    number   integer     NOT NULL,
    sku      varchar(20) NOT NULL, -- of another service's database, so no foreign key
    quantity integer     NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, number)
);

-- Lists go on behind a row: the newest first, and the id tells those of one moment apart.
DROP INDEX orders_placed_at;
CREATE INDEX orders_placed_at ON orders (placed_at DESC, id);
