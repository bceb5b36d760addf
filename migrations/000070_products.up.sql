-- Things that the clinic sells beside care. Published-catalogue class: patients read what is published; the staff sells, the admin writes.
CREATE TABLE products (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name            text NOT NULL CONSTRAINT products_name_length CHECK (length(name) BETWEEN 1 AND 200),
    slug            text NOT NULL CONSTRAINT products_slug_format CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
    sku             text CONSTRAINT products_sku_length CHECK (length(sku) BETWEEN 1 AND 60),
    description     text CONSTRAINT products_description_length CHECK (length(description) <= 5000),
    price_minor     bigint NOT NULL CONSTRAINT products_price_range CHECK (price_minor BETWEEN 0 AND 100000000000),
    currency        char(3) NOT NULL CONSTRAINT products_currency_format CHECK (currency ~ '^[A-Z]{3}$'),
    -- Goods and care differ in VAT; what the code means is the business of whoever invoices.
    vat_code        text CONSTRAINT products_vat_code_length CHECK (length(vat_code) BETWEEN 1 AND 20),
    stock_tracked   boolean NOT NULL DEFAULT false,
    stock           integer NOT NULL DEFAULT 0 CONSTRAINT products_stock_range CHECK (stock BETWEEN 0 AND 1000000),
    published       boolean NOT NULL DEFAULT false,
    deleted_at      timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT products_org_id_key UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX products_slug_key ON products (organization_id, slug) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX products_sku_key ON products (organization_id, sku) WHERE deleted_at IS NULL AND sku IS NOT NULL;
CREATE INDEX products_by_name ON products (organization_id, name, id) WHERE deleted_at IS NULL;
CREATE TRIGGER products_touch BEFORE UPDATE ON products FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE products ENABLE ROW LEVEL SECURITY;
ALTER TABLE products FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (name, slug, sku, description, price_minor, currency, vat_code, stock_tracked, stock, published, deleted_at)
    ON products TO restartix_app;
CREATE POLICY products_published ON products FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id()) AND published AND deleted_at IS NULL);
CREATE POLICY products_staff ON products FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY products_admin ON products FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY products_break_glass ON products FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

-- product_move_stock takes pieces from the shelf (negative) or puts them back, for whoever sells. It answers how many are there now, -1 for a
-- product that is not counted, and NULL when there are not enough. Selling does not let the desk write prices: that is why this is a function.
CREATE FUNCTION product_move_stock(p_product uuid, p_pieces integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    counted boolean;
    pieces  integer;
BEGIN
    IF current_app_org_id() IS NULL OR current_app_role() IS NULL OR current_app_role() NOT IN ('customer_support', 'admin') THEN
        RAISE EXCEPTION 'the staff of a clinic sells products' USING ERRCODE = '42501';
    END IF;
    SELECT stock_tracked INTO counted FROM products WHERE organization_id = current_app_org_id() AND id = p_product FOR UPDATE;
    IF NOT counted THEN
        RETURN -1;
    END IF;
    UPDATE products SET stock = stock + p_pieces
     WHERE organization_id = current_app_org_id() AND id = p_product AND stock + p_pieces BETWEEN 0 AND 1000000
    RETURNING stock INTO pieces;
    RETURN pieces;
END $$;
GRANT EXECUTE ON FUNCTION product_move_stock(uuid, integer) TO restartix_app;
