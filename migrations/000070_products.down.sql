DROP FUNCTION product_move_stock(uuid, integer);
DROP TABLE products;
