CREATE TABLE product (
    sku   varchar(20)  PRIMARY KEY,
    name  varchar(100) NOT NULL,
    stock integer      NOT NULL CHECK (stock >= 0)
);

INSERT INTO product (sku, name, stock)
VALUES ('tea', 'Green tea', 400), ('milk', 'Oat milk', 250), ('cup', 'Cup of stoneware', 30);

CREATE TABLE shipment (
    number   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id uuid        NOT NULL UNIQUE, -- of another service's database, so no foreign key
    sent_at  timestamptz NOT NULL DEFAULT now()
);
